"""What members read about where they stand, kind by kind, and what would bring them on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.calendar import Calendar
from core.rules.book import RuleBook
from core.rules.explain import Clock, next_step, nothing_yet, part_lines, progress_text
from core.rules.loading import parse
from core.standing import Standing
from tests.core.rules.books import HEAD

MORE = """
[achievement.y]
name = "Explorer"
when = "a.b"
[achievement.z]
name = "Zed"
when = "a.b"
[achievement.hidden]
name = "Nobody knows"
when = "a.b"
secret = true
[signal.helpful_reply]
when = "reaction.added"
credit = "author"
each = "message"
"""


def moment(written: str) -> int:
    """A time on the clock in Berlin as UTC microseconds."""
    local = dt.datetime.fromisoformat(written).replace(tzinfo=ZoneInfo("Europe/Berlin"))
    return int(local.timestamp()) * 1_000_000


# A Saturday in summer; days begin at four.
CLOCK = Clock(moment("2026-08-22T12:00"), Calendar("Europe/Berlin", "04:00"))
TOMORROW = moment("2026-08-23T04:00")
MONDAY = moment("2026-08-24T04:00")
THURSDAY = moment("2026-08-27T10:00")
MONTHS_END = moment("2026-09-01T04:00")


def book(words: str) -> RuleBook:
    return parse(f'{HEAD}[achievement.x]\nname = "X"\n{words}\n{MORE}', "rules.toml")


def where(value: int | Decimal, goal: int | Decimal, **more: Any) -> Standing:
    return Standing("x", value, goal, **more)


POSTS = 'when = "message.posted"\ngoal = 5\n'
HELPFUL = 'when = "reply.marked_helpful"\ncredit = "author"\ndistinct = "actor"\n'
SET = 'when = "course.completed"\ndistinct = "course"\nwhere.course = ["intro", "safety"]\ngoal = "all"'
CHANNELS = 'when = "message.posted"\ndistinct = "channel"\ngoal = 6'
WEEKS = 'when = "message.posted"\nstreak = "week"\ngoal = 3\n'
STEPS = 'steps = ["question.asked", "answer.received", { when = "thanks.given" }]\nsame = "thread"'
BOTH = 'all = [{ when = "reaction.added", goal = 10 }, { when = "thread.replied", goal = 2 }]'
CLEAN = 'when = "ticket.resolved"\ngoal = 5\nunless = "ticket.reopened"\nsettle = "2 days"'
TOP = f'{HELPFUL}in_one = "month"\ntop = 1\ngoal = 5'
TIERS = 'when = "message.posted"\ntiers = { Silver = 10, Gold = 50 }'


@pytest.mark.parametrize(
    ("words", "standing", "text"),
    [
        ('when = "helpful_reply"\ngoal = 5', where(3, 5), "3 of 5 helpful replies"),
        (POSTS, where(7, 5), "5 of 5 posts"),
        (f'{POSTS}in_one = "day"', where(3, 5, ends=TOMORROW), "3 of 5 posts today, starts again at 04:00"),
        (f'{POSTS}in_one = "week"', where(3, 5, ends=MONDAY), "3 of 5 posts this week, starts again on Monday"),
        (f'{POSTS}in_one = "month"', where(3, 5), "3 of 5 posts this month"),
        (
            f'{POSTS}within = "7 days"',
            where(3, 5, drops_at=TOMORROW),
            "3 of 5 posts in the last 7 days; the oldest drops out tomorrow",
        ),
        (f'{POSTS}within = "7 days"', where(0, 5), "0 of 5 posts in the last 7 days"),
        (CHANNELS, where(4, 6), "4 of 6 channels"),
        (CHANNELS, where(4, 6, missing=("#design", "#help")), "4 of 6 channels: try #design or #help"),
        (CHANNELS, where(4, 6, missing=("#a", "#b", "#c", "#d")), "4 of 6 channels: try #a, #b or #c"),
        ('when = "ticket.resolved"\ndistinct = "ticket"\ngoal = 5', where(3, 5), "3 of 5 tickets resolved"),
        (SET, where(1, 2, missing=("safety",)), "1 of 2: missing safety"),
        (
            'when = "message.posted"\ndistinct = "day"\nin_one = "month"\ngoal = "every"',
            where(12, 31),
            "12 of 31 days this month",
        ),
        ('when = "voice.session_ended"\nsum = "minutes"\ngoal = 600', where(420, 600), "420 of 600 minutes"),
        (
            'when = "donation.made"\nsum = "amount"\ngoal = 9.5',
            where(Decimal("0.10"), Decimal("9.5")),
            "amount 0.10 of 9.5",
        ),
        ('when = "points.earned"\nsum = "amount"\ngoal = 50', where(20, 50), "20 of 50 points"),
        (
            'when = "rating.changed"\nbest = "rating"\ntiers = { Pupil = 1200, Expert = 1600 }',
            where(1450, 1600, tier="Expert"),
            "best 1450, Expert at 1600",
        ),
        ('when = "rating.changed"\nbest = "rating"\ngoal = 1600', where(1450, 1600), "best 1450, goal at 1600"),
        ('when = "rating.changed"\nbest = "rating"\ngoal = 1600', where(0, 1600), "none yet, goal at 1600"),
        (POSTS, where(9_999, 12_000), "9999 of 12,000 posts"),
        (TIERS, where(12, 50, tier="Gold"), "12, Gold at 50"),
        (TIERS, where(60, 50), "60, every tier reached"),
        (TIERS, where(60, 50, tier="Gold"), "60, Gold reached"),
        (
            'when = "message.posted"\ntiers.Veteran = { goal = 5, member_for = "2 years" }',
            where(6, 5, tier="Veteran"),
            "6, Veteran after 2 years here",
        ),
        (f'{TIERS}\nin_one = "week"', where(12, 50, tier="Gold"), "12, Gold at 50 this week"),
    ],
)
def test_counts_and_measures(words: str, standing: Standing, text: str) -> None:
    assert progress_text(book(words), standing, CLOCK) == text


def test_days_of_this_week_have_names_and_later_ones_dates() -> None:
    assert CLOCK.day(moment("2026-08-28T12:00")) == "on Friday"
    assert CLOCK.day(moment("2026-08-29T12:00")) == "on 29 August"
    assert CLOCK.day(moment("2026-08-23T03:59")) == "today"  # a day begins at four
    assert CLOCK.before(moment("2026-08-29T04:00")) == "before Friday night"
    assert CLOCK.before(moment("2026-08-30T04:00")) == "before the end of 29 August"
    assert CLOCK.left(CLOCK.now + 59 * 60 * 1_000_000) == "less than an hour"


@pytest.mark.parametrize(
    ("words", "standing", "text"),
    [
        (WEEKS, where(2, 3), "2 of 3 weeks in a row"),
        (WEEKS, where(0, 3, ends=MONDAY), "0 of 3 weeks in a row"),
        (
            WEEKS,
            where(2, 3, ends=MONDAY),
            "2 of 3 weeks in a row; one post before Sunday night keeps it (2 days left)",
        ),
        (WEEKS, where(2, 3, ends=MONDAY, safe=True), "2 of 3 weeks in a row; this week is in"),
        (
            f"{WEEKS}at_least = 2",
            where(2, 3, ends=TOMORROW, free_misses=1),
            "2 of 3 weeks in a row; two posts today keep it (16 hours left); one free miss left",
        ),
        (
            'when = "message.posted"\nstreak = "day"\ngoal = 3',
            where(2, 3, ends=TOMORROW),
            "2 of 3 days in a row; one post today keeps it (16 hours left)",
        ),
        (
            'when = "message.posted"\nstreak = "month"\ngoal = 3',
            where(1, 3, ends=MONTHS_END),
            "1 of 3 months in a row; one post before the end of 31 August keeps it (10 days left)",
        ),
        (
            'when = "voice.session_ended"\nsum = "minutes"\nstreak = "week"\nat_least = 30\ngoal = 3',
            where(1, 3, ends=MONDAY),
            "1 of 3 weeks in a row; 30 minutes before Sunday night keep it (2 days left)",
        ),
        (
            'when = "message.posted"\nstreak = "day"\ntiers = { Week = 5, Month = 21 }',
            where(1, 5, tier="Week", safe=True),
            "1 day in a row, Week at 5; today is in",
        ),
    ],
)
def test_streaks_inform_and_do_not_press(words: str, standing: Standing, text: str) -> None:
    assert progress_text(book(words), standing, CLOCK) == text


@pytest.mark.parametrize(
    ("words", "standing", "text"),
    [
        (
            'when = "reaction.added"\ncredit = "author"\neach = "message"\ngoal = 3',
            where(2, 3),
            "your best message has 2 of 3 reactions received",
        ),
        (
            f'{HELPFUL}where.post_kind = "reply"\neach = "message"\ngoal = 3',
            where(2, 3),
            "your best reply has helpful marks from 2 of 3 people",
        ),
        (STEPS, where(1, 3, step=1), "1 of 3, next: an answer received in the same thread"),
        (STEPS, where(0, 3, step=0), "0 of 3, next: a question asked"),
        (STEPS, where(3, 3, step=2), "3 of 3"),
        (
            BOTH,
            where(1, 2, parts=(where(8, 10), where(2, 2))),
            "1 of 2: 8 of 10 reactions; 2 of 2 replies (done)",
        ),
        ('needs = ["y", "z"]', where(1, 2, missing=("Explorer",)), "1 of 2: missing Explorer"),
        (
            'needs = { of = ["y", "z", "hidden"], at_least = 2 }',
            where(1, 2, missing=("Explorer", "Nobody knows")),
            "1 of 2: one more of Explorer and ???",
        ),
        (f'{POSTS}needs = ["y"]', where(5, 5, missing=("Explorer",)), "5 of 5 posts; missing Explorer"),
        (CLEAN, where(5, 5, due_at=THURSDAY), "5 of 5 tickets resolved, confirmed on Thursday if nothing is reopened"),
        (f'{POSTS}settle = "2 days"', where(5, 5, due_at=TOMORROW), "5 of 5 posts, confirmed tomorrow"),
        (
            f'{POSTS}unless = "member.warned"\nsettle = "2 days"',
            where(5, 5, due_at=CLOCK.now),
            "5 of 5 posts, confirmed today if it still holds",
        ),
        ('when = "message.posted"\nafter_absence = "60 days"', where(0, 1, days=43), "in 43 days"),
        ('when = "message.posted"\nafter_absence = "60 days"', where(0, 1), "comes after 60 days away"),
        ('when = "message.posted"\nafter_absence = "60 days"', where(0, 1, days=0), "today"),
        (
            'when = "message.posted"\nafter_absence = "60 days"\ngoal = 3',
            where(1, 3, days=43),
            "1 of 3 posts, next in 43 days",
        ),
        (
            'when = "member.anniversary"\nbest = "years"\ntiers = { One = 1, Two = 2 }',
            where(1, 2, tier="Two", days=1),
            "Two in 1 day",
        ),
        (f"{POSTS}first = 100", where(3, 5, left=37), "3 of 5 posts; 37 of 100 places left"),
        (f"{POSTS}first = 100", where(3, 5, left=0), "3 of 5 posts; all 100 places are taken"),
        (
            TOP,
            where(7, 5, place=3, behind=2, ends=moment("2026-08-28T04:00")),
            "place 3, 2 behind the place before; closes in 6 days",
        ),
        (TOP, where(7, 5, place=1, ends=TOMORROW), "place 1; closes in 16 hours"),
        (TOP, where(3, 5, place=2, behind=1), "3 of 5 people this month"),
        (f'{POSTS}for = "team"', where(3, 5, own=1), "3 of 5 posts, you did 1"),
        (
            f'{POSTS}within = "90 days"\nlasts = "while true"',
            where(5, 5, held_until=moment("2026-09-03T04:00")),
            "held; falls below on 3 September without a new one",
        ),
        (
            f'{POSTS}within = "90 days"\nlasts = "while true"',
            where(5, 5, held_until=moment("2027-01-03T04:00")),
            "held; falls below on 3 January 2027 without a new one",
        ),
        ('manual = "moderator"', where(0, 1), "given by moderators"),
        ('manual = ["admin", "teacher"]', where(0, 1), "given by admins or teachers"),
        (f"{POSTS}ask = true", where(5, 5, asked=True), "5 of 5 posts, with the moderators"),
        (f"{POSTS}secret = true", where(3, 5), "???"),
    ],
)
def test_every_other_kind(words: str, standing: Standing, text: str) -> None:
    assert progress_text(book(words), standing, CLOCK) == text


def test_a_secret_one_speaks_once_it_is_held() -> None:
    secret = book(f"{POSTS}secret = true\nrepeat = true")
    assert progress_text(secret, where(3, 5), CLOCK, held=True) == "3 of 5 posts"
    assert next_step(secret, where(3, 5)) is None


def test_all_and_any_have_one_line_for_each_part() -> None:
    standing = where(1, 2, parts=(where(8, 10), where(2, 2)))
    assert part_lines(book(BOTH), standing, CLOCK) == ["8 of 10 reactions", "2 of 2 replies (done)"]
    assert part_lines(book(f"{BOTH}\nsecret = true"), standing, CLOCK) == []
    assert part_lines(book(POSTS), where(1, 5), CLOCK) == []


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (POSTS, "0 of 5 posts"),
        (TIERS, "0, Silver at 10"),
        (STEPS, "0 of 3, next: a question asked"),
        (BOTH, "0 of 2: 0 of 10 reactions; 0 of 2 replies"),
        (
            'any = [{ when = "a.b" }, { when = "a.c" }, { when = "a.d" }]\ngoal = 2',
            "0 of 2: 0 of 1 a bs; 0 of 1 a cs; 0 of 1 a ds",
        ),
        ('needs = ["y", "z"]', "0 of 2: missing Explorer and Zed"),
    ],
)
def test_whoever_has_nothing_yet_stands_at_zero(words: str, text: str) -> None:
    found = book(words)
    assert progress_text(found, nothing_yet(found, "x"), CLOCK) == text


@pytest.mark.parametrize(
    ("words", "standing", "text"),
    [
        ('when = "helpful_reply"\ngoal = 5', where(3, 5), "two more helpful replies"),
        (POSTS, where(4, 5), "one more post"),
        (POSTS, where(5, 5), None),
        (CHANNELS, where(5, 6), "posts in one more channel"),
        (f"{HELPFUL}goal = 5", where(3, 5), "helpful marks from two more people"),
        (WEEKS, where(1, 3), "one post in two more weeks"),
        ('when = "message.posted"\nstreak = "day"\ngoal = 3', where(1, 3), "one post on two more days"),
        ('when = "donation.made"\nsum = "amount"\ngoal = 10', where(4, 10), "an amount of six more"),
        (f"{POSTS}first = 2", where(0, 5, left=0), None),
        (f'{POSTS}in_one = "week"', where(3, 5), "two more posts this week"),
        (f'{HELPFUL}each = "message"\ngoal = 3', where(2, 3), "helpful marks from one more person on one message"),
        (SET, where(1, 2, missing=("safety",)), "course completed: safety"),
        ('when = "voice.session_ended"\nsum = "minutes"\ngoal = 600', where(420, 600), "180 more minutes"),
        (TIERS, where(12, 50, tier="Gold"), "38 more posts"),
        ('when = "rating.changed"\nbest = "rating"\ngoal = 1600', where(1450, 1600), "a rating of 1600"),
        ('when = "rating.changed"\nbest = "rating"\ngoal = 16000', where(0, 16000), "a rating of 16,000"),
        ('when = "member.anniversary"\nbest = "years"', where(0, 1), "1 year"),
        ('when = "member.anniversary"\nbest = "years"\ngoal = 2', where(1, 2), "2 years"),
        ('when = "voice.session_ended"\nsum = "minutes"\ngoal = 600', where(599, 600), "one more minute"),
        (STEPS, where(1, 3, step=1), "an answer received"),
        (BOTH, where(1, 2, parts=(where(10, 10), where(0, 2))), "two more replies"),
        (BOTH, where(0, 2, parts=(where(9, 10), where(0, 2))), "one more reaction"),
        ('needs = ["y"]', where(0, 1), None),
        ('manual = "moderator"', where(0, 1), None),
        (TOP, where(6, 5, place=2), None),
        (f"{POSTS}ask = true", where(5, 5, asked=True), None),
    ],
)
def test_the_next_step_says_what_would_bring_it_on(words: str, standing: Standing, text: str | None) -> None:
    assert next_step(book(words), standing) == text
