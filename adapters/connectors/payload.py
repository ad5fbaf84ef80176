"""Reading what a service sent, without trust: every field is named by its whole path, as `issue.fields.created`.

What is missing or of the wrong kind raises MalformedStatement, which names the field and what to send instead.
A `maybe_` method answers None where nothing is there; see each for what is there and of another kind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.errors import MalformedStatement
from core.exact_json import decode_exactly
from core.texts import whole
from core.times import EARLIEST, LATEST, read_time

SECOND = 1_000_000  # microseconds
LONGEST = 400  # characters of a text that is kept as a fact
LONGEST_LABEL = 100
MOST_LABELS = 100
_DEEPEST = 64  # names in a path
_MILLISECONDS = 10**11  # as seconds it would be the year 5138
_TIME = "a time, as 2026-03-02T09:15:00Z"
_AMOUNT = re.compile(r"-?\d{1,18}(\.\d{1,18})?", re.ASCII).fullmatch
_SPACED = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) ?(UTC|[+-]\d\d:?\d\d)?", re.ASCII).fullmatch
_MINUTES_ONLY = re.compile(r"(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d)(Z|[+-]\d\d:?\d\d)", re.ASCII).fullmatch
_BARE_OFFSET = re.compile(r"(.*[+-]\d\d)(\d\d)", re.ASCII).fullmatch


@dataclass(frozen=True, slots=True)
class Payload:
    """Any JSON. `place`: how the payload calls it, as `pull_request.user`; empty for the payload itself.

    In a path, names have dots between them; in a list a name counts from 0."""

    data: object
    place: str = ""

    def look(self, path: str) -> object:
        """What is there, of any kind; None where any step of the path is missing."""
        found = self.data
        for name in path.split(".")[:_DEEPEST]:
            if isinstance(found, Mapping):
                found = found.get(name)
            elif isinstance(found, list) and name.isascii() and name.isdigit() and len(name) < 6:
                found = found[int(name)] if int(name) < len(found) else None
            else:
                return None
        return found

    def __contains__(self, name: str) -> bool:
        """Whether the object has a field of that name, null or not."""
        return isinstance(self.data, Mapping) and name in self.data

    def has(self, path: str) -> bool:
        """Whether it is there, and not null."""
        return self.look(path) is not None

    def at(self, path: str) -> Payload:
        """Whatever is there, to look further."""
        return Payload(self.look(path), self._name(path))

    def each(self, path: str) -> list[Payload]:
        """Whatever a list holds; nothing where there is no list."""
        found = self.look(path)
        items = found if isinstance(found, list) else []
        return [Payload(item, self._name(f"{path}[{n}]")) for n, item in enumerate(items)]

    def object(self, path: str) -> Payload:
        found = self.at(path)
        if not isinstance(found.data, dict):
            raise self._wrong(path, "is no object", "an object")
        return found

    def maybe_object(self, path: str) -> Payload | None:
        return self.object(path) if self.has(path) else None

    def objects(self, path: str) -> list[Payload]:
        """A list of objects."""
        if not isinstance(self.look(path), list):
            raise self._wrong(path, "is no list", "a list of objects")
        found = self.each(path)
        for item in found:
            if not isinstance(item.data, dict):
                raise MalformedStatement(f"{item.place}: is no object; send an object")
        return found

    def maybe_objects(self, path: str) -> list[Payload]:
        """A list of objects; empty where there is none. Raises MalformedStatement for anything else."""
        return self.objects(path) if self.has(path) else []

    def records(self, path: str) -> list[Payload]:
        """The objects of an answer's list, apart from it: what is wrong with one reads the same wherever it stands."""
        return [Payload(item.data) for item in self.objects(path)]

    def text(self, path: str) -> str:
        """A text or a whole number, as text: services write their ids both ways. Never empty."""
        found = _written(self.look(path))
        if not found or not _can_be_stored(found):
            raise self._wrong(path, "is no text", "a text or a whole number")
        return found

    def maybe_text(self, path: str) -> str | None:
        """A text or a whole number, as text; None for anything else, and for an empty text."""
        return _written(self.look(path)) or None

    def short_text(self, path: str) -> str:
        """A text, no number. Never empty, at most `LONGEST` characters."""
        found = self.look(path)
        if not isinstance(found, str) or not 0 < len(found) <= LONGEST or not _can_be_stored(found):
            raise self._wrong(path, "is something else", f"a text of 1 to {LONGEST} characters")
        return found

    def maybe_short_text(self, path: str) -> str | None:
        """None for an empty text. Raises MalformedStatement for anything else."""
        return self.short_text(path) if self.look(path) not in (None, "") else None

    def prose(self, path: str) -> str:
        """A text that is looked at and not kept; empty where there is none."""
        found = self.look(path)
        return found if isinstance(found, str) else ""

    def length(self, path: str) -> int:
        """Characters of a text that is not kept."""
        if not isinstance(self.look(path), str | None):
            raise self._wrong(path, "is no text", "a text")
        return len(self.prose(path))

    def label(self, path: str) -> str | None:
        """A short word that an administrator chose, as a status; None for anything longer, which people wrote."""
        return _label(self.look(path))

    def labels(self, path: str) -> tuple[str, ...]:
        """Each once, in order of the alphabet."""
        named = (_label(item.data) for item in self.each(path)[:MOST_LABELS])
        return tuple(sorted({name for name in named if name is not None}))

    def link(self, path: str) -> str | None:
        """A web address that is fit to be shown; None for anything else."""
        found = self.prose(path)
        fit = len(found) <= LONGEST and found.isprintable() and found.startswith(("https://", "http://"))
        return found if fit else None

    def whole(self, path: str) -> int:
        found = self.look(path)
        if type(found) is not int or not -(10**18) <= found <= 10**18:
            raise self._wrong(path, "is something else", "a whole number")
        return found

    def maybe_whole(self, path: str) -> int | None:
        """Raises MalformedStatement for anything else."""
        return self.whole(path) if self.has(path) else None

    def amount(self, path: str) -> int | Decimal | None:
        """An exact number, also one written as a text; None for anything else."""
        found = self.look(path)
        if isinstance(found, int | Decimal) and not isinstance(found, bool):
            return found
        return Decimal(found) if isinstance(found, str) and _AMOUNT(found) else None

    def flag(self, path: str) -> bool:
        """False where it is missing."""
        found = self.look(path)
        if not isinstance(found, bool | None):
            raise self._wrong(path, "is something else", "true or false")
        return found is True

    def time(self, path: str) -> int:
        """UTC microseconds of a time in text; services leave out the T, the seconds, or the colon of the offset."""
        found = self.look(path)
        if not isinstance(found, str):
            raise self._wrong(path, "is no time", _TIME)
        try:
            return read_time(_completed(found))
        except ValueError as error:
            raise MalformedStatement(f"{self._name(path)}: {error}") from None

    def any_time(self, path: str) -> int:
        """UTC microseconds of a time as `time` reads it, or of seconds (or milliseconds) since 1970."""
        found = self.look(path)
        if isinstance(found, str) and found:
            return self.time(path)
        at = _since_1970(found) if isinstance(found, int | Decimal) and not isinstance(found, bool) else None
        if at is None:
            raise self._wrong(path, "is no time", f"{_TIME}, or seconds since 1970")
        return at

    def counted(self, path: str, unit: int) -> int:
        """UTC microseconds of a time counted since 1970, also as text; `unit`: microseconds of one count."""
        found = _written(self.look(path))
        if not (found.isascii() and found.isdigit() and len(found) <= 20):
            raise self._wrong(path, "is no time", f"whole {'seconds' if unit == SECOND else 'milliseconds'}")
        at = int(found) * unit
        if not EARLIEST <= at <= LATEST:
            raise MalformedStatement(f"{self._name(path)}: is outside the years 1900 to 2199")
        return at

    def _name(self, path: str) -> str:
        return f"{self.place}.{path}" if self.place else path

    def _wrong(self, path: str, fault: str, wanted: str) -> MalformedStatement:
        said = fault if self.has(path) else "is missing"
        return MalformedStatement(f"{self._name(path)}: {said}; send {wanted}")


def read_object(body: bytes | str) -> Payload:
    """The JSON object of a body, with exact numbers. Raises MalformedStatement."""
    return as_object(decode_body(body), "the body")


def decode_body(body: bytes | str) -> object:
    """The JSON of a body, with exact numbers. Raises MalformedStatement."""
    try:
        return decode_exactly(body)
    except MalformedStatement as error:
        raise MalformedStatement(f"the body {error}") from None


def as_object(found: object, called: str) -> Payload:
    """`called`: as an error calls it; its fields have their own names. Raises MalformedStatement."""
    if not isinstance(found, dict):
        raise MalformedStatement(f"{called}: is no object; send it as the service documents it")
    return Payload(found)


def as_objects(found: object, called: str) -> list[Payload]:
    """A list of objects; see `as_object`."""
    if not isinstance(found, list):
        raise MalformedStatement(f"{called}: is no list; send it as the service documents it")
    return [as_object(item, f"{called}[{n}]") for n, item in enumerate(found)]


def _written(found: object) -> str:
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found) if abs(found) < 10**30 else ""
    return found if isinstance(found, str) else ""


def _label(found: object) -> str | None:
    text = _written(found)
    return text if 0 < len(text) <= LONGEST_LABEL and text.isprintable() else None


def _can_be_stored(text: str) -> bool:
    """No zero character, no half of a surrogate pair: no database can hold them."""
    return text.isprintable() or ("\0" not in text and whole(text) == text)


def _completed(text: str) -> str:
    """A time as RFC 3339 writes it; Ruby has spaces, and UTC for Z."""
    if spaced := _SPACED(text):
        text = f"{spaced[1]}T{spaced[2]}{(spaced[3] or '').replace('UTC', 'Z')}"
    if minutes := _MINUTES_ONLY(text):
        text = f"{minutes[1]}:00{minutes[2]}"
    bare = _BARE_OFFSET(text)
    return f"{bare[1]}:{bare[2]}" if bare and "T" in text.upper() else text


def _since_1970(number: int | Decimal) -> int | None:
    """UTC microseconds of so many seconds, or milliseconds; None outside the years that are kept."""
    if not -(10**15) < number < 10**15:
        return None
    exact = Decimal(number)
    seconds = exact / 1000 if abs(exact) >= _MILLISECONDS else exact
    at = int(seconds * 1_000_000)
    return at if EARLIEST <= at <= LATEST else None
