"""Twenty rule books with one mistake each, as people make them: found at its line, with what to write instead."""

from __future__ import annotations

import pytest

from core.rules.loading import examine

NOW = 1_772_452_800_000_000  # 2026-03-02T12:00:00Z


def rule(id_: str, name: str, *words: str) -> str:
    """A file with one achievement; its words begin in line 5."""
    return "\n".join(("rules = 1", "", f"[achievement.{id_}]", f'name = "{name}"', *words, ""))


SPELLING = rule("helper", "Helper", 'when = "message.posted"', "gaol = 5")
COMPARISON = rule("long_answer", "Long answer", 'when = "thread.replied"', "where.length.atleast = 200")
QUOTES = """rules = 1

[achievement.helper]
name = "Helper
when = "message.posted"
"""
TWICE = """rules = 1

[achievement.helper]
name = "Helper"
when = "message.posted"

[achievement.helper]
name = "Helper"
when = "thread.replied"
"""
TWO_FRAMES = rule("regular", "Regular", 'when = "message.posted"', "goal = 4", 'in_one = "month"', 'streak = "week"')
NO_HEAD = rule("regular", "Regular", "goal = 4")
CIRCLE = """rules = 1

[achievement.bronze]
name = "Bronze"
needs = ["silver"]

[achievement.silver]
name = "Silver"
needs = ["bronze"]
"""
UNKNOWN_NEED = """rules = 1

[achievement.first_post]
name = "First post"
when = "message.posted"

[achievement.onboarding]
name = "Onboarding"
needs = ["first_posts"]
"""
FALLING_TIERS = rule(
    "contributor", "Contributor", 'when = "pull_request.merged"', "tiers.Bronze = 10", "tiers.Silver = 5"
)
TOP_OF_WHAT = rule(
    "best_helper",
    "Helper of the month",
    'when = "reply.marked_helpful"',
    'credit = "author"',
    'distinct = "actor"',
    "top = 3",
)
WRONG_TYPE = rule("first_post", "First post", 'when = "mesage.posted"')
WRONG_FACT = rule("storyteller", "Storyteller", 'when = "thread.started"', 'where.chanel = "#stories"')
TOO_FEW_COURSES = rule(
    "toolbox",
    "Toolbox",
    'when = "course.completed"',
    'where.course = ["intro", "tools", "safety"]',
    'distinct = "course"',
    "goal = 5",
)
ONESELF = rule("thanked", "Thanked by five people", 'when = "kudos.given"', 'distinct = "actor"', "goal = 5")
CAPPED = rule("busy_day", "Busy day", 'when = "ticket.resolved"', 'in_one = "day"', "goal = 50", "limit.per_day = 5")
BACKWARDS = rule("campaign", "Campaign", 'when = "message.posted"', "from = 2026-09-30", "until = 2026-09-01")
OVER = rule("campaign", "Campaign", 'when = "message.posted"', "until = 2026-01-31")
UNDATED = """rules = 1

[signal.lively_channel]
when = "message.posted"
each = "channel"
goal = 10

[achievement.host]
name = "Host"
when = "lively_channel"
in_one = "week"
"""
NO_LEVEL = """rules = 1

[achievement.guide]
name = "Guide"
when = "thread.replied"
who.level = "Regulr"

[[level]]
name = "Regular"
at = 100
"""
NOBODY_GIVES = rule("pick", "Our pick", "manual = true")

CASES = [
    pytest.param(SPELLING, "R1", 6, ["gaol", 'Did you mean "goal"?'], id="spelling"),
    pytest.param(COMPARISON, "R1", 6, ["atleast", 'Did you mean "at_least"?'], id="comparison"),
    pytest.param(QUOTES, "R0", 4, ["no TOML", "missing quote"], id="quotes"),
    pytest.param(TWICE, "R0", 7, ["second time", "keep one"], id="twice"),
    pytest.param(TWO_FRAMES, "R2", 8, ["only one of", "in_one", "streak"], id="two frames"),
    pytest.param(NO_HEAD, "R2", 3, ["how it is earned", "when"], id="no head"),
    pytest.param(CIRCLE, "R3", 5, ["circle", "bronze needs silver needs bronze", "take one"], id="circle"),
    pytest.param(UNKNOWN_NEED, "R4", 9, ["first_posts", 'Did you mean "first_post"?'], id="unknown need"),
    pytest.param(FALLING_TIERS, "R5", 7, ["must rise", "more than 10"], id="falling tiers"),
    pytest.param(TOP_OF_WHAT, "R6", 8, ["needs a period", 'in_one = "month"'], id="top of what"),
    pytest.param(WRONG_TYPE, "R7", 5, ["mesage.posted", 'Did you mean "message.posted"?'], id="wrong type"),
    pytest.param(WRONG_FACT, "R7", 6, ["chanel", 'Did you mean "channel"?'], id="wrong fact"),
    pytest.param(TOO_FEW_COURSES, "R9", 8, ["out of reach", "only 3 different"], id="too few courses"),
    pytest.param(ONESELF, "R9", 7, ["out of reach", "credited", 'credit = "author"'], id="oneself"),
    pytest.param(CAPPED, "R10", 7, ["out of reach", "limit.per_day", "at most 5"], id="capped"),
    pytest.param(BACKWARDS, "R11", 7, ["before from", "2026-09-30 or later"], id="backwards"),
    pytest.param(OVER, "R11", 6, ["2026-01-31", "later day"], id="over"),
    pytest.param(UNDATED, "R21", 11, ["no date", 'in_one = "day"'], id="undated"),
    pytest.param(NO_LEVEL, "R4", 6, ["Regulr", 'Did you mean "Regular"?'], id="no level"),
    pytest.param(NOBODY_GIVES, "R28", 5, ["role", 'manual = "moderator"'], id="nobody gives"),
]


@pytest.mark.parametrize(("text", "rule", "line", "words"), CASES)
def test_a_wrong_file_is_told_at_its_line_with_the_remedy(text: str, rule: str, line: int, words: list[str]) -> None:
    found = examine(text, "rules.toml", known=frozenset(), now=NOW)
    assert [(error.rule, error.line) for error in found.errors] == [(rule, line)]
    assert found.book is None
    said = str(found.errors[0])
    assert said.startswith(f"rules.toml:{line}")
    assert "\n" not in said
    assert [word for word in words if word not in said] == []


def test_there_are_twenty_different_files() -> None:
    assert len({str(case.values[0]) for case in CASES}) == len(CASES) == 20


def test_a_rule_in_force_may_be_over_and_a_replay_never_asks() -> None:
    assert examine(OVER, "rules.toml", known=frozenset({"campaign"}), now=NOW).errors == ()
    assert examine(OVER, "rules.toml").errors == ()
    assert examine(OVER.replace("2026-01-31", "2026-03-02"), "rules.toml", frozenset(), NOW).errors == ()


def test_the_last_day_ends_where_the_community_is() -> None:
    text = OVER.replace("rules = 1\n", 'rules = 1\n[community]\ntimezone = "Pacific/Auckland"\n')
    text = text.replace("2026-01-31", "2026-03-02")
    assert [error.rule for error in examine(text, "rules.toml", frozenset(), NOW).errors] == ["R11"]
