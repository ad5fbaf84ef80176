"""Statements as JSON, one object per line: what files, the webhook and `plaudit log` carry.

Whatever comes from outside is read here, strictly: a statement is either understood whole or refused with a
text that names the field and says what to write instead. Written by hand: a million lines are read this way.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import orjson

from core.errors import MalformedStatement
from core.events import ASSERT, RESTORE, WITHDRAW, Account, Op, Statement, Value, plain
from core.exact_json import decode
from core.times import read_time, write_time

LONGEST_SOURCE = 200
LONGEST_ID = 1_000
LONGEST_TYPE = 200
LONGEST_ACCOUNT = LONGEST_SOURCE + LONGEST_ID
LONGEST_NAME = 100
LONGEST_TEXT = 10_000
MOST_FACTS = 200
MOST_ITEMS = 1_000
GREATEST = 10**18
MOST_PLACES = 18

_ENVELOPE = ("source", "id", "type", "at", "op")
_REST = ("actor", "author", "target", "participants", "facts", "reason", "by")
FIELDS = _ENVELOPE + _REST
_KNOWN = frozenset(FIELDS)
_ABSENT: tuple[object, ...] = (None, (), {})


@dataclass(frozen=True, slots=True)
class Link:
    """These accounts are one member, named by the first."""

    accounts: tuple[Account, ...]


def parse_line(line: bytes | str) -> Statement | Link:
    """One line of an events file: a statement, or `{"link": [account, account, …]}`.

    Raises MalformedStatement, also for a blank line.
    """
    obj = decode(line)
    if isinstance(obj, dict) and "link" in obj and "source" not in obj:
        return _parse_link(obj)
    return parse_statement(obj, own=True)


def parse_statement_line(line: bytes | str) -> Statement:
    """As `parse_line`, where only statements are. Raises MalformedStatement."""
    return parse_statement(decode(line))


def parse_statement(obj: object, own: bool = False) -> Statement:
    """The statement that an object from `decode` says. `own`: a log of ours says it, so it may restore a fact. Raises
    MalformedStatement."""
    if not isinstance(obj, dict):
        raise MalformedStatement('a statement is a JSON object: {"source": …, "id": …, "type": …, "at": …}')
    if not obj.keys() <= _KNOWN:
        raise MalformedStatement(_unknown_field(obj))
    op = _parse_op(obj["op"], own) if "op" in obj else ASSERT
    return Statement(  # by place: by name it takes half as long again; most keys are not there, and cost no call
        _required(obj, "source", LONGEST_SOURCE),
        _required(obj, "id", LONGEST_ID),
        _parse_at(obj),
        None if op != ASSERT and "type" not in obj else _required(obj, "type", LONGEST_TYPE),
        op,
        _account(obj["actor"], "actor") if "actor" in obj else None,
        _account(obj["author"], "author") if "author" in obj else None,
        _account(obj["target"], "target") if "target" in obj else None,
        _accounts(obj["participants"], "participants") if "participants" in obj else (),
        _parse_facts(obj["facts"]) if "facts" in obj else {},
        _text(obj["reason"], "reason") if "reason" in obj else None,
        _giver(obj["by"], "by") if "by" in obj else None,
    )


def check_statement(statement: Statement) -> None:
    """What was not read here must be readable here. Raises MalformedStatement."""
    try:
        line = to_line(statement)
    except (TypeError, OverflowError):  # half a surrogate pair, a number of more than 64 bits, a time out of range
        raise MalformedStatement(f"{_show(statement.id)}: holds what no statement can say; leave it out") from None
    parse_statement_line(line)


def to_line(statement: Statement) -> bytes:
    """One JSON object without a line break at its end; `parse_line` reads it back as an equal statement."""
    line: dict[str, object] = {"source": statement.source, "id": statement.id}
    if statement.type is not None:
        line["type"] = statement.type
    line["at"] = write_time(statement.at)
    if statement.op != ASSERT:
        line["op"] = statement.op
    for name in _REST:
        value = getattr(statement, name)
        if value not in _ABSENT:
            line[name] = value
    return orjson.dumps(line, default=plain)


def _parse_link(obj: Mapping[str, object]) -> Link:
    if len(obj) > 1:
        raise MalformedStatement('link: write nothing beside {"link": ["slack:T1/U1", "discord:9/77"]}')
    accounts = _accounts(obj["link"], "link")
    if len(accounts) < 2:
        raise MalformedStatement("link: name two accounts or more")
    return Link(accounts)


def _parse_op(op: object, own: bool) -> Op:
    for known in (ASSERT, WITHDRAW, RESTORE):
        if op == known and (own or known != RESTORE):
            return known
    raise MalformedStatement(f'op: {_show(op)} is neither "assert" (or left out) nor "withdraw"')


def _parse_at(obj: Mapping[str, object]) -> int:
    at = obj.get("at")
    if type(at) is not str:
        wrong = "is no text" if "at" in obj else "is missing"
        raise MalformedStatement(f"at: {wrong}; write when it happened, as 2026-03-02T09:15:00Z")
    try:
        return read_time(at)
    except ValueError as error:
        raise MalformedStatement(f"at: {_show(at)} {error}") from None


def _parse_facts(facts: object) -> dict[str, Value]:
    if not isinstance(facts, dict):
        raise MalformedStatement('facts: is no object; write {"length": 42, …}')
    if len(facts) > MOST_FACTS:
        raise MalformedStatement(f"facts: has {len(facts)} entries; at most {MOST_FACTS} are kept")
    return {_fact_name(name): _parse_value(value, name) for name, value in facts.items()}


@lru_cache(maxsize=4096)  # a history has few names, each a million times
def _fact_name(name: object) -> str:
    if type(name) is not str or not 0 < len(name) <= LONGEST_NAME:
        raise MalformedStatement(f"facts: give {_show(name)} a name of 1 to {LONGEST_NAME} characters")
    return _clean(name, "facts")


def _parse_value(value: object, name: str) -> Value:
    if type(value) is str:  # most facts are short and plain: no need to check more
        return value if len(value) < 100 and value.isprintable() else _text(value, f"facts.{name}")
    if type(value) is bool:
        return value
    if type(value) is int:
        return value if -GREATEST <= value <= GREATEST else _parse_number(value, name)
    if type(value) is Decimal:
        return _parse_number(value, name)
    if type(value) is list or type(value) is tuple:
        return _parse_words(value, name)
    raise MalformedStatement(f"facts.{name[:40]}: {_remedy(value)}")


def _remedy(value: object) -> str:
    if isinstance(value, Mapping):
        return "facts are flat; give each inner value a name of its own"
    if isinstance(value, float):
        return "is a binary float; read the JSON with exact numbers, or send a text"
    return "is null; leave the fact out" if value is None else f"{type(value).__name__} is no value of a fact"


def _parse_number(number: int | Decimal, name: str) -> int | Decimal:
    if isinstance(number, Decimal):
        exponent = number.as_tuple().exponent
        if not isinstance(exponent, int):
            raise MalformedStatement(f"facts.{name}: is not a number; leave the fact out")
        if exponent < -MOST_PLACES:
            raise MalformedStatement(f"facts.{name}: has over {MOST_PLACES} digits after the point; round it")
        if exponent > MOST_PLACES:  # 0E+999: zero, but nobody can write it out
            raise MalformedStatement(f"facts.{name}: has a huge exponent; write the number out")
    if not -GREATEST <= number <= GREATEST:
        raise MalformedStatement(f"facts.{name}: is beyond 10^18 in size; use a greater unit or a text")
    return number


def _parse_words(values: Sequence[object], name: str) -> tuple[str, ...]:
    if len(values) > MOST_ITEMS:
        raise MalformedStatement(f"facts.{name}: lists {len(values)} values; at most {MOST_ITEMS} are kept")
    if any(type(value) is not str for value in values):
        raise MalformedStatement(f"facts.{name}: a list holds texts only")
    return tuple(_text(value, f"facts.{name}") for value in values)


def _accounts(values: object, name: str) -> tuple[Account, ...]:
    if not isinstance(values, list | tuple):
        raise MalformedStatement(f'{name}: is no list; write ["slack:T1/U1", "slack:T1/U2"]')
    if len(values) > MOST_ITEMS:
        raise MalformedStatement(f"{name}: lists {len(values)} accounts; at most {MOST_ITEMS} are kept")
    return tuple(_account(value, name) for value in values)


def _account(value: object, name: str) -> Account:
    if type(value) is str and _is_plain_account(value):
        return value
    text = _text(value, name)
    source, _, user = text.partition("/")
    if not (source and user) or len(text) > LONGEST_ACCOUNT:
        raise MalformedStatement(f'{name}: {_show(text)} is no account; write source/user, as "slack:T1/U7"')
    return text


def read_account(text: str) -> Account:
    """Somebody's account as people write it. Raises MalformedStatement with what to write instead."""
    return _account(text, "member")


@lru_cache(maxsize=65_536)
def _is_plain_account(text: str) -> bool:
    """One that is seen to be sound at a glance."""
    source, _, user = text.partition("/")
    return bool(source and user) and len(text) <= LONGEST_ACCOUNT and text.isprintable()


def _giver(value: object, name: str) -> str:
    """`by` may also be one of our own parts (`engine`, `clock`), which have no user."""
    text = _text(value, name)
    if not 0 < len(text) <= LONGEST_ACCOUNT:
        raise MalformedStatement(f'{name}: write who said it, as "slack:T1/U7"')
    return text


_EXAMPLES: Mapping[str, str] = {
    "source": 'write where it comes from, as "slack:T1"',
    "id": 'write what names the fact within its source, as "message:C1/1700000000.000100"',
    "type": 'write what happened, as "message.posted"',
}


def _required(obj: Mapping[str, object], name: str, longest: int) -> str:
    value = obj.get(name)
    if type(value) is not str:
        wrong = "is no text" if name in obj else "is missing"
    elif not 0 < len(value) <= longest:
        wrong = f"is longer than {longest} characters" if value else "is empty"
    else:
        return _clean(value, name)
    raise MalformedStatement(f"{name}: {wrong}; {_EXAMPLES[name]}")


def _text(value: object, name: str) -> str:
    if type(value) is not str:
        raise MalformedStatement(f"{name}: is no text{'; leave it out' if value is None else ''}")
    if len(value) > LONGEST_TEXT:
        raise MalformedStatement(f"{name}: is longer than {LONGEST_TEXT:,} characters; shorten it")
    return _clean(value, name)


def _clean(text: str, name: str) -> str:
    """Refuses what no database can hold: a zero character, half a surrogate pair."""
    if text.isprintable():
        return text
    if "\0" in text:
        raise MalformedStatement(f"{name}: holds a zero character (\\u0000); leave it out")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise MalformedStatement(f"{name}: holds half a surrogate pair; leave it out") from None
    return text


def _unknown_field(obj: Mapping[object, object]) -> str:
    name = str(next(name for name in obj if name not in _KNOWN))[:LONGEST_NAME]
    near = difflib.get_close_matches(name, FIELDS, n=1, cutoff=0.7)
    return f"{_show(name)}: unknown field; " + (
        f'did you mean "{near[0]}"?' if near else "put what you want to say about the fact into facts"
    )


def _show(value: object) -> str:
    """A value in an error text: short, and fit for any output."""
    if not isinstance(value, str):
        return type(value).__name__
    text = value[:40].encode("ascii", "backslashreplace").decode()
    return f'"{text}…"' if len(value) > 40 else f'"{text}"'
