"""The block for a newsletter: who did much in a week, of those who agreed to be named outside of the chat."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.badges import name_of
from core.calendar import Calendar
from core.digests import DAY, Due, due_period
from core.language import ENGLISH, Language
from core.names import by_name
from core.privacy import is_public, on_boards, shows
from core.records import DigestFacts, PersonRow
from core.rules.book import RuleBook

MOST_PEOPLE = 10
MOST_REASONS = 4
_WEEK = re.compile(r"((?:19|20)[0-9]{2})-W([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Contributor:
    """`reasons`: names of score rules and of new badges."""

    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """`title`, and the people in the order of the alphabet: nobody is ranked."""

    title: str
    people: tuple[Contributor, ...]


def block(facts: DigestFacts, book: RuleBook, t: Language = ENGLISH) -> Block:
    """Those with the highest scores of the week, then those with new badges, if they said yes to newsletters."""
    reasons: dict[PersonRow, dict[str, None]] = {}
    scores = [] if book.community.count_private else sorted(facts.helpers, key=lambda h: -h.amount)
    for helper in scores:
        agreed = helper.choice.named and shows(helper.choice)
        if agreed and helper.amount > 0 and on_boards(helper.person, helper.choice, book.community.staff):
            rules = (book.scores.get(name) for name in facts.thanks.get(helper.person.account, ()))
            reasons[helper.person] = dict.fromkeys(rule.name for rule in rules if rule is not None and rule.name)
    for award in facts.awards:
        there = award.person.present and not award.person.bot
        if there and award.choice.named and is_public(award.award, award.choice, book):
            reasons.setdefault(award.person, {})[name_of(book, award.award.achievement)] = None
    return Block(t.gettext("Thank you this week"), _listed(reasons.items()))


def _listed(found: Iterable[tuple[PersonRow, Iterable[str]]]) -> tuple[Contributor, ...]:
    people = [(person, tuple(names)[:MOST_REASONS]) for person, names in found][:MOST_PEOPLE]
    order = sorted(people, key=lambda one: by_name(one[0]))
    return tuple(Contributor(person.name, names) for person, names in order)


def week_named(name: str, calendar: Calendar, day: str, time: str) -> Due:
    """The digest's week of that name, as 2026-W46. Raises ValueError, whose text says what to write."""
    found = _WEEK.fullmatch(name)
    try:
        monday = dt.datetime.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        monday = None
    if monday is None:
        raise ValueError(f"{name} is no week; write it as 2026-W46")
    start = calendar.instant(monday)
    dues = (due_period(start + days * DAY, calendar, day, time) for days in range(6, 17))
    return next(due for due in dues if due is not None and due.name == name)
