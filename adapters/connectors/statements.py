"""Plaudit's own form, for every source without a service: one statement or a list, signed by Standard Webhooks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence

from adapters.connectors.connector import Incoming, Normalised, Service
from adapters.connectors.signatures import verify_standard
from core.errors import MalformedStatement
from core.events import Statement
from core.exact_json import decode
from core.lines import parse_statement

IGNORED: Mapping[str, str] = {}


def verify(incoming: Incoming, secrets: Sequence[str]) -> str:
    """The header webhook-id. Raises Forged."""
    return verify_standard(incoming.headers, incoming.body, secrets, incoming.now)


def normalise(incoming: Incoming) -> Normalised:
    """One bad item refuses them all. Raises MalformedStatement, which names the item."""
    try:
        found = decode(incoming.body)
    except MalformedStatement as error:
        raise MalformedStatement(f"the body {error}") from None
    if not isinstance(found, list):
        return Normalised((parse_statement(found),), parsed=True)
    items = (_parse_item(item, f"item {n} of {len(found)}") for n, item in enumerate(found, 1))
    return Normalised(tuple(items), parsed=True)


async def reconcile(service: Service, source: str, since: int) -> AsyncIterator[Normalised]:
    """Nothing: whoever sends statements repeats them until they are taken."""
    nothing: tuple[Normalised, ...] = ()
    for missed in nothing:
        yield missed


def _parse_item(item: object, place: str) -> Statement:
    try:
        return parse_statement(item)
    except MalformedStatement as error:
        raise MalformedStatement(f"{place}: {error}") from None
