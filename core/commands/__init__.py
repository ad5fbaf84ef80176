"""What people may ask. Each verb has one module whose `answer` turns a question into a card and statements."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from core.calendar import Calendar, zone
from core.cards import Card
from core.commands import (
    achievements,
    confirm,
    decline,
    freeze,
    grant,
    leaderboard,
    pause,
    revoke,
    settings,
    suggestions,
    validate,
    why,
    why_not,
)
from core.commands import help as help_
from core.commands.asked import Asked, Refusal
from core.events import Account
from core.language import Language
from core.members import People
from core.records import Records
from core.requests import Answer, Request, Suggestion
from core.rules.book import RuleBook

__all__ = ["VERBS", "answer", "home", "suggest"]

Verb = Callable[[Asked], Awaitable[Answer]]

VERBS: Mapping[str, Verb] = MappingProxyType(
    {
        "achievements": achievements.answer,
        "leaderboard": leaderboard.answer,
        "why": why.answer,
        "why-not": why_not.answer,
        "settings": settings.answer,
        "grant": grant.answer,
        "revoke": revoke.answer,
        "validate": validate.answer,
        "confirm": confirm.answer,
        "decline": decline.answer,
        "pause": pause.answer,
        "freeze": freeze.answer,
        "help": help_.answer,
    }
)


async def answer(request: Request, book: RuleBook, records: Records, people: People | None = None) -> Answer:
    """The answer to a question, always only for the person who asked. A verb nobody knows gets the help.

    Its statements are not stored yet. `request.at` is now (UTC microseconds).
    """
    asked = _asked(request, book, records, people)
    try:
        return await VERBS.get(request.verb, help_.answer)(asked)
    except Refusal as refusal:
        return Answer(refusal.card)


async def suggest(
    request: Request,
    argument: str,
    typed: str,
    book: RuleBook,
    records: Records,
    people: People | None = None,
) -> list[Suggestion]:
    """At most 25 lines for the autocomplete field `argument` of the request's command."""
    return await suggestions.suggest(_asked(request, book, records, people), argument, typed)


async def home(account: Account, book: RuleBook, records: Records, at: int, people: People | None = None) -> Card:
    """The badge case: earned and under way."""
    request = Request("home", account.partition("/")[0], account, "achievements", at)
    return await achievements.own(_asked(request, book, records, people), achievements.MANY)


def _asked(request: Request, book: RuleBook, records: Records, people: People | None) -> Asked:
    c = book.community
    calendar = Calendar(c.timezone, c.day_starts, c.week_starts)
    # English is the only language so far; the reader's own comes with its translations.
    language = Language("en", zone(c.timezone))
    return Asked(request, book, records, calendar, language, people or People())
