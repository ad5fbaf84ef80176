"""Forms, and every source without a connector of its own: signed JSON that the rule book says how to read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from adapters.connectors import cloudevents, statements
from adapters.connectors.connector import Incoming, Normalised, Service
from adapters.connectors.findings import together
from adapters.connectors.mapping import FORM, map_item
from adapters.connectors.payload import Payload, decode_body
from adapters.connectors.signatures import any_same, digest, verify_standard
from core.catalogue import KNOWN
from core.errors import Forged, MalformedStatement
from core.rules.book import RuleBook
from core.rules.connectors import Mapped

SECRET = "x-plaudit-secret"  # noqa: S105 - the name of a header
_MOST = 1_000
_NO_TABLE = 'the rule book does not say how to read it; add a table [connectors."{source}"] with type and id'


@dataclass(frozen=True, slots=True)
class Form:
    """A connector for one source. `mapped`: what the book says about it, None if nothing.

    `knows`: whether an event type is catalogued or declared in the book."""

    mapped: Mapped | None = None
    knows: Callable[[str], bool] = KNOWN.__contains__
    IGNORED: Mapping[str, str] = field(default_factory=dict)

    def verify(self, incoming: Incoming, secrets: Sequence[str]) -> str:
        """Standard Webhooks, or the secret itself in a header, for forms that cannot sign. Raises Forged.

        The header is only as safe as the way it came: it is asked for over TLS."""
        offered = incoming.headers.get(SECRET, "")
        if "webhook-id" in incoming.headers or not offered:
            return verify_standard(incoming.headers, incoming.body, secrets, incoming.now)
        if not any_same(offered, secrets):
            raise Forged(f"{SECRET} is not the secret of this source")
        return digest(incoming.body)

    def normalise(self, incoming: Incoming) -> Normalised:
        """Raises MalformedStatement."""
        if cloudevents.is_cloudevent(incoming.headers):
            return cloudevents.normalise(incoming, self.mapped, _nothing if _is_form(incoming) else self.knows)
        if self.mapped is None:
            return self._own_form(incoming)
        found = decode_body(incoming.body)
        items = found if isinstance(found, list) else [found]
        if len(items) > _MOST or not all(isinstance(item, Mapping) for item in items):
            raise MalformedStatement(f"the body is no object, and no list of at most {_MOST:,} objects")
        return together(map_item(self.mapped, incoming.source, Payload(item), incoming.now) for item in items)

    async def reconcile(self, service: Service, source: str, since: int) -> AsyncIterator[Normalised]:
        """Nobody can be asked: a form has no address of its own to ask at."""
        async for nothing in statements.reconcile(service, source, since):
            yield nothing

    def _own_form(self, incoming: Incoming) -> Normalised:
        """A form sends its answers, never statements; anybody else may speak as Plaudit does."""
        if _is_form(incoming):
            return Normalised(ignored=((incoming.source, _NO_TABLE.format(source=incoming.source)),))
        return statements.normalise(incoming)


def _is_form(incoming: Incoming) -> bool:
    return incoming.source.startswith(FORM)


def _nothing(_: str) -> bool:
    """What a form says means what the book says, whatever it calls it."""
    return False


def of_book(source: str, book: RuleBook | None) -> Form:
    """How the book of its community reads a source. Without a book: CloudEvents of our types, and our own form."""
    if book is None:
        return Form()

    @cache  # only CloudEvents ask, and a batch asks a thousand times
    def own_types() -> frozenset[str]:
        return book.types_used() | frozenset(book.types.known)

    return Form(book.connectors.get(source), lambda kind: kind in KNOWN or kind in own_types())
