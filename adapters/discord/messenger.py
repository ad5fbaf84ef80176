"""Brings cards to Discord. Repeating a send is safe: the delivery's id is the message's nonce."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn, TypeVar

import aiohttp
import discord

from adapters.discord.embeds import Rendered, render
from adapters.discord.emoji import character
from adapters.discord.moments import made_at
from adapters.discord.pictures import picture_of, takes_files
from adapters.discord.roles import RoleKeeper, find_role
from adapters.discord.rooms import find_channel
from core.errors import Ambiguous, RetryLater, Undeliverable
from core.events import Account
from core.pictures import Draw, no_picture
from core.ports import Clock, Delivery, Destination, Held, Receipt

_PAUSE = 5.0  # seconds, where Discord does not say how long
_HOUR = 3600 * 1_000_000  # microseconds
_SECOND = 1_000_000
_REFUSED = (
    "Discord does not let me change this member's roles. Give my role the permission Manage Roles, and drag it"
    " above the roles that I give (Server Settings, Roles)."
)
T = TypeVar("T")
_LINE_BROKE = (aiohttp.ClientError, OSError, TimeoutError)


class DiscordMessenger:
    """core.ports.Messenger. `client` gives the one that is running, None while there is none."""

    def __init__(self, client: Callable[[], discord.Client | None], clock: Clock, draw: Draw = no_picture) -> None:
        self._client = client
        self._clock = clock
        self._draw = draw
        self._keeper = RoleKeeper()
        self._closed: dict[tuple[int, str], int] = {}  # what is closed, until when it is left alone

    async def send(self, delivery: Delivery) -> Receipt:
        """One message or reaction. Undeliverable carries the remedy; private notes are Held."""
        if delivery.to.kind == "private":
            raise Held
        client, guild = self._guild(delivery.to.source)
        if delivery.to.kind == "direct":
            return await _tell(client, guild, delivery, self._draw)
        channel = _channel(client, guild, delivery.to)
        if delivery.to.kind == "reaction":
            await self._knock(channel, "reaction", lambda: _react(guild, channel, delivery.to))
            return Receipt(delivery.to.message)
        if delivery.to.kind == "edit":
            await self._knock(channel, "post", lambda: _edit(guild, channel, delivery, self._draw))
            return Receipt(delivery.to.message)
        started = self._clock()
        message = await self._knock(channel, "post", lambda: _post(guild, channel, delivery, self._draw))
        is_old = delivery.again and made_at(message.id) + _SECOND < started
        return Receipt(str(message.id), repeated=is_old)

    async def set_roles(self, account: Account, wanted: frozenset[str], managed: frozenset[str]) -> None:
        """One PATCH, if anything changes. Undeliverable names the role and the remedy."""
        source, _, user = account.rpartition("/")
        _, guild = self._guild(source)
        try:
            await _translated(lambda: self._keeper.set_roles(guild, int(user), wanted, managed))
        except discord.Forbidden as error:
            raise Undeliverable(_REFUSED) from error

    def finds(self, source: str, ref: str, channel: bool) -> bool:
        """Whether the server has a channel, else a role, of this name or id. Raises RetryLater before it is loaded."""
        _, guild = self._guild(source)
        return (find_channel(guild, ref) if channel else find_role(guild, ref)) is not None

    def _guild(self, source: str) -> tuple[discord.Client, discord.Guild]:
        client, number = self._client(), source.removeprefix("discord:")
        guild = client.get_guild(int(number)) if client is not None and number.isdigit() else None
        if client is None or guild is None or guild.unavailable:
            raise RetryLater(_PAUSE, f"{source} is not there yet: the bot is connecting, or was not invited")
        return client, guild

    async def _knock(self, channel: discord.abc.Messageable, kind: str, act: Callable[[], Awaitable[T]]) -> T:
        """Does it in a channel. One that is closed is left alone for an hour: Discord bans bots that go on knocking."""
        place = (getattr(channel, "id", 0), kind)
        if self._closed.get(place, 0) > self._clock():
            raise Undeliverable(_closed(place[0]))
        try:
            return await _translated(act)
        except discord.Forbidden as error:
            self._closed[place] = self._clock() + _HOUR
            raise Undeliverable(_closed(place[0])) from error


async def _translated(act: Callable[[], Awaitable[T]]) -> T:
    """Does it, and puts what went wrong into our words; what is forbidden is left to the caller."""
    try:
        return await act()
    except discord.Forbidden:
        raise
    except (discord.HTTPException, discord.RateLimited, *_LINE_BROKE) as error:
        _translate(error)


def _translate(error: Exception) -> NoReturn:
    match error:
        case discord.RateLimited():
            raise RetryLater(error.retry_after, "Discord asks to wait") from error
        case discord.HTTPException(status=status) if status == 429 or status >= 500:
            raise RetryLater(_PAUSE, f"Discord answers {status}") from error
        case discord.HTTPException():
            raise Undeliverable(f"Discord refused it: {error.text or error.status}") from error
        case _:
            raise Ambiguous(f"the line to Discord broke ({type(error).__name__})") from error


def _closed(channel: int) -> str:
    return (
        f"Discord does not let me write in channel {channel}. Give my role View Channel, Send Messages, Send"
        " Messages in Threads, Embed Links, Add Reactions and Read Message History there."
    )


def _channel(client: discord.Client, guild: discord.Guild, to: Destination) -> discord.abc.Messageable:
    if to.channel is None:
        raise Undeliverable("The message names no channel.")
    found = find_channel(guild, to.channel)
    if isinstance(found, discord.abc.Messageable):
        return found
    if found is None and to.channel.isdigit():  # an archived thread: unknown here, but it can be written in
        return client.get_partial_messageable(int(to.channel), guild_id=guild.id)
    raise Undeliverable(
        f"Discord server {guild.name!r}: there is no text channel {to.channel!r} that I can see. Create it, let"
        " me in, or name another one in rules.toml under [channels]."
    )


async def _post(
    guild: discord.Guild, channel: discord.abc.Messageable, delivery: Delivery, draw: Draw = no_picture
) -> discord.Message:
    """The nonce is the delivery: within some minutes Discord answers a repeated one with the first message."""
    emojis = {emoji.name: str(emoji) for emoji in guild.emojis}
    shown = render(delivery.card, delivery.to.source, emojis)
    options = _options(shown) | _reference(channel, delivery.to) | {"nonce": nonce_of(delivery.id)}
    file = await picture_of(delivery.card, draw) if takes_files(channel, guild) else None
    if file is None:
        return await channel.send(**options)
    try:
        return await channel.send(file=file, **options)
    except discord.HTTPException as refused:
        if refused.status == 429 or refused.status >= 500:
            raise
        return await channel.send(**options)  # it may be the file that Discord does not take


async def _tell(client: discord.Client, guild: discord.Guild, delivery: Delivery, draw: Draw) -> Receipt:
    """A direct message, which the person asked for. Held where they take none: the next time they ask they see it."""
    number = _number((delivery.to.account or "").partition("/")[2])
    if number is None:
        raise Undeliverable("The direct message names nobody.")
    try:
        channel = await _translated(lambda: client.create_dm(discord.Object(number)))
        message = await _translated(lambda: _post(guild, channel, delivery, draw))
    except discord.Forbidden as error:
        raise Held from error
    return Receipt(str(message.id))


async def _edit(guild: discord.Guild, channel: discord.abc.Messageable, delivery: Delivery, draw: Draw) -> None:
    """A message of ours as it is to be now: everything of it, so that no button and no picture stays behind."""
    number = _number(delivery.to.message)
    if number is None:
        raise Undeliverable("The message that is to be changed is not named.")
    emojis = {emoji.name: str(emoji) for emoji in guild.emojis}
    shown = render(delivery.card, delivery.to.source, emojis)
    partial: discord.PartialMessage = channel.get_partial_message(number)  # type: ignore[attr-defined]  # every place we find has it
    file = await picture_of(delivery.card, draw) if takes_files(channel, guild) else None
    await partial.edit(
        content=shown.content,
        embed=shown.embed,
        view=shown.view(),
        allowed_mentions=shown.allowed_mentions,
        attachments=[file] if file is not None else [],
    )


def nonce_of(delivery: str) -> str:
    """At most the 25 characters that Discord takes."""
    return hashlib.sha256(delivery.encode()).hexdigest()[:25]


def _options(shown: Rendered) -> dict[str, Any]:
    options: dict[str, Any] = {"allowed_mentions": shown.allowed_mentions}
    if shown.content is not None:
        options["content"] = shown.content
    if shown.embed is not None:
        options["embed"] = shown.embed
    view = shown.view()
    return options | ({"view": view} if view is not None else {})


def _reference(channel: discord.abc.Messageable, to: Destination) -> dict[str, Any]:
    """A reply to the message, in a thread too; if that is gone by now, a plain message."""
    place, message = int(getattr(channel, "id", 0)), _number(to.message or to.thread)
    if to.kind != "thread" or message is None or (to.message is None and message == place):
        return {}
    reference = discord.MessageReference(message_id=message, channel_id=place, fail_if_not_exists=False)
    return {"reference": reference}


async def _react(guild: discord.Guild, channel: discord.abc.Messageable, to: Destination) -> None:
    message, wanted = _number(to.message), to.emoji or ""
    emoji = character(wanted) or discord.utils.get(guild.emojis, name=wanted.strip(":"))
    if message is None or emoji is None:
        raise Undeliverable(f"Discord server {guild.name!r}: there is no emoji {wanted!r}. Name another one.")
    partial: discord.PartialMessage = channel.get_partial_message(message)  # type: ignore[attr-defined]  # every place we find has it
    await partial.add_reaction(emoji)


def _number(message: str | None) -> int | None:
    """The message's id out of an id or a fact id."""
    number = (message or "").rpartition("/")[2]
    return int(number) if number.isdigit() else None
