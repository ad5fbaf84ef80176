"""Warnings: the book works, and somebody should think about it. Each has a rule that gets it and one that does not."""

from __future__ import annotations

import pytest

from core.rules.advice import advise
from core.rules.faults import write_faults
from core.rules.findings import Finding
from core.rules.loading import examine, load, parse
from core.rules.locations import lines_of
from tests.core.rules.books import HEAD, POST

SIGNAL = '[signal.s]\nwhen = "reaction.added"\ncredit = "author"\neach = "message"\ndistinct = "actor"\ngoal = 3\n'
X = '[achievement.x]\nname = "X"\n'
SCORE = f'{SIGNAL}[score.a]\nwhen = "s"\ngive = 5\n'
SHELF = '[reward.mug]\nname = "Mug"\nprice = 5\n'
FOR = 'purpose = "People stay."\n'


def warnings(text: str) -> list[Finding]:
    """What is said about a book, whether or not each of its words is evaluated."""
    text = HEAD + text
    return write_faults(advise(parse(text, "rules.toml")), lines_of(text), "rules.toml")


def achievements(count: int, more: str = "") -> str:
    """So many different achievements; `more`: a line of the last."""
    return "".join(f'[achievement.a{n}]\nname = "A"\nwhen = "poll.voted"\ngoal = {n}\n' for n in range(1, count)) + (
        f'[achievement.z]\nname = "Z"\nwhen = "quiz.passed"\n{more}\n'
    )


WARNED = [
    # R7: a type nobody knows that is no slip
    (f'{X}when = "workshop.given"', "R7", "achievement.x.when", ["workshop.given", "[types] known"]),
    (f'{X}when = "message.post"', "R7", "achievement.x.when", ['Did you mean "message.posted"?']),
    (f'{X}when = "message.edited"', "R7", "achievement.x.when", ["never send", "tells the message anew", "[types]"]),
    (f'{X}when = "reaction.removed"', "R7", "achievement.x.when", ["never send", "withdraws it"]),
    # R12: settles before the facts are there
    (f'{X}when = "ticket.resolved"\nsettle = "1 minute"', "R12", "achievement.x.settle", ['settle = "10 minutes"']),
    (f'{X}when = "message.posted"\nsettle = "5 seconds"', "R12", "achievement.x.settle", ['settle = "1 minute"']),
    (f'{X}when = "ticket.resolved"\nfirst = 10', "R12", "achievement.x.settle", ['settle = "10 minutes"']),
    (
        f'[signal.t]\nwhen = "ticket.resolved"\neach = "ticket"\n{X}when = "t"\nsettle = "1 minute"',
        "R12",
        "achievement.x.settle",
        ["10 minutes"],
    ),
    # R13: more than twelve at once
    (achievements(13), "R13", "achievement.z", ["13 achievements", "about 12", 'status = "off"', "secret"]),
    # R14: a long memory
    (f'{POST}within = "401 days"', "R14", "achievement.x.within", ["401 days", "400 days or less"]),
    (f'{X}any = [{{ when = "poll.voted", within = "500 days" }}]', "R14", "achievement.x.any[1].within", ["400 days"]),
    # R15: volume
    (f"{POST}goal = 100", "R15", "achievement.x.when", ["volume", "limit.per_day", "signal"]),
    (f"{POST}tiers = {{ A = 5, B = 50 }}", "R15", "achievement.x.when", ["message.posted"]),
    (f'{X}when = "reaction.added"\ngoal = 21', "R15", "achievement.x.when", ["reaction.added"]),
    (f'{POST}streak = "week"\nat_least = 30', "R15", "achievement.x.when", ["volume"]),
    # R16: text
    (f'{POST}where.text.contains = "thanks"', "R16", "achievement.x.where.text", ["never stored", "length"]),
    (f'{POST}where.message.contains = "thanks"', "R16", "achievement.x.where.message", ["never stored"]),
    (
        f'{X}steps = ["poll.voted", {{ when = "message.posted", where = {{ content = "hi" }} }}]',
        "R16",
        "achievement.x.steps[2].where.content",
        ["never stored"],
    ),
    # R17: for oneself
    (f'{X}when = "nomination.made"\ncredit = "target"\nself = true', "R17", "achievement.x.self", ["leave self out"]),
    (f'{X}when = "command.used"', "R17", "achievement.x.when", ["again and again", "limit.per_day"]),
    (
        f'{X}steps = ["poll.voted", {{ when = "kudos.given", credit = "target", self = true }}]',
        "R17",
        "achievement.x.steps[2].self",
        ["themselves"],
    ),
    # R18: a pair
    (f'{X}when = "reaction.added"\ncredit = "author"\ngoal = 10', "R18", "achievement.x.when", ['distinct = "actor"']),
    (f'{X}when = "kudos.given"\ncredit = "target"\nrepeat = true', "R18", "achievement.x.when", ["per_person"]),
    (
        '[signal.s]\nwhen = "reaction.added"\ncredit = "author"\neach = "message"',
        "R18",
        "signal.s.when",
        ["two people"],
    ),
    # R19: pressure
    (f'{POST}streak = "day"\ngoal = 5', "R19", "achievement.x.streak", ["pressure", "grace = 1", "week"]),
    (f'{POST}streak = "day"\ngoal = 31\ngrace = 2', "R19", "achievement.x.goal", ["31 days", "30 or less"]),
    (f'{POST}streak = "day"\ngrace = 1\ntiers = {{ A = 5, B = 60 }}', "R19", "achievement.x.tiers.B", ["60 days"]),
    # R20: top
    (f'{POST}in_one = "month"\ntop = 1\nsettle = "1 day"', "R20", "achievement.x.top", ["add goal"]),
    (f'{POST}in_one = "month"\ntop = 1\ngoal = 5', "R20", "achievement.x.top", ["late", "settle"]),
    # R22: values without end
    (f'{POST}distinct = "message"\ngoal = 5', "R22", "achievement.x.distinct", ["every message is different"]),
    (f'{POST}distinct = "text"\ngoal = 5', "R22", "achievement.x.distinct", ["every text is different"]),
    # R24: points in one hour
    (f"{POST}{FOR}goal = 5\npoints = 1", "R24", "achievement.x.points", ["limit.per_day"]),
    (f"{POST}{FOR}repeat = true\npoints = 1", "R24", "achievement.x.points", ["points"]),
    (f"{POST}{FOR}tiers = {{ A = {{ goal = 3, points = 5 }} }}", "R24", "achievement.x.points", ["points"]),
    ('[score.a]\nwhen = "poll.voted"\ngive = 1', "R24", "score.a.give", ["limit.per_day", "signal"]),
    # R25: a role that nobody judged
    (f'{POST}{FOR}gives_role = "Regular"', "R25", "achievement.x.gives_role", ['"Regular"', "signal", "ask = true"]),
    (
        f'{POST}[achievement.y]\nname = "Y"\nneeds = ["x"]\n{FOR}gives_role = "R"',
        "R25",
        "achievement.y.gives_role",
        ["nobody judged"],
    ),
    (
        f'{SIGNAL}[score.a]\nwhen = "poll.voted"\nlimit.per_day = 1\ngive = 1\n'
        '[[level]]\nname = "L"\nat = 10\ngives_role = "R"',
        "R25",
        "level[1].gives_role",
        ["nobody judged", "needs"],
    ),
    # R26: cancelled too late
    (f'{X}when = "ticket.resolved"\nunless = "ticket.reopened"', "R26", "achievement.x.unless", ['settle = "2 days"']),
    (
        f'[signal.t]\nwhen = "ticket.resolved"\neach = "ticket"\nunless = "ticket.reopened"\n{X}when = "t"',
        "R26",
        "achievement.x.unless",
        ['signal "t"', "settle"],
    ),
    # R27: twins
    (f'{POST}[achievement.y]\nname = "Y"\nwhen = "message.posted"', "R27", "achievement.y", ['achievement "x"']),
    # R28: givers nobody knows
    (f'{X}manual = "trainer"', "R28", "achievement.x.manual", ['"trainer"', "[roles.trainer]", '"moderator"']),
    (f'{X}manual = "head coach"', "R28", "achievement.x.manual", ['[roles."head coach"]']),
    # R29: what for
    (f"{POST}points = 5", "R29", "achievement.x", ["points", "purpose = "]),
    (f'{SIGNAL}{X}when = "s"\ngives_role = "R"', "R29", "achievement.x", ["a role", "purpose = "]),
    # R30: nobody hears of it
    (f"{SHELF}[rewards]\napprove_above = 5", "R30", "rewards", ["[channels] moderators"]),
    # R31: one button for two
    (f'{SCORE}[board.a]\nname = "Posts"\n[board.b]\nname = "Posts"', "R31", "board.b.name", ['board "a"', "another"]),
]


@pytest.mark.parametrize(("text", "rule", "key", "words"), WARNED)
def test_a_warning_names_rule_place_and_remedy(text: str, rule: str, key: str, words: list[str]) -> None:
    (found,) = warnings(text)
    assert (found.rule, found.key, found.severity) == (rule, key, "warning")
    assert found.line is not None
    assert found.line > 1
    assert [word for word in words if word not in found.text] == []


@pytest.mark.parametrize(
    "text",
    [
        f'[types]\nknown = ["workshop.given"]\n{X}when = "workshop.given"',
        f'{X}when = "ticket.resolved"\nsettle = "10 minutes"',
        f'{X}when = "ticket.resolved"',  # at once is a choice, and a late fact is dated right all the same
        f'{X}when = "member.anniversary"\nsettle = "1 second"',  # our own clock is never late
        achievements(12),
        achievements(13, "secret = true"),
        achievements(13, 'status = "shadow"'),
        f'{POST}within = "400 days"',
        f"{POST}goal = 20",
        f"{POST}goal = 100\nlimit.per_day = 5",
        f"{POST}goal = 100\nwhere.length.at_least = 80",
        f'{POST}goal = 100\ndistinct = "day"',
        f'{SIGNAL}{X}when = "s"\ngoal = 100',
        f'{X}when = "pull_request.merged"\ngoal = 100',
        f'{POST}where.channel.contains = "help"',
        f'{X}when = "meeting.held"\ncredit = "participants"\nself = true\n[types]\nknown = ["meeting.held"]',
        f'{X}when = "command.used"\nlimit.per_day = 1',
        f'{X}when = "reaction.added"\ncredit = "author"',  # one mark is one mark
        f'{X}when = "reaction.added"\ncredit = "author"\ngoal = 10\ndistinct = "actor"',
        f'{X}when = "reaction.added"\ncredit = "author"\ngoal = 10\nlimit.per_person = 2',
        f'{POST}streak = "day"\ngoal = 30\ngrace = 1',
        f'{POST}streak = "week"\ngoal = 52',
        f'{POST}in_one = "month"\ntop = 1\ngoal = 1\nsettle = "1 day"',
        f'{POST}distinct = "thread"\ngoal = 5',
        f"{POST}{FOR}points = 5",  # earned once, by one event: a cap would change nothing
        f'{POST}{FOR}repeat = true\nin_one = "week"\ngoal = 3\npoints = 5',
        f"{POST}{FOR}goal = 5\npoints = 5\nlimit.per_day = 1",
        f'{SIGNAL}{X}when = "s"\n{FOR}repeat = true\npoints = 5',
        f'{SIGNAL}[score.a]\nwhen = "s"\ngive = 5',
        '[score.a]\nwhen = "poll.voted"\ngive = 1\nlimit.per_week = 3',
        '[score.a]\nwhen = "poll.voted"\ngive = -1',
        f'{POST}{FOR}gives_role = "R"\nask = true',
        f'{X}manual = "moderator"\n{FOR}gives_role = "R"',
        f'{X}when = "action.validated"\n{FOR}gives_role = "R"',
        f'{SIGNAL}{X}when = "s"\n[achievement.y]\nname = "Y"\nneeds = ["x"]\n{FOR}gives_role = "R"',
        f'{SIGNAL}[score.a]\nwhen = "s"\ngive = 1\n[[level]]\nname = "L"\nat = 10\ngives_role = "R"',
        f'{X}when = "ticket.resolved"\nunless = "ticket.reopened"\nsettle = "2 days"',
        f'{POST}[achievement.y]\nname = "Y"\nwhen = "message.posted"\ngoal = 2',
        f'{X}manual = "moderator"\n[achievement.y]\nname = "Y"\nmanual = "moderator"',
        f'{X}manual = "trainer"\n[roles.trainer]\nslack = "@trainers"',
        f'{SHELF}[rewards]\n[channels]\nmoderators = {{ slack = "#mods" }}',
        "[rewards]\napprove_above = 5",  # nothing to redeem yet
        f'{SCORE}[board.a]\nname = "Posts"\n[board.b]\nname = "Posts this week"',
        f'{POST}goal = 500\nstatus = "off"',  # what is off bothers nobody
        f"{POST}goal = 500\nenabled = false",
    ],
)
def test_a_sensible_rule_is_left_in_peace(text: str) -> None:
    assert warnings(text) == []


def test_a_crowd_is_told_once() -> None:
    assert [found.rule for found in warnings(achievements(20))] == ["R13"]


def test_top_may_lack_both() -> None:
    assert [found.rule for found in warnings(f'{POST}in_one = "month"\ntop = 1')] == ["R20", "R20"]


def test_warnings_keep_no_book_from_use() -> None:
    text = f"{HEAD}{POST}goal = 500\n"
    assert load(text, "rules.toml").achievements["x"].goal == 500
    found = examine(text, "rules.toml")
    assert found.book is not None
    assert [warning.rule for warning in found.warnings] == ["R15"]


def test_a_rule_with_an_error_gets_no_warning_and_the_others_do() -> None:
    text = f"{HEAD}{POST}goal = 500\ngaol = 5\n{POST.replace('x]', 'y]')}goal = 501\n"
    found = examine(text, "rules.toml")
    assert [error.key for error in found.errors] == ["achievement.x"]
    assert [warning.key for warning in found.warnings] == ["achievement.y.when"]


def test_circles_do_not_stop_the_warnings() -> None:
    text = f'[signal.a]\nwhen = "b"\n[signal.b]\nwhen = "a"\n{X}when = "a"\n{FOR}gives_role = "R"\nneeds = ["x"]\n'
    assert {found.rule for found in warnings(text)} <= {"R25", "R27"}
