"""Filters, to the letter of rules-exact 41, 42 and 42b."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.rules.filters import Filter
from core.rules.where import compile_where, matches
from tests.core.rules.books import achievement, faults

WORDS = '[words]\nthanks = ["heart", "pray"]\n'


def where(line: str) -> tuple[Filter, ...]:
    return achievement(line, WORDS).where


@pytest.mark.parametrize(
    ("line", "value", "holds"),
    [
        # equal, and that nothing is converted
        ("where.x = 5", 5, True),
        ("where.x = 5", Decimal("5.0"), True),
        ("where.x = 5", "5", False),
        ('where.x = "5"', 5, False),
        ("where.x = 1", True, False),
        ("where.x = true", 1, False),
        ("where.x = true", True, True),
        ("where.x = false", 0, False),
        ('where.x = "a"', "A", False),
        ("where.x = 0.1", Decimal("0.1"), True),
        ("where.x = 0.1", Decimal("0.10"), True),
        # one of
        ('where.x = ["a", "b"]', "b", True),
        ('where.x = ["a", 1]', 1, True),
        ('where.x = ["a", 1]', True, False),
        ('where.x = ["a", "b"]', "c", False),
        ('where.x = "@thanks"', "pray", True),
        ('where.x = "@thanks"', "@thanks", False),
        ('where.x = ["@thanks", "wave"]', "heart", True),
        ('where.x = ["@thanks", "wave"]', "wave", True),
        # not
        ('where.x.not = "a"', "a", False),
        ('where.x.not = "a"', "b", True),
        ('where.x.not = ["a", "b"]', "b", False),
        ('where.x.not = "@thanks"', "heart", False),
        ("where.x.not = 1", True, True),
        # sizes
        ("where.x.at_least = 5", 5, True),
        ("where.x.at_least = 5", 4, False),
        ("where.x.at_least = 5", Decimal("5.1"), True),
        ("where.x.at_least = 5", "9", False),
        ("where.x.at_least = 0", True, False),
        ("where.x.at_most = 5", 5, True),
        ("where.x.more_than = 5", 5, False),
        ("where.x.more_than = 5", 6, True),
        ("where.x.less_than = 5", 5, False),
        ('where.x.at_least = "b"', "b", True),
        ('where.x.at_least = "b"', "B", False),  # by code point, capitals come first
        ('where.x.less_than = "z"', "é", False),
        ('where.x.at_least = "b"', 9, False),
        # between
        ("where.x.between = [1, 3]", 1, True),
        ("where.x.between = [1, 3]", 3, True),
        ("where.x.between = [1, 3]", 4, False),
        ("where.x.between = [22, 4]", 23, False),  # it does not wrap
        ('where.x.between = ["08:00", "12:00"]', "12:00", True),
        # texts
        ('where.x.contains = "b"', "abc", True),
        ('where.x.contains = "B"', "abc", False),
        ('where.x.contains = "1"', 1, False),
        ('where.x.contains = ["z", "b"]', "abc", True),
        ('where.x.starts_with = "ab"', "abc", True),
        ('where.x.starts_with = ["x", "ab"]', "abc", True),
        ('where.x.ends_with = "bc"', "abc", True),
        ('where.x.ends_with = "ab"', "abc", False),
        # lists: one element is enough; "not" if none does
        ('where.x = "a"', ("a", "b"), True),
        ('where.x = ["b", "c"]', ("a", "b"), True),
        ('where.x = "c"', ("a", "b"), False),
        ('where.x.contains = "de"', ("abc", "def"), True),
        ('where.x.not = "a"', ("a", "b"), False),
        ('where.x.not = "c"', ("a", "b"), True),
        ('where.x.not = "c"', (), True),
        ('where.x = "a"', (), False),
        ('where.x.at_least = "a"', ("a", "b"), False),
        ('where.x.starts_with = "a"', ("a", "b"), False),
        # exists
        ("where.x.exists = true", "", True),
        ("where.x.exists = false", 0, False),
    ],
)
def test_a_value_fulfils_a_comparison(line: str, value: object, holds: bool) -> None:
    (filter_,) = where(line)
    assert matches(filter_, value) is holds  # type: ignore[arg-type] # values of facts, by the table


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ("where.x = 5", False),
        ("where.x = [5]", False),
        ("where.x.at_least = 0", False),
        ("where.x.at_most = 0", False),
        ("where.x.more_than = 0", False),
        ("where.x.less_than = 0", False),
        ("where.x.between = [0, 9]", False),
        ('where.x.contains = "a"', False),
        ('where.x.starts_with = "a"', False),
        ('where.x.ends_with = "a"', False),
        ("where.x.exists = true", False),
        ("where.x.exists = false", True),
        ("where.x.not = 5", True),
        ("where.x.not = [5]", True),
    ],
)
def test_a_missing_fact_fails_everything_but_not_and_exists_false(line: str, holds: bool) -> None:
    (filter_,) = where(line)
    assert matches(filter_, None) is holds


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('where.delay.at_most = "15 minutes"', 900),
        ('where.age.at_most = "4 hours"', 14_400),
        ('where.idle = "1 day"', 86_400),
        ('where.stay.more_than = "2 weeks"', 1_209_600),
        ('where.title.starts_with = "2 weeks"', ("2 weeks",)),
        ('where.title = "2 weeks"', "2 weeks"),
    ],
)
def test_durations_become_seconds_where_they_are_compared_by_size(line: str, value: object) -> None:
    (filter_,) = where(line)
    assert filter_.value == value


def test_several_lines_are_joined_by_and() -> None:
    holds = compile_where(where('where.x.at_least = 2\nwhere.x.not = 3\nwhere.y = "a"'))
    assert holds({"x": 2, "y": "a"}.get)
    assert not holds({"x": 3, "y": "a"}.get)
    assert not holds({"x": 2, "y": "b"}.get)
    assert not holds({"x": 2}.get)


def test_without_where_everything_counts() -> None:
    assert compile_where(())({}.get)


def test_decimals_never_pass_through_a_binary_float() -> None:
    (filter_,) = where("where.amount.at_least = 0.30000000000000001")
    assert filter_.value == Decimal("0.30000000000000001")
    assert not matches(filter_, Decimal("0.3"))


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("where.x.atleast = 5", 'where.x.atleast: unknown comparison "atleast". Did you mean "at_least"?'),
        ("where.x.matches = 5", 'unknown comparison "matches". Write one of at_least, at_most'),
        ('where.x = "@nobody"', 'no list "nobody" in [words]'),
        ("where.x.between = [1]", "between needs two values, as [9, 17]"),
        ('where.x.between = [1, "b"]', "between needs two numbers or two texts"),
        ("where.x.contains = 5", "contains takes a text in quotes"),
        ("where.x.at_least = true", "true and false have no order"),
        ("where.x.at_least = [1, 2]", "at_least takes one value"),
        ('where.x.at_least = "@thanks"', "at_least takes one value, no word list"),
        ('where.x.exists = "yes"', "exists is true or false"),
        ("where.x = []", "an empty list never matches"),
        ("where.x = {}", "an empty table compares nothing"),
        ("where.x = 2026-01-01", "a value is a text in quotes"),
        ("where.x = inf", "a value is a text in quotes"),
        ('where.age.at_most = "1 month"', "has no fixed length here; write it in days"),
        ('where = "#help"', "where: write what must be true"),
    ],
)
def test_a_comparison_that_cannot_be_read_says_what_to_write(line: str, remedy: str) -> None:
    (fault,) = faults(f'[achievement.x]\nname = "X"\nwhen = "message.posted"\n{line}\n{WORDS}')
    assert remedy in fault
    assert fault.startswith("rules.toml:5 achievement.x.where")


def test_all_comparisons_of_one_rule_are_told_at_once() -> None:
    found = faults('[achievement.x]\nname = "X"\nwhen = "message.posted"\nwhere.a.b = 1\nwhere.c = "@d"\n')
    assert [f.split()[0] for f in found] == ["rules.toml:5", "rules.toml:6"]
