"""`plaudit demo`: the page in the browser, until somebody stops it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from adapters.web.server import serving
from bot.demo.linking import TITLE, one_person
from bot.demo.session import Session, session
from bot.demo.show import DidNotHappen, Show
from bot.demo.story import SCENES
from bot.playground.acts import Refusal
from bot.playground.backstage import Backstage
from bot.playground.clock import MovableClock
from bot.playground.process import BotProcess
from bot.playground.server import Playground, Tell, create_app
from bot.playground.stages import Stage
from core.errors import ConfigurationError

HOST = "127.0.0.1"
log = structlog.get_logger(__name__)
_PACE, _PATIENCE = 0.55, 6.0


async def demo_page(port: int, language: str = "en") -> None:
    """Serve the demo until SIGINT or SIGTERM; `port` 0 picks a free one. `language`: the community's."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    print("Starting a small Slack, a small Discord, and the bot …", flush=True)
    clock = MovableClock()
    async with session(clock, apart=True, language=language) as running:
        playground = Playground(running.community, clock, _Story(running))
        if isinstance(running.bot, BotProcess):
            playground.backstage = Backstage(playground, running.bot, running.url, running.books[0])
        async with _serving(playground, port) as taken:
            print(f"\n  Plaudit playground: http://{HOST}:{taken}\n\n  Stop with Ctrl+C.", flush=True)
            await _until(stopped, running)
            playground.close()
    print("Stopped. Nothing was kept.", flush=True)


@asynccontextmanager
async def _serving(playground: Playground, port: int) -> AsyncIterator[int]:
    """The port it listens on. Raises ConfigurationError when that is taken."""
    async with AsyncExitStack() as stack:
        try:
            taken = await stack.enter_async_context(serving(create_app(playground), HOST, port))
        except ConfigurationError:
            raise ConfigurationError(f"--port: {port} is taken; choose another, or 0 for any free port") from None
        yield taken


async def _until(stopped: asyncio.Event, running: Session) -> None:
    """Until somebody stops it, or the bot gives up. Raises what made it."""
    waits = [asyncio.ensure_future(stopped.wait()), asyncio.ensure_future(running.bot.wait())]
    done, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in pending:
        wait.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*pending)
    for wait in done:
        wait.result()


class _Story:
    """The story, slow enough to follow. What a visitor did before may change how it ends, so nothing is asserted."""

    def __init__(self, running: Session) -> None:
        self._watches = running.watches()
        self._forge = running.forge

    async def __call__(self, stages: Sequence[Stage], tell: Tell) -> None:
        pairs = zip(stages, self._watches, strict=True)
        shows = [Show(s, w, pace=_PACE, patience=_PATIENCE, strict=False) for s, w in pairs]
        try:
            for number, scene in enumerate(SCENES, 1):
                tell(f"{number} of {len(SCENES) + 1}: {scene.title}")
                await asyncio.gather(*(scene.play(show) for show in shows))
            tell(f"{len(SCENES) + 1} of {len(SCENES) + 1}: {TITLE}")
            slack, discord = shows
            await one_person(slack, discord, self._forge)
        except (DidNotHappen, *Refusal) as stuck:
            log.warning("the story stopped", reason=str(stuck))
