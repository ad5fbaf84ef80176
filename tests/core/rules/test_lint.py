"""Rules that follow the grammar and make no sense, each told with its remedy."""

from __future__ import annotations

import pytest

from tests.core.rules.books import POST, book, faults

SIGNAL = '[signal.s]\nwhen = "reaction.added"\n'


def told(text: str) -> list[str]:
    """Faults without their line."""
    return [f.split(" ", 1)[1] for f in faults(text)]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        # R2: one head, one measure, one frame
        (f'{POST}steps = ["a.b"]', "achievement.x: use only one of when / steps"),
        ('[achievement.x]\nname = "X"', "achievement.x: say how it is earned: when, steps, all, any, needs or"),
        (f'{POST}distinct = "day"\nsum = "amount"', "achievement.x.sum: use only one of distinct / sum"),
        (f'{POST}in_one = "day"\nstreak = "week"', "achievement.x.streak: use only one of in_one / streak"),
        (f'{POST}manual = "moderator"', "achievement.x.manual: manual stands alone"),
        ('[signal.s]\neach = "message"', 'signal.s: say what counts: when = "message.posted"'),
        ("[score.s]\ngive = 1", 'score.s: say what counts: when = "message.posted"'),
        (
            '[achievement.x]\nname = "X"\nmanual = "moderator"\ncredit = "author"',
            "achievement.x.credit: credit goes with when",
        ),
        (
            '[achievement.x]\nname = "X"\nany = [{ when = "a.b" }, { goal = 2 }]',
            "achievement.x.any[2]: say how it is earned: when, steps, all or any",
        ),
        (f"{POST}any_order = true", "achievement.x.any_order: any_order goes with steps"),
        (f'{POST}same = "thread"', "achievement.x.same: same goes with steps, all or any"),
        (f"{POST}grace = 1", 'achievement.x.grace: grace goes with streak, as streak = "week"'),
        (f"{POST}at_least = 2", "achievement.x.at_least: at_least goes with streak"),
        (f'{POST}unless = {{ when = "a.b", match = "window" }}', 'achievement.x.unless.match: match = "window" needs'),
        # R3: circles
        (
            '[signal.a]\nwhen = "b"\n[signal.b]\nwhen = "c"\n[signal.c]\nwhen = "a"',
            "signal.a.when: a circle: a needs b needs c needs a; take one of them out",
        ),
        ('[signal.a]\nwhen = "a"', "signal.a.when: a circle: a needs a"),
        (
            '[achievement.x]\nname = "X"\nneeds = ["y"]\n[achievement.y]\nname = "Y"\nneeds = ["x"]',
            "achievement.x.needs: a circle: x needs y needs x",
        ),
        # R4: unknown needs
        (
            f'{POST}needs = ["helpr"]\n[achievement.helper]\nname = "H"\nwhen = "a.b"',
            'no achievement is called "helpr". Did',
        ),
        (f'{POST}needs = ["zebra"]', 'no achievement is called "zebra". Add it, or take it out'),
        (
            f'{POST}needs = {{ of = ["y"], at_least = 2 }}\n[achievement.y]\nname = "Y"\nwhen = "a.b"',
            "achievement.x.needs: at_least is above the 1 achievements",
        ),
        (f"{POST}who.level = 2", "achievement.x.who.level: there are no levels; add [[level]] tables"),
        (f'{POST}who.level = 2\n[[level]]\nname = "L"\nat = 1', "there is no level 2; write a number from 1 to 1"),
        (
            '[achievement.x]\nname = "X"\nwhen = "achievement.earned"\nwhere.achievement = "helpr"\n'
            '[achievement.helper]\nname = "H"\nmanual = "moderator"',
            'achievement.x.where.achievement: no achievement is called "helpr". Did you mean "helper"?',
        ),
        (
            f'{POST}who.level = "L"\n[[level]]\nname = "L"\nat = 1\nneeds = ["x"]',
            "achievement.x.who: a circle: x needs level 1 needs x",
        ),
        # R5, R6
        (f"{POST}tiers = {{ A = 5, B = 5 }}", "achievement.x.tiers.B: tiers must rise; write more than 5"),
        (f"{POST}tiers = {{ A = 5 }}\ngoal = 2", "achievement.x.goal: tiers replace goal"),
        (f"{POST}top = 1", "achievement.x.top: top needs a period"),
        # R7: slips
        (
            '[signal.s]\nwhen = "reation.aded"',
            'signal.s.when: unknown event type "reation.aded". Did you mean "reaction.added"',
        ),
        (f'{POST}distinct = "chanel"', 'achievement.x.distinct: unknown fact "chanel". Did you mean "channel"?'),
        (f"{POST}where.lenght = 5", 'achievement.x.where.lenght: unknown fact "lenght". Did you mean "length"?'),
        (f'{SIGNAL}[score.a]\nwhen = "z"\ngive = 1', 'score.a.when: no signal is called "z". Add [signal.z]'),
        ('[signal.helpful]\nwhen = "a.b"\n[score.a]\nwhen = "helpfull"\ngive = 1', 'Did you mean "helpful"?'),
        # R9: goal above what where allows
        (
            f'{POST}distinct = "course"\nwhere.course = ["a", "b"]\ngoal = 3',
            "achievement.x.goal: goal 3 is out of reach: course can have only 2 different values",
        ),
        (f'{POST}distinct = "weekday"\ngoal = 8', "weekday can have only 7 different values"),
        (f'{POST}distinct = "course"\ngoal = "all"', "needs the full list: where.course = "),
        (f'{POST}goal = "all"', 'goal = "all" needs distinct = X'),
        (f'{POST}distinct = "emoji"\nwhere.emoji = "bulb"\ngoal = 2', "emoji can have only 1 different values"),
        (f'{POST}distinct = "hour"\nwhere.hour.between = [1, 3]\ngoal = 4', "hour can have only 3 different values"),
        (f'{POST}distinct = "day"\nin_one = "week"\ngoal = 8', "day can have only 7 different values"),
        (
            f'{POST}distinct = "day"\nin_one = "week"\nwhere.weekday = ["saturday", "sunday"]\ngoal = 3',
            "day can have only 2 different values",
        ),
        (f'{POST}best = "amount"\nwhere.amount.at_most = 100\ngoal = 200', "where leaves amount at most 100"),
        (f'{POST}distinct = "actor"\ngoal = 2', 'actor is always the member who is credited; add credit = "author"'),
        (f'{POST}credit = "target"\ndistinct = "target"\ngoal = 2', 'write distinct = "actor"'),
        (
            '[achievement.x]\nname = "X"\nany = [{ when = "a.b" }, { when = "c.d" }]\ngoal = 3',
            "achievement.x.goal: goal 3 is out of reach: any has 2 parts",
        ),
        # R10: limit makes the goal unreachable
        (
            f'{SIGNAL}each = "message"\ngoal = 3\nlimit.per_object = 2',
            "signal.s.goal: goal 3 is out of reach: limit.per_object leaves at most 2 on one message",
        ),
        (
            f'{POST}in_one = "day"\ngoal = 50\nlimit.per_day = 5',
            "achievement.x.goal: goal 50 is out of reach: limit.per_day leaves at most 5 in one day",
        ),
        (f'{POST}in_one = "week"\ngoal = 15\nlimit.per_day = 2', "limit.per_day leaves at most 14 in one week"),
        (f'{POST}in_one = "day"\ngoal = 30\nlimit.one_per = "1 hour"', "limit.one_per leaves at most 27 in one day"),
        (
            f'{POST}streak = "day"\nat_least = 3\ngoal = 9\nlimit.per_week = 2',
            "achievement.x.at_least: goal 3 is out of reach: limit.per_week leaves at most 2 in one day",
        ),
        # R11
        (f"{POST}from = 2026-09-01\nuntil = 2026-08-31", "achievement.x.until: until lies before from"),
        # R21: undated signal under a frame
        (
            f'{SIGNAL}each = "channel"\n[achievement.x]\nname = "X"\nwhen = "s"\nin_one = "week"',
            'achievement.x.in_one: signal "s" has no date',
        ),
        (f'{SIGNAL}goal = 3\n[achievement.x]\nname = "X"\nwhen = "s"\nstreak = "week"', 'signal "s" has no date'),
        (
            f'{SIGNAL}each = "channel"\n[achievement.x]\nname = "X"\nseason = ["12-01", "01-31"]\n'
            'all = [{ when = "s" }, { when = "a.b", unless = "s" }]',
            'achievement.x.season: signal "s" has no date',
        ),
        # rules-exact 13, 18, 35
        (f'{POST}streak = "week"\nrepeat = true', "achievement.x.repeat: repeat does not go with streak"),
        (f'{POST}within = "7 days"\nrepeat = true', "achievement.x.repeat: repeat does not go with within"),
        (f'{POST}best = "amount"\nrepeat = 3', "achievement.x.repeat: repeat does not go with best"),
        (f"{POST}first = 3\nrepeat = true", "achievement.x.repeat: first and repeat exclude each other"),
        (f'{POST}cooldown = "1 day"', "achievement.x.cooldown: cooldown goes with repeat"),
        (f'{POST}limit.one_per = "1 day"', "achievement.x.limit.one_per: write less than a day"),
        (f'{SIGNAL}each = "tag"\nopen_for = "3 days"', "signal.s.open_for: only things with a date can close"),
        (f"{POST}goal = 1.5", "achievement.x.goal: write a whole number"),
        ('[achievement."a b"]\nname = "X"\nwhen = "a.b"', "achievement.a b: an id has letters, digits, _ and -"),
        ('[[level]]\nname = "A"\nat = 10\n[[level]]\nname = "B"\nat = 10', "level[2].at: levels must rise"),
    ],
)
def test_a_rule_without_sense_is_refused_with_its_remedy(text: str, fault: str) -> None:
    found = told(text)
    assert len(found) == 1, found
    assert fault in found[0]


@pytest.mark.parametrize(
    "text",
    [
        f'{POST}in_one = "week"\ngoal = 14\nlimit.per_day = 2',
        f'{POST}in_one = "month"\ngoal = 6\nlimit.per_week = 1',  # a month can touch six weeks
        f"{POST}goal = 50\nlimit.per_day = 1",  # no frame: the days add up
        f'{POST}in_one = "day"\nsum = "amount"\ngoal = 50\nlimit.per_day = 1',  # one event may bring all of it
        f'{POST}in_one = "week"\nrepeat = true\ngoal = 3',
        f'{SIGNAL}each = "tag"\n{POST}in_one = "week"\nunless = "s"',  # what cancels needs no place in the week
        f'{POST}for = "team"\ndistinct = "actor"\ngoal = 3',  # a team has several people
        f'{POST}credit = "participants"\ndistinct = "participants"\ngoal = 3',
        f'{POST}distinct = "day"\nin_one = "week"\ngoal = 7',
        f'{POST}best = "amount"\nwhere.amount.at_most = 100\ngoal = 100',
        f'{SIGNAL}each = "thread"\ngoal = 3\nlimit.per_object = 2',  # a thread has several messages
        f'{POST}who.level = "L"\n[[level]]\nname = "L"\nat = 1',
        f'{POST}distinct = "mentions"\nwhere.mentions = "slack:T1/U1"\ngoal = 3',  # a list has other values, too
        f'{SIGNAL}each = "message"\n[achievement.x]\nname = "X"\nwhen = "s"\nin_one = "week"',
        f'{SIGNAL}in_one = "day"\n[achievement.x]\nname = "X"\nwhen = "s"\nstreak = "week"',
        f'{SIGNAL}each = "tag"\n[achievement.x]\nname = "X"\nwhen = "s"\ngoal = 3',
        '[types]\nknown = ["mesage.posted"]\n[achievement.x]\nname = "X"\nwhen = "mesage.posted"',
        '[achievement.x]\nname = "X"\nwhen = "workshop.given"',  # another unknown type is no error
        '[achievement.x]\nname = "X"\nwhen = "ticket.opened"',
        f'{POST}where.word = "moin"',
        f'{POST}needs = ["y", "z"]\n[achievement.y]\nname = "Y"\nneeds = ["z"]\n'
        '[achievement.z]\nname = "Z"\nwhen = "a.b"',
    ],
)
def test_a_rule_that_makes_sense_is_taken(text: str) -> None:
    assert book(text)


def test_a_rule_that_could_not_be_read_is_not_called_senseless_too() -> None:
    found = told('[achievement.x]\nname = "X"\nwhn = "message.posted"\n')
    assert found == ['achievement.x: unknown key "whn". Did you mean "when"?']


def test_names_of_rules_with_a_fault_are_known_to_the_others() -> None:
    text = f'[signal.s]\nwhen = "a.b"\ngoal = "x"\n[achievement.x]\nname = "X"\nwhen = "s"\nneeds = ["y"]\n{POST}'
    text = text.replace(POST, '[achievement.y]\nwhen = "a.b"\n')
    assert [f.split(":")[0] for f in told(text)] == ["signal.s.goal", "achievement.y"]
