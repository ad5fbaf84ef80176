"""Which rules went quiet, by the numbers of their weeks."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from core.dead_rules import DAY, WEEK, Activity, Pulse, quiet_rules, types_of, usual_gap
from core.plan import compile_plan
from core.rules.loading import load
from core.times import read_time
from tests.core.told import HEAD

NOW = read_time("2026-06-01T12:00:00Z")
RULE = '[achievement.x]\nname = "X"\nwhen = "ticket.resolved"\nrepeat = true\n'


def pulse(weeks: Mapping[int, int]) -> Pulse:
    """So many in these weeks, the latest in the middle of its week."""
    return Pulse(weeks, NOW - min(weeks) * WEEK - WEEK // 2 if weeks else None)


def quiet(
    events: Mapping[int, int], awards: Mapping[int, int] | None = None, rules: str = RULE
) -> list[tuple[str, int]]:
    activity = Activity(NOW, {"ticket.resolved": pulse(events)}, {"x": pulse(awards)} if awards else {})
    return [(q.what, q.days) for q in quiet_rules(compile_plan(load(HEAD + rules, "rules.toml")), activity)]


DAILY = dict.fromkeys(range(2, 14), 7)
WEEKLY = dict.fromkeys(range(2, 14), 1)


@pytest.mark.parametrize(
    ("weeks", "days"),
    [
        ({0: 7, 1: 7, 2: 7}, 1.0),
        ({0: 1, 1: 1, 2: 1, 3: 2}, 7.0),
        ({0: 3, 2: 1, 4: 9}, 14.0),
        ({0: 50, 13: 2, 26: 2, 39: 2}, 91.0),
        ({0: 50, 1: 50}, None),
        ({}, None),
    ],
)
def test_the_usual_gap_comes_from_the_weeks(weeks: dict[int, int], days: float | None) -> None:
    assert usual_gap(pulse(weeks)) == days


def test_events_that_stopped_are_reported_after_two_weeks_at_least() -> None:
    assert quiet(DAILY) == [("stopped", 17)]
    assert quiet({w - 1: n for w, n in DAILY.items()}) == []  # ten days


def test_what_comes_weekly_may_be_silent_for_four_weeks() -> None:
    assert quiet(WEEKLY) == []
    assert quiet({w + 2: n for w, n in WEEKLY.items()}) == [("stopped", 31)]


def test_what_comes_each_quarter_may_be_silent_for_a_year() -> None:
    assert quiet(dict.fromkeys((30, 43, 56), 1)) == []


def test_what_hardly_ever_happened_is_not_missed() -> None:
    assert quiet({40: 5}) == []
    assert quiet({}) == []


def test_a_rule_on_several_types_lives_while_one_of_them_does() -> None:
    both = RULE.replace('"ticket.resolved"', '["ticket.resolved", "issue.closed"]')
    plan = compile_plan(load(HEAD + both, "rules.toml"))
    events = {"ticket.resolved": pulse(DAILY), "issue.closed": pulse({0: 1, 1: 1, 2: 1})}
    assert quiet_rules(plan, Activity(NOW, events)) == []


def test_a_rule_that_nobody_earns_any_more_is_reported() -> None:
    going_on = dict.fromkeys(range(16), 20)
    earned = dict.fromkeys(range(4, 16), 2)
    assert quiet(going_on, earned) == [("unearned", 31)]
    assert quiet(going_on, earned | {2: 1}) == []


def test_fewer_events_are_no_fewer_hits() -> None:
    earned = dict.fromkeys(range(4, 16), 2)
    assert quiet(dict.fromkeys(range(4), 3) | dict.fromkeys(range(4, 16), 20), earned) == []


def test_a_burst_of_awards_is_no_habit() -> None:
    assert quiet(dict.fromkeys(range(16), 20), {5: 40}) == []
    assert quiet(dict.fromkeys(range(16), 20), {4: 1, 8: 1, 12: 1}) == []


@pytest.mark.parametrize(
    "more",
    ["until = 2026-05-01\n", "retired = 2026-05-01\n", 'season = ["12-01", "01-31"]\n', 'status = "off"\n'],
)
def test_what_is_over_or_has_its_season_is_left_alone(more: str) -> None:
    assert quiet(DAILY, rules=RULE + more) == []


def test_the_events_of_a_rule_are_found_through_its_signals() -> None:
    rules = """
[signal.praise]
when = "reaction.added"
credit = "author"
each = "message"
[achievement.x]
name = "X"
all = [{ when = "praise", goal = 2 }, { when = "thread.replied" }]
[achievement.y]
name = "Y"
manual = "moderator"
[achievement.z]
name = "Z"
when = "achievement.earned"
goal = 2
"""
    plan = compile_plan(load(HEAD + rules, "rules.toml"))
    assert types_of(plan, plan.wanted["x"]) == {"reaction.added", "thread.replied"}
    assert types_of(plan, plan.wanted["y"]) == types_of(plan, plan.wanted["z"]) == set()
    stopped = Activity(NOW, {"reaction.added": pulse(DAILY), "thread.replied": Pulse()})
    (found,) = quiet_rules(plan, stopped)
    assert (found.achievement, found.usual) == ("x", 1.0)
    assert NOW - 18 * DAY < (stopped.events["reaction.added"].last or 0) < NOW - 17 * DAY
