"""Who is in which voice channel, and which event runs where, as the library knows it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import discord

from adapters.discord.normalise import person_facts, room_facts
from adapters.discord.rooms import room_of
from core.events import Value
from core.stays import EVENT, Gathering, Stay


@dataclass(frozen=True, slots=True)
class There:
    """Somebody in a voice channel that is not the one for the absent."""

    room: str
    hears: bool
    facts: Mapping[str, Value]


def there(member: discord.Member, state: discord.VoiceState | None) -> There | None:
    """Where somebody is; None for nowhere, and in the channel to which Discord moves the absent (AFK)."""
    channel = state.channel if state is not None else None
    room = room_of(channel)
    if state is None or channel is None or room is None or channel == member.guild.afk_channel:
        return None
    return There(room.id, not (state.deaf or state.self_deaf), room_facts(room))


def gathering(event: discord.ScheduledEvent) -> Gathering | None:
    """The event while it runs in a channel; None for one elsewhere, before and after. One that comes again and again
    keeps its id: the time for which it was planned tells which one it is."""
    room = room_of(event.channel) if event.channel_id is not None and event.guild is not None else None
    if room is None or event.status is not discord.EventStatus.active:
        return None
    facts: dict[str, Value] = {**room_facts(room), "event": str(event.id), "name": event.name}
    return Gathering(f"{EVENT}{event.id}/{int(event.start_time.timestamp())}", room.id, facts)


def at_its_end(guild: discord.Guild, stay: Stay) -> dict[str, Value]:
    """What is known about the person; and a channel that was closed meanwhile is nobody's business any more."""
    user = stay.account.rpartition("/")[2]
    member = guild.get_member(int(user)) if user.isdigit() else None
    room = room_of(guild.get_channel(int(stay.room))) if stay.room.isdigit() else None
    facts = person_facts(member) if member is not None else {}
    return facts | ({"private": True} if room is not None and room.private else {})
