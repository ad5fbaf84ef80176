"""Which achievement somebody means: by id, by name, or nearly."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from core.announcements import LONGEST_ARGUMENT
from core.cards import Button
from core.commands.asked import Asked, short
from core.rules.book import Achievement

MOST_GUESSES = 3


@dataclass(frozen=True, slots=True)
class Gone:
    """An achievement that nobody can earn now, as people call it."""

    name: str


Named = Mapping[str, Achievement] | Mapping[str, Achievement | Gone]


def find(asked: Asked, typed: str, among: Named, verb: str = "") -> str:
    """The id of the achievement that was typed as id or name.

    Raises Refusal, with what may have been meant; with a `verb` as buttons for it.
    """
    t = asked.t
    if not typed:
        raise asked.refuse(t.gettext("Which badge? Write its name after the command."))
    found = _exactly(typed, among)
    if found is not None:
        return found
    guesses = nearly(typed, among)
    if not guesses:
        raise asked.refuse(t.gettext("No badge here is called “{typed}”.").format(typed=short(typed)))
    names = t.listed(f"{among[g].name} ({g})" for g in guesses)
    text = t.gettext("No badge here is called “{typed}”. Did you mean {names}?")
    buttons = [Button(verb, among[g].name, g) for g in guesses if verb and len(g) <= LONGEST_ARGUMENT]
    raise asked.refuse(text.format(typed=short(typed), names=names), *buttons)


def _exactly(typed: str, among: Named) -> str | None:
    if typed in among:
        return typed
    wanted = _folded(typed)
    return next((i for i, rule in among.items() if wanted in (_folded(i), _folded(rule.name))), None)


def nearly(typed: str, among: Named) -> list[str]:
    """Ids whose id or name holds what was typed or looks much like it, the best first."""
    wanted = _folded(typed)
    names = {_folded(rule.name): i for i, rule in among.items()} | {_folded(i): i for i in among}
    close = difflib.get_close_matches(wanted, names, n=MOST_GUESSES, cutoff=0.6)
    holding = [name for name in names if wanted in name]
    return list(dict.fromkeys(names[name] for name in (*close, *holding)))[:MOST_GUESSES]


def _folded(words: str) -> str:
    return " ".join(words.replace("_", " ").replace("-", " ").casefold().split())
