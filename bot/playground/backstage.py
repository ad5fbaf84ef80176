"""What the page shows of the bot itself: the board from its database, what is behind a badge, and the chaos button."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Annotated, Any, Protocol

from fastapi import FastAPI, Query, Response

from bot.playground.boards import board, known_accounts, read_overview
from bot.playground.chaos import Chaos, Mortal
from bot.playground.clock import MovableClock
from bot.playground.community import Community
from bot.playground.evidence import court_of, facts_behind, shown
from bot.playground.guide import BADGE, set_the_scene
from bot.playground.replies import as_json
from bot.playground.stages import SlackStage
from bot.playground.stages.refusals import NotAllowed
from core.errors import ConfigurationError
from core.events import Account
from core.rules.book import RuleBook

Json = dict[str, Any]
Name = Annotated[str, Query(max_length=200)]


class Front(Protocol):
    """The page's side of the playground."""

    community: Community
    clock: MovableClock
    slack: SlackStage

    @property
    def playing(self) -> bool: ...

    def note(self) -> None: ...


class Backstage:
    """`url`: the bot's database. `book`: the rules it goes by."""

    def __init__(self, front: Front, bot: Mortal, url: str, book: RuleBook) -> None:
        self._front = front
        self._url = url
        self._book = book
        self._known = known_accounts(front.community)
        self.chaos = Chaos(front.community, bot, url, book, front.clock, front.note)
        self._shaking: asyncio.Task[object] | None = None

    def chaos_now(self) -> Json | None:
        """The last ordeal, or the one that goes on."""
        return self.chaos.ordeal.as_json() if self.chaos.ordeal is not None else None

    @property
    def shaking(self) -> bool:
        """Whether there is chaos, or is about to be."""
        return self.chaos.running or (self._shaking is not None and not self._shaking.done())

    def shake(self) -> bool:
        """Starts the chaos; says whether it could."""
        if self.shaking or self._front.playing:
            return False
        self._shaking = asyncio.create_task(self.chaos.run(random.Random()))  # noqa: S311 - a disorder, not a secret
        return True

    def close(self) -> None:
        """Stops a chaos that is under way."""
        if self._shaking is not None:
            self._shaking.cancel()

    async def board(self) -> Json:
        """Read beside the bot, and beside none. Raises ConfigurationError."""
        found = await asyncio.to_thread(read_overview, self._url, self._book)
        return board(found, self._book, self._known)

    async def guide(self) -> Json:
        """The scene of the first minute, where everything is still to come. Raises NotAllowed, ConfigurationError."""
        if self.shaking:
            raise NotAllowed("Chaos is at work. In a moment everything is as it was.")
        if self._front.playing:
            raise NotAllowed("The story is playing. Let it end first.")
        people = (await self.board())["people"]
        holders = {p["key"] for p in people if p["platform"] == "slack" and BADGE in [b["id"] for b in p["badges"]]}
        return await set_the_scene(self._front.slack, holders)

    async def evidence(self, member: Account, achievement: str, earned_at: int) -> Json:
        """Raises LookupError for a badge that is not there."""
        return await asyncio.to_thread(self._evidence, member, achievement, earned_at)

    def _evidence(self, member: Account, achievement: str, earned_at: int) -> Json:
        court, log = court_of(self._url, self._book, self._front.clock())
        facts = facts_behind(court, log, member, achievement, earned_at)
        return shown(self._book, achievement, facts, self._named) | {"who": self._named(member)}

    def _named(self, account: Account) -> str:
        known = self._known.get(account)
        return known.name if known is not None else account.rpartition("/")[2]


def add_backstage(app: FastAPI, backstage: Backstage) -> None:
    """Their addresses."""

    @app.get("/board")
    async def shown_board() -> Response:
        return await _answer(backstage.board)

    @app.get("/evidence")
    async def evidence(member: Name, achievement: Name, at: Annotated[int, Query(ge=0)]) -> Response:
        return await _answer(lambda: backstage.evidence(member, achievement, at))

    @app.post("/chaos")
    async def chaos() -> Response:
        if not backstage.shake():
            return as_json({"problem": "Not while the story is playing, and one chaos at a time."}, 409)
        return Response(status_code=204)

    @app.post("/guide")
    async def guide() -> Response:
        return await _answer(backstage.guide)


async def _answer(ask: Callable[[], Any]) -> Response:
    try:
        return as_json(await ask())
    except (LookupError, ConfigurationError) as error:
        words = str(error.args[0]) if isinstance(error, KeyError) else str(error)
        return as_json({"problem": words}, 404)
    except NotAllowed as error:
        return as_json({"problem": str(error)}, 409)
