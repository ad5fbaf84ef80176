"""Both platforms, as far as this installation has tokens for them."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import structlog

from adapters.discord.edge import DiscordEdge
from adapters.pictures.painter import Painter
from adapters.slack.app import SlackEdge
from adapters.storage.memberships import concerned, following
from adapters.storage.stays import SqlStays
from adapters.storage.store import Store
from bot.settings import Settings
from core.errors import RetryLater
from core.events import Statement, Value, body
from core.places import Places
from core.ports import Clock, Desk, Messenger, Person, Recall, Taken
from core.rules.community import Platform
from core.serving import Mode
from core.texts import whole

AT_ONCE = 500  # people in one commit: others wait for it
LIVE = Mode(recall=True)
LONG_AGO = Mode(announce=False, roles=False, dated=True)  # as an import: true, and no news


def storable(s: Statement) -> Statement:
    """The statement, its texts made whole where a half character would make it impossible to store."""
    try:
        body(s)
    except TypeError:  # what orjson raises for a lone surrogate
        return replace(s, facts={name: _whole(value) for name, value in s.facts.items()}, reason=None)
    return s


def _whole(value: Value) -> Value:
    if isinstance(value, str):
        return whole(value)
    return tuple(map(whole, value)) if isinstance(value, tuple) else value


class LiveInbox:
    """core.ports.Inbox for what the platforms tell: facts that the log does not know are asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def take(self, statements: Sequence[Statement]) -> Taken:
        return await self._store.take([storable(s) for s in statements], LIVE)

    async def meet(self, people: Sequence[Person]) -> None:
        """Remember them, and say in the log what their groups or roles say of teams."""
        known = [replace(p, name=whole(p.name), roles=p.roles and tuple(map(whole, p.roles))) for p in people]
        await self._store.meet(known)
        if concerned(self._store.communities, known):
            for start in range(0, len(known), AT_ONCE):
                some, now = known[start : start + AT_ONCE], self._store.now()
                await self._store.perform(following(self._store.communities, some, now))


class Edges:
    def __init__(self, settings: Settings, store: Store, desk: Desk, clock: Clock) -> None:
        self._store = store
        inbox = LiveInbox(store)
        local = settings.discord_api_url is not None
        slack, discord = settings.slack(), settings.discord()
        self.draw = draw = Painter(structlog.get_logger("pictures"), settings.font).draw
        self.slack: SlackEdge | None = None
        if slack is not None:
            logger = structlog.get_logger("slack")
            places = partial(self._places, "slack")
            self.slack = SlackEdge(slack, inbox, desk, store, SqlStays(store), places, clock, logger, draw=draw)
        self.discord: DiscordEdge | None = None
        if discord is not None:
            self.discord = DiscordEdge(
                discord,
                inbox,
                desk,
                store,
                partial(self._places, "discord"),
                clock,
                structlog.get_logger("discord"),
                identify_delay=0.0 if local else None,  # Discord itself wants the library's five seconds
                reactions_on=store.reactions_on,
                present_in=store.present,
                remember=partial(store.take, mode=LONG_AGO),
                stays=SqlStays(store),
                draw=draw,
            )

    def _places(self, platform: Platform, source: str) -> Places:
        """core.places.PlacesOf: one server's moderators are nobody in another community's."""
        served = self._store.communities.served
        community = self._store.communities.of_source(source) if source else None
        if community is not None:
            return served[community].plan.book.places(platform)
        books = [] if source else [s.plan.book for s in served.values()]
        watches = frozenset(type_ for book in books for type_ in book.places(platform).watches)
        return Places(reads_text=any(book.reads_text for book in books), watches=watches)

    async def check(self) -> list[str]:
        """Warnings. Raises ConfigurationError for what keeps the bot from working."""
        warnings: list[str] = []
        edges: list[SlackEdge | DiscordEdge | None] = [self.slack, self.discord]
        for edge in (e for e in edges if e is not None):
            try:
                warnings += await edge.check()
            except RetryLater as later:
                warnings.append(f"{later}. The bot will go on trying.")
        return warnings

    def work(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        """What has to run all the time."""
        found: dict[str, Callable[[], Awaitable[None]]] = {}
        if self.slack is not None:
            found["slack"] = self.slack.run
        if self.discord is not None:
            found["discord"] = self.discord.run
        return found

    def sources(self) -> list[str]:
        """The workspaces and servers that are known, also while a connection is down: what is for them waits."""
        found = [self.slack.roster.source] if self.slack is not None and self.slack.roster.source else []
        return found + (sorted(self.discord.sources) if self.discord is not None else [])

    def all_known(self) -> bool:
        """Has each platform said which workspace or which servers it has?"""
        slack = self.slack is None or bool(self.slack.roster.source)
        return slack and (self.discord is None or self.discord.connected or bool(self.discord.sources))

    def caught_up(self) -> bool:
        """Has each platform been read up to now?"""
        return all(edge.caught_up for edge in (self.slack, self.discord) if edge is not None)

    def messengers(self) -> Mapping[str, Messenger]:
        found: dict[str, Messenger] = {}
        if self.slack is not None and self.slack.connected:
            found[self.slack.source] = self.slack.messenger
        if self.discord is not None and self.discord.connected:
            found.update(dict.fromkeys(self.discord.sources, self.discord.messenger))
        return found

    def recalls(self) -> Mapping[str, Recall]:
        found: dict[str, Recall] = {}
        if self.slack is not None and self.slack.connected:
            found[self.slack.source] = self.slack.recall
        if self.discord is not None and self.discord.connected:
            found.update(dict.fromkeys(self.discord.sources, self.discord.recall))
        return found

    def not_connected(self) -> list[str]:
        found = ["Slack is not connected"] if self.slack is not None and not self.slack.connected else []
        return found + (["Discord is not connected"] if self.discord is not None and not self.discord.connected else [])

    def finds(self, source: str, ref: str, channel: bool) -> bool | None:
        """Whether a workspace or server has this channel, else this role or user group; None where it is not known."""
        if self.slack is not None and self.slack.connected and source == self.slack.source:
            roster = self.slack.roster
            return (roster.find_place(ref) if channel else roster.find_group(ref)) is not None
        if self.discord is not None and source in self.discord.sources:
            with contextlib.suppress(RetryLater):
                return self.discord.messenger.finds(source, ref, channel)
        return None

    async def close(self) -> None:
        if self.slack is not None:
            await self.slack.close()
        if self.discord is not None:
            await self.discord.close()
