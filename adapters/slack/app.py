"""The edge to one Slack workspace, put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from structlog.typing import FilteringBoundLogger

from adapters.slack import checks, web
from adapters.slack.catch_up import DEAF, CatchUp
from adapters.slack.chores import Chores
from adapters.slack.connection import Connection, Patience
from adapters.slack.history import SlackHistory
from adapters.slack.huddles import Huddles
from adapters.slack.intake import Intake
from adapters.slack.listeners import Listeners, build
from adapters.slack.messenger import SlackMessenger
from adapters.slack.pictures import Pictures
from adapters.slack.replies import Replies
from adapters.slack.roster import Roster
from adapters.slack.settings import SlackSettings
from adapters.slack.times import SECOND
from adapters.slack.web import TROUBLE, refusal
from core.pictures import Draw, no_picture
from core.places import PlacesOf
from core.ports import Clock, Desk, Inbox, Messenger, Notebook, Recall
from core.stays import Stays


class SlackEdge:
    """`check()` first, then `run()` until cancelled, then `close()`. `places` is asked each time, so that a new rule
    book counts at once."""

    def __init__(
        self,
        settings: SlackSettings,
        inbox: Inbox,
        desk: Desk,
        notebook: Notebook,
        stays: Stays,
        places: PlacesOf,
        clock: Clock,
        log: FilteringBoundLogger,
        patience: Patience | None = None,
        draw: Draw = no_picture,
    ) -> None:
        self._settings = settings
        self._places = places
        self._clock = clock
        self._log = log
        self._reader = web.reader(settings)
        posts = web.poster(settings)
        self.roster = Roster(self._reader, inbox, log)
        history = SlackHistory(self._reader, self.roster)
        self.recall: Recall = history
        self.messenger: Messenger = SlackMessenger(posts, self.roster, history, clock, log, draw=draw)
        self._chores = Chores(log)
        self._catch_up = CatchUp(history, self.roster, inbox, notebook, clock, log)
        self._huddles = Huddles(inbox, stays, self.roster, places, clock, log)
        doors = (self._catch_up, self._reader, self._chores, clock, log)
        intake = Intake(inbox, self.roster, history, self._huddles, *doors)
        replies = Replies(settings, desk, self.roster, places, posts, log, Pictures(posts, draw, log))
        listeners = Listeners(replies, self.roster, desk, posts, clock, log)
        app = build(settings, intake, listeners, log)
        self._connection = Connection(settings, app, patience or Patience(), self._alive, log)

    @property
    def source(self) -> str:
        """`slack:T…`. Raises RuntimeError before `check()`."""
        if not self.roster.source:
            raise RuntimeError("check() finds out which workspace this is")
        return self.roster.source

    @property
    def connected(self) -> bool:
        """Events can arrive now."""
        return self._connection.connected

    @property
    def caught_up(self) -> bool:
        """Whether everything that was missed has been read."""
        return self.connected and self._catch_up.is_done

    async def check(self) -> list[str]:
        """Warnings, one line each with its remedy. Raises ConfigurationError where the bot cannot work at all, and
        RetryLater where Slack cannot be reached."""
        answer = await checks.tokens(self._reader, self._settings)
        warnings = checks.scopes(answer)
        self.roster.identify(answer.data if isinstance(answer.data, dict) else {})
        try:
            await self.roster.load_places()
        except TROUBLE as error:
            warnings.append(f"Not all Slack channels could be read. {refusal(error)}")
        places = self._places(self.roster.source)
        warnings += checks.channels(self.roster, places)
        return warnings + await checks.groups(self._reader, self.roster, places)

    async def run(self) -> None:
        """Hear and answer until cancelled."""
        if not self.roster.source:
            for warning in await self.check():
                self._log.warning("slack.check", warning=warning)
        self._chores.start(self._load())
        self._chores.start(self._catch_up.after_start())
        await self._connection.run()

    async def _load(self) -> None:
        """People and groups: names on cards and roles on facts, nothing that an event has to wait for."""
        read = [await self._managed(load) for load in (self.roster.load_groups, self.roster.load_people)]
        if all(read):
            await self._huddles.enter()

    async def _managed(self, load: Callable[[], Awaitable[None]]) -> bool:
        try:
            await load()
        except TROUBLE as error:
            self._log.warning("slack.roster_incomplete", reason=str(refusal(error)))
            return False
        return True

    async def _alive(self, gone: float) -> None:
        """The connection is well, after `gone` seconds without."""
        if gone * SECOND > DEAF:
            self._huddles.pause(self._clock() - int(gone * SECOND))
            self._chores.start(self._load())
            self._chores.start(self._catch_up.run(self._clock() - int(gone * SECOND)))
        elif self._huddles.wants_a_look():
            self._chores.start(self._load())
        await self._huddles.save()
        await self._catch_up.heard()

    async def close(self) -> None:
        """Stop what goes on beside `run`, which closes its connection itself when it is cancelled."""
        await self._chores.close()
        await self._huddles.save(at_once=True)
