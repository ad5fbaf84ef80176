"""Facts that a payload lacks, taken from the thing it is about: once, on arrival."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.events import ASSERT, Account, Fact, Statement, Value
from core.times import write_time

OPENING = "thread.started"
# What a mark takes over from the message it is on.
TAKEN_OVER = (
    "channel",
    "channel_id",
    "thread",
    "length",
    "words",
    "has_link",
    "has_code",
    "has_question",
    "private",
)


def about(statement: Statement) -> str | None:
    """The message that a statement is about, where that is another fact than its own."""
    message = statement.facts.get("message")
    return message if isinstance(message, str) and message != statement.id else None


def lacks_facts(statement: Statement) -> bool:
    """Is it about a message of which it does not know what kind of post it is?"""
    return (
        statement.op == ASSERT
        and statement.type != OPENING
        and about(statement) is not None
        and "post_kind" not in statement.facts
    )


def stamp(statement: Statement, message: Fact) -> Statement:
    """The statement with what the message says, where it did not say it itself."""
    facts: dict[str, Value] = {name: message.facts[name] for name in TAKEN_OVER if name in message.facts}
    facts["post_kind"] = "reply" if message.type == "thread.replied" else "post"
    facts["object_at"] = write_time(message.at)
    facts.update(statement.facts)
    return replace(statement, facts=facts, author=_author(statement, message))


def _author(statement: Statement, message: Fact) -> Account | None:
    """Who wrote the message; nobody where a bot did, for bots are never credited."""
    return None if message.facts.get("bot") is True else statement.author or message.actor


def stamp_with(statement: Statement, known: Mapping[str, Value], author: Account | None) -> Statement:
    """The statement with what the platform says about the thing."""
    own = statement.author or author
    return replace(statement, facts={**known, **statement.facts}, author=None if known.get("bot") is True else own)
