"""`/team`: one's own team, which there are, joining and leaving, and for moderators moving somebody."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from adapters.discord.by_hand import Reply
from adapters.discord.normalise import account_of
from adapters.discord.rooms import source_of

_GUILD_ONLY = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
_OTHER = "For moderators: somebody else"


def command(reply: Reply, complete: Any) -> app_commands.Group:
    """`reply` answers a verb with its arguments; `complete` offers teams while somebody types."""
    group = app_commands.Group(name="team", description="Your team, and joining one", allowed_contexts=_GUILD_ONLY)

    @group.command(name="show", description="In which team you are, and since when")
    @app_commands.describe(member=_OTHER)
    async def show(asked: discord.Interaction, member: discord.User | None = None) -> None:
        await reply(asked, "team", member=_account(asked, member))

    @group.command(name="list", description="Which teams there are")
    async def roll(asked: discord.Interaction) -> None:
        await reply(asked, "team-list")

    @group.command(name="join", description="Into a team that is open")
    @app_commands.describe(team="Which one", member=_OTHER)
    @app_commands.autocomplete(team=complete)
    async def join(asked: discord.Interaction, team: str, member: discord.User | None = None) -> None:
        await reply(asked, "team-join", team=team, member=_account(asked, member))

    @group.command(name="leave", description="Out of your team, if it is open")
    @app_commands.describe(member=_OTHER)
    async def leave(asked: discord.Interaction, member: discord.User | None = None) -> None:
        await reply(asked, "team-leave", member=_account(asked, member))

    return group


def _account(asked: discord.Interaction, member: discord.User | None) -> str | None:
    return account_of(source_of(asked.guild_id or 0), member.id) if member is not None else None
