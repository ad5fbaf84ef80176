"""What a sender says, as a line of JSON: the statement of a fact, with an id that its content gives it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

Value = str | int | Decimal | bool | Sequence[str]


def line(statement: Mapping[str, object]) -> str:
    """JSON on one line, numbers exact; what is None or empty is left out. Raises TypeError for a binary float."""
    return _json({name: value for name, value in statement.items() if value not in (None, (), [], {}, "")})


def own_id(statement: Mapping[str, object]) -> str:
    """An id for a fact that has none of its own: the same content is the same fact."""
    ordered = {name: statement[name] for name in sorted(statement)}
    facts = ordered.get("facts")
    if isinstance(facts, Mapping):
        ordered["facts"] = {name: facts[name] for name in sorted(facts)}
    return "said:" + hashlib.sha256(line(ordered).encode()).hexdigest()[:24]


def written(at: datetime) -> str:
    """RFC 3339 in UTC. Raises ValueError for a time without an offset."""
    if at.tzinfo is None:
        raise ValueError("the time has no offset; write datetime.now(UTC), or give it a time zone")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _json(value: object) -> str:
    match value:
        case Mapping():
            return "{" + ",".join(f"{json.dumps(str(k))}:{_json(v)}" for k, v in value.items()) + "}"
        case list() | tuple():
            return "[" + ",".join(map(_json, value)) + "]"
        case Decimal() if value.is_finite():
            return format(value, "f")
        case str() | bool() | int():
            return json.dumps(value)
    raise TypeError(
        f"{type(value).__name__} is no value of a fact; write a text, a whole number, Decimal, True or a list"
    )
