"""Why a fact does not count, each reason once: in the words for members, and in those for whoever writes the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.criteria.criterion import Days
from core.criteria.matching import View, in_scope
from core.rules.durations import Duration
from core.rules.explain.misses import Objection, said, same
from core.rules.explain.nouns import in_words
from core.rules.filters import Filter
from core.rules.where import matches


@dataclass(frozen=True, slots=True)
class Reason:
    """`told`: to members, about what they did. `written`: about the word of the rule, and what would count."""

    told: Objection
    written: str


BOT = Reason(said("bot", "came from a bot", "came from bots"), "it is a bot's, and bots are never credited")
PRIVATE = Reason(
    same("private", "in a private channel, where nothing counts", "in private channels, where nothing counts"),
    "it was in a private channel; [community] count_private = true would count it",
)
OPTED_OUT = Reason(
    said("opted out", "fell into a time of opting out"),
    "the member chose not to be counted then",
)


def own(whose: str) -> Reason:
    """`whose`: "your" or "their"."""
    return Reason(same("self", f"{whose} own"), "one's own do not count; self = true would count them")


def by_a_bot(view: View) -> Reason | None:
    return BOT if view.facts.get("bot") is True else None


def out_of_scope(view: View) -> Reason | None:
    """It lies where the community counts nothing. Members are never told the name of a private channel."""
    if in_scope(view.fact, view.scope):
        return None
    private = view.facts.get("private") is True
    if private and not view.scope.count_private:
        return PRIVATE
    name = view.facts.get("channel") or view.facts.get("channel_id")
    told = same("ignored", f"in {name}, where nothing counts", "in channels where nothing counts")
    return Reason(PRIVATE.told if private else told, f"[community] leaves out {name} (ignore_channels, only_channels)")


def failed(where: Sequence[Filter], view: View) -> Filter | None:
    """The first comparison that does not hold."""
    return next((f for f in where if not matches(f, view.get(f.fact))), None)


def outside(days: Days | None, view: View) -> Reason | None:
    if days is None or days.has(view.day):
        return None
    return Reason(same("dates", "outside the days that count"), f"{view.get('day')} is outside from, until or season")


def lacking(fact: str, word: str = "") -> Reason:
    """It has no such value. `word`: what in the rule asks for it."""
    return Reason(said("value", f"had no {in_words(fact)}"), f'{word} = "{fact}", and it has none')


def late(open_for: Duration | None, made: object = "") -> Reason:
    """It came after that time. `made`: when what it is about was made."""
    return Reason(
        said("late", f"came too late: it is open for {open_for}"),
        f'open_for = "{open_for}", and what it is about was made on {str(made)[:10]}',
    )
