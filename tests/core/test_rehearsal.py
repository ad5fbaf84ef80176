"""Examples are compared with what really happens: every key can be fulfilled, and every key can fail."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import pytest

from core.plan import compile_plan
from core.rehearsal import Failure, rehearse
from core.rules.examples import Example
from core.rules.loading import load

BOOK = """rules = 1
[community]
timezone = "Europe/Berlin"
[achievement.twice]
name = "Twice"
when = "message.posted"
goal = 2
points = 3
[achievement.slow]
name = "Slow"
when = "message.posted"
settle = "2 days"
[achievement.daily]
name = "Daily"
when = "message.posted"
in_one = "day"
repeat = true
[score.posts]
when = "message.posted"
give = 5
"""
EVENTS = """
name = "x"
events = [
  { at = "2026-03-02 09:00", actor = "amira", type = "message.posted" },
  { at = "2026-03-02 10:00", actor = "amira", type = "message.posted" },
  { at = "2026-03-03 10:00", actor = ["amira", "jonas"], type = "message.posted" },
]
"""


def failures(expected: str, events: str = EVENTS, book: str = BOOK) -> list[Failure]:
    example = Example.model_validate(tomllib.loads(events + expected, parse_float=Decimal))
    return rehearse(example, compile_plan(load(book, "rules.toml")))


@pytest.mark.parametrize(
    "expected",
    [
        'earned = { amira = ["twice"], jonas = "slow" }',
        'earned = { amira = ["daily", "daily"], jonas = ["daily"] }',
        'earned = { amira = ["daily 2026-03-02", "daily 2026-03-03"] }',
        'achievement = "twice"\nearned = { amira = ["twice"] }',
        'not_earned = { jonas = ["twice", "daily 2026-03-02"], nobody = ["slow"] }',
        'now = "2026-03-04"\npending = { jonas = ["slow"] }\nearned = { amira = ["slow"] }',
        "progress = { jonas = { twice = 1 } }",
        'progress = { jonas = { twice = "1 of 2" }, nobody = { twice = 0 } }',
        "score = { amira = 15, jonas = 5, nobody = 0 }",
        "points = { amira = 3, jonas = 0 }",
    ],
)
def test_what_is_so_may_be_expected(expected: str) -> None:
    assert failures(expected) == []


@pytest.mark.parametrize(
    ("expected", "wanted", "happened"),
    [
        ('earned = { jonas = ["twice"] }', "jonas to have earned twice", "jonas is at 1 of 2"),
        ('earned = { nobody = ["twice"] }', "nobody to have earned twice", "nothing counted for nobody"),
        ('earned = { amira = ["daily"] }', "amira to have earned daily", "2026-03-03) at 2026-03-03 10:00"),
        ('earned = { jonas = ["daily", "daily"] }', "jonas to have earned daily 2 times", "at 2026-03-03 10:00"),
        ('earned = { jonas = ["daily 2026-03-02"] }', "jonas to have earned daily 2026-03-02", "(2026-03-03)"),
        ('not_earned = { amira = ["twice"] }', "amira not to have earned twice", "at 2026-03-02 10:00"),
        ('now = 2026-03-04\nnot_earned = { jonas = ["slow"] }', "jonas not to have earned slow", "waits"),
        (
            'now = 2026-03-04\nearned = { jonas = ["slow"] }',
            "jonas to have earned slow",
            "waits for it to be confirmed",
        ),
        ('pending = { jonas = ["slow"] }', "jonas to wait for slow", "jonas earned it at 2026-03-03 10:00"),
        ('lapsed = { jonas = ["slow"] }', "jonas to have lapsed slow", "jonas earned it"),
        ('achievement = "slow"\nearned = { amira = ["slow"] }', "nobody else to earn slow", "jonas earned it"),
        ('achievement = "twice"', "nobody else to earn twice", "amira earned it"),
        ("progress = { jonas = { twice = 2 } }", "jonas to stand at 2 in twice", "jonas is at 1 of 2"),
        ('progress = { jonas = { twice = "2 of 2" } }', "jonas to stand at 2 of 2 in twice", "jonas is at 1 of 2"),
        ("score = { jonas = 6 }", "jonas to have score 6", "it is 5"),
        ("points = { nobody = 3 }", "nobody to have points 3", "it is 0"),
    ],
)
def test_what_is_not_so_is_told(expected: str, wanted: str, happened: str) -> None:
    (failure,) = failures(expected)
    assert wanted in failure.expected
    assert happened in failure.happened


def test_an_event_of_an_unknown_type_is_a_failure() -> None:
    (failure,) = failures('earned = { amira = ["twice"] }', EVENTS.replace("message.posted", "message.pasted", 1))
    assert (failure.expected, failure.happened) == (
        "event 1 to count",
        "unknown type message.pasted; did you mean message.posted?",
    )


def test_linked_accounts_are_one_person() -> None:
    events = EVENTS.replace('"2026-03-02 10:00", actor = "amira"', '"2026-03-02 10:00", actor = "amira at work"')
    events = events.replace('["amira", "jonas"]', '"jonas"')
    assert len(failures('earned = { amira = ["twice"] }', events)) == 1
    assert failures('links = [["amira", "amira at work"]]\nearned = { amira = ["twice"] }', events) == []


def test_a_tier_is_named_behind_the_achievement() -> None:
    book = BOOK.replace("goal = 2\npoints = 3", "tiers = { Bronze = 1, Silver = 3, Gold = 9 }")
    assert failures('earned = { amira = ["twice Bronze", "twice Silver"], jonas = ["twice"] }', book=book) == []
    assert failures('not_earned = { amira = ["twice Gold"] }', book=book) == []
    (failure,) = failures('earned = { jonas = ["twice Silver"] }', book=book)
    assert "(Bronze)" in failure.happened
