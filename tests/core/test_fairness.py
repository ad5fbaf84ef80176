"""Planted rings, bursts and alike accounts are found; honest months are left alone."""

from __future__ import annotations

import random
from itertools import permutations

import pytest

from core.fairness import AGAIN, HOUR, Finding, Mark, Shown, find, is_due
from core.rings import tail
from core.rules.fairness import Fairness

MONTH = 30 * 24 * HOUR
MINUTE = HOUR // 60
WANTED = Fairness()


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - makes villages, keeps no secret


def mark(giver: str, receiver: str, at: int, n: int, thing: str | None = None, *, exact: bool = True) -> Mark:
    return Mark(giver, receiver, at, "slack:T1", f"reaction:{n}", thing or f"message:{n}", exact)


def village(rng: random.Random, people: int, each: int, team: int, inside: float) -> list[Mark]:
    """An honest month: some are popular, some give much, and everybody gives a part of it inside their team."""
    names = [f"p{i:04}" for i in range(people)]
    popular = [rng.paretovariate(1.2) for _ in names]
    busy = [rng.paretovariate(1.3) for _ in names]
    marks = []
    for n, giver in enumerate(rng.choices(range(people), weights=busy, k=people * each)):
        start = giver // team * team
        near = range(start, min(people, start + team))
        receiver = rng.choice(near) if rng.random() < inside else rng.choices(range(people), weights=popular)[0]
        if receiver != giver:
            marks.append(mark(names[giver], names[receiver], rng.randrange(MONTH), n))
    return marks


def among(names: tuple[str, ...], times: int, start: int = 100_000) -> list[Mark]:
    """Each gives each of the others so many, spread over the month."""
    pairs = [pair for _ in range(times) for pair in permutations(names, 2)]
    step = MONTH // len(pairs)
    return [mark(a, b, i * step, start + i) for i, (a, b) in enumerate(pairs)]


def found(marks: list[Mark], joined: dict[str, int] | None = None, wanted: Fairness = WANTED) -> list[Finding]:
    return find(marks, joined or {}, wanted)


def kinds(findings: list[Finding]) -> list[tuple[str, tuple[str, ...]]]:
    return [(f.kind, f.people) for f in findings]


HONEST = village(dice(7), 60, 12, 6, 0.4)
TOWN = village(dice(7), 300, 12, 6, 0.4)


@pytest.mark.parametrize("size", [2, 3, 4, 6])
def test_a_planted_ring_is_found_and_nobody_else(size: int) -> None:
    ring = tuple(f"r{i}" for i in range(size))
    findings = found(TOWN + among(ring, 15))
    assert kinds(findings) == [("ring", ring)]
    assert findings[0].number == findings[0].size == 15 * size * (size - 1)
    assert findings[0].share == 100
    assert findings[0].expected < findings[0].number / 5


def test_a_circle_in_which_nobody_marks_back_directly_is_found() -> None:
    ring = [mark(a, b, i * HOUR, 9_000 + i) for i in range(45) for a, b in [("xyz"[i % 3], "yzx"[i % 3])]]
    assert kinds(found(HONEST + ring)) == [("ring", ("x", "y", "z"))]


def test_the_ring_is_found_among_its_friends() -> None:
    """Somebody whom many mark exchanges marks with one of the ring, too: they are not taken for a part of it."""
    friend = [mark("r0", "p0001", i * HOUR, 8_000 + i) for i in range(15)]
    friend += [mark("p0001", "r0", i * HOUR, 8_100 + i) for i in range(15)]
    many = [mark(f"p{i % 50 + 2:04}", "p0001", i * HOUR, 8_200 + i) for i in range(40)]
    ring = among(("r0", "r1", "r2"), 30)
    assert kinds(found(TOWN + ring + friend + many)) == [("ring", ("r0", "r1", "r2"))]


def test_a_pair_that_gets_much_from_others_is_not_reported() -> None:
    others = [mark(f"p{i % 60:04}", ("a", "b")[i % 2], i * HOUR, 7_000 + i) for i in range(40)]
    assert found(HONEST + among(("a", "b"), 15) + others) == []


def test_few_marks_are_no_ring() -> None:
    assert found(HONEST + among(("a", "b"), 9)) == []
    assert kinds(found(HONEST + among(("a", "b"), 9), wanted=Fairness(marks=9))) == [("ring", ("a", "b"))]


def test_admiration_that_nobody_returns_is_no_ring() -> None:
    assert found(HONEST + [mark("fan", "star", i * 10 * HOUR, 6_000 + i) for i in range(60)]) == []


def test_little_in_return_for_much_is_no_ring() -> None:
    much = [mark("a", "b", i * HOUR, 6_000 + i) for i in range(40)]
    little = [mark("b", "a", i * HOUR, 6_100 + i) for i in range(5)]
    assert found(TOWN + much + little, wanted=Fairness(marks=10, burst=100)) == []


def test_a_burst_is_told_once_with_all_its_marks() -> None:
    marks = [mark("a", "b", i * MINUTE // 2, 5_000 + i) for i in range(12)]
    (one,) = found(HONEST + marks)
    assert (one.kind, one.giver, one.receiver, one.number, one.size) == ("burst", "a", "b", 12, 12)


def test_marks_with_pauses_between_them_or_dated_afterwards_are_no_burst() -> None:
    assert found([mark("a", "b", i * 2 * MINUTE, i) for i in range(30)]) == []
    assert found([mark("a", "b", i, i, exact=False) for i in range(30)]) == []


def test_a_new_account_that_marks_one_person_only() -> None:
    marks = [mark("new", "b", i * HOUR, 4_000 + i) for i in range(5)]
    assert kinds(found(marks, {"new": 0})) == [("newcomer", ("b", "new"))]
    assert found(marks) == []
    assert found([*marks, mark("new", "c", 1, 1)], {"new": 0}) == []


def step(names: str, things: range, apart: int = MINUTE) -> tuple[list[Mark], dict[str, int]]:
    marks = [mark(a, f"b{t}", t * HOUR, 1_000 * (i + 3) + t, f"m{t}") for i, a in enumerate(names) for t in things]
    return marks, {name: i * apart for i, name in enumerate(names)}


def test_accounts_that_come_together_and_mark_the_same() -> None:
    marks, joined = step("xyz", range(6))
    (one,) = found(HONEST + marks, joined)
    assert (one.kind, one.people, one.number, one.size) == ("lockstep", ("x", "y", "z"), 6, 18)


def test_two_are_not_several_and_hours_apart_is_not_together() -> None:
    assert found(*step("xy", range(6))) == []
    assert found(*step("xyz", range(6), apart=2 * HOUR)) == []


def test_what_everybody_marks_joins_nobody() -> None:
    marks, joined = step("".join(map(chr, range(0x4E00, 0x4E00 + 60))), range(6))
    assert found(marks, joined) == []


def test_marks_for_oneself_and_an_office_that_is_off_find_nothing() -> None:
    assert found([mark("a", "a", i, i) for i in range(50)]) == []
    assert found(among(("a", "b"), 30), wanted=Fairness(off=True)) == []


def test_the_order_of_arrival_does_not_matter() -> None:
    marks, joined = step("xyz", range(6))
    marks += HONEST + among(("r0", "r1"), 15) + [mark("q", "w", i, 2_000_000 + i) for i in range(20)]
    shuffled = marks[:]
    dice(3).shuffle(shuffled)
    assert found(marks, joined) == found(shuffled, dict(reversed(joined.items())))


def test_the_tail_is_the_exact_one() -> None:
    assert tail(3, 4, 0.25) == pytest.approx(13 / 256)
    assert tail(10, 10, 0.1) == pytest.approx(1e-10)
    assert (tail(1, 10, 0.5), tail(0, 5, 0.1), tail(5, 5, 1.0)) == (1.0, 1.0, 1.0)


def test_when_moderators_see_it_again() -> None:
    one = found(among(("a", "b"), 15), wanted=Fairness(share=50)) or found(HONEST + among(("a", "b"), 15))
    finding = one[0]
    assert is_due(finding, None, 0)
    assert not is_due(finding, Shown(30, 0), AGAIN - 1)
    assert is_due(finding, Shown(30, 0), AGAIN)
    assert not is_due(finding, Shown(30, 0, fine=True), 9 * AGAIN)
    assert not is_due(finding, Shown(21, 0, fine=True), 0)
    assert is_due(finding, Shown(20, 0, fine=True), 0)


@pytest.mark.slow
def test_of_two_hundred_honest_months_nobody_is_reported() -> None:
    """Villages of 20 to 200, teams of 3 to 8 that keep up to six in ten of their marks among themselves."""
    reported = 0
    for seed in range(200):
        rng = dice(seed)
        people, each = rng.choice([20, 60, 200]), rng.choice([5, 15, 40])
        marks = village(rng, people, each, rng.choice([3, 5, 8]), rng.choice([0.0, 0.3, 0.6]))
        reported += bool(found(marks))
    assert reported == 0
