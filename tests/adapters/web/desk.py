"""An inbox in memory, a connector that says back what it was asked, and a sender that signs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from adapters.connectors import statements
from core.connectors import Incoming, Normalised, Service
from core.errors import StorageUnavailable
from core.events import Statement
from core.ports import Person, Taken

NOW = 1_772_442_900  # 2026-03-02T09:15:00Z, in seconds
OLD, NEW = ("whsec_" + base64.b64encode(name * 6).decode() for name in (b"old-", b"new-"))
LIMIT = aiohttp.ClientTimeout(total=20)


@dataclass
class Shelf:
    """A small inbox in memory: an edge's tests need no more than its promise."""

    held: set[tuple[str, str, int]] = field(default_factory=set)
    deliveries: dict[tuple[str, str], int] = field(default_factory=dict)
    full: bool = False
    reasons: list[str] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    left: list[tuple[str, str, str]] = field(default_factory=list)

    async def take(self, statements: Sequence[Statement]) -> Taken:
        if self.full:
            raise StorageUnavailable("no space left")
        ignored = [s for s in statements if s.type == "ticket.rezolved"]
        keys = {(s.source, s.id, s.at) for s in statements if s not in ignored}
        new = keys - self.held
        self.held |= new
        reasons = tuple(f"unknown type {s.type}; did you mean ticket.resolved?" for s in ignored)
        return Taken(len(new), len(keys) - len(new), reasons)

    async def meet(self, people: Sequence[Person]) -> None:
        self.people += people

    async def leave_out(self, source: str, left: Sequence[tuple[str, str]]) -> None:
        self.left += [(source, *one) for one in left]

    async def seen(self, source: str, delivery: str, at: int) -> bool:
        known = (source, delivery) in self.deliveries
        self.deliveries.setdefault((source, delivery), at)
        return known

    async def arrived(self, source: str, delivery: str) -> int | None:
        return self.deliveries.get((source, delivery))


@dataclass
class Sender:
    http: aiohttp.ClientSession
    address: str

    async def post(
        self,
        body: object,
        *,
        source: str = "desk:acme",
        secret: str = NEW,
        delivery: str = "d1",
        at: int | str = NOW,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signed = headers if headers is not None else sign(raw, secret, delivery, at)
        url = f"{self.address}/hooks/{source}"
        async with self.http.post(url, data=raw, headers=signed, timeout=LIMIT) as answer:
            return answer.status, await answer.json()


def sign(body: bytes, secret: str, delivery: str, at: int | str) -> dict[str, str]:
    """Written out here, so that the test does not trust the library that the code uses."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.digest(key, f"{delivery}.{at}.".encode() + body, hashlib.sha256)
    signature = "v1," + base64.b64encode(mac).decode()
    return {"webhook-id": delivery, "webhook-timestamp": str(at), "webhook-signature": signature}


def item(name: str = "1", **changes: object) -> dict[str, object]:
    return {
        "source": "desk:acme",
        "id": f"ticket:{name}:resolved:1",
        "type": "ticket.resolved",
        "at": "2026-03-02T09:00:00Z",
        "actor": "slack:T1/U7",
    } | changes


class Odd:
    """A connector that says back what it was asked, as strangely as a service might."""

    IGNORED: Mapping[str, str] = {}

    def verify(self, incoming: Incoming, secrets: Sequence[str]) -> str:
        return statements.verify(incoming, secrets)

    def normalise(self, incoming: Incoming) -> Normalised:
        asked = json.loads(incoming.body)
        who = [Person(account, "Ami\ud800ra" + "a" * 500) for account in asked.get("people", ())]
        said = Statement("odd:one", asked.get("id", "1"), NOW * 1_000_000, asked.get("type", "ticket.resolved"))
        return Normalised((said,), tuple(who), (("\ud800", incoming.method), ("url", incoming.url)))

    def reconcile(self, service: Service, source: str, since: int) -> AsyncIterator[Normalised]:
        return statements.reconcile(service, source, since)
