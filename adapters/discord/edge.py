"""Discord as the rest of the bot sees it: one object that checks, runs, sends and stops."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable

import discord
from structlog.typing import FilteringBoundLogger

from adapters.discord.actions import Actions
from adapters.discord.answers import Answers
from adapters.discord.backoff import Starts
from adapters.discord.checks import LOGIN_REFUSED, guild_faults, intent_faults, intents_for, portal_warnings
from adapters.discord.client import Place, PlauditClient, point_at
from adapters.discord.commands import Commands
from adapters.discord.cursors import Cursors
from adapters.discord.history import History, Readable
from adapters.discord.intake import Intake
from adapters.discord.live import Live, ReactionsOn
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.normalise import withdrawal
from adapters.discord.recall import DiscordRecall
from adapters.discord.rooms import source_of
from adapters.discord.roster import PresentIn, Remember, Roster, changed, leaver, person_of
from adapters.discord.settings import DiscordSettings
from adapters.discord.threads import Roots
from adapters.discord.watched import SAVE_EVERY, Watched
from core.errors import ConfigurationError, RetryLater, StorageUnavailable
from core.events import membership_id
from core.pictures import Draw, no_picture
from core.places import PlacesOf
from core.ports import Clock, Desk, Inbox, Notebook, Recall
from core.stays import Stays

_Look = Callable[[History, discord.Guild], Awaitable[bool | None]]
_CATCH_UP_PAUSE = 5.0  # seconds
_DRAIN = 5.0  # seconds that a stop waits for the database


class DiscordEdge:
    """`places` gives what a server's book says is where, whenever asked. `identify_delay` (seconds) hurries local
    stand-ins; Discord itself wants the library's five. `look_every`: seconds between two saves of open voice sessions.
    `reactions_on` (source, message fact id) gives the ids of the live reactions and votes on a message: needed when a
    moderator wipes those older than this process. `present_in` (source) gives whom the core believes to be there,
    `remember` takes since when people are there who came before."""

    def __init__(
        self,
        settings: DiscordSettings,
        inbox: Inbox,
        desk: Desk,
        notebook: Notebook,
        places: PlacesOf,
        clock: Clock,
        log: FilteringBoundLogger,
        *,
        stays: Stays,
        identify_delay: float | None = None,
        look_every: float = SAVE_EVERY,
        reactions_on: ReactionsOn | None = None,
        present_in: PresentIn | None = None,
        remember: Remember | None = None,
        draw: Draw = no_picture,
    ) -> None:
        self._settings = settings
        self._notebook = notebook
        self._places = places
        self._clock = clock
        self._log = log
        self._identify_delay = identify_delay
        self._reactions_on = reactions_on
        self._cursors = Cursors(notebook)
        self._intake = Intake(inbox, self._cursors, log)
        self._roster = Roster(inbox, notebook, present_in, remember)
        self._watched = Watched(self._intake, stays, notebook, places, clock, log, reactions_on, look_every)
        self._answers = Answers(inbox, desk, places, log, draw)
        self._starts = Starts(notebook, clock)
        self._client: PlauditClient | None = None
        self._history: History | None = None
        self._up = False
        self._loaded: set[int] = set()
        self._stopping = asyncio.Event()
        self._told: set[str] = set()
        self.messenger = DiscordMessenger(lambda: self._client, clock, draw)
        self.recall: Recall = DiscordRecall(self._read, self._where, self._roots, lambda: places("").reads_text)

    # -- for the rest of the bot --------------------------------------------------------------------------

    @property
    def connected(self) -> bool:
        """Whether the gateway is up and at least one server is loaded (or there is none)."""
        client = self._client
        return self._up and client is not None and bool(self._loaded & self._cursors.watched or not client.guilds)

    @property
    def caught_up(self) -> bool:
        """Whether everything missed has been read, in every loaded server."""
        return self.connected and all(self._cursors.is_open(guild) for guild in self._loaded)

    @property
    def sources(self) -> frozenset[str]:
        """The servers the bot is in, as far as it has heard."""
        guilds = self._client.guilds if self._client is not None else ()
        return frozenset(source_of(guild.id) for guild in guilds)

    async def check(self) -> list[str]:
        """Warnings, one line each. Raises ConfigurationError for what keeps the bot from connecting at all.
        What is wrong inside a server can be seen only when that is loaded: then it is here, and in the log."""
        point_at(self._settings)
        return await portal_warnings(self._settings.token, self._places("")) or self.faults()

    def faults(self) -> list[str]:
        """What keeps the bot from its work inside the loaded servers."""
        guilds = self._client.guilds if self._client is not None else ()
        return [fault for guild in guilds if guild.id in self._loaded for fault in self._guild_faults(guild)]

    def _guild_faults(self, guild: discord.Guild) -> list[str]:
        return guild_faults(guild, self._places(source_of(guild.id)))

    async def run(self) -> None:
        """Connected until cancelled or closed, with a fresh client after each fatal error. Raises
        ConfigurationError for a token or intent that Discord refuses: trying again would only bring a ban."""
        point_at(self._settings)
        workers = [asyncio.create_task(work) for work in (self._intake.run(), self._watched.run())]
        try:
            while not self._stopping.is_set():
                await self._pause()
                await self._session()
        finally:
            await self._wind_down(workers, on_purpose=not isinstance(sys.exception(), ConfigurationError))

    async def close(self) -> None:
        """Ends `run`: what has arrived is stored first."""
        self._stopping.set()
        if self._client is not None:
            await self._client.close()

    # -- sessions -----------------------------------------------------------------------------------------

    async def _pause(self) -> None:
        seconds = await self._starts.wait()
        if seconds:
            self._log.warning("discord: waiting before the next try", seconds=round(seconds, 1))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _session(self) -> None:
        """One client, from login to its end."""
        if self._stopping.is_set():
            return
        client = self._client = self._new_client()
        try:
            await self._starts.begin()
            await client.start(self._settings.token)
        except discord.LoginFailure:
            raise ConfigurationError(LOGIN_REFUSED) from None
        except discord.PrivilegedIntentsRequired:
            raise ConfigurationError(*self._intent_faults(client)) from None
        except Exception:  # noqa: BLE001 -- a worker loop: discord.py dies of many things, a fresh client lives
            self._log.exception("discord: the connection failed, a fresh one follows")
        finally:
            self.line_is(False)
            await client.close()

    def _intent_faults(self, client: PlauditClient) -> list[str]:
        faults = intent_faults(discord.ApplicationFlags(), self._places(""))
        known = intent_faults(client.application_flags, self._places("")) if client.application_id else []
        return known or faults

    def _new_client(self) -> PlauditClient:
        places, log = self._places(""), self._log
        intents = intents_for(places)
        client = PlauditClient(intents, self._settings, self._notebook, self, log, identify_delay=self._identify_delay)
        live = Live(
            self._intake,
            self._cursors,
            self._clock,
            log,
            me=lambda: client.user.id if client.user is not None else 0,
            is_over=client.is_closed,
            read=client.read,
            where=client.place,
            reads_text=places.reads_text,
            reactions_on=self._reactions_on,
        )
        client.attach(live, Commands(self._answers), Actions(self._answers), self._watched)
        read = self._watched.reading(live.missed)
        self._history = History(self._intake, self._cursors, read, self._clock, log, client.is_closed)
        return client

    async def _wind_down(self, workers: list[asyncio.Task[None]], *, on_purpose: bool = True) -> None:
        """Stores what has arrived. A start that Discord refused still counts: a restart may come at once."""
        self._stopping.set()
        try:
            await asyncio.wait_for(self._intake.drain(), _DRAIN)
            await self._cursors.flush()
            await asyncio.wait_for(self._watched.voice.close(), _DRAIN)
            if on_purpose:
                await self._starts.end_well()
        except (TimeoutError, StorageUnavailable):
            self._log.warning("discord: stopped with events not stored; the history brings messages back")
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    # -- client.Watcher -----------------------------------------------------------------------------------

    def session_began(self) -> None:
        """A new session: nothing is known about what came before."""
        self._cursors.hold()
        self._loaded.clear()
        self._watched.voice.hold()
        self.line_is(True)

    def line_is(self, up: bool) -> None:
        """The gateway came or went."""
        self._up = up
        self._watched.voice.line_is(up)

    def guild_goes(self, guild: int) -> None:
        """An outage on Discord's side, or the bot was sent away: when the server comes back, it is loaded anew."""
        self._loaded.discard(guild)
        self._watched.voice.pause(guild)

    async def guild_came(self, guild: discord.Guild) -> None:
        """A server is loaded: meet everybody, say what is wrong, read what was missed. Once, however often told."""
        if guild.id in self._loaded:
            return
        self._loaded.add(guild.id)
        is_new = await self._insist(guild, History.begin)
        if not guild.chunked:
            await guild.chunk()
        met = await self._roster.meet([person_of(member) for member in guild.members])
        if not (await self._roster.look_back(guild) and met):
            self._log.warning("discord: people not remembered yet", server=guild.name)
        await self._see_off(guild)
        await self._watched.voice.enter(guild)
        for fault in self._guild_faults(guild):
            if fault not in self._told:
                self._told.add(fault)
                self._log.warning(fault)
        if not is_new:
            await self._insist(guild, History.visit)
        await self._watched.reconcile(guild)

    async def _see_off(self, guild: discord.Guild) -> None:
        """Discord tells of nobody who left while the bot was away."""
        source, at = source_of(guild.id), self._clock()
        left = [withdrawal(source, membership_id(user), at, "left") for user in await self._roster.part(guild)]
        await self._intake.take(left)

    async def _insist(self, guild: discord.Guild, look: _Look) -> bool | None:
        """Again, while the database is full: a gap that is not read now would be forgotten."""
        history = self._history
        while history is not None and history is self._history and not self._stopping.is_set():
            try:
                return await look(history, guild)
            except StorageUnavailable as error:
                self._log.warning("discord: catch-up waits for the database", reason=str(error))
                await asyncio.sleep(_CATCH_UP_PAUSE)
        return None

    def place_made(self, place: Place) -> None:
        """A channel or thread was made just now: everything in it will be heard."""
        self._cursors.settle(place.guild.id, place.id, place.id - 1)

    async def place_came(self, place: discord.Thread) -> None:
        """An older thread came into sight."""
        if self._history is not None and isinstance(place, Readable):
            self._cursors.hold_place(place.id)
            await self._history.enter(place)

    async def member_changed(self, before: discord.Member | None, after: discord.Member) -> None:
        """A newcomer, or a new name or role."""
        if before is None or changed(before, after):
            await self._roster.meet([person_of(after)])

    async def member_left(self, guild: int, user: discord.User | discord.Member) -> None:
        """Somebody is gone."""
        await self._roster.meet([leaver(source_of(guild), user)])

    # -- for recall ---------------------------------------------------------------------------------------

    def _ready(self) -> PlauditClient:
        client = self._client
        if client is None or client.is_closed() or not self.connected:
            raise RetryLater(5.0, "Discord is not connected")
        return client

    async def _read(self, channel: int, message: int) -> discord.Message:
        return await self._ready().read(channel, message)

    async def _where(self, channel: int) -> Place | None:
        return await self._ready().place(channel)

    def _roots(self) -> Roots:
        return self._ready().live.roots
