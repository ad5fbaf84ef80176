"""`plaudit run`: the store, both edges, the courier, the schedule and the web, in one loop, each restarted alone."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import secrets
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

import structlog

from adapters.outgoing.sender import Sender
from adapters.storage.store import Store, open_store
from adapters.storage.upgrade import upgrade
from adapters.web.app import create_app
from adapters.web.codes import add_pages
from adapters.web.server import serving
from adapters.web.sign_in import add_sign_in
from bot.attention import Attention
from bot.bookkeeper import Bookkeeper
from bot.codes import CodeDesk
from bot.courier import Courier
from bot.desk import FrontDesk
from bot.edges import Edges
from bot.forwarding import Forwarding
from bot.github import GitHub
from bot.health import Health
from bot.linkdesk import LinkDesk
from bot.outgoing import OutgoingCourier
from bot.posts import Posts
from bot.proposals import ProposalBox
from bot.reconciler import Reconciler
from bot.schedule import Schedule
from bot.settings import Settings
from bot.setups import SetupDesk, books_to_run
from bot.sign_ins import SignInDesk
from core.errors import ConfigurationError, StorageUnavailable
from core.ports import Clock
from core.rules.book import RuleBook
from core.setups import is_waiting

NOT_SET_UP = (
    "{rules}: there is no such file, so nothing is decided and nothing is posted; what happens is recorded. Answer "
    "/plaudit setup in the chat as an admin, or write a book with plaudit init and start again."
)
LONGEST_PAUSE = 60.0
STOP_WITHIN = 8.0
DELIVER_WITHIN = 2.0
log = structlog.get_logger(__name__)


def wall_clock() -> int:
    """Now, in UTC microseconds."""
    return time.time_ns() // 1_000


def control_collector() -> None:
    """What start-up made stays; young objects are looked at rarely: a full batch has 100,000, and they go with it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(400_000, 20, 100)


class Bot:
    """Everything that `plaudit run` starts. `settings` and `books` are read already."""

    def __init__(self, settings: Settings, books: Sequence[RuleBook], clock: Clock = wall_clock) -> None:
        self.settings = settings
        self.books = books
        self.clock = clock
        self.port: int | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._failed: asyncio.Future[None] | None = None
        self._web: contextlib.AsyncExitStack | None = None
        self._store: Store | None = None
        self._edges: Edges | None = None
        self._links: LinkDesk | None = None
        self.schedule: Schedule | None = None
        self.attention = Attention()
        self.courier: Courier | None = None
        self.outgoing: OutgoingCourier | None = None

    @property
    def store(self) -> Store:
        if self._store is None:
            raise RuntimeError("start() opens the store")
        return self._store

    async def start(self, tick: float = 1.0) -> None:
        """Raises ConfigurationError where the bot cannot work at all; what is only missing is logged."""
        self._failed = asyncio.get_running_loop().create_future()
        log.info("database", state=await asyncio.to_thread(upgrade, self.settings.database_url))
        try:
            self._store = await open_store(self.settings.database_url, self.books, self.clock)
        except StorageUnavailable as fault:
            raise ConfigurationError(f"PLAUDIT_DATABASE_URL: {fault}") from fault
        try:
            await self._store.retry_parked()
            await self._start(self._store, tick)
        except BaseException:
            await self.stop()
            raise

    async def _start(self, store: Store, tick: float) -> None:
        self._codes = codes = CodeDesk(store, self.settings.public_url)
        github = GitHub(store, self.settings.apis, self.settings.hooks, self.settings.door())
        mailer = self.settings.mailer()
        self._links = links = LinkDesk(store, mailer, github=github)
        setups = SetupDesk(store, self.settings.rules)
        desk = FrontDesk(store, codes, links, setups, self.attention.asked)
        self._edges = edges = Edges(self.settings, store, desk, self.clock)
        setups.finds = edges.finds
        if any(is_waiting(book) for book in self.books):
            log.warning("check", warning=NOT_SET_UP.format(rules=self.settings.rules))
        for name in await store.unserved():
            warning = f'The database holds the community "{name}", which no rule book names. Was its id changed?'
            log.warning("check", warning=f"{warning} Write the old id back to have its history and badges again.")
        for warning in await edges.check():
            log.warning("check", warning=warning)
        posts = Posts(edges.messengers, mailer, edges.draw)
        for warning in posts.warnings(self.books):
            log.warning("check", warning=warning)
        self.courier = courier = Courier(store, posts.messengers, self.attention.shown)
        self.outgoing = outgoing = OutgoingCourier(store, self.settings.out_secrets, Sender())
        health = Health(store)
        mails = mailer is not None
        known, read = edges.all_known, edges.caught_up
        self.schedule = Schedule(store, edges.sources, edges.recalls, health, mails, all_known=known, caught_up=read)
        await self.schedule.wake()
        forwarding = Forwarding(store)
        reconciler = Reconciler(store, self.settings.apis, forwarding.connector_of, forwarding.leave_out)
        await self._serve(store, health, forwarding, reconciler, links)
        keeper = Bookkeeper(store, self.settings.rules)
        for name, work in (
            *edges.work().items(),
            ("courier", courier.run),
            ("bookkeeper", keeper.run),
            ("webhooks", outgoing.run),
            ("reconciler", reconciler.run),
        ):
            self._tasks.append(asyncio.create_task(self._supervise(name, work), name=name))
        self.schedule.start(tick)

    async def _serve(
        self, store: Store, health: Health, forwarding: Forwarding, reconciler: Reconciler, links: LinkDesk
    ) -> None:
        app = create_app(
            ProposalBox(store),
            self.settings.hook_secrets,
            self.clock,
            self.not_ready,
            forwarding.seen,
            forwarding.connector_of,
            forwarding.leave_out,
            lambda: [*health.measures(), *forwarding.measures(), *reconciler.measures(), *self.attention.measures()],
            probed=forwarding.probed,
            public_url=self.settings.public_url,
            prove=links.prove,
            arrived=store.arrived,
        )
        add_pages(app, self._codes, self._codes, secrets.token_bytes(32))
        if (door := links.github.door) is not None:
            add_sign_in(app, SignInDesk(store, links.github, door), door.public_url, door.app.url)
        self._web = contextlib.AsyncExitStack()
        host, port, proxies = self.settings.http_host, self.settings.http_port, self.settings.proxies
        self.port = await self._web.enter_async_context(serving(app, host, port, proxies))
        log.info("web", address=f"http://{self.settings.http_host}:{self.port}")

    async def _supervise(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run it until cancelled; after a failure again, with growing pauses."""
        pause = 1.0
        while True:
            began = time.monotonic()
            try:
                await work()
                return
            except ConfigurationError as error:
                if self._failed is not None and not self._failed.done():
                    self._failed.set_exception(error)
                return
            except Exception:  # the supervisor: each part restarts alone, and the trace is logged
                log.exception("a part failed and starts again", part=name, seconds=pause)
            pause = 1.0 if time.monotonic() - began > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)

    def not_ready(self) -> list[str]:
        """Why the bot cannot do its work now."""
        reasons = self._edges.not_connected() if self._edges is not None else ["starting"]
        return reasons + ([self.store.trouble] if self._store is not None and self.store.trouble else [])

    async def ready(self, seconds: float = 30.0) -> None:
        """Returns when every platform is connected. Raises TimeoutError, or what made a part give up."""
        async with asyncio.timeout(seconds):
            while self.not_ready():
                if self._failed is not None and self._failed.done():
                    self._failed.result()
                await asyncio.sleep(0.02)

    async def wait(self) -> None:
        """Until a part gives up for good. Raises its error."""
        if self._failed is not None:
            await asyncio.shield(self._failed)

    async def stop(self) -> None:
        """Let go of everything, in order: what still arrives is stored before the file is closed."""
        if self.schedule is not None:
            await self.schedule.stop()
        if self.courier is not None:
            await self.courier.close(DELIVER_WITHIN)  # while the platforms are still connected
        if self.outgoing is not None:
            await self.outgoing.close(DELIVER_WITHIN)
        if self._edges is not None:
            await self._edges.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._web is not None:
            await self._web.aclose()
        if self._links is not None:
            await self._links.close()
        if self._store is not None:
            await self._store.close()


async def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT. Raises ConfigurationError."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    bot = Bot(settings, books_to_run(settings))
    await bot.start()
    control_collector()
    try:
        await _first(stopped.wait(), bot.wait())
    finally:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(bot.stop(), STOP_WITHIN)


async def _first(*waits: Coroutine[Any, Any, object]) -> None:
    """Wait for the first; raise what it raised."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    for task in done:
        task.result()
