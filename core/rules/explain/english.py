"""English for numbers, nouns, lists and dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
UNCOUNTED = frozenset({"feedback", "help", "karma", "kudos", "news", "thanks"})  # one and many are the same word
NOW = {"day": "today", "week": "this week", "month": "this month", "quarter": "this quarter", "year": "this year"}


def number(value: int | Decimal) -> str:
    """In words up to twelve, as a figure above."""
    if value == int(value) and 0 <= value <= 12:
        return _NUMBERS[int(value)]
    return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


def figure(value: int | Decimal) -> str:
    """Always in figures, as progress lines write it; in groups from 10,000 on."""
    if value >= 10_000 or value <= -10_000:
        return number(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def figures(value: int | Decimal, what: str) -> str:
    """So much of what may be several things already: "1 year", "40 minutes"."""
    return f"{figure(value)} {singular(what) if value == 1 else what}"


def several(word: str) -> str:
    """The plural of an English noun; of several words, of the last one."""
    if word.rpartition(" ")[2] in UNCOUNTED:
        return word
    if word == "person" or word.endswith(" person"):
        return f"{word.removesuffix('person')}people"
    if word.endswith("y") and word[-2:-1] not in ("a", "e", "o", "u"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


def is_plural(word: str) -> bool:
    """Whether a word looks like several things already: "minutes", but not "status" or "class"."""
    return word.endswith("s") and not word.endswith(("ss", "us", "is"))


def singular(word: str) -> str:
    """One of what a plural names; another word stays as it is."""
    if not is_plural(word) or word.rpartition(" ")[2] in UNCOUNTED:
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


def counted(value: int | Decimal, one: str, many: str | None = None) -> str:
    """As "three posts"."""
    return f"{number(value)} {one if value == 1 else many or several(one)}"


def listed(items: Sequence[str], word: str = "and") -> str:
    """As "a, b and c"; nothing for no items."""
    return "".join(items) if len(items) < 2 else f"{', '.join(items[:-1])} {word} {items[-1]}"


def article(noun: str) -> str:
    """As "an answer"; without an article where the first word is several things already: "kudos given"."""
    first = noun.split()[0]
    if is_plural(first) or first in UNCOUNTED:
        return noun
    return f"{'an' if first[0].lower() in 'aeio' else 'a'} {noun}"


def date(day: dt.date, year: bool = True) -> str:
    """As "3 September 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


def weekday(day: dt.date) -> str:
    return _WEEKDAYS[day.weekday()]


def month_day(written: str) -> str:
    """ "09-03" as "3 September"; a text that is no day of the year stays as it is."""
    try:
        return date(dt.date.fromisoformat(f"2024-{written}"), year=False)  # a leap year, so that 02-29 is a day
    except ValueError:
        return written
