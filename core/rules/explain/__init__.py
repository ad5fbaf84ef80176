"""A rule in one plain sentence, and what is left of it for one person. Everything is made from the rule's keys.

English has its grammar here; every other language gets the same as labelled parts (`parts`, `stands`).
"""

from __future__ import annotations

from core.language import ENGLISH, Language
from core.rules.book import RuleBook
from core.rules.explain import measures, next_steps, parts, sentences, standings, stands
from core.rules.explain.moments import Clock
from core.rules.explain.standings import nothing_yet
from core.standing import Standing

__all__ = ["Clock", "description", "next_step", "nothing_yet", "part_lines", "progress_text", "sentence", "signal_text"]


def sentence(book: RuleBook, achievement_id: str, t: Language = ENGLISH) -> str:
    """The rule as members read it."""
    if t.is_english:
        return sentences.sentence(book, achievement_id)
    return parts.told(book, book.achievements[achievement_id], t)


def description(book: RuleBook, achievement_id: str, t: Language = ENGLISH) -> str:
    """What the book says about an achievement, else its rule."""
    return book.achievements[achievement_id].description or sentence(book, achievement_id, t)


def signal_text(book: RuleBook, name: str, t: Language = ENGLISH) -> str:
    """What a signal means."""
    return measures.signal_text(book, name) if t.is_english else parts.signal(book, name, t)


def progress_text(
    book: RuleBook, standing: Standing, clock: Clock, t: Language = ENGLISH, *, held: bool = False
) -> str:
    """Where somebody stands. `clock`: the present, in the calendar of the rule. `held`: whether they have the
    achievement already; without that a secret one says nothing of itself."""
    if t.is_english:
        return standings.progress_text(book, standing, clock, held=held)
    return stands.progress(book, standing, clock, t, held=held)


def part_lines(book: RuleBook, standing: Standing, clock: Clock, t: Language = ENGLISH) -> list[str]:
    """One line for each part of `all` and `any`; empty for other rules and for what is secret."""
    if t.is_english:
        return standings.part_lines(book, standing, clock)
    return stands.parts(book, standing, clock, t)


def next_step(book: RuleBook, standing: Standing, t: Language = ENGLISH) -> str | None:
    """What would bring it on; None where nobody can say, and for what is secret, settling or with the moderators."""
    text = next_steps.next_step(book, standing)
    return text if text is None or t.is_english else stands.following(book, standing, t)
