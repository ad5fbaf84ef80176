"""Words for people: translations, plurals, dates and lists in one reader's language and zone.

Babel extracts the arguments of `gettext` and `ngettext`. A translation may move the `{places}` of a sentence.
"""

from __future__ import annotations

import datetime as dt
import gettext as gettext_module
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from string import Formatter

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from core.cards import Line, Link, Mention, Span, Text, Time
from core.texts import ISOLATES

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Language:
    """How texts are written for one reader. `translator` knows the words, `zone` says which day it is."""

    locale: str = "en"
    zone: dt.tzinfo = dt.UTC
    translator: gettext_module.NullTranslations = field(default_factory=gettext_module.NullTranslations)

    @property
    def is_english(self) -> bool:
        return self.locale == "en"

    @property
    def right_to_left(self) -> bool:
        return Locale.parse(self.locale).text_direction == "rtl"

    def gettext(self, text: str) -> str:
        return self.translator.gettext(text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The form for `number`, with its `{n}` still to be filled in."""
        return self.translator.ngettext(one, many, number)

    def counted(self, one: str, many: str, number: int) -> str:
        """The form for `number`, with `{n}` filled in. Extracted with `-k counted:1,2`."""
        return self.ngettext(one, many, number).format(n=self.number(number))

    def number(self, number: int | Decimal) -> str:
        return format_decimal(number, locale=self.locale)

    def money(self, amount: Decimal) -> str:
        """With two decimals, as "1,234.50"."""
        return format_decimal(amount, "#,##0.00", locale=self.locale)

    def listed(self, words: Iterable[str]) -> str:
        return self.gettext(", ").join(words)

    def date(self, at: int, now: int | None = None) -> str:
        """The local day of `at` (UTC microseconds), as "14 Mar"; with its year unless `now` falls in it."""
        day = self.local(at).date()
        same_year = now is None or day.year == self.local(now).year
        return self.written(day) if same_year else self._formatted(day, "yMMMd", "d MMM y")

    def full(self, day: dt.date) -> str:
        """A day with its year."""
        return self._formatted(day, "yMMMd", "d MMM y")

    def written(self, day: dt.date) -> str:
        return self._formatted(day, "MMMd", "d MMM")

    def _formatted(self, day: dt.date, skeleton: str, english: str) -> str:
        """English as the day before the month, which no reader takes for another day; others as they are used to."""
        if self.is_english:
            return format_date(day, english, locale=self.locale)
        return format_skeleton(skeleton, dt.datetime(day.year, day.month, day.day), locale=self.locale)

    def day(self, at: int, now: int | None = None) -> Time:
        """The same as a span, which platforms show in the reader's own zone."""
        return Time(at, self.date(at, now))

    def local(self, at: int) -> dt.datetime:
        return (_EPOCH + dt.timedelta(microseconds=at)).astimezone(self.zone)


def fill(template: str, /, **places: Span | str | int) -> Line:
    """A line made from a translated sentence: what stands in its `{places}` stays data and keeps its look."""
    spans: list[Span] = []
    begins, ends = ISOLATES
    isolates = False
    for words, place, _, _ in Formatter().parse(template):
        words = words.removeprefix(ends) if isolates else words
        isolates = words.endswith(begins)
        if words.removesuffix(begins):
            spans.append(Text(words.removesuffix(begins)))
        if place is not None:
            value = places[place]
            found = Text(str(value)) if isinstance(value, str | int) else value
            spans.append(_isolated(found) if isolates else found)
    return _joined(spans)


def _isolated(span: Span) -> Span:
    """In its own direction, inside of its mark-up: platforms see marks only at the border of a word."""
    begins, ends = ISOLATES
    match span:
        case Text() | Link():
            return replace(span, text=f"{begins}{span.text}{ends}")
        case Mention():
            return replace(span, name=f"{begins}{span.name}{ends}")
    return span


def _joined(spans: Iterable[Span]) -> Line:
    """Neighbouring plain texts as one."""
    line: list[Span] = []
    for span in spans:
        before = line[-1] if line else None
        if isinstance(before, Text) and isinstance(span, Text) and _look(before) == _look(span):
            line[-1] = Text(before.text + span.text, span.bold, span.italic)
        else:
            line.append(span)
    return tuple(line)


def _look(text: Text) -> tuple[bool, bool]:
    return text.bold, text.italic


ENGLISH = Language()
