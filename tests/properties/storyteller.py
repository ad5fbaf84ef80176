"""What people of a small community do: one act at a time, at any moment of three weeks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

from core.events import Statement, Value
from core.times import read_time, write_time

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
SPAN = 21 * DAY
TEAM = "slack:T1"
PEOPLE = ("slack:T1/W", "slack:T1/X", "slack:T1/Y", "discord:9/5")
LINKS = ((), (("slack:T1/X", "discord:9/5"),), (("slack:T1/W", "slack:T1/Y"),))
# Three weeks in which the clocks of Berlin change, or the year ends.
ERAS = tuple(read_time(f"{day}T00:00:00Z") for day in ("2026-03-18", "2026-10-14", "2026-12-19"))
ZONES = ("Asia/Tokyo", "America/Los_Angeles", "Europe/Berlin", "Pacific/Auckland", "Nowhere/At_All")


class Storyteller:
    """Acts of a kind. `end`: nothing happens later; it moves on when time goes by."""

    def __init__(self, random: Random, acts: Sequence[str], start: int) -> None:
        self.random, self.acts, self.start, self.end = random, acts, start, start + SPAN
        self.said = 0
        self.messages: list[Statement] = []
        self.moments: list[int] = []

    def tell(self) -> Statement:
        self.said += 1
        act = self.random.choice(self.acts)
        said: Statement = getattr(self, act)()
        return said

    # ---- what happens in channels

    def post(self) -> Statement:
        room = self.random.choice("abcd")
        id_ = f"message:{room}/{self.said}"
        facts: dict[str, Value] = {"message": id_, "channel": f"#{room}", "channel_id": room}
        facts |= {"length": self.random.randrange(60), **self.stamped()}
        if self.random.random() < 0.06:
            facts |= self.random.choice([{"bot": True}, {"private": True}, {"channel": "#noise"}])
        kind = self.random.choice(["message.posted", "message.posted", "message.posted", "thread.replied"])
        facts["post_kind"] = "reply" if kind == "thread.replied" else "post"
        said = self.fact(kind, id_, **facts)
        self.messages.append(said)
        return said

    def react(self) -> Statement:
        if not self.messages:
            return self.post()
        message, who = self.random.choice(self.messages[-5:]), self.one()
        emoji = self.random.choice(["ok", "yes", "no"])
        facts: dict[str, Value] = {"message": message.id, "emoji": emoji, "object_at": write_time(message.at)}
        facts |= {name: message.facts[name] for name in ("post_kind", "channel", "channel_id")}
        at = min(self.end, message.at + self.random.randrange(3 * DAY))
        id_ = f"reaction:{message.id}/{who}/{emoji}"
        return Statement(TEAM, id_, at, "reaction.added", actor=who, author=message.actor, facts=facts | self.stamped())

    def thread(self) -> Statement:
        thread = self.random.choice(["t1", "t2", "t3"])
        type_ = self.random.choice(["thread.started", "thread.replied", "thread.replied", "kudos.given", "kudos.given"])
        facts: dict[str, Value] = {"thread": thread, "channel": f"#{self.random.choice('ab')}"}
        if self.random.random() < 0.1:
            del facts["thread"]
        said = self.fact(type_, **facts)
        other = self.one()
        return replace(said, author=other) if type_ == "thread.replied" else replace(said, target=other)

    def meet(self) -> Statement:
        guests = tuple(self.random.sample(PEOPLE, self.random.randrange(4)))
        said = self.fact("event.attended", channel=f"#{self.random.choice('ab')}")
        return replace(said, participants=guests)

    def stamped(self) -> dict[str, Value]:
        """What an edge knows of the person at that moment."""
        facts: dict[str, Value] = {}
        if self.random.random() < 0.3:
            facts["actor_role"] = self.random.choice([("support",), ("sales", "support"), (), ("guest",)])
        if self.random.random() < 0.4:
            facts["team"] = self.random.choice(["red", "blue"])
        return facts

    # ---- work, learning, gifts

    def ticket(self) -> Statement:
        return self.fact("ticket.resolved", ticket=self.one_ticket(), age=self.random.randrange(4) * 3600)

    def trouble(self) -> Statement:
        type_ = self.random.choice(["ticket.reopened", "ticket.escalated"])
        facts: dict[str, Value] = {"ticket": self.one_ticket(), "severity": self.random.choice(["high", "low"])}
        if self.random.random() < 0.3:
            facts |= self.random.choice([{"bot": True}, {"channel": "#noise"}, {"private": True}])
        return self.fact(type_, **facts)

    def one_ticket(self) -> str:
        return self.random.choice(["K1", "K2", "K3", "K4", "K5"])

    def learn(self) -> Statement:
        return self.fact("lesson.completed", course=self.random.choice(["intro", "safety"]))

    def give(self) -> Statement:
        amount = self.random.choice([Decimal("0.1"), Decimal("0.7"), 1, Decimal("1.20"), Decimal("-0.5"), "much"])
        return self.fact("donation.made", amount=amount)

    def rate(self) -> Statement:
        return self.fact("rating.changed", rating=self.random.choice([1100, 1300, 1450, Decimal("1500.5"), 1650]))

    def talk(self) -> Statement:
        return self.fact("voice.session_ended", minutes=self.random.randrange(1, 30))

    # ---- about the members themselves

    def join(self) -> Statement:
        who = self.one()
        said = self.fact("member.joined", f"member:{who}", actor=who)
        return replace(said, at=said.at - self.random.choice([0, 10, 31]) * DAY)

    def team(self) -> Statement:
        said = self.fact("team.joined", team=self.random.choice(["red", "blue", "green"]))
        return replace(said, target=said.actor, actor="slack:T1/M") if self.random.random() < 0.5 else said

    def move(self) -> Statement:
        return self.fact("member.zone_set", timezone=self.random.choice(ZONES))

    def pause(self) -> Statement:
        said = self.fact("member.paused")
        begin = dt.date.fromisoformat(write_time(said.at)[:10]) + dt.timedelta(days=self.random.randrange(-2, 4))
        facts: dict[str, Value] = {}
        if self.random.random() < 0.7:
            facts["from"] = begin.isoformat()
        if self.random.random() < 0.8:
            facts["until"] = (begin + dt.timedelta(days=self.random.randrange(0, 5))).isoformat()
        return replace(said, facts=facts)

    def freeze(self) -> Statement:
        said = self.fact("streak.frozen")
        facts: dict[str, Value] = {"day": write_time(said.at)[:10]}
        if self.random.random() < 0.3:
            facts["achievement"] = self.random.choice(["days", "weeks"])
        return replace(said, facts=facts)

    def outage(self) -> Statement:
        at = self.moment()
        end = write_time(at + self.random.choice([HOUR, 30 * HOUR, 3 * DAY]))
        return Statement("plaudit", f"deaf:{self.said}", at, "bot.deaf", facts={"until": end})

    def opt_out(self) -> Statement:
        return self.fact("member.settings_changed", tracking=self.random.choice(["off", "off", "on"]))

    # ---- what moderators say

    def ask(self) -> Statement:
        type_ = self.random.choice(["award.confirmed", "award.confirmed", "award.declined"])
        facts: dict[str, Value] = {"achievement": self.random.choice(["mentor", "mentors"])}
        if facts["achievement"] == "mentors" and self.random.random() < 0.5:
            facts["tier"] = "Two"
        return self.by_moderator(type_, **facts)

    def moderate(self) -> Statement:
        names = ("five", "full_day", "helper", "days", "post", "posts")
        type_ = self.random.choice(["grant.made", "award.revoked"])
        return self.by_moderator(type_, achievement=self.random.choice(names), reason="it was so")

    def by_moderator(self, type_: str, **facts: Value) -> Statement:
        id_ = f"{type_}:{self.said}"
        return Statement("moderator", id_, self.moment(), type_, actor="slack:T1/M", target=self.one(), facts=facts)

    # ---- who is who

    def link(self) -> Statement:
        """Two accounts become one member; the same two again is the same fact."""
        one, other = self.random.sample(PEOPLE, 2)
        return Statement("moderator", f"link:{one}+{other}", self.end, "member.linked", actor=one, target=other)

    # ---- small change

    def fact(self, type_: str, id_: str | None = None, actor: str | None = None, **facts: Value) -> Statement:
        return Statement(
            TEAM, id_ or f"{type_}:{self.said}", self.moment(), type_, actor=actor or self.one(), facts=facts
        )

    def one(self) -> str:
        return self.random.choice(PEOPLE)

    def moment(self) -> int:
        """Often on the hour, where days begin; some fall together."""
        at = self.end - self.random.randrange(SPAN)
        if self.random.random() < 0.15:
            at = self.random.choice([m for m in self.moments if m > self.end - SPAN] or [at])
        elif self.random.random() < 0.4:
            at = at // HOUR * HOUR
        self.moments.append(at)
        return at

    def later(self, at: int) -> int:
        return min(self.end, at + self.random.choice([0, SECOND, self.random.randrange(2 * DAY)]))

    # ---- what else is said about a fact

    def withdrawn(self, said: Statement) -> Statement:
        at = max(self.start, min(self.end, said.at + self.random.choice([-DAY, 0, self.random.randrange(2 * DAY)])))
        return Statement(said.source, said.id, at, op="withdraw")

    def edited(self, said: Statement) -> Statement:
        """The same fact asserted again: later, or with other people and facts."""
        facts = dict(said.facts)
        for name, values in EDITS.items():
            if name in facts and self.random.random() < 0.4:
                facts[name] = self.random.choice(values)
        actor = self.one() if self.random.random() < 0.1 and said.source == TEAM else said.actor
        if self.random.random() < 0.1:
            facts["at_is_approximate"] = True
        return replace(said, at=self.later(said.at), actor=actor, facts=facts)


EDITS: dict[str, tuple[Value, ...]] = {
    "channel": ("#a", "#b", "#e"),
    "emoji": ("ok", "no"),
    "length": (5, 50),
    "ticket": ("K1", "K2"),
    "thread": ("t1", "t2"),
    "amount": (1, Decimal("0.4")),
    "rating": (1200, 1600),
    "course": ("intro", "safety"),
    "team": ("red", "blue"),
    "severity": ("high", "low"),
}


def history(random: Random, acts: Sequence[str], length: int) -> tuple[list[Statement], int]:
    """A whole history in order of telling, and now: what is repeated, late, withdrawn and edited is in it."""
    teller = Storyteller(random, acts, random.choice(ERAS))
    said: list[Statement] = []
    for _ in range(length):
        if said and random.random() < 0.25:
            about = random.choice([s for s in said if s.op == "assert"])
            said.append(random.choice([teller.withdrawn, teller.edited, lambda s: s])(about))
        elif said and random.random() < 0.02:
            said.append(teller.link())
        else:
            said.append(teller.tell())
    if random.random() < 0.7:
        random.shuffle(said)
    return said, teller.end + random.choice([0, DAY, 3 * DAY])
