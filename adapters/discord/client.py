"""The discord.py client: it receives, and hands on. Deciding happens elsewhere."""

from __future__ import annotations

import asyncio
import sys
from typing import Any, Protocol

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from structlog.typing import FilteringBoundLogger

from adapters.discord.actions import Actions
from adapters.discord.commands import Commands, sync
from adapters.discord.live import Live
from adapters.discord.normalise import emoji_name
from adapters.discord.polls import Sight
from adapters.discord.settings import DiscordSettings
from adapters.discord.trouble import SessionOver
from adapters.discord.watched import Watched
from core.ports import Notebook

_ANSWERED = 40060  # Discord's code: the interaction has been acknowledged already

Place = discord.abc.GuildChannel | discord.Thread


class Watcher(Protocol):
    """Who wants to know how the session goes."""

    def session_began(self) -> None: ...

    def line_is(self, up: bool) -> None: ...

    def guild_goes(self, guild: int) -> None: ...

    async def guild_came(self, guild: discord.Guild) -> None: ...

    async def place_came(self, place: discord.Thread) -> None: ...

    def place_made(self, place: Place) -> None: ...

    async def member_changed(self, before: discord.Member | None, after: discord.Member) -> None: ...

    async def member_left(self, guild: int, user: discord.User | discord.Member) -> None: ...


def point_at(settings: DiscordSettings) -> None:
    """Points discord.py at another server. Process-wide: the library keeps its addresses on two classes."""
    if settings.api_url is not None:
        Route.BASE = settings.api_url.rstrip("/")
    if settings.gateway_url is not None:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.gateway_url)


class PlauditClient(discord.Client):
    """One client for one session; after a fatal error a fresh one takes its place."""

    live: Live
    watched: Watched

    def __init__(
        self,
        intents: discord.Intents,
        settings: DiscordSettings,
        notebook: Notebook,
        watcher: Watcher,
        log: FilteringBoundLogger,
        *,
        identify_delay: float | None = None,
    ) -> None:
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            guild_ready_timeout=0.0,  # by default each start waits two seconds for nothing
        )
        self.tree: app_commands.CommandTree[PlauditClient] = app_commands.CommandTree(self)
        self.tree.error(self._command_failed)
        self._settings = settings
        self._notebook = notebook
        self._watcher = watcher
        self._log = log
        self._identify_delay = identify_delay
        self._actions: Actions | None = None

    def attach(self, live: Live, commands: Commands, actions: Actions, watched: Watched) -> None:
        """Gives it what it hands events to."""
        self.live = live
        self.watched = watched
        watched.look_through(Sight(self.voters, self.place, self._member, self.is_closed, self.close))
        self._actions = actions
        commands.add_to(self.tree)

    # -- reading ------------------------------------------------------------------------------------------

    async def place(self, number: int) -> Place | None:
        """The channel or thread; None where it is gone or closed. An archived thread needs a request."""
        known = self.get_channel(number)
        if known is None:
            try:
                known = await self.fetch_channel(number)
            except (discord.NotFound, discord.Forbidden, discord.InvalidData):
                return None
        return known if isinstance(known, discord.abc.GuildChannel | discord.Thread) else None

    async def read(self, channel: int, message: int) -> discord.Message:
        """One message. Raises what discord.py raises."""
        place = await self.place(channel)
        if isinstance(place, discord.abc.Messageable):
            return await place.fetch_message(message)
        return await self.get_partial_messageable(channel).fetch_message(message)

    async def voters(self, channel: int, message: int, answer: int, after: int) -> list[int]:
        """The next hundred who chose an answer of a poll, by ascending id. Raises what discord.py raises."""
        page = await self.http.get_poll_answer_voters(channel, message, answer, after or None, 100)
        return [int(user["id"]) for user in page["users"]]

    def _member(self, guild: int, user: int) -> discord.Member | None:
        found = self.get_guild(guild)
        return found.get_member(user) if found is not None else None

    # -- the session --------------------------------------------------------------------------------------

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """discord.py pauses five seconds here; only local stand-ins may be hurried."""
        if self._identify_delay is None:
            await super().before_identify_hook(shard_id, initial=initial)
        else:
            await asyncio.sleep(self._identify_delay)

    async def setup_hook(self) -> None:
        """After the login, before the gateway."""
        if self._settings.api_url is not None and self._settings.gateway_url is None:
            found = await self.http.request(Route("GET", "/gateway"))
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(found["url"])
        try:
            await sync(self.tree, self.application_id or 0, self._notebook, self._log)
        except (discord.HTTPException, app_commands.AppCommandError) as error:
            self._log.warning("discord: commands not registered, the old ones stay", reason=str(error))

    async def on_connect(self) -> None:
        """READY, so a new session: what happened before it is in the history only."""
        self._watcher.session_began()

    async def on_ready(self) -> None:
        """The library forgets to announce servers that came together with READY: these are announced here."""
        loaded = [guild for guild in self.guilds if not guild.unavailable]
        await asyncio.gather(*(self._watcher.guild_came(guild) for guild in loaded))

    async def on_resumed(self) -> None:
        self._watcher.line_is(True)

    async def on_disconnect(self) -> None:
        self._watcher.line_is(False)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        await self._watcher.guild_came(guild)

    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        guild._voice_states.clear()  # the library keeps who was there, and no later news takes them out
        self._watcher.guild_goes(guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self._watcher.guild_goes(guild.id)
        await self.watched.voice.dismissed(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._watcher.guild_came(guild)

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        self._watcher.place_made(channel)

    async def on_thread_create(self, thread: discord.Thread) -> None:
        self._watcher.place_made(thread)

    async def on_thread_join(self, thread: discord.Thread) -> None:
        await self._watcher.place_came(thread)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """The platform's error hook: the trace, and no payload, for that may hold what people wrote."""
        if isinstance(sys.exception(), SessionOver):
            return
        if _was_taken(sys.exception()):
            self._log.info("discord: another process answered", event_name=event_method)
            return
        self._log.exception("discord: an event failed", event_name=event_method)

    async def _command_failed(
        self, asked: discord.Interaction[PlauditClient], error: app_commands.AppCommandError
    ) -> None:
        if _was_taken(error.__cause__ or error):
            self._log.info("discord: another process answered")
            return
        self._log.error("discord: a command was not answered", exc_info=error)

    # -- what people do -----------------------------------------------------------------------------------

    async def on_message(self, message: discord.Message) -> None:
        await self.live.said(message)
        await self.watched.seen(message)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        await self.live.edited(event)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        await self.live.deleted(event.guild_id, event.channel_id, [event.message_id])

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        await self.live.deleted(event.guild_id, event.channel_id, sorted(event.message_ids))

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        await self.live.reacted(event)

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        await self.live.unreacted(event)

    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        await self.live.cleared(event.guild_id, event.channel_id, event.message_id)

    async def on_raw_reaction_clear_emoji(self, event: discord.RawReactionClearEmojiEvent) -> None:
        emoji = emoji_name(event.emoji)
        await self.live.cleared(event.guild_id, event.channel_id, event.message_id, emoji)

    async def on_member_join(self, member: discord.Member) -> None:
        await self._watcher.member_changed(None, member)
        await self.live.joined(member)

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        await self._watcher.member_changed(before, after)

    async def on_raw_member_remove(self, event: discord.RawMemberRemoveEvent) -> None:
        await self._watcher.member_left(event.guild_id, event.user)
        await self.live.left(event.guild_id, event.user.id)
        if (guild := self.get_guild(event.guild_id)) is not None:
            await self.watched.voice.left(guild, event.user.id)

    async def on_member_ban(self, guild: discord.Guild, user: discord.User | discord.Member) -> None:
        await self.watched.voice.banned(guild, user.id)
        await self.live.banned(guild.id, user.id)

    async def on_member_unban(self, guild: discord.Guild, user: discord.User) -> None:
        await self.live.unbanned(guild.id, user.id)

    # -- what is told only where a rule asks for it -------------------------------------------------------

    async def on_voice_state_update(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        await self.watched.voice.moved(member, before, after)

    async def on_scheduled_event_create(self, event: discord.ScheduledEvent) -> None:
        await self.watched.voice.event_changed(event)

    async def on_scheduled_event_update(self, before: discord.ScheduledEvent, after: discord.ScheduledEvent) -> None:
        await self.watched.voice.event_changed(after)

    async def on_scheduled_event_delete(self, event: discord.ScheduledEvent) -> None:
        await self.watched.voice.event_gone(event)

    async def on_raw_poll_vote_add(self, event: discord.RawPollVoteActionEvent) -> None:
        await self.watched.voted(event)

    async def on_raw_poll_vote_remove(self, event: discord.RawPollVoteActionEvent) -> None:
        await self.watched.unvoted(event)

    # -- buttons ------------------------------------------------------------------------------------------

    async def on_interaction(self, asked: discord.Interaction) -> None:
        if self._actions is not None:
            await self._actions.press(asked)


def _was_taken(error: BaseException | None) -> bool:
    """Two processes hear every interaction while one takes over from the other; Discord lets one of them answer."""
    return isinstance(error, discord.HTTPException) and error.code == _ANSWERED
