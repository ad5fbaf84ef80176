"""A small app on the real slack-bolt, connected to a SlackServer over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack_server import SlackServer

Json = dict[str, Any]


class SlackBot:
    """The app and what reached it: whole event payloads, commands and interactions, in order of arrival."""

    def __init__(self, app: AsyncApp) -> None:
        self.app = app
        self.client: AsyncWebClient = app.client
        self.received: list[Json] = []

    def events(self, kind: str, subtype: str | None = None) -> list[Json]:
        """Inner events of this type that arrived, own messages of the bot left out."""
        inner = [body["event"] for body in self.received if body.get("type") == "event_callback"]
        return [e for e in inner if e["type"] == kind and e.get("subtype") == subtype and "bot_id" not in e]


def web_client(server: SlackServer, token: str | None = None) -> AsyncWebClient:
    token = server.access.bot_token if token is None else token
    return AsyncWebClient(token=token, base_url=server.api_url, retry_handlers=[])


def _build(server: SlackServer, store: Callable[[Json], Awaitable[None]] | None) -> SlackBot:
    app = AsyncApp(client=web_client(server), signing_secret="not used in Socket Mode")
    bot = SlackBot(app)

    @app.middleware
    async def keep(body: Json, next: Any, ack: Any) -> Any:  # noqa: A002 -- Bolt passes arguments by name
        if store is not None:
            await store(body)
        bot.received.append(body)
        return await ack() if body.get("type") == "event_callback" else await next()

    return bot


@asynccontextmanager
async def connected(
    server: SlackServer, store: Callable[[Json], Awaitable[None]] | None = None
) -> AsyncIterator[SlackBot]:
    """A bot that acknowledges every event once `store` has taken it; refusals of `store` are its crashes."""
    bot = _build(server, store)
    handler = AsyncSocketModeHandler(bot.app, server.access.app_token, ping_interval=0.5)
    open_before = len(server.connections)
    async with asyncio.timeout(10):
        await handler.connect_async()
        await server.until(lambda: len(server.connections) > open_before)
    try:
        yield bot
    finally:
        await handler.close_async()
