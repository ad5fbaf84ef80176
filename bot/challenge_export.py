"""`plaudit challenges`: what was made in the chat, as lines for rules.toml."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from adapters.storage.challenges import read_challenges
from adapters.storage.reading import reading
from bot.books import read_books
from bot.settings import Settings
from core.calendar import Calendar
from core.challenges import Challenge
from core.errors import ConfigurationError
from core.rules.book import RuleBook
from core.times import write_time


@dataclass(frozen=True, slots=True)
class Found:
    """A challenge of one community."""

    book: RuleBook
    challenge: Challenge

    @property
    def calendar(self) -> Calendar:
        return self.book.community.calendar


def find(settings: Settings, id_: str | None = None) -> list[Found]:
    """All of them, or the one of that id, also where several communities have it. Needs no running bot and works beside
    one. Raises ConfigurationError where none is called so."""
    found: list[Found] = []
    with reading(settings.database_url) as histories:
        for book in read_books(settings.rules):
            there = read_challenges(histories(book.community.id)).values()
            found += [Found(book, c) for c in there if id_ in (None, c.id)]
    if id_ is not None and not found:
        raise ConfigurationError(f'no challenge is called "{id_}"; plaudit challenges list names them')
    return found


def find_rules(settings: Settings, id_: str | None = None) -> list[Found]:
    """As `find`, those that have a rule. Raises ConfigurationError where the one of that id has none."""
    found = find(settings, id_)
    rules = [f for f in found if f.challenge.rule]
    if id_ is not None and not rules:
        raise ConfigurationError(f'the challenge "{id_}" was dropped before it began, so it has no rule to print')
    return rules


def as_toml(found: list[Found]) -> str:
    """Lines to paste into the book of their community. What a rule cannot say stands in comments."""
    return "\n".join("\n".join(_written(f)) for f in found) or "# There is no challenge with a rule.\n"


def _written(found: Found) -> Iterator[str]:
    c = found.challenge
    yield f"# challenge of the community {found.book.community.id}, made {write_time(c.made_at)} by {c.by}"
    yield f"# announced in: {c.wish.place}"
    if c.ended_at is not None:
        yield f"# ended early, {write_time(c.ended_at)}: {''.join(a for a in c.reason if a.isprintable())}"
    yield c.rule


def as_lines(found: list[Found]) -> list[str]:
    """For people: one line for each."""
    now = time.time_ns() // 1_000
    lines = [_line(f, now) for f in found]
    return lines or ["Nobody has made a challenge yet. In the chat: /challenge new"]


def _line(found: Found, now: int) -> str:
    c = found.challenge
    state = c.state(found.calendar, now)
    reached = f", {len(c.result.reached)} reached it" if c.result is not None else ""
    return f"{c.id}: {c.name} ({found.book.community.id}), {c.wish.first} to {c.wish.last}, {state}{reached}"
