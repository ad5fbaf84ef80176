"""Which word of a rule stands against an event."""

from __future__ import annotations

import pytest

from core.criteria.matching import View
from core.events import Fact, Value
from core.fit import Fit, fits
from core.members import join
from core.plan import compile_plan
from core.rules.loading import load
from core.times import read_time

BOOK = """rules = 1
[community]
ignore_channels = ["#bots"]
[signal.helpful]
when = "reaction.added"
where.emoji = ["bulb", "pray"]
where.length.at_least = 40
credit = "author"
each = "message"
[achievement.steps]
name = "Steps"
steps = ["message.posted", { when = "reaction.added", where = { channel = "#help" } }]
any_order = true
[achievement.parts]
name = "Parts"
all = [{ when = "message.posted" }, { when = "message.posted", where = { has_code = true } }]
[achievement.off]
name = "Off"
when = "reaction.added"
status = "off"
[achievement.clean]
name = "Clean"
when = "ticket.resolved"
unless = "ticket.reopened"
settle = "2 days"
[achievement.march]
name = "March"
when = "poll.voted"
from = 2026-03-01
until = 2026-03-31
"""
MARCH = read_time("2026-03-02T09:00:00Z")
GOOD: dict[str, Value] = {"emoji": "bulb", "length": 50, "message": "m", "channel": "#help"}


def fitting(
    facts: dict[str, Value], type_: str = "reaction.added", author: str | None = "s/amira", at: int = MARCH
) -> dict[str, Fit]:
    fact = Fact("s", "x", type_, at, "s/jonas", author, None, (), facts)
    plan = compile_plan(load(BOOK, "rules.toml"))
    return {fit.rule: fit for fit in fits(View(fact, join([]), plan.scope), plan.book)}


def test_what_counts_says_for_whom() -> None:
    found = fitting(GOOD)
    assert found == {
        "signal helpful": Fit("signal helpful", ("s/amira",), None),
        "achievement steps, step 2": Fit("achievement steps, step 2", ("s/jonas",), None),
    }


@pytest.mark.parametrize(
    ("facts", "author", "against"),
    [
        ({"emoji": "eyes"}, "s/amira", 'where.emoji = ["bulb", "pray"], and it is "eyes"'),
        ({"length": 12}, "s/amira", "where.length.at_least = 40, and it is 12"),
        ({"length": True}, "s/amira", "where.length.at_least = 40, and it is true"),
        ({}, None, 'credit = "author", and it names none'),
        ({}, "s/jonas", "one's own do not count; self = true would count them"),
        ({"bot": True}, "s/amira", "it is a bot's, and bots are never credited"),
        ({"private": True}, "s/amira", "it was in a private channel; [community] count_private = true would count it"),
        ({"channel": "#bots"}, "s/amira", "[community] leaves out #bots (ignore_channels, only_channels)"),
    ],
)
def test_what_does_not_count_says_why(facts: dict[str, Value], author: str | None, against: str) -> None:
    assert fitting({**GOOD, **facts}, author=author)["signal helpful"] == Fit("signal helpful", (), against)


def test_a_missing_fact_is_named() -> None:
    without = {name: value for name, value in GOOD.items() if name != "length"}
    assert fitting(without)["signal helpful"].against == "where.length.at_least = 40, and it has none"
    without = {name: value for name, value in GOOD.items() if name != "message"}
    assert fitting(without)["signal helpful"].against == 'each = "message", and it has none'


def test_parts_and_cancellations_are_looked_at_one_by_one() -> None:
    found = fitting({}, "message.posted")
    assert found["achievement parts, part 1"].against is None
    assert found["achievement parts, part 2"].against == "where.has_code = true, and it has none"
    assert fitting({}, "ticket.reopened") == {"achievement clean, unless": Fit("achievement clean, unless", (), None)}


def test_what_comes_too_late_is_told() -> None:
    made = {**GOOD, "object_at": "2025-11-01T00:00:00Z"}
    against = 'open_for = "90 days", and what it is about was made on 2025-11-01'
    assert fitting(made)["signal helpful"].against == against
    assert fitting({}, "poll.voted")["achievement march"].against is None
    later = fitting({}, "poll.voted", at=read_time("2026-04-01T09:00:00Z"))
    assert later["achievement march"].against == "2026-04-01 is outside from, until or season"
