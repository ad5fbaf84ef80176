"""A workspace with a few people, and an edge connected to it over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import pytest
import structlog

from adapters.slack import Patience, SlackEdge, SlackSettings
from bot.playground.slack_server import SlackServer
from core.pictures import Draw, no_picture
from core.places import Places
from tests.fakes import FakeDesk, FakeInbox, FakeNotebook, FakeStays

QUICK = Patience(ping=0.2, connect=5.0, dead=2.0, close=1.0, pause=0.5)
GENERAL, SECRET, QUIET = "C0GEN", "C0SECRET", "C0QUIET"
AMIRA, BEN, CHEN = "U0AMIRA", "U0BEN", "U0CHEN"


@dataclass
class Rig:
    """The edge and everything around it."""

    server: SlackServer
    edge: SlackEdge
    inbox: FakeInbox
    desk: FakeDesk
    notebook: FakeNotebook
    stays: FakeStays
    warnings: list[str] = field(default_factory=list)

    def account(self, user: str) -> str:
        return f"{self.edge.source}/{user}"


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer(retry_delays=(0.05, 0.1, 0.2)) as server:
        server.add_user(AMIRA, "amira")
        server.add_user(BEN, "ben")
        server.add_user(CHEN, "chen", is_admin=True)
        server.add_channel(GENERAL, "general", [AMIRA, BEN, CHEN])
        server.add_channel(SECRET, "secret", [AMIRA, BEN], is_private=True)
        server.add_channel(QUIET, "quiet", [AMIRA], with_bot=False)
        yield server


async def until(predicate: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait for something inside the edge, which tells nobody when it changes."""
    async with asyncio.timeout(seconds):
        while not predicate():  # noqa: ASYNC110 -- there is no event to wait for
            await asyncio.sleep(0.01)


def settings_for(server: SlackServer) -> SlackSettings:
    return SlackSettings(server.access.bot_token, server.access.app_token, server.api_url)


def build(
    server: SlackServer,
    *,
    inbox: FakeInbox | None = None,
    desk: FakeDesk | None = None,
    notebook: FakeNotebook | None = None,
    stays: FakeStays | None = None,
    places: Places | Callable[[], Places] | None = None,
    settings: SlackSettings | None = None,
    draw: Draw = no_picture,
) -> Rig:
    """An edge that nobody has started."""
    inbox, desk, notebook = inbox or FakeInbox(), desk or FakeDesk(), notebook or FakeNotebook()
    stays = stays or FakeStays()

    def clock() -> int:
        return int(server.world.ticker.seconds() * 1_000_000)

    log = structlog.get_logger()
    where = places or Places()
    hooks = (notebook, stays, lambda _: where() if callable(where) else where, clock, log, QUICK, draw)
    edge = SlackEdge(settings or settings_for(server), inbox, desk, *hooks)
    return Rig(server, edge, inbox, desk, notebook, stays)


@asynccontextmanager
async def connected(rig: Rig) -> AsyncIterator[Rig]:
    """The edge, checked and running."""
    rig.warnings = await rig.edge.check()
    running = asyncio.create_task(rig.edge.run())
    try:
        await rig.server.until(lambda: rig.server.connections, 5)
        await until(lambda: rig.edge.connected)
        yield rig
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await rig.edge.close()


Start = Callable[..., Awaitable[Rig]]


@pytest.fixture
async def start(server: SlackServer) -> AsyncIterator[Start]:
    """Starts an edge; the arguments are those of `build`."""
    async with AsyncExitStack() as stack:

        async def go(**over: object) -> Rig:
            return await stack.enter_async_context(connected(build(server, **over)))  # type: ignore[arg-type] # settings as the test names them

        yield go


@pytest.fixture
async def rig(start: Start) -> Rig:
    return await start()
