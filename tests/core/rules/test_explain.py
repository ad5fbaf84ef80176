"""What members read about a rule: one plain sentence, made from its keys."""

from __future__ import annotations

import pytest

from core.rules.book import RuleBook
from core.rules.explain import description, sentence, signal_text
from core.rules.loading import parse
from tests.core.rules.books import HEAD, POST

MORE = """
[achievement.y]
name = "Why"
when = "a.b"
[achievement.z]
name = "Zed"
when = "a.b"
[achievement.hidden]
name = "Nobody knows"
when = "a.b"
secret = true
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
[signal.busy_week]
when = "message.posted"
in_one = "week"
goal = 3
[[level]]
name = "Newcomer"
at = 10
[[level]]
name = "Regular"
at = 100
"""


def book(words: str) -> RuleBook:
    return parse(f'{HEAD}[achievement.x]\nname = "X"\n{words}\n{MORE}', "rules.toml")


def says(words: str, text: str) -> None:
    assert sentence(book(words), "x") == text


TICKETS = 'when = "ticket.resolved"\ngoal = 5\n'
COUNTED = [
    ('when = "message.posted"', "One post."),
    ('when = ["message.posted", "thread.replied"]\ngoal = 3', "Three posts or replies."),
    ('when = "message.posted"\ngoal = 1000', "1,000 posts."),
    ('when = "kudos.given"\ncredit = "target"\ngoal = 3', "Three kudos received; one's own do not count."),
    ('when = "reaction.added"\ncredit = "author"\nself = true', "One reaction received; one's own count too."),
    ('when = "guidelines.read"', "One guideline read."),
    ('when = "wiki.article.edit"\ngoal = 2', "Two wiki article edits."),
    ('when = "member.role_added"\nwhere.role = "pro"', "One member role added (pro)."),
    ('when = "message.posted"\ndistinct = "channel"\ngoal = 5', "Posts in five different channels."),
    ('when = "message.posted"\ndistinct = "day"\ngoal = 3', "Posts on three different days."),
    ('when = "thread.replied"\ndistinct = "author"\ngoal = 3', "Replies to three different people."),
    ('when = "invite.accepted"\ndistinct = "target"\ngoal = 3', "Invites accepted by three different people."),
    ('when = "friend.added"\ndistinct = "target"\ngoal = 3', "Friends added, three different people."),
    (
        'when = "reply.marked_helpful"\ncredit = "author"\ndistinct = "actor"\ngoal = 5',
        "Helpful marks from five other people.",
    ),
    ('when = "reply.marked_helpful"\ncredit = "author"\ndistinct = "actor"', "Helpful marks from another person."),
    (
        'when = "reaction.added"\ncredit = "author"\nself = true\ndistinct = "actor"\ngoal = 5',
        "Reactions received from five different people; one's own count too.",
    ),
    (f'{TICKETS}distinct = "ticket"', "Five different tickets resolved."),
    ('when = "reaction.added"\nsum = "weight"\ngoal = 9.5', "A weight of 9.5 in all from reactions."),
    ('when = "voice.session_ended"\nsum = "minutes"\ngoal = 600', "600 minutes in all from voice sessions."),
    ('when = "points.earned"\nsum = "amount"\ngoal = 200', "200 points in all."),
    ('when = "rating.changed"\nbest = "rating"\ngoal = 1600', "A rating of at least 1,600."),
    ('when = "donation.made"\nbest = "amount"\ngoal = 50', "An amount of at least 50 in one donation."),
    ('when = "member.anniversary"\nbest = "years"\ngoal = 2', "At least two years here."),
    ('when = "member.anniversary"', "One anniversary here."),
    ('when = "achievement.earned"\ngoal = 10', "Ten achievements earned."),
    ('when = "level.reached"\nwhere.level.at_least = 5', "One level reached (at least 5)."),
    (
        'when = "course.completed"\ndistinct = "course"\nwhere.course = ["a", "b"]\ngoal = "all"',
        "Courses completed, one for each of a and b.",
    ),
    (
        'when = "message.posted"\ndistinct = "day"\nin_one = "month"\ngoal = "every"',
        "Posts on every day of one month.",
    ),
    (
        'when = "helpful_answer"\ndistinct = "thread"\ngoal = 5',
        "Helpful answers (an answer that three people marked as helpful) in five different threads.",
    ),
    ('when = "good_start"\ngoal = 3', "Three good starts (a thread with replies from three other people)."),
    ('when = "answer.posted"\neach = "tag"\ngoal = 50', "50 answers posted on one tag."),
    ('when = "place.visited"\neach = "place"\ngoal = 3', "Three places visited, always the same place."),
    (
        'when = "reaction.added"\ncredit = "author"\nwhere.post_kind = "reply"\neach = "message"\ndistinct = "actor"\n'
        "goal = 10\nrepeat = true",
        "Reactions from ten other people on one reply; it can be earned for every reply.",
    ),
]
TIERED = [
    (
        'when = "pull_request.merged"\ntiers = { Bronze = 1, Silver = 10, Gold = 50 }',
        "Pull requests merged: one for Bronze, ten for Silver and 50 for Gold.",
    ),
    ('when = "message.posted"\ntiers = { 1 = 1, 10 = 10 }', "Posts: one and ten, a tier each."),
    (
        'when = "rating.changed"\nbest = "rating"\ntiers = { Pupil = 1200, Expert = 1600 }',
        "Rating: at least 1,200 for Pupil and 1,600 for Expert.",
    ),
    (
        'when = "message.posted"\ntiers.Novice = { goal = 5, member_for = "1 month" }\n'
        'tiers.Veteran = { goal = 100, member_for = "2 years" }',
        "Posts: five for Novice after 1 month here and 100 for Veteran after 2 years here.",
    ),
    (
        'when = "message.posted"\ntiers = { a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8 }',
        "Posts: from one for a to eight for h, in eight tiers.",
    ),
    (
        'when = "lesson.completed"\nstreak = "day"\ntiers = { Week = 5, Month = 21 }',
        "Lessons completed day after day: five days in a row for Week and 21 for Month.",
    ),
]
FRAMED = [
    (f'{TICKETS}in_one = "day"\nrepeat = true', "Five tickets resolved in one day; it can be earned every day."),
    (
        'when = "helpful_answer"\ngoal = 3\nwithin = "7 days"',
        "Three helpful answers (an answer that three people marked as helpful) within 7 days.",
    ),
    (
        'when = "message.posted"\nstreak = "week"\ngoal = 4\ngrace = 1\nat_least = 2',
        "Posts in four weeks in a row, at least two in each, one week off forgiven.",
    ),
    (
        'when = "message.posted"\nstreak = "day"\ngoal = 4\nrest_days = ["saturday", "sunday"]',
        "Posts on four days in a row, Saturdays and Sundays left out.",
    ),
    (
        'when = "message.posted"\nstreak = "week"\ngoal = 4\ndistinct = "channel"\nat_least = 2',
        "Posts in four weeks in a row, with at least two different channels in each.",
    ),
    ('when = "busy_week"\nstreak = "week"\ngoal = 4', "Four busy weeks (a week with three posts) in a row."),
    ('when = "message.posted"\nafter_absence = "60 days"', "One post after 60 days or more away."),
    (
        'when = "message.posted"\nseason = ["12-01", "01-31"]\nrepeat = true',
        "One post between 1 December and 31 January; it can be earned every year.",
    ),
    (
        'when = "message.posted"\nfrom = 2026-09-01\nuntil = 2026-09-30',
        "One post, from 1 September to 30 September 2026.",
    ),
    (
        'when = "message.posted"\nfrom = 2025-12-01\nuntil = 2026-01-02',
        "One post, from 1 December 2025 to 2 January 2026.",
    ),
    ('when = "message.posted"\nfrom = 2026-09-01', "One post, from 1 September 2026 on."),
    ('when = "message.posted"\nuntil = 2026-09-30', "One post, until 30 September 2026."),
]
CANCELLED = [
    (
        f'{TICKETS}unless = "ticket.reopened"\nsettle = "2 days"',
        "Five tickets resolved, not counting those also reopened; confirmed 2 days later if it still holds.",
    ),
    (f'{TICKETS}unless = "spam.found"', "Five tickets resolved, not counting those with a spam found."),
    (
        f'{TICKETS}in_one = "week"\nunless = {{ when = "ticket.escalated", match = "window" }}',
        "Five tickets resolved in one week without a ticket escalated.",
    ),
    (
        f'{TICKETS}unless = {{ when = "ticket.escalated", where = {{ kind = "rude" }}, match = "ever" }}',
        "Five tickets resolved, and never a ticket escalated (rude).",
    ),
    (
        'when = "ticket.resolved"\nstreak = "week"\ngoal = 2\nunless = { when = "ticket.escalated", match = "window" }',
        "Tickets resolved in two weeks in a row, none of them with a ticket escalated.",
    ),
]
COMBINED = [
    (
        'steps = ["question.asked", { when = "answer.received", credit = "target" },'
        ' { when = "thanks.given", goal = 2 }]\n'
        'same = "thread"\nwithin = "14 days"',
        "First a question asked, then an answer received, then two thanks given, all in the same thread, "
        "within 14 days.",
    ),
    (
        'steps = ["profile.completed", { when = "message.posted", where = { channel = "#hello" } }]\nany_order = true',
        "A profile completed and a post in #hello, in any order.",
    ),
    (
        'all = [{ when = "reaction.added", goal = 10 }, { when = "thread.replied", goal = 2 }]\nsame = "channel"',
        "Both ten reactions and two replies, all in the same channel.",
    ),
    ('any = [{ when = "message.posted" }, { when = "thread.replied" }]', "Either one post or one reply."),
    (
        'all = [{ when = "points.earned", sum = "amount", goal = 3000 }, { when = "achievement.earned", goal = 5 }]',
        "Both 3,000 points in all and five achievements earned.",
    ),
    (
        'any = [{ when = "message.posted" }, { when = "thread.replied" },'
        ' { when = "reaction.added", goal = 3 }]\ngoal = 2',
        "Two of these: (a) one post, (b) one reply or (c) three reactions.",
    ),
    (
        'all = [{ any = [{ when = "message.posted" }, { when = "thread.replied" }] }, { when = "reaction.added" }]',
        "All of these: (a) either one post or one reply and (b) one reaction.",
    ),
    ('needs = ["y", "z"]', "Earning Why and Zed."),
    ('needs = { of = ["y", "z", "hidden"], at_least = 2 }', "Earning two of Why, Zed and a secret achievement."),
    ('when = "message.posted"\nneeds = ["y"]', "One post; it also needs Why."),
]
LIMITED = [
    (
        'when = "reaction.added"\ncredit = "author"\nwhere.emoji = ["heart", "pray"]\n'
        "limit.per_day = 5\nlimit.per_person = 1\ngoal = 50",
        "50 reactions received (:heart: or :pray:); counting at most five a day and one a day from the same person; "
        "one's own do not count.",
    ),
    (
        'when = "message.posted"\nlimit.one_per = "1 minute"\nlimit.per_month = 20',
        "One post; counting at most 20 a month and one in 1 minute.",
    ),
    (
        'when = "kudos.given"\nlimit.per_object = 2\nlimit.per_person = 1',
        "One kudos given; counting at most two on the same thing and one with the same person there.",
    ),
    (
        'when = "message.posted"\nwho.role = "support"\nwho.level = 2',
        "One post; only for members with the role support and at level Regular or higher.",
    ),
    (
        'when = "message.posted"\nwho.not_role = ["bot", "guest"]\nwho.team = "red"',
        "One post; only for members without the role bot or guest and in the team red.",
    ),
    (
        'when = "message.posted"\nwho.member_for = "3 months"\nwho.joined_before = 2026-01-02\n'
        "who.joined_after = 2025-01-02",
        "One post; only for members who have been here for 3 months, who joined before 2 January 2026 and who joined "
        "after 2 January 2025.",
    ),
    ('when = "message.posted"\nfirst = 100', "One post; only for the first 100."),
    ('when = "message.posted"\nonly_in = ["#a", "#b"]', "One post; only in #a or #b."),
    ('when = "message.posted"\ncohort = "10 %"', "One post; tried with 10 % of the members."),
    (
        f'{TICKETS}in_one = "month"\nfor = "team"',
        "Five tickets resolved in one month by one team together; everybody who contributed gets it.",
    ),
    (
        f'{TICKETS}for = "community"',
        "Five tickets resolved by the whole community together; everybody who contributed gets it.",
    ),
    (
        'when = "reply.marked_helpful"\ncredit = "author"\ndistinct = "actor"\nin_one = "month"\ntop = 1\ngoal = 5',
        "First place of a month by helpful marks from other people, with at least five; ties share a place.",
    ),
    (
        'when = "points.earned"\nsum = "amount"\nin_one = "week"\ntop = 3',
        "One of the first three places of a week by points in all; ties share a place.",
    ),
]
GIVEN = [
    ('when = "message.posted"\nsettle = "2 days"', "One post; confirmed 2 days later if it still holds."),
    ('when = "message.posted"\nsettle = "10 minutes"', "One post."),
    ('when = "message.posted"\nask = true', "One post; a moderator has the last word."),
    ('manual = "moderator"\nrepeat = 3', "Given by hand, by a moderator; it can be earned three times."),
    ('manual = ["admin", "teacher"]', "Given by hand, by an admin or a teacher."),
    (
        'when = "message.posted"\nrepeat = true\ncooldown = "180 days"',
        "One post; it can be earned again, at least 180 days apart.",
    ),
    ('when = "message.posted"\nlasts = "2 years"', "One post; valid for 2 years."),
    (
        'when = "message.posted"\nwithin = "90 days"\nlasts = "while true"',
        "One post within 90 days; held only while this is true.",
    ),
    ('when = "message.posted"\nretired = 2025-01-02', "One post; not given any more since 2 January 2025."),
    (
        'when = "message.posted"\nstreak = "day"\ngoal = 3\ntimezone = "member"',
        "Posts on three days in a row; by each member's own clock.",
    ),
    ('when = "message.posted"\ntimezone = "member"', "One post."),
]


@pytest.mark.parametrize(("words", "text"), [*COUNTED, *TIERED, *FRAMED, *CANCELLED, *COMBINED, *LIMITED, *GIVEN])
def test_a_rule_is_one_plain_sentence(words: str, text: str) -> None:
    says(words, text)


def test_the_books_own_description_goes_first() -> None:
    assert description(parse(f'{HEAD}{POST}description = "Here."', "r"), "x") == "Here."
    assert description(parse(HEAD + POST, "r"), "x") == "One post."


def test_a_signal_is_told_in_the_books_words_or_in_ours() -> None:
    read = book('when = "message.posted"')
    assert signal_text(read, "helpful_answer") == "an answer that three people marked as helpful"
    assert signal_text(read, "good_start") == "a thread with replies from three other people"
    assert signal_text(read, "busy_week") == "a week with three posts"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ('when = "ticket.resolved"\ngoal = 3\nwithin = "7 days"', "three tickets resolved within 7 days"),
        ('when = "ticket.resolved"\nstreak = "week"\ngoal = 3', "tickets resolved in three weeks in a row"),
        (
            'when = "ticket.resolved"\neach = "ticket"\nunless = "ticket.reopened"',
            "one ticket resolved, not counting those also reopened",
        ),
        (
            'when = "reaction.added"\ncredit = "author"\nin_one = "day"\ngoal = 4\nlimit.per_person = 1',
            "a day with four reactions received, counting at most one from the same person",
        ),
        (
            'when = "reaction.added"\ncredit = "author"\neach = "message"\nin_one = "day"\ndistinct = "actor"',
            "a message with a reaction from another person in one day",
        ),
    ],
)
def test_a_signal_without_a_description_says_all_its_words(words: str, text: str) -> None:
    read = parse(f"{HEAD}[signal.s]\n{words}", "rules.toml")
    assert signal_text(read, "s") == text


def test_the_caps_of_a_part_stand_with_the_part() -> None:
    says(
        'all = [{ when = "message.posted", goal = 9, limit = { per_day = 3 } }, { when = "thread.replied" }]',
        "All of these: (a) nine posts, counting at most three a day and (b) one reply.",
    )
