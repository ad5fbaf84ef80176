"""Where a member stands: steps in any order, cancelled time, and what progress may say of secrets."""

from __future__ import annotations

from core.court import Court
from core.lines import to_line
from core.plan import compile_plan
from core.progressing import held_now, progress_lines
from core.records import ProgressLine
from core.replay import Log
from core.rules.loading import load
from tests.core.told import HEAD, Statement, account, moment, rule, told

STEPS = '[achievement.x]\nname = "X"\nsteps = ["message.posted", "thread.replied", "reaction.added"]\n'
SECRET = '[achievement.s]\nname = "Hidden"\nwhen = "a.b"\nsecret = true\n'


def lines(rules: str, *said: Statement, until: str = "03-20") -> dict[str, ProgressLine]:
    """What is under way for A."""
    log = Log(compile_plan(load(HEAD + rules, "rules.toml")), moment(until))
    log.read(to_line(statement) for statement in said)
    court = Court(log.plan, log.settle(), log, moment(until))
    return {line.achievement: line for line in progress_lines(court, account("A"), held_now(court, account("A")))}


def test_in_any_order_all_open_steps_are_named() -> None:
    found = lines(STEPS + "any_order = true\n", told("A", "03-01", "thread.replied"))["x"]
    assert found.text == "1 of 3, still open: a post and a reaction"


def test_in_order_the_step_after_the_last_comes_next() -> None:
    found = lines(STEPS, told("A", "03-01"), told("A", "03-02", "reaction.added"))["x"]
    assert found.text == "1 of 3, next: a reply"


def test_with_the_same_thing_the_furthest_one_is_told() -> None:
    words = STEPS.replace("steps", 'same = "thread"\nsteps')
    said = [told("A", "03-01", thread="1"), told("A", "03-02", thread="2")]
    said.append(told("A", "03-03", "thread.replied", thread="2"))
    assert lines(words, *said)["x"].value == 2


def test_a_cancelled_week_has_no_progress() -> None:
    words = rule('unless = { when = "spam.found", match = "window" }', 'in_one = "week"', "goal = 5")
    said = [told("A", "03-17"), told("A", "03-18", "spam.found")]
    assert "x" in lines(words, said[0])
    assert lines(words, *said) == {}


def test_secret_achievements_that_are_missing_keep_their_names() -> None:
    words = SECRET + '[achievement.f]\nname = "F"\nwhen = "message.posted"\n' + rule('needs = ["s", "f"]')
    found = lines(words, told("A", "03-01"))["x"]
    assert (found.text, found.missing) == ("1 of 2: missing ???", ())


def test_progress_to_a_secret_one_is_told_once_it_is_held() -> None:
    words = rule("secret = true", "goal = 1", 'in_one = "day"', "repeat = true")
    assert lines(words, told("A", "03-20T11:00"))["x"].text.startswith("1 of 1 posts today")
    assert lines(rule("secret = true", "goal = 2"), told("A", "03-19"))["x"].text == "???"


def test_a_day_of_ones_own_ends_by_ones_own_clock() -> None:
    zone = told("A", "02-01", "member.zone_set", timezone="Asia/Tokyo")
    words = rule("goal = 5", 'in_one = "week"', 'timezone = "member"')
    post = told("A", "03-16T10:00")
    now = "2026-03-22T14:00"  # Sunday in Berlin, and still Sunday in Tokyo, but only for an hour
    assert "starts again tomorrow" in lines(words, post, zone, until=now)["x"].text
    late = "2026-03-22T16:00"  # Monday in Tokyo: that week is over there
    assert lines(words, post, zone, until=late) == {}
    assert "x" in lines(words, post, until=late)
