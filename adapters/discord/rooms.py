"""Where a message is: a channel, a thread below one, or a forum post."""

from __future__ import annotations

from dataclasses import dataclass

import discord

Place = discord.abc.GuildChannel | discord.Thread


@dataclass(frozen=True, slots=True)
class Room:
    """`id` is the place messages are in; `channel_id` and `name` are the parent's where that is a thread.

    `owner`: who opened the thread or forum post; None for a channel.
    """

    source: str
    id: str
    channel_id: str
    name: str
    private: bool = False
    thread: bool = False
    forum: bool = False
    owner: str | None = None


def source_of(guild_id: int) -> str:
    """The source that everything from this server belongs to."""
    return f"discord:{guild_id}"


def room_of(place: object) -> Room | None:
    """The room behind a discord.py channel; None where that knows too little (a channel never seen)."""
    if isinstance(place, discord.Thread):
        return _thread_room(place)
    if isinstance(place, discord.abc.GuildChannel):
        number = str(place.id)
        return Room(source_of(place.guild.id), number, number, f"#{place.name}", private=is_private(place))
    return None


def _thread_room(thread: discord.Thread) -> Room | None:
    parent = thread.parent
    if parent is None:
        return None
    return Room(
        source=source_of(thread.guild.id),
        id=str(thread.id),
        channel_id=str(parent.id),
        name=f"#{parent.name}",
        private=thread.is_private() or is_private(parent),
        thread=True,
        forum=isinstance(parent, discord.ForumChannel),
        owner=str(thread.owner_id),
    )


def is_private(channel: discord.abc.GuildChannel) -> bool:
    """Whether the channel is closed to members without any role."""
    return not channel.permissions_for(channel.guild.default_role).view_channel


def find_channel(guild: discord.Guild, wanted: str) -> discord.abc.GuildChannel | discord.Thread | None:
    """The channel with this id, or `#name`."""
    if wanted.isdigit():
        return guild.get_channel_or_thread(int(wanted))
    name = wanted.removeprefix("#").casefold()
    return next((c for c in guild.channels if c.name.casefold() == name and writable(c)), None)


def writable(channel: object) -> bool:
    """Whether messages can be in it at all (a category or a forum holds none itself)."""
    return isinstance(channel, discord.abc.Messageable)
