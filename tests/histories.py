"""Random histories of a small community: everything that can be said about a fact, in any order of arrival."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from core.events import Statement
from core.times import read_time, write_time

SECOND = 1_000_000
DAY = 86_400 * SECOND
START = read_time("2026-03-16T00:00:00Z")  # two weeks around the clock change in Berlin
NOW = read_time("2026-04-20T12:00:00Z")
PEOPLE = tuple(f"slack:T1/{u}" for u in "WXYZ")

BOOK = """
rules = 1
[community]
timezone = "Europe/Berlin"
day_starts = "04:00"
quiet_start = "0 days"
ignore_channels = ["#noise"]
[words]
ok = ["ok", "yes"]
[signal.good]
when = "reaction.added"
where.emoji = "@ok"
credit = "author"
each = "message"
distinct = "actor"
goal = 2
[signal.busy]
when = "message.posted"
in_one = "week"
goal = 3
[signal.room]
when = "message.posted"
each = "channel"
in_one = "day"
goal = 2
[signal.fresh]
when = "reaction.added"
credit = "author"
each = "message"
goal = 2
open_for = "2 days"
[signal.better]
when = "good"
in_one = "day"
goal = 2
[achievement.first]
name = "First"
when = "message.posted"
[achievement.five]
name = "Five"
when = "message.posted"
goal = 5
if_undone = "revoke"
points = 3
[achievement.helper]
name = "Helper"
when = "good"
goal = 2
points = 5
gives_role = "helper"
settle = "1 day"
if_undone = "revoke"
[achievement.fresh_two]
name = "Fresh two"
when = "fresh"
goal = 2
if_undone = "revoke"
[achievement.threads]
name = "Threads"
when = "good"
distinct = "channel"
goal = 2
if_undone = "revoke"
[achievement.better_day]
name = "Better day"
when = "better"
if_undone = "revoke"
[achievement.channels]
name = "Channels"
when = ["message.posted", "thread.replied"]
distinct = "channel"
goal = 3
if_undone = "revoke"
[achievement.spoke]
name = "Spoke"
when = "voice.session_ended"
sum = "minutes"
goal = 60
if_undone = "revoke"
[achievement.hours]
name = "Hours"
when = "voice.session_ended"
sum = "minutes"
goal = 30
in_one = "week"
repeat = 2
if_undone = "revoke"
[achievement.full_day]
name = "Full day"
when = "message.posted"
in_one = "day"
goal = 2
repeat = true
if_undone = "revoke"
[achievement.run]
name = "Run"
when = "message.posted"
streak = "day"
goal = 3
grace = 1
if_undone = "revoke"
[achievement.steady]
name = "Steady"
when = "busy"
streak = "week"
goal = 2
if_undone = "revoke"
[achievement.best]
name = "Best"
when = "reaction.added"
credit = "author"
each = "message"
goal = 3
if_undone = "revoke"
[achievement.each_room]
name = "Each room"
when = ["message.posted", "thread.replied"]
each = "channel"
goal = 4
repeat = true
limit.per_day = 2
if_undone = "revoke"
[achievement.rooms]
name = "Rooms"
when = "room"
each = "channel"
goal = 2
repeat = 2
if_undone = "revoke"
[achievement.every]
name = "Every"
when = "message.posted"
goal = 3
repeat = 4
if_undone = "revoke"
points = 1
[achievement.capped]
name = "Capped"
when = "reaction.added"
credit = "author"
goal = 4
limit.per_person = 1
limit.per_day = 3
if_undone = "revoke"
[achievement.paced]
name = "Paced"
when = "message.posted"
goal = 4
limit.one_per = "1 hour"
limit.per_week = 5
if_undone = "revoke"
[achievement.bundle]
name = "Bundle"
needs = ["first", "helper"]
if_undone = "revoke"
[achievement.pair]
name = "Pair"
needs = { of = ["channels", "people", "five"], at_least = 2 }
settle = "12 hours"
if_undone = "revoke"
[achievement.gated]
name = "Gated"
when = "thread.replied"
goal = 2
needs = ["channels"]
if_undone = "revoke"
[achievement.people]
name = "People"
when = ["message.posted", "thread.replied"]
distinct = "day"
goal = 3
if_undone = "revoke"
[achievement.slow]
name = "Slow"
when = "message.posted"
goal = 2
settle = "2 days"
if_undone = "revoke"
[achievement.pick]
name = "Pick"
manual = "moderator"
repeat = true
if_undone = "revoke"
[score.post]
when = "message.posted"
where.length.at_least = 20
limit.per_day = 3
give = 1
[score.good]
when = "good"
give = 5
[score.reply]
when = "thread.replied"
give = 2
[score.room]
when = "room"
limit.per_object = 2
give = 1
[score.talk]
when = "voice.session_ended"
limit.one_per = "8 hours"
limit.per_month = 4
give = 1
"""

GRANTED = ("pick", "five", "full_day", "helper")


class Storyteller:
    """One random history. `said` is everything that was said, in order of telling."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - a history, no secret
        self.said: list[Statement] = []
        self.messages: list[Statement] = []
        self.span = self.random.choice([4, 12, 21]) * DAY

    def tell(self, length: int) -> list[Statement]:
        acts: list[Callable[[], None]] = [self.post] * 8 + [self.react] * 9 + [self.talk] * 3 + [self.moderate]
        for _ in range(length):
            self.random.choice(acts)()
        if self.random.random() < 0.5:
            self.opt_out()
        return self.arrive()

    def moment(self) -> int:
        """Some of them fall together, many on the hour."""
        at = START + self.random.randrange(self.span)
        return at // (3600 * SECOND) * 3600 * SECOND if self.random.random() < 0.3 else at

    def later(self, at: int) -> int:
        return at + self.random.choice([0, SECOND, self.random.randrange(2 * DAY)])

    def post(self) -> None:
        room, kind = self.random.choice("abcd"), self.random.choice(["message.posted"] * 3 + ["thread.replied"])
        id_, at = f"message:{room}/{len(self.said)}", self.moment()
        channel = "#noise" if self.random.random() < 0.05 else f"#{room}"
        facts = {"message": id_, "channel": channel, "channel_id": room, "length": self.random.randrange(60)}
        facts["post_kind"] = "reply" if kind == "thread.replied" else "post"
        if self.random.random() < 0.05:
            facts["private"] = True
        if self.random.random() < 0.05:
            facts["at_is_approximate"] = True
        first = Statement("slack:T1", id_, at, kind, actor=self.random.choice(PEOPLE), facts=facts)
        self.say(first)
        self.messages.append(first)
        if self.random.random() < 0.2:
            edited = {k: v for k, v in facts.items() if k != "at_is_approximate"} | {
                "length": self.random.randrange(60)
            }
            if self.random.random() < 0.2:
                edited["channel"] = "#e"
            self.say(replace(first, at=self.later(at), facts=edited))
        if self.random.random() < 0.12:
            self.say(Statement("slack:T1", id_, self.later(at), op="withdraw", reason="deleted"))
        if self.random.random() < 0.03:
            self.say(replace(first, at=self.later(self.later(at))))

    def react(self) -> None:
        if not self.messages:
            return
        message = self.random.choice(self.messages[-12:])
        who, emoji = self.random.choice(PEOPLE), self.random.choice(["ok", "yes", "no"])
        id_ = f"reaction:{message.id}/{who}/{emoji}"
        at = message.at + self.random.choice([0, self.random.randrange(5 * DAY)])
        facts = {"message": message.id, "emoji": emoji, "object_at": write_time(message.at)}
        facts |= {name: message.facts[name] for name in ("post_kind", "channel", "channel_id")}
        first = Statement("slack:T1", id_, at, "reaction.added", actor=who, author=message.actor, facts=facts)
        self.say(first)
        if self.random.random() < 0.3:
            self.say(Statement("slack:T1", id_, max(START, at + self.random.randrange(-DAY, DAY)), op="withdraw"))
        if self.random.random() < 0.15:
            self.say(replace(first, at=self.later(at)))
        if self.random.random() < 0.08:  # a mark that was read again, with other facts
            self.say(replace(first, at=self.later(at), facts=facts | {"channel": "#e", "emoji": "no"}))

    def talk(self) -> None:
        facts = {"minutes": self.random.randrange(1, 30)}
        name = f"voice:{len(self.said)}"
        self.say(Statement("slack:T1", name, self.moment(), "voice.session_ended", actor=self.one(), facts=facts))

    def moderate(self) -> None:
        kind = self.random.choice(["grant.made", "award.revoked"])
        facts = {"achievement": self.random.choice(GRANTED), "reason": "it was so"}
        id_, at = f"{kind}:{len(self.said)}", self.moment()
        self.say(Statement("moderator", id_, at, kind, actor="slack:T1/M", target=self.one(), facts=facts))
        if self.random.random() < 0.3:
            self.say(Statement("moderator", id_, self.later(at), op="withdraw"))

    def opt_out(self) -> None:
        who, at = self.one(), self.moment()
        for i, tracking in enumerate(
            self.random.choice([("off",), ("off", "on"), ("on", "off"), ("off", "on", "off")])
        ):
            id_ = f"settings:{who}/{i}"
            facts = {"tracking": tracking}
            at = self.later(at)
            self.say(Statement("slack:T1", id_, at, "member.settings_changed", actor=who, facts=facts))
            if self.random.random() < 0.2:
                self.say(Statement("slack:T1", id_, self.later(at), op="withdraw"))

    def one(self) -> str:
        return self.random.choice(PEOPLE)

    def say(self, statement: Statement) -> None:
        self.said.append(statement)

    def arrive(self) -> list[Statement]:
        """In order, nearly in order, or in no order; some of it twice."""
        said = list(self.said)
        match self.random.choice(["in order", "nearly", "shuffled"]):
            case "in order":
                said.sort(key=lambda s: s.at)
            case "nearly":
                said.sort(key=lambda s: s.at + (self.random.randrange(12 * DAY) if self.random.random() < 0.1 else 0))
            case _:
                self.random.shuffle(said)
        for again in self.random.sample(said, len(said) // 10):
            said.insert(self.random.randrange(len(said)), again)
        return said


def history(seed: int, length: int = 80) -> list[Statement]:
    return Storyteller(seed).tell(length)
