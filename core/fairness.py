"""Marks that look unlike the rest of the community: rings, bursts, new accounts that serve one person or act alike.

A finding is a question for moderators and takes nothing from anybody: people who work together mark each other too.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from core.events import Account
from core.members import Member
from core.rings import Mix, Ring, rings
from core.rules.fairness import Fairness

Kind = Literal["ring", "burst", "newcomer", "lockstep"]
HOUR = 3_600_000_000  # microseconds
PERIOD = 30 * 24 * HOUR
"""How far back anybody looks."""
AGAIN = 7 * 24 * HOUR
MOST_SHOWN = 5  # on the card of one day
TOGETHER = HOUR  # within which accounts came together
ALIKE = 80  # percent of what two accounts marked is the same
_CROWD = 50  # a thing that so many new accounts marked is popular, and says nothing
GIVING = (
    *("reaction.added", "reply.marked_helpful", "answer.accepted", "kudos.given", "nomination.made"),
    "action.validated",
)
"""Types of facts by which one person gives something to another."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One person gave something to another. `at`: UTC microseconds, `exact` unless it was found afterwards; `thing`:
    what it was given for."""

    giver: Member
    receiver: Member
    at: int
    source: str
    id: str
    thing: str
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """`people`: sorted; in a burst and of a newcomer the giver and the receiver are `giver` and `receiver`. `facts`: by
    source and id. `number`: the marks that it is about; `share`: percent; `expected`: what the community's mix would
    have given. `since` and `until`: from the first to the last mark."""

    kind: Kind
    people: tuple[Member, ...]
    facts: tuple[tuple[str, str], ...]
    since: int
    until: int
    number: int
    share: int = 0
    expected: float = 0.0
    giver: Member | None = None
    receiver: Member | None = None

    @property
    def size(self) -> int:
        """How many facts it rests on."""
        return len(self.facts)

    @property
    def named(self) -> tuple[Member, ...]:
        """By whom it is known again: giver before receiver where there are these two."""
        return self.people if self.giver is None or self.receiver is None else (self.giver, self.receiver)


@dataclass(frozen=True, slots=True)
class Shown:
    """How many facts a finding rested on when moderators saw it last, and whether they called it fine since then."""

    size: int
    at: int
    fine: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as buttons name it. `at`: when moderators saw it."""

    id: int
    people: tuple[Member, ...]
    at: int


class Findings(Protocol):
    """What moderators of one community were shown."""

    async def told(self, number: int) -> Told | None: ...

    async def open(self, now: int) -> Sequence[tuple[int, Finding]]:
        """What is worth a look now and nobody called fine, by number. Raises TimeoutError."""
        ...

    async def drop(self, number: int, finding: Finding, by: Account, now: int) -> int:
        """Withdraw the marks it rests on, in one commit; how many it were."""
        ...

    async def call_fine(self, number: int, by: Account, now: int) -> bool:
        """Remember that it looks fine. False if somebody said so already."""
        ...


def is_due(finding: Finding, shown: Shown | None, now: int) -> bool:
    """Whether moderators are to see it: for the first time, when it has grown by half, and after a week without an
    answer."""
    if shown is None or 2 * finding.size >= 3 * shown.size:
        return True
    return not shown.fine and now - shown.at >= AGAIN


def find(marks: Iterable[Mark], joined: Mapping[Member, int], wanted: Fairness) -> list[Finding]:
    """What is worth a look. `marks`: those of the period; `joined`: since when those who came in it are here."""
    if wanted.off:
        return []
    listed = [m for m in marks if m.giver != m.receiver]
    by_pair: dict[tuple[Member, Member], list[Mark]] = {}
    for mark in listed:
        by_pair.setdefault((mark.giver, mark.receiver), []).append(mark)
    mix = Mix((m.giver, m.receiver) for m in listed)
    found = [_of_ring(ring, by_pair) for ring in rings(mix, wanted.marks, wanted.share)]
    found += _bursts(by_pair, wanted)
    new = _by_newcomer(listed, joined)
    found += _servants(new, wanted)
    found += _lockstep(new, joined, wanted)
    return found


def _by_newcomer(marks: Iterable[Mark], joined: Mapping[Member, int]) -> dict[Member, list[Mark]]:
    found: dict[Member, list[Mark]] = {}
    for mark in marks:
        if mark.giver in joined:
            found.setdefault(mark.giver, []).append(mark)
    return found


def _made(kind: Kind, people: Iterable[Member], marks: Sequence[Mark], number: int, **more: object) -> Finding:
    facts = tuple(sorted({(m.source, m.id) for m in marks}))
    since, until = min(m.at for m in marks), max(m.at for m in marks)
    return Finding(kind, tuple(sorted(people)), facts, since, until, number, **more)  # type: ignore[arg-type] # by name


def _of_ring(ring: Ring, by_pair: Mapping[tuple[Member, Member], Sequence[Mark]]) -> Finding:
    marks = [m for a in ring.people for b in ring.people for m in by_pair.get((a, b), ())]
    return _made("ring", ring.people, marks, ring.marks, share=ring.share, expected=ring.expected)


# ---- bursts


def _bursts(by_pair: Mapping[tuple[Member, Member], Sequence[Mark]], wanted: Fairness) -> Iterator[Finding]:
    """Many marks from one person to one other within minutes."""
    span = wanted.burst_within.microseconds
    for pair in sorted(pair for pair, marks in by_pair.items() if len(marks) >= wanted.burst):
        marks = sorted((m for m in by_pair[pair] if m.exact), key=lambda m: (m.at, m.source, m.id))
        times = [m.at for m in marks]
        inside: set[int] = set()
        most = done = 0
        for first, at in enumerate(times):
            end = bisect_right(times, at + span)
            if end - first >= wanted.burst:
                inside.update(range(max(first, done), end))
                done, most = end, max(most, end - first)
        if inside:
            there = [marks[i] for i in sorted(inside)]
            yield _made("burst", pair, there, most, giver=pair[0], receiver=pair[1])


# ---- new accounts


def _servants(new: Mapping[Member, Sequence[Mark]], wanted: Fairness) -> Iterator[Finding]:
    """New accounts that mark one person and nobody else."""
    for giver, marks in sorted(new.items()):
        if len(marks) >= wanted.newcomer and len({m.receiver for m in marks}) == 1:
            pair = (giver, marks[0].receiver)
            yield _made("newcomer", pair, marks, len(marks), giver=giver, receiver=pair[1])


def _lockstep(
    new: Mapping[Member, Sequence[Mark]], joined: Mapping[Member, int], wanted: Fairness
) -> Iterator[Finding]:
    """Accounts that came within an hour of each other and mark the same things."""
    things = {m: {mark.thing for mark in marks} for m, marks in new.items()}
    active = {m: there for m, there in things.items() if len(there) >= wanted.newcomer}
    for group in _alike(active, joined, wanted.newcomer):
        if len(group) >= wanted.together:
            shared = set.intersection(*(active[m] for m in group))
            marks = [mark for m in group for mark in new[m]]
            yield _made("lockstep", group, marks, len(shared))


def _alike(
    things: Mapping[Member, set[str]], joined: Mapping[Member, int], fewest: int
) -> Iterator[tuple[Member, ...]]:
    """Groups in which each is like another one: the accounts of one hour, joined pair by pair."""
    telling = _telling(things)
    order = sorted(telling, key=lambda m: (joined[m], m))
    times = [joined[m] for m in order]
    heads = {m: m for m in order}
    for i, member in enumerate(order):
        for other in order[i + 1 : bisect_left(times, times[i] + TOGETHER + 1)]:
            if _same(things[member], things[other], fewest) and not telling[member].isdisjoint(telling[other]):
                _join(heads, member, other)
    groups: dict[Member, list[Member]] = {}
    for member in sorted(order):
        groups.setdefault(_head(heads, member), []).append(member)
    yield from (tuple(group) for _, group in sorted(groups.items()))


def _telling(things: Mapping[Member, set[str]]) -> dict[Member, set[str]]:
    """Of what each marked, that which few others did: what everybody marks joins nobody."""
    number: dict[str, int] = {}
    for there in things.values():
        for thing in there:
            number[thing] = number.get(thing, 0) + 1
    found = {m: {t for t in there if 1 < number[t] <= _CROWD} for m, there in things.items()}
    return {m: there for m, there in found.items() if there}


def _same(one: set[str], other: set[str], fewest: int) -> bool:
    both = len(one & other)
    return both >= fewest and both * 100 >= ALIKE * (len(one) + len(other) - both)


def _join(heads: dict[Member, Member], one: Member, other: Member) -> None:
    first, second = sorted((_head(heads, one), _head(heads, other)))
    heads[second] = first


def _head(heads: dict[Member, Member], member: Member) -> Member:
    while heads[member] != member:
        heads[member] = heads[heads[member]]
        member = heads[member]
    return member
