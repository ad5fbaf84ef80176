"""The fast way says what the meaning says: one event after the other against all of them at once."""

from __future__ import annotations

import json
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from core.calendar import Calendar
from core.criteria.axis import Axis
from core.criteria.criterion import Criterion, Entry
from core.criteria.steps import in_order, rebuild, step
from core.criteria.tally import chosen, tally
from core.criteria.undoing import drop, late
from core.plan import compile_plan
from core.rules.loading import load
from tests.core.told import DAY, HEAD, START, rule

CALENDAR = Calendar("Europe/Berlin", "04:00")
AXIS = Axis(CALENDAR, excused=((CALENDAR.day(START) + 4, CALENDAR.day(START) + 5),))
RULES = [
    rule("goal = 1"),
    rule("goal = 3"),
    rule("goal = 14"),
    rule("goal = 2", "repeat = true"),
    rule("goal = 2", "repeat = 3"),
    rule('distinct = "channel"', "goal = 3"),
    rule('distinct = "channel"', "goal = 2", "repeat = true"),
    rule('sum = "minutes"', "goal = 20"),
    rule('sum = "minutes"', "goal = 15", "repeat = true"),
    rule('in_one = "day"', "goal = 2"),
    rule('in_one = "week"', "goal = 3", "repeat = 2"),
    rule('in_one = "day"', 'sum = "minutes"', "goal = 8", "repeat = true"),
    rule('streak = "day"', "goal = 3", "grace = 1"),
    rule('streak = "day"', "goal = 2", "at_least = 2"),
    rule('streak = "week"', "goal = 2", 'sum = "minutes"', "at_least = 9"),
    rule('streak = "day"', "grace = 1", 'rest_days = ["saturday", "sunday"]', "tiers = { A = 2, B = 4, C = 6 }"),
    rule("tiers = { A = 1, B = 3, C = 9 }"),
    rule('distinct = "channel"', "tiers = { A = 1, B = 3 }"),
    rule('sum = "minutes"', "tiers = { A = 9, B = 18 }"),
    rule('best = "minutes"', "tiers = { A = 1, B = 2, C = 9 }"),
    rule('best = "minutes"', 'in_one = "day"', "goal = 9", "repeat = true"),
    rule('within = "3 days"', "goal = 3"),
    rule('within = "30 hours"', "goal = 3"),
    rule('within = "4 days"', 'distinct = "channel"', "tiers = { A = 2, B = 4 }"),
    rule('within = "5 days"', 'sum = "minutes"', "goal = 20"),
    rule('season = ["03-20", "03-24"]', "goal = 2", "repeat = true"),
    rule("from = 2026-03-18", "until = 2026-03-23", "goal = 2"),
    rule('in_one = "week"', 'distinct = "day"', 'goal = "every"'),
    rule("goal = 4", "limit.per_day = 1"),
    rule('in_one = "week"', "goal = 3", "repeat = true", "limit.per_day = 2", 'limit.one_per = "1 hour"'),
]


def criterion(words: str) -> Criterion:
    found = compile_plan(load(HEAD + words, "rules.toml")).wanted["x"].criterion
    assert found is not None
    return found


def entries(c: Criterion, random: Random, count: int) -> list[Entry]:
    found = []
    for n in range(count):
        at = START + random.randrange(14 * DAY)
        value: object = True
        if c.sum is not None or c.best is not None:
            value = random.choice([1, 2, 9, Decimal("0.5"), 0])
        elif c.distinct is not None:
            value = random.choice("abcd") if c.distinct != "day" else str(CALENDAR.day(at))
        found.append(Entry(at, "slack:T1", f"m{n}", value, 1, at, None, "", None, n, CALENDAR.day(at)))
    return sorted((e for e in found if c.days is None or c.days.has(e.day)), key=lambda e: e[:3])


def written(state: dict[str, Any]) -> dict[str, Any]:
    """As it comes back from the database."""
    found: dict[str, Any] = json.loads(json.dumps(state))
    return found


@pytest.mark.parametrize("words", RULES, ids=lambda words: words.partition('posted"\n')[2].replace("\n", " "))
def test_step_by_step_is_the_same_as_all_at_once(words: str) -> None:
    c = criterion(words)
    for seed in range(30):
        known = entries(c, Random(seed), seed)  # noqa: S311 - a history, no secret
        state: dict[str, Any] = {}
        mets = []
        for entry in known:
            assert in_order(state, entry)
            mets += step(c, state, entry, AXIS)
            state = written(state)
        assert mets == [met for met, _ in chosen(c, tally(c, known, AXIS))], seed


@pytest.mark.parametrize("words", RULES, ids=lambda words: words.partition('posted"\n')[2].replace("\n", " "))
def test_what_the_state_says_of_late_and_lost_events_is_exact(words: str) -> None:
    """Where it answers at all, it is the state that counting anew would give, for everything that follows."""
    c = criterion(words)
    for seed in range(30):
        random = Random(seed)  # noqa: S311 - a history, no secret
        known = entries(c, random, 12)
        if len(known) < 2:
            continue
        odd = known.pop(random.randrange(len(known) - 1))
        state = rebuild(c, known, AXIS)
        if late(c, state, odd, AXIS):
            _follows_alike(c, state, sorted([*known, odd], key=lambda e: e[:3]))
        state = rebuild(c, sorted([*known, odd], key=lambda e: e[:3]), AXIS)
        if drop(c, state, odd, AXIS):
            _follows_alike(c, state, known)


def _follows_alike(c: Criterion, state: dict[str, Any], known: list[Entry]) -> None:
    anew = rebuild(c, known, AXIS)
    for n in range(6):
        at = START + (15 + n) * DAY
        value: object = 9 if c.sum or c.best else f"new{n}" if c.distinct else True
        entry = Entry(at, "slack:T1", f"later{n}", value, 1, at, None, "", None, 100 + n, CALENDAR.day(at))
        said, true = step(c, state, entry, AXIS), step(c, anew, entry, AXIS)
        unknown = [met.since == 0 for met in said]  # then the log is asked for it
        assert said == [m._replace(since=0) if u else m for m, u in zip(true, unknown, strict=True)]
