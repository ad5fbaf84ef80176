"""Socket Mode: connections, tickets, envelopes out, acknowledgements in."""

import asyncio
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMessage, WSMsgType, web

from .errors import ApiError, Json
from .identity import Identity

MOST_CONNECTIONS = 10


@dataclass(slots=True)
class Connection:
    """One open Socket Mode connection. `dead` imitates a half-open one: what is written to it is lost, its
    pings stay unanswered."""

    ws: web.WebSocketResponse
    request: web.Request
    dead: bool = False
    unacked: dict[str, asyncio.Future[Any]] = field(default_factory=dict)

    def abort(self) -> None:
        """Lose the TCP connection without a close frame."""
        if self.request.transport is not None:
            self.request.transport.abort()


class Sockets:
    """All connections of the app; each envelope goes to one of them, in turn."""

    def __init__(self, me: Identity, notify: Callable[[], None]) -> None:
        self.connections: list[Connection] = []
        self._me = me
        self._notify = notify
        self._tickets: set[str] = set()
        self._turn = 0

    def ticket(self) -> str:
        """A single-use ticket for one connection. Raises when ten are open."""
        if len(self.connections) >= MOST_CONNECTIONS:
            raise ApiError("too_many_websockets")
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection from hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401)
        self._tickets.discard(ticket)
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        connection = Connection(ws, request)
        self.connections.append(connection)
        try:
            await self._talk(connection)
        finally:
            self.connections.remove(connection)
            self._notify()
        return ws

    async def _talk(self, connection: Connection) -> None:
        await connection.ws.send_json(self._hello())
        self._notify()
        async for message in connection.ws:
            if not connection.dead:
                await _take(connection, message)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self._me.app_id},
            "debug_info": {
                "host": "applink-playground",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
        }

    async def send(self, envelope: Json, timeout: float, *, then_drop: bool = False) -> Any:  # noqa: ASYNC109 -- Slack's three seconds
        """Write an envelope to the next connection and wait for its acknowledgement; returns its payload.
        Raises ConnectionError without a connection, TimeoutError without an acknowledgement."""
        if not self.connections:
            raise ConnectionError
        self._turn += 1
        connection = self.connections[self._turn % len(self.connections)]
        waiting = asyncio.get_running_loop().create_future()
        connection.unacked[envelope["envelope_id"]] = waiting
        try:
            await _write(connection, envelope, then_drop=then_drop)
            async with asyncio.timeout(timeout):
                return await waiting
        finally:
            connection.unacked.pop(envelope["envelope_id"], None)

    async def say_disconnect(self, reason: str) -> None:
        """Ask every connection to reconnect (`refresh_requested`, `warning`, `link_disabled`)."""
        for connection in list(self.connections):
            info = {"host": "applink-playground"}
            await connection.ws.send_json({"type": "disconnect", "reason": reason, "debug_info": info})

    async def close(self) -> None:
        for connection in list(self.connections):
            await connection.ws.close()


async def _write(connection: Connection, envelope: Json, *, then_drop: bool) -> None:
    if not connection.dead:
        await connection.ws.send_json(envelope)
    if then_drop:
        connection.abort()


async def _take(connection: Connection, message: WSMessage) -> None:
    if message.type is WSMsgType.PING:
        await connection.ws.pong(message.data)
    elif message.type is WSMsgType.TEXT:
        _acknowledge(connection, message.data)


def _acknowledge(connection: Connection, text: str) -> None:
    try:
        data = json.loads(text)
    except ValueError:
        return  # the real server ignores what is no JSON
    waiting = connection.unacked.get(data.get("envelope_id", "")) if isinstance(data, dict) else None
    if waiting is not None and not waiting.done():
        waiting.set_result(data.get("payload"))
