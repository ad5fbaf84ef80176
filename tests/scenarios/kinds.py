"""A story for each kind of rule: what people do on which day, and who holds the badge then.

Each story knows its own events by the number of words in its messages, by an emoji, or by what the desk forwards; so
all of them happen in the same town in the same week. Day 0 is Wednesday, 18 March 2026, at one o'clock in Berlin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.scenarios.acts import Act, answers, asks, deletes, joins, marks, says, sends, takes_back, unmarks

DAYS = 8
BOOK = """
rules = 1
[community]
timezone = "Europe/Berlin"
quiet_start = "0 days"
[defaults]
announce = "none"
[types]
known = ["garden.watered"]
"""


@dataclass(frozen=True)
class Story:
    """`rule`: of the achievement that is called like the story. `holds`: who holds it at the end of these days."""

    rule: str
    acts: Mapping[int, tuple[Act, ...]]
    holds: Mapping[int, list[str]]

    def table(self, name: str) -> str:
        return f'[achievement.{name}]\nname = "{name.replace("_", " ").capitalize()}"\n{self.rule}\n'


def posts(words: int, more: str) -> str:
    return f'when = "message.posted"\nwhere.words = {words}\n{more}'


STORIES: dict[str, Story] = {
    "tiers": Story(
        posts(2, "tiers = { Bronze = 1, Silver = 3, Gold = 4 }"),
        {
            0: (says("amira", 2), says("amira", 2), says("amira", 2, name="third"), says("jonas", 2)),
            1: (deletes("amira", "third"),),
            2: (says("amira", 2, "general", "help"),),
        },
        {
            0: ["amira Bronze", "amira Silver", "jonas Bronze"],
            1: ["amira Bronze", "jonas Bronze"],
            2: ["amira Bronze", "amira Gold", "amira Silver", "jonas Bronze"],
        },
    ),
    "distinct": Story(
        posts(3, 'distinct = "channel"\ngoal = 3'),
        {
            0: (says("amira", 3, "general", "help", "show-and-tell"), says("jonas", 3, "general", "help", "help")),
            1: (says("lena", 3, "general"),),
        },
        {0: ["amira"], 1: ["amira"]},
    ),
    "sum": Story(
        'when = "donation.made"\nsum = "amount"\ngoal = 10',
        {
            0: (
                sends("donation.made", "amira", amount=4.1),
                sends("donation.made", "amira", "gift", amount=5.9),
                sends("donation.made", "jonas", amount=9.99),
            ),
            1: (takes_back("gift"),),
            2: (sends("donation.made", "jonas", amount=0.01),),
        },
        {0: ["amira"], 1: [], 2: ["jonas"]},
    ),
    "best": Story(
        'when = "quiz.passed"\nbest = "points"\ntiers = { Good = 60, Expert = 90 }',
        {0: (sends("quiz.passed", "lena", points=95), sends("quiz.passed", "jonas", points=65))},
        {0: ["jonas Good", "lena Expert", "lena Good"]},
    ),
    "goal_all": Story(
        'when = "lesson.completed"\ndistinct = "course"\nwhere.course = ["fire", "tools"]\ngoal = "all"',
        {
            0: (sends("lesson.completed", "amira", course="fire"), sends("lesson.completed", "jonas", course="fire")),
            1: (sends("lesson.completed", "amira", course="tools"), sends("lesson.completed", "jonas", course="bees")),
        },
        {0: [], 1: ["amira"]},
    ),
    "in_one": Story(
        posts(4, 'in_one = "day"\ngoal = 2\nrepeat = true'),
        {0: (says("amira", 4), says("amira", 4)), 1: (says("amira", 4),), 3: (says("amira", 4, "general", "help"),)},
        {0: ["amira 2026-03-18"], 1: ["amira 2026-03-18"], 3: ["amira 2026-03-18", "amira 2026-03-21"]},
    ),
    "within": Story(
        posts(5, 'within = "3 days"\ngoal = 3'),
        {
            0: (says("amira", 5), says("jonas", 5)),
            1: (says("amira", 5),),
            2: (says("amira", 5), says("jonas", 5)),
            4: (says("jonas", 5),),
        },
        {1: [], 2: ["amira"], 4: ["amira"]},
    ),
    "streak": Story(
        posts(6, 'streak = "day"\ngoal = 3\ngrace = 1'),
        {
            0: (says("amira", 6), says("jonas", 6)),
            1: (says("amira", 6),),
            3: (says("amira", 6), says("jonas", 6)),
            4: (says("jonas", 6),),
        },
        {1: [], 3: ["amira 2026-03-21"], 4: ["amira 2026-03-21"]},
    ),
    "rest_days": Story(
        posts(24, 'streak = "day"\ngoal = 3\nrest_days = ["saturday", "sunday"]'),
        {2: (says("amira", 24), says("jonas", 24)), 5: (says("amira", 24),), 6: (says("amira", 24), says("jonas", 24))},
        {5: [], 6: ["amira 2026-03-24"]},
    ),
    "limit": Story(
        posts(7, "limit.per_day = 1\ngoal = 2"),
        {0: (says("amira", 7, "general", "help"), says("jonas", 7)), 1: (says("jonas", 7),)},
        {0: [], 1: ["jonas"]},
    ),
    "unless": Story(
        'when = "ticket.resolved"\ngoal = 2\nunless = { when = "ticket.reopened" }\nif_undone = "revoke"',
        {
            0: (
                sends("ticket.resolved", "amira", ticket="K1"),
                sends("ticket.resolved", "amira", ticket="K2"),
                sends("ticket.resolved", "jonas", ticket="K3"),
                sends("ticket.resolved", "jonas", ticket="K4"),
            ),
            1: (sends("ticket.reopened", "lena", "again", ticket="K2"),),
            2: (takes_back("again"), sends("ticket.reopened", "lena", ticket="K4")),
        },
        {0: ["amira", "jonas"], 1: ["jonas"], 2: ["amira"]},
    ),
    "unless_window": Story(
        posts(25, 'in_one = "week"\ngoal = 2\nrepeat = true\nunless = { when = "ticket.escalated", match = "window" }'),
        {
            0: (says("amira", 25, "general", "help"), says("jonas", 25, "general", "help")),
            1: (sends("ticket.escalated", "amira", ticket="K9"),),
            6: (says("amira", 25, "general", "help"),),
        },
        {0: ["amira 2026-W12", "jonas 2026-W12"], 1: ["jonas 2026-W12"], 6: ["amira 2026-W13", "jonas 2026-W12"]},
    ),
    "each": Story(
        'when = "reaction.added"\nwhere.emoji = "rocket"\ncredit = "author"\n'
        'each = "message"\ndistinct = "actor"\ngoal = 2',
        {
            0: (
                says("amira", 1, name="launch"),
                says("jonas", 1, name="other"),
                marks("lena", "rocket", "launch"),
                marks("tomas", "rocket", "other"),
                marks("jonas", "rocket", "other"),
            ),
            1: (marks("tomas", "rocket", "launch"),),
            2: (unmarks("lena", "rocket", "launch"),),
        },
        {0: [], 1: ["amira"], 2: []},
    ),
    "steps": Story(
        'steps = ["thread.started", { when = "thread.replied", credit = "author", where = { words = 8 } },\n'
        '  { when = "reaction.added", where = { emoji = "pray" } }]\nsame = "thread"\nwithin = "3 days"',
        {
            0: (says("amira", 1, name="question"), says("lena", 1, name="elsewhere")),
            1: (answers("jonas", 8, "question", "answer"), answers("jonas", 8, "elsewhere")),
            2: (marks("amira", "pray", "answer"), marks("lena", "pray", "answer")),
        },
        {1: [], 2: ["amira"]},
    ),
    "any_order": Story(
        'steps = [{ when = "message.posted", where = { words = 9 } }, { when = "command.used", where = '
        '{ command = "leaderboard" } }, { when = "reaction.added", where = { emoji = "eyes" } }]\nany_order = true',
        {
            0: (says("lena", 9, name="hello"), marks("jonas", "eyes", "hello"), marks("amira", "eyes", "hello")),
            1: (asks("jonas", "/leaderboard"), asks("lena", "/leaderboard")),
            2: (says("jonas", 9),),
        },
        {1: [], 2: ["jonas"]},
    ),
    "all": Story(
        'all = [{ when = "message.posted", where = { words = 10 }, goal = 2 }, '
        '{ when = "garden.watered" }]',
        {
            0: (says("amira", 10, "general", "help"), says("jonas", 10), sends("garden.watered", "jonas")),
            1: (sends("garden.watered", "amira"),),
        },
        {0: [], 1: ["amira"]},
    ),
    "any": Story(
        'any = [{ when = "message.posted", where = { words = 11 } }, { when = "garden.watered" }, '
        '{ when = "reaction.added", where = { emoji = "heart" } }]\ngoal = 2',
        {1: (says("jonas", 11, name="nice"), says("lena", 11), marks("lena", "heart", "nice"))},
        {0: [], 1: ["jonas", "lena"]},
    ),
    "after_absence": Story(
        posts(12, 'after_absence = "3 days"'),
        {0: (says("kofi", 12), says("mei", 12)), 2: (says("mei", 12),), 5: (says("kofi", 12), says("mei", 12))},
        {2: [], 5: ["kofi"]},
    ),
    "needs": Story(
        'needs = ["distinct", "any_order", "best"]',
        {1: (sends("quiz.passed", "amira", points=61),), 3: (says("jonas", 3, "show-and-tell"),)},
        {2: [], 3: ["jonas"]},
    ),
    "who": Story(
        posts(13, 'who = { role = "Staff" }\ngoal = 2'),
        {0: (says("tomas", 13), says("amira", 13)), 1: (says("tomas", 13), says("amira", 13))},
        {0: [], 1: ["tomas"]},
    ),
    "member_for": Story(
        posts(14, 'tiers = { New = { goal = 1 }, Known = { goal = 2, member_for = "3 days" } }'),
        {0: (joins("rosa"),), 1: (says("rosa", 14, "general", "help"),)},
        {1: ["rosa New"], 2: ["rosa New"], 3: ["rosa Known", "rosa New"]},
    ),
    "first": Story(
        posts(15, "first = 2"),
        {
            0: (says("jonas", 15, name="mine"),),
            1: (says("lena", 15),),
            2: (says("tomas", 15),),
            3: (deletes("jonas", "mine"),),
        },
        {2: ["jonas", "lena"], 3: ["lena", "tomas"]},
    ),
    "top": Story(
        posts(16, 'in_one = "day"\ntop = 1\ngoal = 2\nrepeat = true'),
        {
            0: (says("amira", 16, "general", "help"), says("jonas", 16, "general", "help"), says("lena", 16)),
            1: (says("lena", 16),),
            2: (says("lena", 16, "general", "help"),),
        },
        {0: [], 1: ["amira 2026-03-18", "jonas 2026-03-18"], 2: ["amira 2026-03-18", "jonas 2026-03-18"],
         3: ["amira 2026-03-18", "jonas 2026-03-18", "lena 2026-03-20"]},
    ),
    "community": Story(
        posts(17, 'for = "community"\ngoal = 3'),
        {0: (says("amira", 17, "general", "help"),), 1: (says("jonas", 17),), 2: (says("lena", 17),)},
        {0: [], 1: ["amira", "jonas"], 2: ["amira", "jonas"]},
    ),
    "team": Story(
        'for = "team"\nwhen = "course.completed"\ngoal = 3',
        {
            0: (sends("course.completed", "amira", team="red"), sends("course.completed", "lena", team="blue")),
            1: (sends("course.completed", "amira", team="red"), sends("course.completed", "lena", team="blue")),
            2: (sends("course.completed", "jonas", team="red"), sends("course.completed", "tomas")),
        },
        {1: [], 2: ["amira", "jonas"]},
    ),
    "dates": Story(
        posts(18, "from = 2026-03-19\nuntil = 2026-03-20\ngoal = 2"),
        {
            0: (says("amira", 18),),
            1: (says("amira", 18), says("jonas", 18)),
            2: (says("jonas", 18),),
            3: (says("amira", 18),),
        },
        {1: [], 2: ["jonas"], 3: ["jonas"]},
    ),
    "season": Story(
        posts(19, 'season = ["03-19", "03-20"]\ngoal = 2'),
        {
            0: (says("amira", 19),),
            1: (says("amira", 19), says("jonas", 19)),
            2: (says("jonas", 19),),
            3: (says("amira", 19),),
        },
        {1: [], 2: ["jonas"], 3: ["jonas"]},
    ),
    "cooldown": Story(
        posts(20, 'repeat = true\ncooldown = "36 hours"'),
        {0: (says("amira", 20),), 1: (says("amira", 20),), 2: (says("amira", 20),), 3: (says("amira", 20),)},
        {1: ["amira"], 2: ["amira", "amira"], 3: ["amira", "amira"]},
    ),
    "lasts": Story(
        posts(21, 'lasts = "2 days"\nannounce = "private"'),
        {0: (says("amira", 21),), 1: (says("jonas", 21),), 3: (says("amira", 21),)},
        {0: ["amira"], 1: ["amira", "jonas"], 2: ["jonas"], 3: []},
    ),
    "while_true": Story(
        posts(22, 'within = "2 days"\ngoal = 2\nlasts = "while true"\nannounce = "private"'),
        {0: (says("amira", 22),), 1: (says("amira", 22),), 5: (says("amira", 22, "general", "help"),)},
        {0: [], 1: ["amira"], 2: [], 5: ["amira"], 6: ["amira"], 7: []},
    ),
    "milestone": Story(
        'when = "member.milestone"\nwhere.days.at_least = 4\nwho.joined_after = 2026-03-17',
        {0: (joins("ines"),)},
        {3: [], 4: ["ines", "rosa"]},
    ),
    "period": Story(
        'when = "period.closed"\nwhere.period = "day"\ngoal = 2\nwho.joined_after = 2026-03-17',
        {},  # of those who join in the other stories
        {1: [], 2: ["ines", "rosa"]},
    ),
    "silent_for_the_clock": Story(
        posts(27, 'after_absence = "4 days"'),
        {5: (says("ines", 27), says("amira", 27))},
        {5: ["ines"]},
    ),
    "aged": Story(
        'when = "message.aged"\nwhere.age = "3 days"\nwhere.words = 23',
        {0: (says("amira", 23),), 1: (says("jonas", 23, name="gone"),), 2: (deletes("jonas", "gone"),)},
        {2: [], 3: ["amira"], 4: ["amira"]},
    ),
    "signal": Story(
        'when = "praised"\ngoal = 2\n[signal.praised]\nwhen = "reaction.added"\nwhere.emoji = "clap"\n'
        'credit = "author"\neach = "message"\ndistinct = "actor"\ngoal = 2',
        {
            0: (says("jonas", 1, name="one"), marks("lena", "clap", "one"), marks("amira", "clap", "one")),
            1: (says("jonas", 1, name="two"), marks("lena", "clap", "two"), marks("tomas", "wave", "one")),
            2: (marks("tomas", "clap", "two"),),
        },
        {1: [], 2: ["jonas"]},
    ),
    "level": Story(
        'when = "level.reached"\nwhere.level.at_least = 2\n[score.words]\nwhen = "message.posted"\n'
        'where.words = 26\ngive = 5\n[[level]]\nname = "Guest"\nat = 5\n[[level]]\nname = "Regular"\nat = 10',
        {0: (says("lena", 26), says("jonas", 26)), 2: (says("lena", 26, name="more"),), 3: (deletes("lena", "more"),)},
        {0: [], 2: ["lena"], 3: []},
    ),
    "engine": Story(
        'when = "achievement.earned"\nwhere.achievement = ["tiers", "distinct", "in_one"]\n'
        'distinct = "achievement"\ngoal = 3',
        {},
        {0: ["amira"], 3: ["amira"]},
    ),
}  # fmt: skip


def book() -> str:
    return BOOK + "".join(story.table(name) for name, story in STORIES.items())
