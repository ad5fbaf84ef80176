"""A program that takes webhooks, on this computer: real sockets, and it answers as it is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook

SECRET = "whsec_" + "cmVjZWl2ZXItaXMtbm8tc2VjcmV0LWF0LWFsbA=="
DROP = 0  # take the request, then close the connection without a word


@dataclass(frozen=True, slots=True)
class Got:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def document(self) -> Any:
        return json.loads(self.body)

    def signature(self, secret: str = SECRET) -> str:
        """What the library signs for it: its own check knows only the machine's clock, and tests move theirs."""
        from datetime import UTC, datetime

        at = datetime.fromtimestamp(int(self.headers["webhook-timestamp"]), UTC)
        return Webhook(secret).sign(self.id, at, self.body.decode())


@dataclass
class Receiver:
    """`answers`: status, or status with headers, one for each request; the last one for all that follow."""

    answers: list[int | tuple[int, dict[str, str]]] = field(default_factory=lambda: [204])
    got: list[Got] = field(default_factory=list)
    port: int = 0
    body: bytes = b""
    pause: float = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/plaudit"

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.got.append(Got(request.path, {k.lower(): v for k, v in request.headers.items()}, await request.read()))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if self.pause:
            await asyncio.sleep(self.pause)
        status, headers = answer if isinstance(answer, tuple) else (answer, {})
        if status == DROP and request.transport is not None:
            request.transport.close()
        return web.Response(status=status or 200, headers=headers, body=self.body)

    def types(self) -> list[str]:
        """What the documents tell, in the order of arrival."""
        return [got.document["type"] for got in self.got]


@asynccontextmanager
async def receiving(*answers: int | tuple[int, dict[str, str]], host: str = "127.0.0.1") -> AsyncIterator[Receiver]:
    """Listens until the end of the block."""
    receiver = Receiver(list(answers) or [204])
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, host, 0)
    await site.start()
    try:
        receiver.port = runner.addresses[0][1]
        yield receiver
    finally:
        await runner.cleanup()


def webhook(url: str, more: str = "", name: str = "crm") -> str:
    """A table of a rule book for it."""
    return (
        f'\n[[webhook]]\nname = "{name}"\nurl = "{url}"\nsecret_env = "PLAUDIT_OUT_CRM_SECRET"\n'
        f"allow_private = true\n{more}\n"
    )
