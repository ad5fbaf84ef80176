"""Statements and rule books for tests of storage: a test spells out only what it is about."""

from __future__ import annotations

from core.events import Statement, Value
from core.rules.book import RuleBook
from core.rules.loading import load
from core.times import read_time

SECOND = 1_000_000
HOUR = 3_600 * SECOND
DAY = 24 * HOUR
NOON = read_time("2026-03-18T12:00:00Z")
TEAM = "slack:T1"
HEAD = 'rules = 1\n[community]\ntimezone = "Europe/Berlin"\nquiet_start = "0 days"\n'

THREE = f"""{HEAD}
[achievement.three]
name = "Three"
when = "message.posted"
goal = 3
points = 2
if_undone = "revoke"
[score.posts]
when = "message.posted"
give = 1
"""


def book(text: str) -> RuleBook:
    return load(text, "rules.toml")


def post(n: int, user: str = "A", at: int | None = None, source: str = TEAM, **facts: Value) -> Statement:
    id_ = f"message:C1/{n}"
    known: dict[str, Value] = {"message": id_, "channel": "#general", "channel_id": "C1", "post_kind": "post"}
    moment = NOON - DAY + n * SECOND if at is None else at
    return Statement(source, id_, moment, "message.posted", actor=f"{source}/{user}", facts=known | facts)


def mark(
    n: int, by: str, at: int, author: str = "A", emoji: str = "bulb", source: str = TEAM, **facts: Value
) -> Statement:
    """A reaction to post `n`."""
    id_ = f"reaction:C1/{n}/{by}/{emoji}"
    known: dict[str, Value] = {"message": f"message:C1/{n}", "emoji": emoji, "post_kind": "post"}
    return Statement(
        source, id_, at, "reaction.added", actor=f"{source}/{by}", author=f"{source}/{author}", facts=known | facts
    )


def gone(statement: Statement, at: int, reason: str | None = None) -> Statement:
    return Statement(statement.source, statement.id, at, op="withdraw", reason=reason)


def chose(user: str, at: int, **choices: Value) -> Statement:
    id_ = f"settings:{user}/{at}"
    return Statement(TEAM, id_, at, "member.settings_changed", actor=f"{TEAM}/{user}", facts=choices)


def by_hand(kind: str, achievement: str, user: str, at: int, source: str = "moderator") -> Statement:
    facts: dict[str, Value] = {"achievement": achievement, "reason": "as agreed"}
    id_ = f"{kind}:{achievement}/{user}/{at}"
    return Statement(source, id_, at, kind, actor=f"{TEAM}/M", target=f"{TEAM}/{user}", facts=facts)
