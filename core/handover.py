"""What accounts held before they were linked is held by the member that they are now, and comes back when they part:
rows are revoked on one side and given on the other, and nobody is told of what only changed its name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from core.awards import Award, Deserved, Happened, Loss, lose
from core.effects import GIVES
from core.members import Member
from core.ports import Transaction
from core.wanted import Wanted

HANDED_OVER = "it is held by the member that this account is linked with"
REGROUPED = "accounts were linked or parted, and it rested on that"
_HELD = ("awarded", "pending", "shadow")

Key = tuple[str, str, str]


def hand_over(
    wanted: Wanted, held: Iterable[Award], heirs: Iterable[Deserved], now: int, loss: Loss
) -> Iterator[Happened]:
    """The awards stored under a name that is now an account of another member, who deserves `heirs`."""
    theirs = {(d.tier, d.occurrence) for d in heirs if d.state(now) != "revoked"}
    for award in held:
        if award.state != "awarded" or (award.tier, award.occurrence) not in theirs:
            lost = lose(wanted, award, now, loss)
            if lost is not None:
                yield lost
            continue
        # `kept` stays on the row: if the accounts part, it stands again without facts.
        after = replace(award, state="revoked", decided_at=now, reason=HANDED_OVER)
        yield Happened("revoked", award, after)


def carried(tx: Transaction, happened: Sequence[Happened], regrouped: Collection[Member]) -> set[tuple[Member, Key]]:
    """Of what happened to these members, what one of them held before and one of them holds now."""
    if not regrouped:
        return set()
    now = {(a.member, key_of(a)) for a in tx.awards(regrouped) if a.state in _HELD}
    changed = {(h.after.member, key_of(h.after)) for h in happened if h.after is not None}
    before = {key_of(h.before) for h in happened if h.before is not None and _held(h.before, regrouped)}
    before |= {key for member, key in now if (member, key) not in changed}
    after = {key for _, key in now}
    return {
        (h.after.member, key_of(h.after))
        for h in happened
        if h.after is not None and h.after.member in regrouped
        if key_of(h.after) in (before if h.what in GIVES else after)
    }


def key_of(award: Award) -> Key:
    """What an award is, whoever holds it."""
    return award.achievement, award.tier, award.occurrence


def _held(award: Award, members: Collection[Member]) -> bool:
    return award.member in members and award.state in _HELD
