"""What members read about a rule and about where they stand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.rules.explain import description, next_step, progress_text, sentence
from tests.core.rules.books import POST, book

SIGNALS = """
[signal.helpful_answer]
describe = "an answer that three people marked as helpful"
when = "reaction.added"
credit = "author"
each = "message"
[signal.good_start]
when = "thread.replied"
credit = "author"
each = "thread"
distinct = "actor"
goal = 3
"""


def rule(words: str) -> str:
    return f'[achievement.x]\nname = "X"\n{words}\n{SIGNALS}'


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ('when = "message.posted"', "One post."),
        ('when = ["message.posted", "thread.replied"]\ngoal = 3', "Three posts or replies."),
        ('when = "message.posted"\ndistinct = "channel"\ngoal = 5', "Posts in five different channels."),
        ('when = "message.posted"\ndistinct = "day"\ngoal = 3', "Posts on three different days."),
        (
            'when = "helpful_answer"\ndistinct = "thread"\ngoal = 5',
            "Helpful answers (an answer that three people marked as helpful) in five different threads.",
        ),
        (
            'when = "good_start"\ngoal = 3',
            "Three good starts (replies from others from three different people on one thread).",
        ),
        (
            'when = "message.posted"\nstreak = "week"\ngoal = 4\ngrace = 1\nat_least = 2',
            "Posts in four weeks in a row, at least two in each, one week off forgiven.",
        ),
        (
            'when = "course.completed"\ndistinct = "course"\nwhere.course = ["a", "b"]\ngoal = "all"',
            "Completed courses, one for each of a and b.",
        ),
        ('when = "donation.made"\nsum = "amount"\ngoal = 9.5', "9.5 amount in all from donations."),
        (
            'when = "ticket.resolved"\nin_one = "day"\ngoal = 5\nrepeat = true',
            "Five resolved tickets in one day; it can be earned again.",
        ),
        (
            'when = "reaction.added"\ncredit = "author"\nwhere.emoji = ["heart", "pray"]\n'
            "limit.per_day = 5\nlimit.per_person = 1\ngoal = 50",
            "50 reactions received with :heart: or :pray:; counted are at most five a day and one with the same "
            "person a day; one's own do not count.",
        ),
        (
            'when = "message.posted"\nwhere.channel = "#help"\ngoal = 13\n'
            "where.length.at_least = 40\nwhere.has_code = true",
            "13 posts in #help, of at least 40 characters, that have code.",
        ),
        (
            'when = "ticket.resolved"\nwhere.age.at_most = "90 minutes"',
            "One resolved ticket with age at most 90 minutes.",
        ),
        ('when = "message.posted"\nsettle = "2 days"', "One post; confirmed 2 days later if it still holds."),
        ('manual = "moderator"\nrepeat = 3', "Given by hand, by a moderator; it can be earned three times."),
        ('manual = ["admin", "teacher"]', "Given by hand, by an admin or a teacher."),
        ('needs = ["y", "z"]', "Why and Zed."),
        ('needs = { of = ["y", "z"], at_least = 1 }', "One of Why and Zed."),
        ('when = "message.posted"\nneeds = ["y"]', "One post; it also needs Why."),
    ],
)
def test_a_rule_is_one_plain_sentence(words: str, text: str) -> None:
    others = '[achievement.y]\nname = "Why"\nwhen = "a.b"\n[achievement.z]\nname = "Zed"\nwhen = "a.b"\n'
    assert sentence(book(rule(words) + others), "x") == text


def test_the_books_own_description_goes_first() -> None:
    assert description(book(f'{POST}description = "Here."'), "x") == "Here."
    assert description(book(POST), "x") == "One post."


@pytest.mark.parametrize(
    ("words", "value", "text"),
    [
        ('when = "helpful_answer"\ngoal = 5', 3, "3 of 5 helpful answers"),
        ('when = "message.posted"\nin_one = "day"\ngoal = 5', 3, "3 of 5 posts today, starts again at 00:00"),
        ('when = "message.posted"\nin_one = "week"\ngoal = 5', 3, "3 of 5 posts this week"),
        ('when = "message.posted"\ndistinct = "channel"\ngoal = 6', 4, "4 of 6 channels"),
        ('when = "message.posted"\ndistinct = "target"\ngoal = 6', 4, "4 of 6 people"),
        ('when = "voice.session_ended"\nsum = "minutes"\ngoal = 600', Decimal(420), "420 of 600 minutes"),
        ('when = "donation.made"\nsum = "amount"\ngoal = 9.5', Decimal("0.10"), "0.10 of 9.5 amount"),
        ('when = "message.posted"\nstreak = "week"\ngoal = 3', 2, "2 of 3 weeks in a row"),
        (
            'when = "reaction.added"\ncredit = "author"\neach = "message"\ngoal = 3',
            2,
            "your best message has 2 of 3 reactions received",
        ),
        ('manual = "moderator"', 0, "given by a moderator"),
        ('when = "message.posted"\ngoal = 5', 7, "5 of 5 posts"),
    ],
)
def test_progress_is_told_in_the_words_of_its_kind(words: str, value: int | Decimal, text: str) -> None:
    assert progress_text(book(rule(words)), "x", value) == text


def test_what_is_missing_is_named_where_it_is_known() -> None:
    listed = rule('when = "course.completed"\ndistinct = "course"\nwhere.course = ["a", "b"]\ngoal = "all"')
    assert progress_text(book(listed), "x", 1, missing=["b"]) == "1 of 2: missing b"
    needs = rule('needs = ["y"]') + '[achievement.y]\nname = "Explorer"\nwhen = "a.b"\n'
    assert progress_text(book(needs), "x", 0, missing=["Explorer"]) == "0 of 1: missing Explorer"


def test_a_streak_tells_its_free_misses_without_pressure() -> None:
    text = progress_text(book(f'{POST}streak = "week"\ngoal = 4\ngrace = 1'), "x", 2, free_misses=1)
    assert text == "2 of 4 weeks in a row; one free miss left"


@pytest.mark.parametrize(
    ("words", "value", "text"),
    [
        ('when = "helpful_answer"\ngoal = 5', 3, "two more helpful answers"),
        ('when = "message.posted"', 0, "one more post"),
        ('when = "message.posted"\ndistinct = "channel"\ngoal = 5', 4, "posts in one more channel"),
        ('when = "message.posted"\nstreak = "week"\ngoal = 3', 1, "one post in two more weeks"),
        ('when = "message.posted"\nin_one = "week"\ngoal = 3', 1, "two more posts this week"),
        ('when = "message.posted"', 1, None),
        ('manual = "moderator"', 0, None),
    ],
)
def test_the_next_step_says_what_would_bring_it_on(words: str, value: int, text: str | None) -> None:
    assert next_step(book(rule(words)), "x", value) == text
