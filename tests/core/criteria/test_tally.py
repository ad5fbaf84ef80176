"""When a goal is reached, and by what: rules-exact 7, 8, 13, 15, 19, 20, 25, 26."""

from __future__ import annotations

import pytest

from core.events import Statement
from tests.core.told import rule, told, won

DAYS = [told("A", f"03-{day:02}") for day in range(1, 13)]
GIVEN = 'when = "reaction.added"', 'credit = "author"'


def minutes(*lengths: object) -> list[Statement]:
    return [told("A", f"03-{n:02}", "voice.session_ended", minutes=m) for n, m in enumerate(lengths, 1)]  # type: ignore[arg-type] # also what is no number


@pytest.mark.parametrize(("posts", "awards"), [(2, []), (3, ["A 03-03T12:00 (3)"]), (4, ["A 03-03T12:00 (3)"])])
def test_a_count_is_reached_by_the_goal_and_no_later(posts: int, awards: list[str]) -> None:
    assert won(rule("goal = 3"), *DAYS[:posts]) == awards


def test_without_repeat_only_the_earliest_counts_and_names_its_period() -> None:
    """rules-exact 15."""
    posts = [told("A", f"03-{day}T{hour}:00") for day in ("05", "04") for hour in ("10", "11")]
    assert won(rule('in_one = "day"', "goal = 2"), *posts) == ["A 2026-03-04 03-04T11:00 (2)"]


@pytest.mark.parametrize(
    ("repeat", "posts", "awards"),
    [
        ("true", 5, ["A 03-02T12:00 (2)", "A 03-04T12:00 (4)"]),
        ("true", 6, ["A 03-02T12:00 (2)", "A 03-04T12:00 (4)", "A 03-06T12:00 (6)"]),
        ("2", 6, ["A 03-02T12:00 (2)", "A 03-04T12:00 (4)"]),
    ],
)
def test_a_repeated_award_comes_with_every_full_goal(repeat: str, posts: int, awards: list[str]) -> None:
    """rules-exact 13."""
    assert won(rule("goal = 2", f"repeat = {repeat}"), *DAYS[:posts]) == awards


def test_one_fact_may_complete_several_goals() -> None:
    """rules-exact 13."""
    words = 'when = "voice.session_ended"', 'sum = "minutes"', "goal = 10", "repeat = true"
    assert won(rule(*words), *minutes(9, 25)) == ["A 03-02T12:00 (2)"] * 3


@pytest.mark.parametrize(
    ("lengths", "awards"),
    [((10, 19), []), ((10, 20), ["A 03-02T12:00 (2)"]), ((10, 21), ["A 03-02T12:00 (2)"])],
    ids=["one less", "the goal", "one more"],
)
def test_a_sum_is_reached_exactly(lengths: tuple[int, ...], awards: list[str]) -> None:
    assert won(rule('when = "voice.session_ended"', 'sum = "minutes"', "goal = 30"), *minutes(*lengths)) == awards


def test_what_is_no_number_is_not_summed() -> None:
    """rules-exact 25."""
    summed = rule('when = "voice.session_ended"', 'sum = "minutes"', "goal = 5")
    assert won(summed, *minutes("5", True, ("5",)), told("A", "03-20", "voice.session_ended"), *minutes(1)) == []


def test_distinct_counts_values_and_keeps_the_first_of_each() -> None:
    """rules-exact 8, 25."""
    posts = [told("A", f"03-0{n}", channel=c) for n, c in enumerate("aabbc", 1)]
    posts.append(told("A", "03-01T01:00"))
    assert won(rule('distinct = "channel"', "goal = 3"), *posts) == ["A 03-05T12:00 (3)"]


def test_a_number_is_no_text_and_one_is_one() -> None:
    rooms = [told("A", f"03-0{n}", room=room) for n, room in enumerate([1, "1", True, 2], 1)]
    assert won(rule('distinct = "room"', "goal = 4"), *rooms) == ["A 03-04T12:00 (4)"]


@pytest.mark.parametrize(
    ("days", "awards"),
    [
        ((2, 3, 4), ["A 2026-03-04 03-04T12:00 (3)"]),
        ((2, 3, 5), ["A 2026-03-05 03-05T12:00 (3)"]),
        ((2, 3, 6), []),
        ((2, 4, 6), []),
        ((2, 4, 5), ["A 2026-03-05 03-05T12:00 (3)"]),
        ((1, 4, 5, 6), ["A 2026-03-06 03-06T12:00 (3)"]),
    ],
    ids=["in a row", "one miss", "two misses", "two single misses", "miss inside", "a new run"],
)
def test_a_streak_forgives_misses_inside_itself(days: tuple[int, ...], awards: list[str]) -> None:
    """rules-exact 20."""
    posts = [told("A", f"03-{day:02}") for day in days]
    assert won(rule('streak = "day"', "goal = 3", "grace = 1"), *posts) == awards


def test_a_streak_asks_for_at_least_so_much_in_each_period() -> None:
    """rules-exact 8, 20: the evidence is the first `at_least` of each period; with sum they are minutes."""
    posts = [told("A", f"03-{day:02}T{hour}:00") for day in (2, 3) for hour in (10, 11, 12)]
    assert won(rule('streak = "day"', "goal = 2", "at_least = 2"), *posts) == ["A 2026-03-03 03-03T11:00 (4)"]
    words = 'when = "voice.session_ended"', 'streak = "day"', "goal = 2", 'sum = "minutes"', "at_least = 10"
    assert won(rule(*words), *minutes(10, 9)) == []
    assert won(rule(*words), *minutes(10, 10)) == ["A 2026-03-02 03-02T12:00 (2)"]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2026-03-28T23:00:00+01:00", "2026-03-29T03:59:00+02:00", True),
        ("2026-03-29T03:59:00+02:00", "2026-03-29T04:00:00+02:00", False),
        ("2026-10-25T04:00:00+01:00", "2026-10-26T03:59:00+01:00", True),
        ("2026-12-31T23:59:00+01:00", "2027-01-01T03:59:00+01:00", True),
        ("2026-12-31T23:59:00+01:00", "2027-01-01T04:00:00+01:00", False),
    ],
    ids=["short night", "the clocks changed", "long day", "year end", "new year"],
)
def test_a_day_begins_when_the_community_says(first: str, second: str, same: bool) -> None:
    head = 'rules = 1\n[community]\ntimezone = "Europe/Berlin"\nday_starts = "04:00"\n'
    found = won(rule('in_one = "day"', "goal = 2"), told("A", first), told("A", second), head=head)
    assert (len(found) == 1) is same


@pytest.mark.parametrize(
    ("period", "name", "inside", "outside"),
    [
        ("week", "2026-W53", "2027-01-03T22:59", "2027-01-03T23:00"),
        ("month", "2026-12", "2026-12-31T22:59", "2026-12-31T23:00"),
        ("quarter", "2026-Q4", "2026-12-31T22:59", "2026-12-31T23:00"),
        ("year", "2026", "2026-12-31T22:59", "2026-12-31T23:00"),
    ],
)
def test_a_period_ends_at_local_midnight(period: str, name: str, inside: str, outside: str) -> None:
    words = rule(f'in_one = "{period}"', "goal = 2")
    first = told("A", "2026-12-30")
    assert won(words, first, told("A", outside)) == []
    assert won(words, first, told("A", inside))[0].startswith(f"A {name} ")


def test_each_without_repeat_is_reached_by_the_best_thing() -> None:
    """rules-exact 26: the fact must be there."""
    said = [
        told(by, f"03-0{n}", "reaction.added", author="A", message=m)
        for n, (by, m) in enumerate([("B", "m1"), ("B", "m2"), ("C", "m2"), ("C", "m1")], 1)
    ]
    nameless = [told(by, "03-01", "reaction.added", author="A") for by in "BCD"]
    assert won(rule(*GIVEN, 'each = "message"', "goal = 2"), *said, *nameless) == ["A 03-03T12:00 (2)"]
    assert won(rule(*GIVEN, 'each = "message"', "goal = 2", "repeat = true"), *said) == [
        "A 03-03T12:00 (2)",
        "A 03-04T12:00 (2)",
    ]
