"""Lines for the autocomplete fields of commands."""

from __future__ import annotations

from collections.abc import Iterable

from core import zones
from core.badges import shown
from core.challenge_choices import TEMPLATES
from core.challenge_rules import CATEGORY
from core.commands import settings
from core.commands.asked import Asked
from core.commands.board_choice import periods
from core.commands.freeze import streaks
from core.commands.grant import grantable
from core.commands.validate import kinds
from core.requests import Suggestion
from core.rights import at_least
from core.rules.book import Achievement

MOST = 25


async def suggest(asked: Asked, argument: str, typed: str) -> list[Suggestion]:
    """At most 25 lines that hold what was typed; those that begin with it first."""
    match argument:
        case "achievement":
            return _matching(typed, _named(await _achievements(asked)))
        case "kind":
            return _matching(typed, [(k, k) for k in kinds(asked.book)] if asked.request.moderator else [])
        case "challenge":
            return _matching(typed, _challenges(asked))
        case "period":
            return _matching(typed, periods(asked))
        case "board":
            return _matching(typed, [(b, rule.name) for b, rule in asked.book.open_boards.items() if b])
        case "team":
            teams = asked.book.teams.items()
            return _matching(typed, [(i, team.name) for i, team in teams if team.open or asked.request.moderator])
        case "timezone":
            return _matching(typed.replace(" ", "_"), [(name, name) for name in zones.names()])
        case "choice":
            pairs = [f"{key}={value}" for key, values in settings.CHOICES.items() for value in values]
            return _matching(typed, [(p, p) for p in pairs])
        case _:
            return _matching(typed, [(v, v) for v in settings.CHOICES.get(argument, ())])


def _challenges(asked: Asked) -> list[tuple[str, str]]:
    """Those in the book, and what whoever runs challenges can type."""
    named = [(rule.name, rule.name) for rule in asked.book.achievements.values() if rule.category == CATEGORY]
    makes = ["new", *(f"new {name}" for name in TEMPLATES)] if at_least(asked.request.role, "creator") else []
    return [*named, *((words, words) for words in (*makes, "archive"))]


async def _achievements(asked: Asked) -> dict[str, Achievement]:
    if asked.request.verb not in ("grant", "revoke", "confirm", "decline", "freeze"):
        mine = await asked.records.awards(asked.member)
        return shown(asked.book, held={a.achievement for a in mine})
    if not asked.request.moderator:  # givers may grant some
        return grantable(asked) if asked.request.verb == "grant" else {}
    if asked.request.verb in ("confirm", "decline"):
        return {i: rule for i, rule in grantable(asked).items() if rule.ask}
    if asked.request.verb == "freeze":
        return streaks(asked)
    account = asked.argument("member")
    if asked.request.verb == "grant" or not account:
        return grantable(asked)
    theirs = await asked.records.awards(asked.people.member(account))
    held = {a.achievement for a in theirs if a.state != "revoked"}
    return {i: rule for i, rule in grantable(asked).items() if i in held}


def _named(achievements: dict[str, Achievement]) -> list[tuple[str, str]]:
    return [(i, rule.name) for i, rule in achievements.items()]


def _matching(typed: str, pairs: Iterable[tuple[str, str]]) -> list[Suggestion]:
    wanted = typed.strip().casefold()
    found = [(v, label) for v, label in pairs if wanted in v.casefold() or wanted in label.casefold()]
    found.sort(key=lambda p: not (p[0].casefold().startswith(wanted) or p[1].casefold().startswith(wanted)))
    return [Suggestion(value, label) for value, label in found[:MOST]]
