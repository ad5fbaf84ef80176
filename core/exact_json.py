"""JSON with exact numbers: one with a point or an exponent becomes a Decimal, never a binary float."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

import orjson

from core.errors import MalformedStatement

_BOM = b"\xef\xbb\xbf"
_TOO_LARGE = "holds a number beyond 10^18 in size; use a greater unit or a text"


def decode(data: bytes | str) -> Any:
    """A statement, or a list of them, still unchecked.

    Raises MalformedStatement for everything that is no JSON, NaN and Infinity among it.
    """
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError:
        return decode_exactly(data)
    return decode_exactly(data) if _has_float(found) else found


def _has_float(found: object) -> bool:
    """Whether its facts need exact numbers. (Integers beyond 64 bits arrive here as floats too.)"""
    if type(found) is dict:
        facts = found.get("facts")
        return type(facts) is dict and float in map(type, facts.values())
    return type(found) is list and any(map(_has_float, found))


def decode_exactly(data: bytes | str) -> Any:
    """Any JSON, ten times slower: keeps every digit everywhere, and says what is wrong. Raises MalformedStatement."""
    try:
        text = data if isinstance(data, str) else data.removeprefix(_BOM).decode()
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise MalformedStatement("is not UTF-8") from None
    except RecursionError:
        raise MalformedStatement("is nested too deeply; a statement is flat") from None
    except json.JSONDecodeError as error:
        raise MalformedStatement(f"is no JSON: {error.msg} at character {error.pos + 1}") from None
    except (ValueError, ArithmeticError):  # whole numbers of more than 4,300 digits, exponents of 20 digits
        raise MalformedStatement(_TOO_LARGE) from None


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedStatement(f"{name} is not a number; leave the fact out")
