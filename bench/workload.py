"""Twenty-five mixed rules, ten thousand members, and chat as it comes: few people write most of it."""

from __future__ import annotations

import random
from collections.abc import Iterator

from core.events import Statement, message_id, reaction_id
from core.rules.book import RuleBook
from core.rules.loading import load

SOURCE = "slack:T1"
START = 1_767_225_600_000_000  # 2026-01-01
SPAN = 60 * 86_400_000_000
EMOJI = ("white_check_mark", "bulb", "pray", "heart", "eyes", "tada")


def _rule(id_: str, *lines: str) -> str:
    return f'[achievement.{id_}]\nname = "{id_}"\n' + "\n".join(lines) + "\n"


POSTS = 'when = ["message.posted", "thread.replied"]'
REACTIONS = 'when = "reaction.added"'
BOOK = "\n".join(
    (
        'rules = 1\n[community]\ntimezone = "Europe/Berlin"\nday_starts = "04:00"\n',
        '[words]\nhelpful = ["white_check_mark", "bulb", "pray"]\n',
        '[signal.helpful]\nwhen = "reaction.added"\nwhere.emoji = "@helpful"\nwhere.post_kind = "reply"\n'
        'credit = "author"\neach = "message"\ndistinct = "actor"\ngoal = 3\n',
        '[signal.busy_day]\nwhen = "message.posted"\nin_one = "day"\ngoal = 5\n',
        _rule("first", POSTS),
        _rule("ten", 'when = "message.posted"', "goal = 10"),
        _rule("long", 'when = "message.posted"', "where.length.at_least = 280", "goal = 5"),
        _rule("corner", 'when = "message.posted"', 'where.channel = "#c1"', "goal = 10"),
        _rule("channels", POSTS, 'distinct = "channel"', "goal = 5"),
        _rule("days", POSTS, 'distinct = "day"', "goal = 10"),
        _rule("words", 'when = "message.posted"', 'sum = "words"', "goal = 1000"),
        _rule("day", 'when = "message.posted"', 'in_one = "day"', "goal = 10"),
        _rule("week", POSTS, 'in_one = "week"', "goal = 20", "repeat = true"),
        _rule("streak_day", POSTS, 'streak = "day"', "goal = 5", "grace = 1"),
        _rule("streak_week", POSTS, 'streak = "week"', "goal = 4", "grace = 1"),
        _rule("every_fifty", 'when = "message.posted"', "goal = 50", "repeat = 5"),
        _rule("giver", REACTIONS, "goal = 10"),
        _rule("emoji", REACTIONS, 'distinct = "emoji"', "goal = 4"),
        _rule("liked", REACTIONS, 'credit = "author"', "goal = 25"),
        _rule("fans", REACTIONS, 'credit = "author"', 'distinct = "actor"', "goal = 10"),
        _rule("capped", REACTIONS, 'credit = "author"', "limit.per_person = 1", "limit.per_day = 3", "goal = 10"),
        _rule("helper", 'when = "helpful"'),
        _rule("trusted", 'when = "helpful"', 'distinct = "thread"', "goal = 5"),
        _rule("steady", 'when = "busy_day"', 'streak = "day"', "goal = 3"),
        _rule("bundle", 'needs = ["first", "giver", "channels"]'),
        '[score.posts]\nwhen = "message.posted"\nwhere.length.at_least = 10\nlimit.per_day = 20\ngive = 1\n',
        '[score.helpful]\nwhen = "helpful"\ngive = 5\n',
    )
)


RULES = 25
ELSEWHERE = ("pull_request.merged", "issue.closed", "ticket.resolved", "course.completed", "event.attended")


def book(rules: int = RULES) -> RuleBook:
    """With more than 25, the others are such as no event of this chat touches."""
    return load("\n".join((BOOK, *map(_untouched, range(rules - RULES)))), "bench.toml")


def _untouched(i: int) -> str:
    """Of another type, or of the most frequent one in a channel where nobody writes."""
    if i % 2:
        return _rule(f"elsewhere_{i}", f'when = "{ELSEWHERE[i % len(ELSEWHERE)]}"', "goal = 10")
    return _rule(f"room_{i}", 'when = "message.posted"', f'where.channel = "#room-{i}"', "goal = 10")


def statements(count: int, members: int = 10_000) -> list[Statement]:
    return list(chat(count, members))


def chat(count: int, members: int = 10_000, seed: int = 1) -> Iterator[Statement]:
    """Chat in order of time: 65 % posts, 15 % replies, 18 % reactions, 2 % deletions of a recent thing."""
    rng = random.Random(seed)
    recent: list[Statement] = []
    for i in range(count):
        at = START + SPAN * i // count
        person = f"{SOURCE}/U{int(members * rng.random() ** 2)}"
        kind = rng.random()
        if kind < 0.80 or len(recent) < 10:
            recent.append(_post(rng, i, at, person, recent, reply=kind >= 0.65))
            del recent[:-200]
            yield recent[-1]
        elif kind < 0.98:
            yield _reaction(rng, at, person, rng.choice(recent))
        else:
            gone = recent.pop(rng.randrange(len(recent)))
            yield Statement(SOURCE, gone.id, at, op="withdraw", reason="deleted")


def _post(rng: random.Random, i: int, at: int, person: str, recent: list[Statement], reply: bool) -> Statement:
    channel = f"C{rng.randrange(40)}"
    facts: dict[str, object] = {
        "message": message_id(channel, str(i)),
        "channel": f"#{channel.lower()}",
        "channel_id": channel,
        "post_kind": "reply" if reply else "post",
        "length": rng.randrange(400),
        "words": rng.randrange(60),
        "has_link": rng.random() < 0.1,
        "has_question": rng.random() < 0.2,
    }
    author = None
    if reply and recent:
        root = rng.choice(recent)
        facts["thread"], author = root.facts["message"], root.actor
    type_ = "thread.replied" if reply else "message.posted"
    return Statement(SOURCE, message_id(channel, str(i)), at, type_, actor=person, author=author, facts=facts)  # type: ignore[arg-type] # values as they are


def _reaction(rng: random.Random, at: int, person: str, message: Statement) -> Statement:
    channel, _, ts = message.id.removeprefix("message:").partition("/")
    emoji = rng.choice(EMOJI)
    user = person.rpartition("/")[2]
    facts = {"message": message.id, "emoji": emoji}
    return Statement(
        SOURCE,
        reaction_id(channel, ts, user, emoji),
        at,
        "reaction.added",
        actor=person,
        author=message.actor,
        facts=facts,
    )
