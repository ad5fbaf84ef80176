"""What members say they did elsewhere, and what moderators make of it: the records, and what is to be changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from core.events import Account, Statement
from core.members import Member

State = Literal["open", "approved", "declined"]
Ruling = Literal["open", "restored", "kept"]

MOST_OPEN = 3  # for each person
LONGEST_NOTE = 200
LONGEST_EXPLANATION = 300
OTHER = "other"  # the kind of what no badge is named for
CLAIM_DECLINED = "claim.declined"
APPEAL_DECIDED = "appeal.decided"
PROPOSED = "award.proposed"


@dataclass(frozen=True, slots=True)
class Machine:
    """Why a machine proposes an award. `statement`: source and id of its proposal; `confidence` from 0 to 1."""

    statement: str
    confidence: Decimal | None = None
    explanation: str = ""

    @property
    def source(self) -> str:
        return self.statement.partition(" ")[0]


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that happened elsewhere. Times are UTC microseconds; `at`: when it happened, as the person says.

    `id` 0: not stored yet. `member`: who the account was then; links come and go. `note`, `question` and `answer` are
    in people's words and go nowhere else. `by_hand`: a yes gives the achievement by hand; else it asserts that the
    action was done, and rules count it.
    """

    id: int
    account: Account
    member: Member
    achievement: str | None
    kind: str
    by_hand: bool
    at: int
    opened_at: int
    proof: str | None = None
    note: str | None = None
    channel: str | None = None
    state: State = "open"
    question: str | None = None
    answer: str | None = None
    by: Account | None = None
    reason: str | None = None
    decided_at: int | None = None
    machine: Machine | None = None


@dataclass(frozen=True, slots=True)
class Appeal:
    """A member asks that a decision be thought over. `decision`: `claim:{id}` or `award:{achievement}:{decided at}`."""

    id: int
    account: Account
    member: Member
    decision: str
    why: str
    opened_at: int
    channel: str | None = None
    state: Ruling = "open"
    by: Account | None = None
    reason: str | None = None
    decided_at: int | None = None

    @property
    def claim(self) -> int | None:
        """The claim it is about, None for a badge that was taken back."""
        kind, _, number = self.decision.partition(":")
        return int(number) if kind == "claim" else None

    @property
    def achievement(self) -> str:
        """The badge that was taken back, "" for a claim."""
        kind, _, rest = self.decision.partition(":")
        return rest.rpartition(":")[0] if kind == "award" else ""


# ---- what is to be changed: each is done whole, or not at all where somebody else was faster


@dataclass(frozen=True, slots=True)
class Open:
    """Take a claim, unless the person has as many open as they may."""

    claim: Claim


@dataclass(frozen=True, slots=True)
class Decide:
    """Turn a claim that is in the state `before` into another one; not where the accounts in `apart` are one member by
    then."""

    claim: int
    state: State
    by: Account
    statement: Statement
    reason: str | None = None
    before: State = "open"
    apart: tuple[Account, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Put a question to the person; `text` replaces an earlier one, and the answer to that."""

    claim: int
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The person's answer to the question."""

    claim: int
    text: str


@dataclass(frozen=True, slots=True)
class OpenAppeal:
    appeal: Appeal


@dataclass(frozen=True, slots=True)
class Rule:
    """Decide on an appeal. `statements`: that it was decided, and what follows."""

    appeal: int
    ruling: Ruling
    by: Account
    reason: str
    statements: tuple[Statement, ...]


Change = Open | Decide | Question | Reply | OpenAppeal | Rule


class Claims(Protocol):
    """Reads of one community."""

    async def claim(self, number: int) -> Claim | None: ...

    async def waiting(self, most: int) -> list[Claim]:
        """Open claims, the oldest first."""
        ...

    async def open_of(self, accounts: Collection[Account]) -> int:
        """How many claims of their own somebody with these accounts has open."""
        ...

    async def appeal(self, number: int) -> Appeal | None: ...

    async def appealed(self, accounts: Collection[Account], decision: str) -> Appeal | None: ...

    async def revocation(self, accounts: Collection[Account], achievement: str) -> Statement | None:
        """The moderator's word, alive still, by which somebody lost an achievement last."""
        ...
