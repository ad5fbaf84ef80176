"""Small groups whose members mark each other far more than the community's mix would have it. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.members import Member

Pair = tuple[Member, Member]

MOST_PEOPLE = 6
"""More than these are a team, and no small ring."""
UNLIKELY = 0.001
"""Chance, over all pairs together, that one of them is taken for close by accident."""
_FEWEST = 3  # marks from one to the other, before anybody asks how likely they are
_PART = 0.15  # of what somebody gets, before it is more than a habit


@dataclass(frozen=True, slots=True)
class Ring:
    """`marks`: how many they gave each other; `expected`: how many the community's mix would have given; `share`: the
    least part, in whole percent, that one of them got from the others and gave back."""

    people: tuple[Member, ...]
    marks: int
    expected: float
    share: int


class Mix:
    """Who gave how many marks to whom in a community."""

    def __init__(self, marks: Iterable[Pair]) -> None:
        self.by_pair = Counter(marks)
        self.given: Counter[Member] = Counter()
        self.received: Counter[Member] = Counter()
        for (giver, receiver), number in self.by_pair.items():
            self.given[giver] += number
            self.received[receiver] += number
        self.total = self.received.total()
        self.people = len(self.given.keys() | self.received.keys())

    def chance(self, giver: Member, receiver: Member) -> float:
        """How likely a mark of the giver would go to the receiver, if they gave as everybody else does: the receiver's
        part of the marks that others gave to others, and never below an equal part for each."""
        others = self.total - self.given[giver] - self.received[giver]
        part = (self.received[receiver] - self.by_pair[giver, receiver]) / others if others > 0 else 1.0
        return min(1.0, max(part, 1 / max(1, self.people - 1)))


def tail(hits: int, tries: int, chance: float) -> float:
    """The chance of at least so many hits in so many tries: the exact upper tail of the binomial distribution
    (Clopper and Pearson, Biometrika 26, 1934), summed from its greatest term down."""
    if hits <= 0 or chance >= 1:
        return 1.0
    if hits <= tries * chance:
        return 1.0  # no surprise: the exact value, about a half or more, is of no interest
    logs = math.lgamma(tries + 1) - math.lgamma(hits + 1) - math.lgamma(tries - hits + 1)
    term = math.exp(logs + hits * math.log(chance) + (tries - hits) * math.log1p(-chance))
    total, odds = term, chance / (1 - chance)
    for k in range(hits, tries):
        term *= odds * (tries - k) / (k + 1)
        total += term
        if term < total * 1e-12:
            break
    return min(1.0, total)


def rings(mix: Mix, fewest: int, share: int) -> list[Ring]:
    """Groups of two to six. Each of them got at least `fewest` marks from the others, and gave as many back, and these
    are `share` percent or more of all that they got; and there is a way of close pairs from each to each.

    A pair is close if the tail of the binomial for its marks is below `UNLIKELY`, divided by the number of pairs that
    are looked at (Bonferroni's correction; Dunn, Journal of the American Statistical Association 56, 1961).
    """
    close = _close(mix)
    waiting = [g for g in _circles(close, close.keys()) if len(g) > 1]
    found = []
    while waiting:
        group = waiting.pop()
        kept = {m for m in group if _bound(mix, m, group, fewest, share)}
        if kept == group:
            found += [_ring(mix, group)] if len(group) <= MOST_PEOPLE else []
        else:
            waiting += [g for g in _circles(close, kept) if len(g) > 1]
    return sorted(found, key=lambda ring: (-ring.marks, ring.people))


def _close(mix: Mix) -> dict[Member, list[Member]]:
    looked_at = [(pair, n) for pair, n in mix.by_pair.items() if n >= _FEWEST and n >= _PART * mix.received[pair[1]]]
    found: dict[Member, list[Member]] = {}
    for (giver, receiver), number in sorted(looked_at):
        if tail(number, mix.given[giver], mix.chance(giver, receiver)) * len(mix.by_pair) < UNLIKELY:
            found.setdefault(giver, []).append(receiver)
    return found


def _exchanged(mix: Mix, member: Member, group: Collection[Member]) -> int:
    """How many marks a member got from a group and gave back to it."""
    got = sum(mix.by_pair[other, member] for other in group if other != member)
    gave = sum(mix.by_pair[member, other] for other in group if other != member)
    return min(got, gave)


def _bound(mix: Mix, member: Member, group: Collection[Member], fewest: int, share: int) -> bool:
    exchanged = _exchanged(mix, member, group)
    return exchanged >= fewest and exchanged * 100 >= share * mix.received[member]


def _ring(mix: Mix, group: Collection[Member]) -> Ring:
    people = tuple(sorted(group))
    pairs = [(a, b) for a in people for b in people if a != b]
    expected = sum(mix.given[a] * mix.chance(a, b) for a, b in pairs)
    share = min(100 * _exchanged(mix, m, group) // mix.received[m] for m in people)
    return Ring(people, sum(mix.by_pair[pair] for pair in pairs), round(expected, 1), share)


# ---- groups in which a way leads from each to each (strongly connected components, after Kosaraju and Sharir)


def _circles(close: Mapping[Member, Sequence[Member]], among: Collection[Member]) -> Iterator[set[Member]]:
    there = set(among)
    back: dict[Member, list[Member]] = {}
    for giver in sorted(there):
        for receiver in close.get(giver, ()):
            if receiver in there:
                back.setdefault(receiver, []).append(giver)
    left = set(there)
    for start in reversed(_finished(close, there)):
        if start in left:
            yield _reached(back, start, left)


def _finished(close: Mapping[Member, Sequence[Member]], there: Collection[Member]) -> list[Member]:
    """Members in the order in which a search in depth is done with them."""
    seen: set[Member] = set()
    order: list[Member] = []
    for start in sorted(there):
        path = [] if start in seen else [(start, iter(close.get(start, ())))]
        seen.add(start)
        while path:
            following = path[-1][1]
            step = next((m for m in following if m in there and m not in seen), None)
            if step is None:
                order.append(path.pop()[0])
            else:
                seen.add(step)
                path.append((step, iter(close.get(step, ()))))
    return order


def _reached(back: Mapping[Member, Sequence[Member]], start: Member, left: set[Member]) -> set[Member]:
    """Everybody from whom a way leads here, taken out of `left`."""
    found, ahead = set(), [start]
    left.discard(start)
    while ahead:
        member = ahead.pop()
        found.add(member)
        fresh = [m for m in back.get(member, ()) if m in left]
        left.difference_update(fresh)
        ahead += fresh
    return found
