"""Socket Mode, watched: a connection that is dead for too long is closed and built anew."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from structlog.typing import FilteringBoundLogger

from adapters.slack.settings import SlackSettings
from adapters.slack.web import TROUBLE, bare, is_local, sdk_logger


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. `ping`: between two pings, and two looks at the connection. `connect`: for one attempt (the SDK tries
    for ever with a wrong token). `dead`: without a connection until it is built anew (the SDK reconnects by itself
    most of the time). `close`: for closing an old one. `pause`: the longest between two attempts."""

    ping: float = 5.0
    connect: float = 20.0
    dead: float = 30.0
    close: float = 5.0
    pause: float = 30.0


class Connection:
    """`alive` is called at every look that finds the connection well, with the seconds it had been gone before."""

    def __init__(
        self,
        settings: SlackSettings,
        app: AsyncApp,
        patience: Patience,
        alive: Callable[[float], Awaitable[None]],
        log: FilteringBoundLogger,
    ) -> None:
        self._settings = settings
        self._app = app
        self._patience = patience
        self._alive = alive
        self._log = log
        self._handler: AsyncSocketModeHandler | None = None
        self._well_at: float | None = None  # on the loop's clock
        self.connected = False

    async def run(self) -> None:
        """Until cancelled."""
        pause = 0.5
        try:
            while True:
                if await self._open():
                    pause = 0.5
                    await self._watch()
                await self._drop()
                await asyncio.sleep(pause)
                pause = min(pause * 2, self._patience.pause)
        finally:
            await self._drop()

    async def _open(self) -> bool:
        """Whether a new connection stands within its time."""
        handler = AsyncSocketModeHandler(
            self._app,
            self._settings.app_token,
            logger=sdk_logger(),
            web_client=bare(self._settings),
            ping_interval=self._patience.ping,
        )
        if is_local(self._settings):
            handler.client.proxy = None
        self._handler = handler
        try:
            async with asyncio.timeout(self._patience.connect):
                await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        except TROUBLE as error:
            self._log.warning("slack.cannot_connect", error=type(error).__name__)
            return False
        return True

    async def _watch(self) -> None:
        """Returns when the connection has been dead for too long."""
        loop = asyncio.get_running_loop()
        dead_since: float | None = None
        while dead_since is None or loop.time() - dead_since < self._patience.dead:
            if self._handler is not None and await self._handler.client.is_connected():
                dead_since = None
                await self._well(loop.time())
            else:
                dead_since = dead_since or loop.time()
                self.connected = False
            await asyncio.sleep(self._patience.ping)
        self._log.warning("slack.connection_dead", seconds=round(loop.time() - dead_since, 1))

    async def _well(self, now: float) -> None:
        gone = now - self._well_at if self._well_at is not None and not self.connected else 0.0
        self._well_at = now
        if not self.connected:
            self._log.info("slack.connected", after_seconds=round(gone, 1))
        self.connected = True
        await self._alive(gone)

    async def _drop(self) -> None:
        """Close what there is; a half-open socket may not want to."""
        handler, self._handler = self._handler, None
        self.connected = False
        if handler is None:
            return
        try:
            async with asyncio.timeout(self._patience.close):
                await handler.close_async()  # type: ignore[no-untyped-call]  # the same
        except (*TROUBLE, OSError) as error:
            self._log.info("slack.close_failed", error=type(error).__name__)
            await handler.client.aiohttp_client_session.close()
