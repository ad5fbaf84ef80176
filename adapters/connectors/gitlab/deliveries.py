"""GitLab keeps what it sent for a week. When that was is known of what was answered: the answer has a date."""

from __future__ import annotations

from collections.abc import AsyncIterator
from email.utils import parsedate_to_datetime
from typing import Any

from adapters.connectors.connector import Service, Unreachable
from adapters.connectors.forge import leads_to
from adapters.connectors.payload import Payload
from core.errors import MalformedStatement

_PAGE = "20"
_MOST_PAGES = 50


async def missed(service: Service, source: str, since: int) -> AsyncIterator[Payload]:
    """The payload of each delivery since about then that was not answered well, oldest first."""
    for hook in await _hooks(service, source):
        for delivery in reversed(await _failed(service, hook, since)):
            yield Payload(delivery.object("request_data").data)


async def _hooks(service: Service, source: str) -> list[int]:
    """The webhooks that lead to this source."""
    found = []
    async for page in service.pages("hooks", per_page=_PAGE):
        found += [hook.whole("id") for hook in _objects(page) if leads_to(hook.short_text("url"), source)]
    if not found:
        raise Unreachable(f"no webhook there leads to /hooks/{source}; is it another project or group?")
    return found


async def _failed(service: Service, hook: int, since: int) -> list[Payload]:
    """Newest first. What was sent again keeps its Idempotency-Key: one that was taken in the end is not missed."""
    failed: list[Payload] = []
    settled: set[str] = set()
    for number in range(1, _MOST_PAGES + 1):
        page = _objects(await service.get(f"hooks/{hook}/events", per_page=_PAGE, page=str(number)))
        for delivery in page:
            key = _key(delivery)
            if key not in settled and not (delivery.maybe_text("response_status") or "").startswith("2"):
                failed.append(delivery)
            settled.add(key)
        if len(page) < int(_PAGE) or any(_answered_at(delivery, since) < since for delivery in page):
            break
    return failed


def _answered_at(delivery: Payload, unknown: int) -> int:
    """UTC microseconds by the clock of whoever answered; `unknown` where nobody did."""
    headers = delivery.look("response_headers")
    texts = [str(v) for k, v in headers.items() if k.lower() == "date"] if isinstance(headers, dict) else []
    try:
        return int(parsedate_to_datetime(texts[0]).timestamp()) * 1_000_000 if texts else unknown
    except (TypeError, ValueError):
        return unknown


def _key(delivery: Payload) -> str:
    headers = delivery.look("request_headers")
    key = headers.get("Idempotency-Key") if isinstance(headers, dict) else None
    return key if isinstance(key, str) else str(delivery.whole("id"))


def _objects(page: Any) -> list[Payload]:
    if not isinstance(page, list) or not all(isinstance(item, dict) for item in page):
        raise MalformedStatement("the answer is no list of objects; is the address that of a project or group?")
    return [Payload(item) for item in page]
