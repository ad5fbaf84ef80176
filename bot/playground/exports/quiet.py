"""Whom nobody noticed: people who turned to many others and got little back.

The measure can be said in a sentence and checked by hand. Somebody *turned to* another person by answering in a thread
that the other began, or by naming them in a message. They are listed when they turned to at least so many different
people, hold no badge that others' marks give, and got fewer reactions from others than the number of people they turned
to. It says nothing about anybody's worth; it is for the person at the screen alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from bot.playground.exports.history import POSTS
from core.events import Account, Statement

LEAST = 5
MOST_LISTED = 15
_WEEK = 7 * 24 * 3600 * 1_000_000


@dataclass(slots=True)
class Care:
    """What somebody did for others in the year, and what came back. `weeks`: in how many they wrote."""

    account: Account
    turned_to: set[Account] = field(default_factory=set)
    messages: set[str] = field(default_factory=set)
    marks: set[str] = field(default_factory=set)
    weeks: set[int] = field(default_factory=set)


def cares(statements: Iterable[Statement]) -> dict[Account, Care]:
    """By account; bots do not count. An edited message counts once."""
    found: dict[Account, Care] = {}
    for s in statements:
        if s.actor is None or s.facts.get("bot") is True:
            continue
        if s.type in POSTS:
            _wrote(found.setdefault(s.actor, Care(s.actor)), s)
        elif s.type == "reaction.added" and s.author is not None and s.author != s.actor:
            found.setdefault(s.author, Care(s.author)).marks.add(s.id)
    return found


def _wrote(care: Care, s: Statement) -> None:
    care.messages.add(s.id)
    care.weeks.add(s.at // _WEEK)
    named = s.facts.get("mentions")
    others = {*(named if isinstance(named, tuple | list) else ()), s.author}
    care.turned_to.update(str(other) for other in others if other is not None and other != care.account)


def unnoticed(
    cares: Iterable[Care], honoured: Collection[Account], away: Collection[Account], least: int
) -> list[Care]:
    """Those who turned to most people first. `honoured`: who holds a badge that others' marks give; `away`: bots, and
    people who left."""
    found = [
        c
        for c in cares
        if len(c.turned_to) >= least
        and len(c.marks) < len(c.turned_to)
        and c.account not in honoured
        and c.account not in away
    ]
    return sorted(found, key=lambda c: (-len(c.turned_to), len(c.marks), c.account))
