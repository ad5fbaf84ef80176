"""What is told of an award that comes, goes and comes back, and to whom."""

from __future__ import annotations

import orjson
import pytest

from adapters.terminal.cards import render
from core.awards import RUN_OUT, Award, Happened, Happening
from core.effects import Telling, messages
from core.plan import compile_plan
from core.ports import Outgoing
from core.rules.loading import load
from core.times import read_time
from tests.core.told import HEAD

NOW = read_time("2026-03-18T12:00:00Z")
AMIRA = "slack:T1/A"
RULE = '[achievement.x]\nname = "Helper"\nwhen = "message.posted"\n'
HELD = Award(AMIRA, "x", 1, "", "", None, "awarded", False, NOW, NOW, 1, NOW, None, None, None, decided_at=NOW)


def told(
    what: Happening, more: str, choice: str | None = None, *, reason: str | None = None, by_hand: bool = False
) -> list[Outgoing]:
    """The cards for what happened to Amira's award of a rule with these keys."""
    after = Award(**{**{f: getattr(HELD, f) for f in HELD.__slots__}, "reason": reason})
    plan = compile_plan(load(HEAD + RULE + more, "rules.toml"))
    telling = Telling(NOW, names={AMIRA: "Amira"}, choices={AMIRA: choice})
    return [out for out in messages(Happened(what, HELD, after, by_hand), None, plan, telling) if out.kind == "card"]


def text(cards: list[Outgoing]) -> str:
    (out,) = cards
    assert orjson.loads(out.destination)["kind"] == "private"
    assert out.card is not None
    return render(out.card)


@pytest.mark.parametrize("what", ["awarded", "revived", "revoked"])
def test_a_badge_that_is_announced_nowhere_comes_and_goes_without_a_word(what: Happening) -> None:
    assert told(what, 'announce = "none"', reason="a mark was withdrawn") == []


def test_what_a_moderator_takes_back_is_told_even_of_such_a_badge() -> None:
    said = text(told("revoked", 'announce = "none"', reason="a moderator says: a mistake", by_hand=True))
    assert said.startswith("Helper was taken back: a moderator says: a mistake.")


def test_whoever_wants_no_announcements_is_not_told_of_what_comes_back() -> None:
    assert told("revived", "", "none") == []
    assert text(told("revived", "", "channel")).startswith("You earned Helper")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ('lasts = "2 days"', ["Helper was yours for a time, and that time is over."]),
        (
            'lasts = "2 days"\nrepeat = true',
            ["Helper was yours for a time, and that time is over.", "It can be earned again."],
        ),
        ('lasts = "2 days"\nrepeat = 2', ["Helper was yours for a time, and that time is over."]),
        (
            'lasts = "2 days"\ngives_role = "Friends"\n[roles."Friends"]\nslack = "@friends"',
            ["Helper was yours for a time, and that time is over.", "The role Friends goes with it."],
        ),
        (
            'within = "2 days"\nlasts = "while true"',
            [
                "Helper pauses: it is held while its rule is met, and at the moment it is not.",
                "As soon as it is met again, the badge is back by itself.",
            ],
        ),
    ],
)
def test_a_badge_whose_time_is_over_was_not_taken_back(more: str, expected: list[str]) -> None:
    """And nothing is promised that the rule does not give."""
    said = text(told("revoked", more, reason=RUN_OUT)).splitlines()
    assert said[: len(expected)] == expected
    assert "Details" in said[len(expected)]
