"""Pictures as files that come with a message, their words as its description for screen readers."""

from __future__ import annotations

import io

import discord

from core.cards import Card
from core.pictures import NAME, Draw, alt


async def picture_of(card: Card, draw: Draw) -> discord.File | None:
    """The file for a card, None where it has no picture or none can be drawn. It can be sent once."""
    drawn = await draw(card.picture) if card.picture is not None else None
    if card.picture is None or drawn is None:
        return None
    return discord.File(io.BytesIO(drawn), NAME, description=alt(card.picture))


def takes_files(channel: object, guild: discord.Guild) -> bool:
    """Whether the bot may attach files there; not where that is not known."""
    if isinstance(channel, discord.DMChannel):
        return True
    if not isinstance(channel, discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread):
        return False
    try:
        return channel.permissions_for(guild.me).attach_files
    except discord.ClientException:  # a thread whose channel is not known
        return False
