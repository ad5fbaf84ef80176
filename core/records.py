"""What commands and the digest read from storage, and the one Protocol that says how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, Protocol

from core.announcements import Place
from core.audit import Act
from core.boards import Reading, Snapshot
from core.diagnosis import Diagnosis
from core.events import Account
from core.language import ENGLISH, Language
from core.leaderboards import View
from core.members import Member, in_chat, voice
from core.passing import UNKNOWN

AwardState = Literal["pending", "awarded", "revoked"]
Amount = int | Decimal


@dataclass(frozen=True, slots=True)
class HeldAward:
    """One row of the award table; times are UTC microseconds.

    `since`: time of the first fact of the evidence; `decided_at`: when the bot last changed the state;
    `due_at`: when it stops settling;
    `by` and `note`: who gave it and what they said; `reason`: why it was revoked.
    """

    id: int
    member: Member
    achievement: str
    version: int
    state: AwardState
    earned_at: int
    evidence: int
    since: int
    decided_at: int
    due_at: int = 0
    tier: str | None = None
    occurrence: str = ""
    period: str | None = None
    kept: bool = False
    place: Place | None = None
    by: str | None = None
    note: str | None = None
    reason: str | None = None

    @property
    def private(self) -> bool:
        """Whether it was earned in a private channel."""
        return self.place is not None and self.place.private

    @property
    def asked(self) -> bool:
        """Whether it waits for a moderator's word."""
        return self.state == "pending" and self.due_at == UNKNOWN


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """Where a member stands toward one achievement (or its next tier).

    `text`: as "3 of 5 helpful answers"; `next_step`: what would bring it on, a clause, or None;
    `missing`: names of what is not there yet, where they are known (the text names them too).
    """

    achievement: str
    value: Amount
    goal: Amount
    text: str
    next_step: str | None = None
    missing: tuple[str, ...] = ()

    @property
    def nearness(self) -> float:
        """0 to 1: only for sorting and drawing."""
        return min(1.0, float(self.value) / float(self.goal)) if self.goal else 0.0


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Who an account is, as its platform last said."""

    account: Account
    name: str
    bot: bool = False
    present: bool = True
    roles: tuple[str, ...] = ()


def as_one(member: Member, rows: Sequence[PersonRow]) -> PersonRow:
    """Who a member is by all their accounts: here while one of them is. Somebody whom only another system knows is not
    here yet: they are on no board and in no digest before they said who they are."""
    account = voice(member, [row.account for row in rows]) or member
    name = next((row.name for row in rows if row.account == account), account.rpartition("/")[2])
    left = any(not row.present for row in rows if not in_chat(row.account))  # a roster knows them by their address
    here = not left and any(row.present for row in rows if in_chat(row.account))
    roles = dict.fromkeys(role for row in rows for role in row.roles)
    return PersonRow(member, name, any(row.bot for row in rows), here, tuple(roles))


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """What a person chose. `announce` None: as the rule says. `anonymous`: on boards, but without a name; `digest`:
    their own by direct message; `named`: in newsletters. `language`: None for the community's; only in settings."""

    announce: str | None = None
    hidden: bool = False
    tracked: bool = True
    anonymous: bool = False
    digest: bool = False
    named: bool = False
    language: str | None = None


NO_CHOICE = ChoiceRow()


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One member's score over some days, with what decides whether others see it."""

    person: PersonRow
    amount: int
    choice: ChoiceRow = NO_CHOICE


@dataclass(frozen=True, slots=True)
class Shown:
    """A board as one person reads it, with who the members on it are. `closed`: the stored period that it is."""

    view: View
    people: Mapping[Member, PersonRow] = field(default_factory=dict)
    closed: Snapshot | None = None


@dataclass(frozen=True, slots=True)
class DigestAward:
    """An award decided in the period. `first`: the member's first one; `joined`: when they came, if known; `held`: it
    was not said aloud, so that the digest tells it, however old it is."""

    award: HeldAward
    person: PersonRow
    choice: ChoiceRow = NO_CHOICE
    first: bool = False
    joined: int | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class LevelReached:
    """Somebody who came to a level in the period, by its name, and still holds it."""

    name: str
    person: PersonRow
    choice: ChoiceRow = NO_CHOICE


@dataclass(frozen=True, slots=True)
class LadderRow:
    """One member's score over all time, and the names of the levels they hold."""

    score: int = 0
    levels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """What may be in one digest about [start, end), UTC microseconds. `helpers`: who scored in these days; `earlier`:
    in the week before; `thanks`: for which score rules, the most first; `near`: for how many people a badge is near."""

    start: int
    end: int
    awards: tuple[DigestAward, ...] = ()
    helpers: tuple[StandingRow, ...] = ()
    levels: tuple[LevelReached, ...] = ()
    earlier: tuple[StandingRow, ...] = ()
    thanks: Mapping[Member, tuple[str, ...]] = field(default_factory=dict)
    near: Mapping[str, int] = field(default_factory=dict)


class Records(Protocol):
    """Reads of one community. Every method is a fixed number of queries, whatever the number of rows."""

    async def awards(self, member: Member) -> list[HeldAward]:
        """All of a member's awards in every state, the latest first."""
        ...

    async def progress(self, member: Member, t: Language = ENGLISH) -> list[ProgressLine]:
        """Where the member stands toward every achievement that has progress, in any order, in this language."""
        ...

    async def diagnosis(
        self, member: Member, achievement: str, *, own: bool, t: Language = ENGLISH
    ) -> Diagnosis | None:
        """Why the member has an achievement, or why not; None for one that is off. `own`: as the member may read it."""
        ...

    async def standings(self, first_day: int, last_day: int) -> list[StandingRow]:
        """Members with a score above zero over these local days (ordinals, both included), in any order."""
        ...

    async def board(self, reading: Reading, member: Member) -> Shown:
        """A board as it is now. Raises StillReading where it takes a while."""
        ...

    async def closed_board(self, reading: Reading, member: Member) -> Shown | None:
        """A period of a board as it was closed; None where it is not. Raises StillReading as `board`."""
        ...

    async def ladder(self, member: Member) -> LadderRow:
        """Where the member stands on the ladder of levels."""
        ...

    async def people(self, accounts: Iterable[Account]) -> Mapping[Account, PersonRow]:
        """Those accounts that are known."""
        ...

    async def choice(self, member: Member) -> ChoiceRow:
        """What the member chose, or what holds for everybody."""
        ...

    async def acts(self, about: Sequence[Account], most: int) -> list[Act]:
        """The latest of the audit trail, about these accounts or (none) about anybody."""
        ...

    async def digest(self, start: int, end: int, first_day: int, last_day: int) -> DigestFacts:
        """Awards decided and levels reached in [start, end) that still stand, and scores of these local days."""
        ...
