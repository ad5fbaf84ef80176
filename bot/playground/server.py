"""The page's own little server: state out as server-sent events, acts in as JSON. It listens on loopback only."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from importlib.resources import files
from typing import Annotated, Any
from urllib.parse import urlsplit

import orjson
from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.middleware.trustedhost import TrustedHostMiddleware

from bot.playground.acts import Act, Key, Refusal, explain, perform
from bot.playground.backstage import Backstage, add_backstage
from bot.playground.clock import MovableClock
from bot.playground.community import CAST, ZONE, Community
from bot.playground.exports import TrialDesk
from bot.playground.exports.routes import add_exports
from bot.playground.replies import as_json
from bot.playground.stages import DiscordStage, SlackStage, Stage
from bot.playground.stages.refusals import NotAllowed
from bot.playground.views import discord_view, slack_view
from core.languages import LANGUAGES

Json = dict[str, Any]
Tell = Callable[[str | None], None]
Story = Callable[[Sequence[Stage], Tell], Awaitable[None]]
_KINDS = {"html": "text/html; charset=utf-8", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_CALM = 0.06  # seconds; a burst of changes becomes one picture
MONDAY, AFTER_THE_DIGEST = 0, dt.time(9, 5)


class Playground:
    """What the page shows and does. `story` plays the demo's story on both stages; `backstage`: the bot between them,
    where there is one."""

    def __init__(
        self, community: Community, clock: MovableClock, story: Story | None = None, backstage: Backstage | None = None
    ) -> None:
        self.community = community
        self.clock = clock
        self.backstage = backstage
        self.slack = SlackStage(community.slack, community.slack_side)
        self.discord = DiscordStage(community.discord, community.discord_side)
        self.scene: str | None = None
        self._languages: dict[str, str] = {}
        self._story = story
        self._playing: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._closed = False
        community.slack.on_change = self.note
        community.discord.on_change = self.note

    def note(self) -> None:
        """Something changed: every open page gets a new picture."""
        self._changed.set()
        self._changed = asyncio.Event()

    def state(self, key: str) -> Json:
        """Everything one person sees."""
        who = key if key in self.community.slack_side.people else CAST[0].key
        people = [{"key": p.key, "name": p.name, "moderator": p.moderator} for p in CAST]
        return {
            "as": who,
            "language": self._languages.get(who, self.community.language),
            "languages": [{"code": code, "name": name} for code, name in LANGUAGES.items()],
            "people": people,
            "now": self.clock.seconds(),
            "story": self.scene,
            "bot": self.backstage is not None,
            "chaos": self.backstage.chaos_now() if self.backstage is not None else None,
            "slack": slack_view(self.community.slack, self.community.slack_side.people[who]),
            "discord": discord_view(self.community.discord, self.community.discord_side.people[who]),
        }

    async def pictures(self, key: str) -> AsyncIterator[bytes]:
        """The state now and after every change, as server-sent events, until the page or the demo goes."""
        while not self._closed:
            changed = self._changed
            yield b"data: " + orjson.dumps(self.state(key)) + b"\n\n"
            await changed.wait()
            await asyncio.sleep(_CALM)

    async def act(self, act: Act) -> None:
        """Raises one of Refusal."""
        self._leave_alone()
        await perform(act, self.slack, self.discord)
        if act.verb == "speak":
            self._languages[act.who] = act.text
            self.note()

    def forward(self) -> None:
        """To Monday morning, five minutes after the digest is due. Raises NotAllowed while there is chaos."""
        self._leave_alone()
        self.clock.forward_to(MONDAY, AFTER_THE_DIGEST, ZONE)
        self.note()

    def _leave_alone(self) -> None:
        if self.backstage is not None and self.backstage.shaking:
            raise NotAllowed("Chaos is at work. In a moment everything is as it was.")

    @property
    def playing(self) -> bool:
        """Whether the story is being played."""
        return self._playing is not None and not self._playing.done()

    def play(self) -> None:
        """Starts the story, if it is not playing already. Raises NotAllowed while there is chaos."""
        self._leave_alone()
        if self._story is not None and not self.playing:
            self._playing = asyncio.create_task(self._play(self._story))

    async def _play(self, story: Story) -> None:
        try:
            await story((self.slack, self.discord), self.tell)
        finally:
            self.tell(None)

    def tell(self, scene: str | None) -> None:
        """What the story is about to do, for the page to say."""
        self.scene = scene
        self.note()

    def close(self) -> None:
        """Lets every open page go, so that the server can stop at once."""
        self._closed = True
        if self._playing is not None:
            self._playing.cancel()
        if self.backstage is not None:
            self.backstage.close()
        self.note()


def create_app(playground: Playground) -> FastAPI:
    """The page and its few addresses. No documentation pages: those would load from the internet."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    # A page elsewhere that resolves its own name to this machine is not let in.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]"])
    app.middleware("http")(_with_headers)
    _add_files(app, playground.community)
    _add_acts(app, playground)
    add_exports(app, TrialDesk())
    if playground.backstage is not None:
        add_backstage(app, playground.backstage)
    return app


async def _with_headers(request: Request, proceed: Callable[[Request], Awaitable[Response]]) -> Response:
    """With what a browser must know; refused when another page's script or form asks."""
    response = Response(status_code=403) if _is_foreign(request) else await proceed(request)
    response.headers.update(_HEADERS)
    return response


def _is_foreign(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")


def _add_files(app: FastAPI, community: Community) -> None:
    page = frozenset(file.name for file in (files("bot.playground") / "page").iterdir())

    @app.get("/")
    def index() -> Response:
        return _file("index.html")

    @app.get("/page/{name}")
    def asset(name: str) -> Response:
        return _file(name) if name in page else Response(status_code=404)

    @app.get("/pictures/{platform}/{file}")
    def picture(platform: str, file: str) -> Response:
        drawn = community.picture(platform, file)
        return Response(drawn, media_type="image/png") if drawn is not None else Response(status_code=404)


def _file(name: str) -> Response:
    body = (files("bot.playground") / "page" / name).read_bytes()
    return Response(body, media_type=_KINDS[name.rpartition(".")[2]])


def _add_acts(app: FastAPI, playground: Playground) -> None:
    @app.get("/state")
    async def state(key: Annotated[Key, Query(alias="as")] = CAST[0].key) -> Response:
        return as_json(playground.state(key))

    @app.get("/events")
    async def events(key: Annotated[str, Query(alias="as", max_length=20)] = "") -> Response:
        return StreamingResponse(playground.pictures(key), media_type="text/event-stream")

    @app.post("/act")
    async def act(wanted: Act) -> Response:
        try:
            await playground.act(wanted)
        except Refusal as error:
            return as_json({"problem": explain(error)}, 409)
        return Response(status_code=204)

    @app.post("/forward")
    async def forward() -> Response:
        return _done(playground.forward)

    @app.post("/story")
    async def story() -> Response:
        return _done(playground.play)


def _done(act: Callable[[], None]) -> Response:
    try:
        act()
    except NotAllowed as error:
        return as_json({"problem": explain(error)}, 409)
    return Response(status_code=204)
