"""GitHub keeps what it sent for three days: the deliveries that nobody took are read there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from adapters.connectors.connector import Service, Unreachable
from adapters.connectors.forge import leads_to
from adapters.connectors.payload import Payload
from core.errors import MalformedStatement

_PAGE = "100"
_FOR_THIS_ONE = (404, 413)  # gone, or too large: it must not stand before those after it


async def missed(service: Service, source: str, since: int) -> AsyncIterator[tuple[str, Payload | str]]:
    """(event, payload) of each delivery since then that was not answered well, oldest first; where there is no payload
    any more, or it is too large, why."""
    for hook in await _hooks(service, source):
        for delivery in reversed(await _failed(service, hook, since)):
            yield (
                delivery.short_text("event"),
                await _payload(service, f"hooks/{hook}/deliveries/{delivery.whole('id')}"),
            )


async def _payload(service: Service, path: str) -> Payload | str:
    try:
        return Payload(_object(await service.get(path)).object("request").object("payload").data)
    except Unreachable as error:
        if error.status in _FOR_THIS_ONE:
            return str(error)
        raise


async def _hooks(service: Service, source: str) -> list[int]:
    """The webhooks that lead to this source."""
    found = []
    async for page in service.pages("hooks", per_page=_PAGE):
        for hook in _objects(page):
            address = hook.object("config").look("url")
            if isinstance(address, str) and leads_to(address, source):
                found.append(hook.whole("id"))
    if not found:
        raise Unreachable(f"no webhook there leads to /hooks/{source}; is it another repository or organisation?")
    return found


async def _failed(service: Service, hook: int, since: int) -> list[Payload]:
    """Newest first, as they are listed; one that was delivered well in the end (the same `guid`) is not missed."""
    failed: list[Payload] = []
    taken: set[str] = set()
    async for page in service.pages(f"hooks/{hook}/deliveries", per_page=_PAGE):
        for delivery in _objects(page):
            if delivery.time("delivered_at") < since:
                return failed
            guid = delivery.short_text("guid")
            if 200 <= (delivery.maybe_whole("status_code") or 0) < 300:
                taken.add(guid)
            elif guid not in taken:
                taken.add(guid)
                failed.append(delivery)
    return failed


def _objects(page: Any) -> list[Payload]:
    if not isinstance(page, list):
        raise MalformedStatement("the answer is no list; is the address that of a repository or organisation?")
    return [_object(item) for item in page]


def _object(item: Any) -> Payload:
    if not isinstance(item, dict):
        raise MalformedStatement("the answer holds something that is no object")
    return Payload(item)
