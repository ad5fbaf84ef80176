"""What the rule book says about a source: from its JSON to a statement. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from adapters.connectors.connector import Normalised
from adapters.connectors.findings import fact_value, say
from adapters.connectors.payload import Payload
from adapters.connectors.people import email_account
from core.errors import MalformedStatement
from core.events import Account
from core.rules.connectors import Mapped

FORM = "form:"


def map_item(mapped: Mapped, source: str, item: Payload, now: int) -> Normalised:
    """One JSON object as the book reads it. `now`: UTC microseconds, for what has no time of its own.

    Raises MalformedStatement, which names the place in the JSON.
    """
    for place, wanted in mapped.only.items():
        if not _same(item.look(place), wanted):
            return _left_out(mapped, f'"{place}" is not {_written(wanted)}, and the rule book takes no other')
    actor = _actor(mapped, source, item)
    if mapped.actor is not None and actor is None:
        return _left_out(mapped, f'"{mapped.actor}" names nobody')
    facts, dropped = _facts(mapped, source, item)
    at = now if mapped.at is None else item.any_time(mapped.at)
    statement = say(source, _identity(mapped, item), mapped.type, at, actor=actor, facts=facts)
    return Normalised((statement,), (), dropped)


def _left_out(mapped: Mapped, reason: str) -> Normalised:
    return Normalised(ignored=((mapped.type, reason),))


def _same(value: object, wanted: object) -> bool:
    """TOML's true is not JSON's 1."""
    return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)


def _written(wanted: object) -> str:
    return f'"{wanted}"' if isinstance(wanted, str) else str(wanted).lower()


def _identity(mapped: Mapped, item: Payload) -> str:
    found = item.look(mapped.id)
    if isinstance(found, bool) or not isinstance(found, str | int | Decimal) or found == "":
        wrong = "is missing" if found is None or found == "" else "is no text or number"
        raise MalformedStatement(f"{mapped.id}: {wrong}; the rule book takes the id of the fact from there")
    return str(found)


def _actor(mapped: Mapped, source: str, item: Payload) -> Account | None:
    found = item.look(mapped.actor) if mapped.actor is not None else None
    if isinstance(found, bool) or not isinstance(found, str | int) or not str(found).strip():
        return None
    if mapped.actor_source is not None:
        return f"{mapped.actor_source}/{str(found).strip()}"
    return email_account(found) or f"{source}/{str(found).strip()}"


def _facts(mapped: Mapped, source: str, item: Payload) -> tuple[Mapping[str, object], tuple[tuple[str, str], ...]]:
    """The facts, and which were left out and why. What was not sent is simply not there."""
    facts: dict[str, object] = {"form": source.removeprefix(FORM)} if source.startswith(FORM) else {}
    dropped = []
    for name, place in mapped.facts.items():
        found = item.look(place)
        if found is None:
            continue
        value, why = fact_value(found)
        if why is None:
            facts[name] = value
        else:
            dropped.append((f"facts.{name}", f'"{place}" {why}'))
    return facts, tuple(dropped)
