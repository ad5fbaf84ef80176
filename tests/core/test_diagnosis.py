"""Why not: for each word of a rule that can stand against a fact, the one reason that is told."""

from __future__ import annotations

from typing import Any

import pytest

from core.court import Court
from core.diagnosis import Diagnosis, Shown, diagnose, not_counted, types_of
from core.events import Statement
from core.lines import to_line
from core.plan import compile_plan
from core.replay import Log, longest_settle
from core.rules.loading import load
from tests.core.told import HEAD, account, again, moment, rule, told, without

MARKED = rule(
    'when = "reaction.added"', 'credit = "author"', 'where.emoji = ["tick", "bulb"]', "goal = 5", 'distinct = "actor"'
)
STEPS = '[achievement.x]\nname = "X"\nsteps = ["message.posted", "thread.replied", "reaction.added"]\n'
HELPFUL = """
[signal.good_answer]
describe = "an answer that three people marked"
when = "reaction.added"
where.post_kind = "reply"
credit = "author"
each = "message"
distinct = "actor"
goal = 3
"""


def examined(
    rules: str, *said: Statement, who: str = "A", until: str | None = None, own: bool = True, head: str = HEAD
) -> Diagnosis:
    """What is said about `x` and a member."""
    log = Log(compile_plan(load(head + rules, "rules.toml")), None if until is None else moment(until))
    log.read(to_line(statement) for statement in said)
    people = log.settle()
    now = log.until if log.until is not None else (log.latest or 0) + longest_settle(log.plan)
    court = Court(log.plan, people, log, now)
    gone = log.withdrawn([account(who)], types_of(court, "x"))
    found = diagnose(court, account(who), "x", gone, own=own)
    assert found is not None
    return found


def reasons(rules: str, *said: Statement, **more: object) -> list[str]:
    return [group.text for group in examined(rules, *said, **more).uncounted]  # type: ignore[arg-type] # as they are


def mark(who: str, at: str, author: str = "A", message: str = "1", **facts: Any) -> Statement:
    """A reaction to a message of somebody's."""
    facts = {"emoji": "tick", "message": f"message:C1/{message}", "post_kind": "reply", **facts}
    return told(who, at, "reaction.added", author=author, id_=f"r/{who}/{message}/{facts['emoji']}", **facts)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"emoji": "tada"}, "one reaction had :tada:, only :tick: and :bulb: count"),
        ({"bot": True}, "one reaction came from a bot"),
        ({"channel": "#noise"}, "one reaction was in #noise, where nothing counts"),
        ({"channel": "#board", "private": True}, "one reaction was in a private channel, where nothing counts"),
    ],
    ids=["filter", "bot", "ignored channel", "private channel"],
)
def test_a_mark_that_does_not_count_says_why(facts: dict[str, Any], reason: str) -> None:
    head = HEAD + 'ignore_channels = ["#noise"]\n'
    assert reasons(MARKED, mark("B", "03-01", **facts), mark("C", "03-02"), head=head) == [reason]


def test_ones_own_are_told_together() -> None:
    said = [mark("A", "03-01", message=str(n)) for n in range(3)]
    assert reasons(MARKED, *said) == ["three reactions were your own"]
    assert reasons(MARKED, *said, own=False) == ["three reactions were their own"]


def test_a_second_mark_of_the_same_person_brings_nothing_new() -> None:
    assert reasons(MARKED, mark("B", "03-01"), mark("B", "03-02", emoji="bulb")) == [
        "one reaction came from somebody who counted already"
    ]


def test_what_was_withdrawn_is_told_unless_it_would_not_have_counted() -> None:
    good, own = mark("B", "03-01"), mark("A", "03-01")
    said = [good, own, without(good, "03-02"), without(own, "03-02")]
    assert reasons(MARKED, *said) == ["one reaction was withdrawn"]
    assert reasons(MARKED, *said, again(good, "03-03", **good.facts)) == []


def test_what_one_gave_counts_for_somebody_else() -> None:
    assert reasons(MARKED, mark("A", "03-01", author="B")) == ["one reaction counts for somebody else"]


def test_a_time_of_opting_out_is_told() -> None:
    choice = told("A", "03-01", "member.settings_changed", tracking="off")
    assert reasons(MARKED, choice, mark("B", "03-02")) == ["one reaction fell into a time of opting out"]


@pytest.mark.parametrize(
    ("where", "facts", "reason"),
    [
        ("where.length.at_least = 40", {"length": 12}, "one post had 12 characters, at least 40 are needed"),
        ("where.length.at_least = 40", {}, "one post had no length, at least 40 are needed"),
        ('where.channel = "#help"', {"channel": "#random"}, "one post was in #random, only #help counts"),
        ('where.emoji.not = "x"', {"emoji": "x"}, "one post had :x:, everything but :x: counts"),
        ("where.own = false", {"own": True}, "one post did not fit: only somebody else's count"),
        ("where.has_code = true", {"has_code": False}, "one post did not fit: only those with code count"),
        ('where.weekday = "saturday"', {}, "one post came on a Sunday, only those on a Saturday count"),
        ("where.hour.at_least = 20", {}, "one post came at 13:00, only those at 20:00 or later count"),
        ("where.files.at_least = 3", {"files": 1}, "one post had 1 file, {} at least three files count"),
        ("where.weight.at_least = 3", {"weight": 1}, "one post had a weight of 1, {} a weight of at least 3 count"),
        ('where.delay.at_most = "2 minutes"', {"delay": 180}, "one post came 3 minutes later, only those at most 2 "
         "minutes after the post count"),
    ],
)  # fmt: skip
def test_a_filter_that_failed_is_named(where: str, facts: dict[str, Any], reason: str) -> None:
    assert reasons(rule(where, "goal = 2"), told("A", "03-01", **facts)) == [reason.format("only those with")]


def test_filters_that_failed_with_different_values_are_told_together() -> None:
    words = rule("where.length.at_least = 40", "goal = 2")
    said = [told("A", f"03-0{n}", length=n) for n in (1, 2)]
    assert reasons(words, *said) == ["two posts did not fit: at least 40 characters are needed"]
    assert reasons(rule('where.channel = "#help"'), *(told("A", f"03-0{n}", channel=f"#{n}") for n in (1, 2))) == [
        "two posts were elsewhere, only #help counts"
    ]


def test_the_name_of_a_private_channel_is_told_to_nobody() -> None:
    words, head = rule('where.channel = "#help"', "goal = 2"), HEAD + "count_private = true\n"
    secret = told("A", "03-01", channel="#board", channel_id="C9", private=True)
    inside = told("A", "03-02", channel="#help", private=True)
    own = examined(words, secret, inside, head=head)
    assert [group.text for group in own.uncounted] == ["one post was in a private channel, only #help counts"]
    assert [(s.channel, s.private, s.place.channel) for s in own.counted] == [(None, True, None)]
    others = examined(words, secret, inside, head=head, own=False)
    assert (others.uncounted, others.counted, others.counted_in_all) == ((), (), 1)


@pytest.mark.parametrize(
    ("limit", "times", "reason"),
    [
        ("limit.per_day = 2", ["03-02T09:00", "03-02T10:00", "03-02T11:00"], "at most two a day"),
        ("limit.per_hour = 1", ["03-02T09:00", "03-02T09:10"], "at most one an hour"),
        ("limit.per_week = 1", ["03-02", "03-03"], "at most one a week"),
        ("limit.per_month = 1", ["03-02", "03-03"], "at most one a month"),
        ("limit.per_person = 1", ["03-02", "03-03"], "at most one with the same person"),
        ('limit.one_per = "10 minutes"', ["03-02T09:00", "03-02T09:01"], "at most one in 10 minutes"),
        ("limit.per_month = 5\nlimit.per_day = 1", ["03-02T09:00", "03-02T10:00"], "at most one a day"),
    ],
)
def test_the_cap_that_is_full_is_named(limit: str, times: list[str], reason: str) -> None:
    found = examined(rule(limit, "goal = 9"), *(told("A", at) for at in times))
    assert [group.text for group in found.uncounted] == [f"one post was over the limit ({reason})"]
    assert found.counted_in_all == len(times) - 1


def test_a_cap_on_one_thing_is_named() -> None:
    words = rule('when = "reaction.added"', 'credit = "author"', "limit.per_object = 1", "goal = 5")
    assert reasons(words, mark("B", "03-01"), mark("C", "03-02")) == [
        "one reaction received was over the limit (at most one on the same thing)"
    ]


def test_what_cancels_a_thing_is_told() -> None:
    words = rule('when = "ticket.resolved"', 'unless = "ticket.reopened"', "goal = 5")
    said = [told("A", "03-01", "ticket.resolved", ticket="1"), told("B", "03-02", "ticket.reopened", ticket="1")]
    assert reasons(words, *said) == ["one ticket resolved was reopened"]


@pytest.mark.parametrize(
    ("match", "reason"),
    [("ever", "cancelled by something else"), ("window", "in a week that is cancelled")],
)
def test_what_cancels_more_than_a_thing_is_told(match: str, reason: str) -> None:
    words = rule(f'unless = {{ when = "spam.found", match = "{match}" }}', 'in_one = "week"', "goal = 5")
    assert reasons(words, told("A", "03-02"), told("A", "03-03", "spam.found")) == [f"one post was {reason}"]


def test_cancelled_days_do_not_count_in_a_window() -> None:
    words = rule('unless = { when = "spam.found", match = "window" }', 'within = "7 days"', "goal = 5")
    said = [told("A", "03-02"), told("A", "03-03", "spam.found"), told("A", "03-04")]
    found = examined(words, *said)
    assert [group.text for group in found.uncounted] == ["one post was in days that are cancelled"]
    assert found.standing.value == 1


def test_what_came_too_soon_after_the_last_time_is_told() -> None:
    words = rule('after_absence = "30 days"', "goal = 2")
    said = [told("A", "01-01", "member.joined"), told("A", "03-01"), told("A", "03-02")]
    assert reasons(words, *said) == ["one post was not after 30 days of silence"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("from = 2026-03-05", "outside the days that count"),
        ("until = 2026-02-05", "outside the days that count"),
        ('season = ["12-01", "12-31"]', "outside the days that count"),
        ('only_in = ["#help"]', "where this badge cannot be earned"),
        ('in_one = "week"', "before this week"),
        ('within = "7 days"', "more than 7 days ago"),
    ],
)
def test_what_lies_outside_the_time_or_place_is_told(words: str, reason: str) -> None:
    now = [told("A", "03-20", channel="#help")] if "season" not in words and "until" not in words else []
    said = [told("A", "03-01", channel="#random"), *now]
    assert reasons(rule(words, "goal = 5"), *said, until="03-20T20:00") == [f"one post was {reason}"]


def test_a_season_of_another_year_does_not_count_now() -> None:
    words = rule('season = ["03-01", "03-31"]', "goal = 5")
    assert reasons(words, told("A", "2025-03-05"), told("A", "03-05")) == ["one post was in another season"]


@pytest.mark.parametrize(
    ("words", "days", "reason"),
    [
        ("", ["03-02", "03-10", "03-11"], "before the present run"),
        ("at_least = 2\n", ["03-10T09:00", "03-10T10:00", "03-11"], "in a day with fewer than 2"),
        ('rest_days = ["saturday"]\n', ["03-07", "03-10", "03-11"], "on a day that is left out"),
    ],
)
def test_what_does_not_belong_to_the_run_is_told(words: str, days: list[str], reason: str) -> None:
    found = reasons(rule('streak = "day"', "goal = 5", words), *(told("A", day) for day in days))
    assert found == [f"one post was {reason}"]


def test_one_more_than_a_day_of_a_streak_needs_is_no_matter() -> None:
    assert reasons(rule('streak = "day"', "goal = 5"), told("A", "03-10T09:00"), told("A", "03-10T10:00")) == []


def test_what_cannot_be_measured_is_told() -> None:
    words = rule('when = "voice.session_ended"', 'sum = "minutes"', "goal = 60")
    assert reasons(words, told("A", "03-01", "voice.session_ended")) == ["one voice session had no minutes"]


def test_what_lies_on_another_thing_is_told() -> None:
    words = rule('when = "reaction.added"', 'credit = "author"', 'each = "message"', "goal = 5")
    said = [mark("B", "03-01"), mark("C", "03-01"), mark("B", "03-02", message="2")]
    found = examined(words, *said)
    assert [group.text for group in found.uncounted] == ["one reaction received was on another message"]
    assert found.progress.startswith("your best message has 2 of 5")


def test_what_was_before_a_rule_began_anew_is_told() -> None:
    words = rule('progress = "reset"', "version = 2", "goal = 5")
    changed = told("ops", "03-05", "rule.changed", achievement="x", version=2, progress="reset")
    assert reasons(words, told("A", "03-01"), told("A", "03-06"), changed) == [
        "one post came before the rule began anew"
    ]


def test_marks_below_a_signal_are_explained() -> None:
    words = HELPFUL + rule('when = "good_answer"', "goal = 5")
    first = [mark(who, f"03-0{n}") for n, who in enumerate("BCD", 1)]
    second = [mark("B", "03-05", message="2"), mark("C", "03-05", message="2"), mark("A", "03-05", message="2")]
    found = examined(words, *first, *second)
    assert found.counted_in_all == 1
    assert not_counted(found.uncounted) == "one reaction was your own, two were on a reply with 2 of 3 people so far"
    assert found.next_step == "four more good answers"


def test_a_mark_that_came_too_late_is_told() -> None:
    words = HELPFUL + 'open_for = "2 days"\n' + rule('when = "good_answer"', "goal = 5")
    late = mark("B", "03-09", object_at="2026-03-01T12:00:00Z")
    assert reasons(words, late) == ["one reaction came too late: it is open for 2 days"]


def test_a_missing_step_is_told_and_what_came_before_its_turn() -> None:
    words = STEPS
    said = [told("A", "03-01", "reaction.added"), told("A", "03-02"), told("A", "03-03", "reaction.added")]
    found = examined(words, *said)
    assert found.progress == "1 of 3, next: a reply"
    assert [group.text for group in found.uncounted] == ["two reactions came before a reply"]


def test_without_an_order_the_next_step_is_the_first_that_is_open() -> None:
    found = examined(STEPS + "any_order = true\n", told("A", "03-01", "thread.replied"))
    assert (found.standing.value, found.standing.step) == (1, 0)


def test_a_place_rests_on_what_was_done_in_its_period() -> None:
    words = rule("top = 1", 'in_one = "week"')
    found = examined(words, told("A", "03-03"), told("A", "03-17"), until="03-18")
    assert [s.at for s in found.grounds] == [moment("03-03")]
    assert [group.text for group in found.uncounted] == ["one post was before this week"]


def test_parts_of_a_condition_are_looked_at_each_by_itself() -> None:
    words = '[achievement.x]\nname = "X"\nall = [{ when = "message.posted", where.length.at_least = 5 },'
    words += '{ any = [{ when = "thread.replied" }, { when = "reaction.added" }] }]\n'
    found = examined(words, told("A", "03-01", length=2), told("A", "03-02", "reaction.added"))
    assert [group.text for group in found.uncounted] == ["one post had 2 characters, at least 5 are needed"]
    assert [s.what for s in found.counted] == ["reaction"]


def test_what_is_needed_keeps_its_secrets() -> None:
    words = '[achievement.s]\nname = "Hidden"\nwhen = "a.b"\nsecret = true\n' + rule('needs = ["s"]')
    assert "Hidden" not in repr((examined(words, told("A", "03-01")).progress,))


def test_the_grounds_of_an_award_are_shown_newest_first() -> None:
    found = examined(rule("goal = 2"), *(told("A", f"03-0{n}", channel="#help", channel_id="C1") for n in (1, 2, 3)))
    assert found.held
    assert [(s.at, s.what, s.channel) for s in found.grounds] == [
        (moment("03-02"), "post", "#help"),
        (moment("03-01"), "post", "#help"),
    ]
    assert isinstance(found.grounds[0], Shown)
    assert found.grounds[0].place.channel == "C1"


def test_a_voice_session_is_shown_with_its_minutes() -> None:
    sat = told("A", "03-01", "voice.session_ended", channel="#lounge", minutes=25)
    ground = examined(rule('when = "voice.session_ended"', 'sum = "minutes"', "goal = 20"), sat).grounds[0]
    assert (ground.what, ground.channel) == ("voice session (25 minutes)", "#lounge")


def test_ten_facts_are_shown_and_all_are_counted() -> None:
    found = examined(rule("goal = 99"), *(told("A", f"03-{n:02}") for n in range(1, 21)))
    assert (len(found.counted), found.counted_in_all, found.counted[0].at) == (10, 20, moment("03-20"))
