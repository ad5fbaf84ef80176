"""Thanks, bans, and what looks unlike the rest: what people type after a slash."""

from __future__ import annotations

import re
from typing import Any, Protocol

import discord
from discord import app_commands

from adapters.discord.normalise import account_of
from adapters.discord.rooms import source_of

_GUILD_ONLY = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
_THANKS = "Thank somebody, in front of everybody here"


class Reply(Protocol):
    async def __call__(self, asked: discord.Interaction, verb: str, **arguments: str | None) -> None: ...


def kudos(reply: Reply) -> app_commands.Command[Any, Any, Any]:
    """The command of its own."""

    @app_commands.command(name="kudos", description=_THANKS)
    @app_commands.describe(member="Whom", reason="What for")
    async def thank(asked: discord.Interaction, member: discord.User, reason: str) -> None:
        await reply(asked, "kudos", member=_account(asked, member), reason=_for(reason))

    thank.allowed_contexts = _GUILD_ONLY
    return thank


def rewards(reply: Reply) -> app_commands.Command[Any, Any, Any]:
    """What people can have for their points."""

    @app_commands.command(name="rewards", description="What you can have for your points")
    @app_commands.describe(show="What you had before, and where your points came from")
    @app_commands.choices(show=[app_commands.Choice(name="history", value="history")])
    async def points(asked: discord.Interaction, show: str | None = None) -> None:
        await reply(asked, "rewards", choice=show)

    points.allowed_contexts = _GUILD_ONLY
    return points


def add_to(group: app_commands.Group, reply: Reply) -> None:
    """The others, below /plaudit."""

    @group.command(name="kudos", description=_THANKS)
    @app_commands.describe(member="Whom", reason="What for")
    async def thank(asked: discord.Interaction, member: discord.User, reason: str) -> None:
        await reply(asked, "kudos", member=_account(asked, member), reason=_for(reason))

    @group.command(name="ban", description="For moderators: take back everything that somebody earned")
    @app_commands.describe(member="Whom", reason="Why; they will read it")
    async def ban(asked: discord.Interaction, member: discord.User, reason: str) -> None:
        await reply(asked, "ban", member=_account(asked, member), reason=reason)

    @group.command(name="unban", description="For moderators: give back what a ban took")
    @app_commands.describe(member="Whom")
    async def unban(asked: discord.Interaction, member: discord.User) -> None:
        await reply(asked, "unban", member=_account(asked, member))

    @group.command(name="fairness", description="For moderators: marks that look unlike the rest of the community")
    async def fairness(asked: discord.Interaction) -> None:
        await reply(asked, "fairness")


def _account(asked: discord.Interaction, member: discord.User) -> str:
    return account_of(source_of(asked.guild_id or 0), member.id)


def _for(reason: str) -> str:
    """Without the "for" that the sentence has already."""
    return re.sub(r"^for\b[\s:,]*", "", reason.strip(), flags=re.IGNORECASE)
