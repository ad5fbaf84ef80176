"""SlackServer: the workspace, its Web API and its Socket Mode on one loopback port."""

import asyncio
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from .access import Access
from .api import Desk
from .changes import Changes
from .delivery import Attempt, Delivery, Timing
from .errors import Json
from .faults import Faults
from .identity import Identity
from .people import People
from .responses import Responses
from .sockets import Connection, Sockets
from .story import Story
from .triggers import Triggers
from .web import ApiCall, WebApi
from .world import Ephemeral, View, World

HOST = "127.0.0.1"
T = TypeVar("T")


class SlackServer(People):
    """A local Slack workspace for the real clients. `clock` gives seconds since 1970 and may be moved: the
    times of messages and the lifetimes of triggers and response URLs follow it; waiting and pacing are real
    time. `ack_timeout` and `retry_delays` (before each retry of an event), in seconds, are Slack's own unless
    given."""

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        *,
        identity: Identity | None = None,
        ack_timeout: float = 3.0,
        retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0),
    ) -> None:
        self.me = identity or Identity()
        self.access = Access()
        self.faults = Faults()
        self.timing = Timing(ack_timeout, retry_delays)
        self.port = 0
        self._changes = Changes()
        world = World(self.me, clock)
        self._sockets = Sockets(self.me, self._changes.notify)
        self._delivery = Delivery(world, self._sockets, self.faults, self._changes, self.timing)
        story = Story(world, self._delivery.emit)
        responses = Responses(world, story, lambda: self.url)
        triggers = Triggers(world.ticker)
        super().__init__(world, story, self._delivery, responses, triggers, self._changes)
        desk = Desk(self.me, world, story, self.access, self._sockets, triggers, lambda: self._socket_url)
        desk.upload_url = lambda: self._upload_url
        self._web = WebApi(desk, responses, self.faults, self._changes)
        self._runner: web.AppRunner | None = None

    # -- running

    async def start(self, port: int = 0) -> Self:
        """Listen on loopback; port 0 takes a free one. After `stop` it can be started again, state kept."""
        app = web.Application(client_max_size=4 * 2**20)
        app.router.add_route("*", "/api/{method}", self._web.handle)
        app.router.add_post("/respond/{key}", self._web.respond)
        app.router.add_get("/link", self._sockets.serve)
        app.router.add_post("/upload/{file}", self.world.files.receive)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, port).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def stop(self) -> None:
        """Stop listening; events still on their way are lost."""
        await self._delivery.stop()
        await self._sockets.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def api_url(self) -> str:
        """What `SLACK_API_URL` and `AsyncWebClient(base_url=…)` take."""
        return f"{self.url}/api/"

    @property
    def _upload_url(self) -> str:
        return f"{self.url}/upload"

    @property
    def _socket_url(self) -> str:
        return f"ws://{HOST}:{self.port}/link"

    # -- the fixed part of the world

    def add_user(self, who: str, name: str, **over: Any) -> str:
        """A person who was always there; `over` replaces fields of the user (`is_admin=True`, `tz=…`)."""
        return self.world.add_user(who, name, **over)

    def add_channel(
        self,
        where: str,
        name: str,
        members: Iterable[str] = (),
        is_private: bool = False,
        *,
        with_bot: bool = True,
    ) -> str:
        """A channel with its members; the app is one of them unless told otherwise."""
        return self.world.add_channel(where, name, members, is_private=is_private, with_bot=with_bot)

    def add_usergroup(self, handle: str, name: str) -> str:
        """A user group without members; returns its id."""
        return self.world.add_usergroup(handle, name)

    # -- looking

    @property
    def users(self) -> dict[str, Json]:
        return self.world.users

    @property
    def channels(self) -> dict[str, Json]:
        return self.world.channels

    @property
    def members(self) -> dict[str, list[str]]:
        """Members of each channel, by channel id."""
        return self.world.members

    @property
    def messages(self) -> dict[str, list[Json]]:
        """Messages of each channel, replies among them, oldest first."""
        return self.world.messages

    @property
    def ephemerals(self) -> list[Ephemeral]:
        return self.world.ephemerals

    @property
    def homes(self) -> dict[str, View]:
        """The Home tab published for each person."""
        return self.world.homes

    @property
    def modals(self) -> dict[str, list[View]]:
        """Open modals of each person, the top one last."""
        return self.world.modals

    @property
    def usergroups(self) -> dict[str, Json]:
        return self.world.usergroups

    @property
    def calls(self) -> list[ApiCall]:
        """Every Web API call so far, refused ones too."""
        return self._web.calls

    @property
    def deliveries(self) -> list[Attempt]:
        """Every attempt so far to hand an event or interaction to the app."""
        return self._delivery.attempts

    @property
    def connections(self) -> list[Connection]:
        """Open Socket Mode connections."""
        return self._sockets.connections

    def called(self, method: str, **arguments: object) -> list[ApiCall]:
        """Calls of `method` whose arguments include these."""
        wanted = arguments.items()
        return [c for c in self.calls if c.method == method and all(c.arguments.get(k) == v for k, v in wanted)]

    # -- waiting

    @property
    def on_change(self) -> Callable[[], None] | None:
        """Called, without arguments, after every change of state, call and delivery. It must not block."""
        return self._changes.hook

    @on_change.setter
    def on_change(self, hook: Callable[[], None] | None) -> None:
        self._changes.hook = hook

    async def until(self, predicate: Callable[[], T], timeout: float = 5.0) -> T:  # noqa: ASYNC109 -- tests say it inline
        """Wait for `predicate` to be true and return its value. Raises TimeoutError."""
        return await self._changes.until(predicate, timeout)

    async def settled(self, timeout: float = 5.0) -> None:  # noqa: ASYNC109 -- the same
        """Wait until every event was acknowledged or given up. Raises TimeoutError."""
        await self.until(lambda: not self._delivery.pending, timeout)

    # -- trouble with the connection; more in `faults`

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to reconnect, as Slack does every few hours."""
        await self._sockets.say_disconnect(reason)

    def drop(self) -> None:
        """Break every connection without a close frame."""
        for connection in list(self.connections):
            connection.abort()

    def freeze(self) -> None:
        """Leave every connection half open: nothing comes through it any more, pings stay unanswered."""
        for connection in self.connections:
            connection.dead = True

    def retry_now(self) -> None:
        """Do every waiting retry of an event at once, as if its minutes had passed."""
        self._delivery.hurry()

    def calm(self) -> None:
        """Disarm all faults and send what they held back."""
        self._delivery.release()

    async def send_again(self, event: Json, copies: int = 1) -> None:
        """Deliver the inner `event` of an earlier delivery again under new event ids."""
        for _ in range(copies):
            self.repeat(event)
        await asyncio.sleep(0)

    def repeat(self, event: Json) -> None:
        """The same once, without a wait."""
        self._delivery.repeat(event)

    @property
    def pending(self) -> int:
        """Events on their way, those waiting for a retry included."""
        return self._delivery.pending
