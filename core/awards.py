"""From what a member deserves to what is written: award, settle, revoke, revive, keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.events import Fact, Statement
from core.members import Member
from core.wanted import Wanted

AwardState = Literal["pending", "awarded", "revoked", "shadow"]
# awarded: newly held · revived: held again · revoked: taken back · kept: the facts are gone, the award stays ·
# corrected: other date or evidence · pending: settling · dropped: stopped settling without an award
Happening = Literal["awarded", "revived", "revoked", "kept", "corrected", "pending", "dropped"]


FactKey = tuple[str, str]
RUN_OUT = "its time is over"
_BATCHED = "bulk:"  # how the ids of what a batch says begin


@dataclass(frozen=True, slots=True)
class Deserved:
    """An award that the live facts support. `due_at`: when it stops settling; `asked`: it waits for a moderator.
    `lapses_at`: when it ends by itself (for what is held only while true: when it falls below without a new event; in
    the past if it does not hold). `fact`: the event that completed it, for the place where it was earned."""

    achievement: str
    version: int
    member: Member
    occurrence: str
    period: str | None
    earned_at: int
    due_at: int
    evidence: int
    since: int
    facts: frozenset[FactKey]
    fact: Fact | None
    by: str | None = None
    note: str | None = None
    tier: str = ""
    asked: bool = False
    lapses_at: int | None = None
    thing: str = ""

    def state(self, now: int) -> Literal["awarded", "pending", "revoked"]:
        """How it stands at a moment (UTC microseconds)."""
        if self.due_at > now:
            return "pending"
        return "revoked" if self.lapses_at is not None and self.lapses_at <= now else "awarded"


@dataclass(frozen=True, slots=True)
class Award:
    """One award as stored. `id` 0: not stored yet. `place`: JSON of where it was earned; times in UTC microseconds."""

    member: Member
    achievement: str
    version: int
    tier: str
    occurrence: str
    period: str | None
    state: AwardState
    kept: bool
    earned_at: int
    due_at: int
    evidence: int
    since: int
    place: bytes | None
    by: str | None
    note: str | None
    decided_at: int
    reason: str | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Happened:
    """One award before and after a decision. `after` None: the row goes (it was only pending). `by_hand`: a moderator
    took it back."""

    what: Happening
    before: Award | None
    after: Award | None
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Loss:
    """How somebody loses what nothing supports any more. `reason`: for the person; `by_hand`: a moderator takes it,
    however long it was held; `keep`: holders keep theirs, as when a rule changes; `lasting`: what was held for long may
    stay; `taken`: what was earned until then a moderator has taken (UTC microseconds); `undone`: occurrences of awards
    that a batch gave which was taken back now."""

    reason: str = ""
    by_hand: bool = False
    keep: bool = False
    lasting: bool = True
    taken: int | None = None
    undone: frozenset[str] = frozenset()

    def bars(self, award: Award) -> bool:
        """Does a moderator's word stand against it?"""
        return self.taken is not None and award.earned_at <= self.taken

    def spares(self, wanted: Wanted, award: Award, now: int) -> bool:
        """Does it stay, although its facts are gone?"""
        held_for = now - min(award.due_at, award.decided_at)
        lasts = self.lasting and wanted.keep_after is not None and held_for >= wanted.keep_after
        return (self.keep or lasts) and not self.by_hand and award.occurrence not in self.undone


def settle(awards: Iterable[Award], now: int) -> Iterator[Happened]:
    """Pending awards whose time has come."""
    for award in awards:
        if award.state == "pending" and award.due_at <= now:
            yield Happened("awarded", award, replace(award, state="awarded", decided_at=now))


def settled_again(awards: Iterable[Award]) -> Iterator[Happened]:
    """Awards that were held all along while later facts settled behind them, which is over now."""
    for award in awards:
        yield Happened("corrected", award, replace(award, due_at=award.decided_at))


def reconcile(
    wanted: Wanted,
    stored: Sequence[Award],
    deserved: Sequence[tuple[Deserved, bytes | None]],
    now: int,
    loss: Loss,
) -> Iterator[Happened]:
    """Bring the stored awards of one member and achievement to what the facts support. `deserved`: with the place each
    was earned."""
    held = {(a.tier, a.occurrence): a for a in stored}
    for d, place in deserved:
        award = held.pop((d.tier, d.occurrence), None)
        happened = _grant(wanted, d, place, now) if award is None else _renew(wanted, award, d, place, now)
        if happened is not None:
            yield happened
    for award in held.values():
        lost = lose(wanted, award, now, loss)
        if lost is not None:
            yield lost


def _state(wanted: Wanted, d: Deserved, now: int) -> AwardState:
    return "shadow" if wanted.shadow else d.state(now)


def _grant(wanted: Wanted, d: Deserved, place: bytes | None, now: int) -> Happened | None:
    state = _state(wanted, d, now)
    if state == "revoked":
        return None  # it ran out before anybody could hold it
    award = Award(
        member=d.member,
        achievement=d.achievement,
        version=d.version,
        tier=d.tier,
        occurrence=d.occurrence,
        period=d.period,
        state=state,
        kept=False,
        earned_at=d.earned_at,
        due_at=d.due_at,
        evidence=d.evidence,
        since=d.since,
        place=place,
        by=d.by,
        note=d.note,
        decided_at=now,
    )
    return Happened("awarded" if state == "awarded" else "pending", None, award)


def _renew(wanted: Wanted, award: Award, d: Deserved, place: bytes | None, now: int) -> Happened | None:
    state = _state(wanted, d, now)
    if state == "revoked":
        return _run_out(award, now)
    due_at = d.due_at
    if award.state == "awarded":
        # It settled once; a late mark does not send it back. Due after it was decided, it says that what the facts
        # support now still settles: what needs it waits for that (`overdue`).
        due_at = d.due_at if state == "pending" else min(d.due_at, award.due_at)
        state = "awarded" if state == "pending" else state
    after = replace(
        award,
        state=state,
        kept=False,
        period=d.period,
        earned_at=d.earned_at,
        due_at=due_at,
        evidence=d.evidence,
        since=d.since,
        place=place or award.place,
        by=d.by,
        note=d.note,
        reason=None,
    )
    if after == award:
        return None
    if award.state == state:
        return Happened("corrected", award, after)
    decided = replace(after, decided_at=now)
    if state == "awarded":
        return Happened("revived" if award.state == "revoked" else "awarded", award, decided)
    return Happened("pending", award, decided)


def _run_out(award: Award, now: int) -> Happened | None:
    """It was for a time, or held only while something was true, and that is over."""
    if award.state == "revoked":
        return None
    if award.state != "awarded":
        return Happened("dropped", award, None)
    return Happened("revoked", award, replace(award, state="revoked", kept=False, decided_at=now, reason=RUN_OUT))


def batch_of(said: Fact | Statement) -> str:
    """The batch as one of whose lines it was said, "" for none. Before the fact said so, only the id did."""
    if said.source != "moderator":
        return ""
    named = str(said.facts.get("batch", ""))
    if named or not said.id.startswith(_BATCHED):
        return named
    return said.id.removeprefix(_BATCHED).rpartition("/")[0]


def occurrence_of(grant: Fact) -> str:
    """How an award is named that this grant gives, where it can be given more than once."""
    return f"grant:{grant.source}:{grant.id}"


def lose(wanted: Wanted, award: Award, now: int, loss: Loss) -> Happened | None:
    """What becomes of an award that nothing supports any more; None where it stays as it is."""
    if award.state == "revoked":
        # Kept without facts until it was handed over to a linked account or taken by a moderator, and is no more.
        again = replace(award, state="awarded", decided_at=now, reason=None)
        return Happened("revived", award, again) if award.kept and not loss.bars(award) and not loss.by_hand else None
    if award.state != "awarded":
        return Happened("dropped", award, None)
    if award.kept and not loss.by_hand:
        return None  # it stood without facts before, by time or by a changed rule: only a moderator takes it now
    if loss.spares(wanted, award, now):
        return Happened("kept", award, replace(award, kept=True))
    # `kept` stays on the row of what a moderator takes: their word may be taken back, and no facts would give it again.
    kept = award.kept and loss.bars(award)
    after = replace(award, state="revoked", kept=kept, decided_at=now, reason=loss.reason)
    return Happened("revoked", award, after, loss.by_hand)
