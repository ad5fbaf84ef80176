"""What a connector found, put together: checked statements, the people they name, and what was left out and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from core.connectors import Normalised
from core.errors import MalformedStatement
from core.events import Statement, content
from core.lines import parse_statement
from core.ports import Person
from core.times import write_time

LONGEST_NAME = 100
LONGEST_FACT = 100  # characters: beyond it a text is something that a person wrote
TOO_LONG = f"is a text of over {LONGEST_FACT} characters; what people write is not kept"
UNKNOWN = "Plaudit does not know this kind of event"


def say(source: str, id_: str, type_: str | None, at: int, **rest: object) -> Statement:
    """A checked statement; what is None or empty is left out, in `facts` too. `at`: UTC microseconds.

    Raises MalformedStatement."""
    facts = rest.pop("facts", None)
    if isinstance(facts, Mapping):
        rest["facts"] = {name: value for name, value in facts.items() if _says_something(value)}
    said = {name: value for name, value in {"type": type_, **rest}.items() if _says_something(value)}
    return parse_statement({"source": source, "id": id_, "at": write_time(at), **said})


def _says_something(value: object) -> bool:
    return value is not None and value != () and value != {} and value != ""


def person(account: str, name: object, *, bot: bool = False) -> Person:
    """Somebody as a service names them; without a name, their account's."""
    shown = "".join(c for c in name if c.isprintable()).strip() if isinstance(name, str) else ""
    return Person(account, shown[:LONGEST_NAME] or account.partition("/")[2], bot=bot)


def unique(people: Iterable[Person | None]) -> tuple[Person, ...]:
    """Each account once, in order of first mention."""
    named = {somebody.account: somebody for somebody in people if somebody is not None}
    return tuple(named.values())


def left_out(kind: str, reasons: Mapping[str, str]) -> Normalised:
    """A kind that says nothing to Plaudit, with its reason."""
    return Normalised(ignored=((kind[:LONGEST_NAME], reasons.get(kind, UNKNOWN)),))


def together(found: Iterable[Normalised]) -> Normalised:
    """Several answers as one; a fact that two of them say alike is said once."""
    listed = list(found)
    statements = {(s.id, s.at, s.op, content(s)): s for one in listed for s in one.statements}
    people = unique(p for one in listed for p in one.people)
    return Normalised(tuple(statements.values()), people, tuple(reason for one in listed for reason in one.ignored))


def tried(kind: str, read: Callable[[], Normalised]) -> Normalised:
    """What was read of one record of a longer answer; one that cannot be read is left out and holds up no other."""
    try:
        return read()
    except MalformedStatement as error:
        return Normalised(ignored=((kind, str(error)),))


def fact_value(value: object) -> tuple[object, str | None]:
    """(value, None) for what can be a fact, else (None, why it is left out)."""
    if isinstance(value, bool | int | Decimal):
        return value, None
    if isinstance(value, str):
        return (value, None) if len(value) <= LONGEST_FACT else (None, TOO_LONG)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return (value, None) if all(len(item) <= LONGEST_FACT for item in value) else (None, TOO_LONG)
    return None, "is no text, number, true, false or list of texts"
