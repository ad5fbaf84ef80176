"""`/plaudit more …`: what people need seldom. A command holds 25 others at most, and this one counts once."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from adapters.discord.by_hand import Reply


def add_to(group: app_commands.Group, reply: Reply, complete: Any) -> None:
    """Below /plaudit. `complete` offers names of badges while somebody types."""
    more = app_commands.Group(name="more", description="What is needed seldom", parent=group)

    @more.command(name="setup", description="For admins: channels, moderators, first rules, the digest's day")
    async def setup(asked: discord.Interaction) -> None:
        await reply(asked, "setup")

    @more.command(name="duties", description="For moderators: who holds a duty or a role through a badge, and how long")
    async def duties(asked: discord.Interaction) -> None:
        await reply(asked, "duties")

    @more.command(name="handback", description="Give a badge back, with what it opened")
    @app_commands.describe(achievement="Which one; else you can choose")
    @app_commands.autocomplete(achievement=complete)
    async def handback(asked: discord.Interaction, achievement: str | None = None) -> None:
        await reply(asked, "handback", achievement=achievement)
