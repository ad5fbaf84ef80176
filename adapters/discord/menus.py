"""What the menus of a message and of a person offer."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from adapters.discord.answers import Answers
from adapters.discord.normalise import account_of
from adapters.discord.rooms import source_of

_GUILD_ONLY = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)


def add_to(tree: app_commands.CommandTree[Any], answers: Answers) -> None:
    """Registers everything."""

    async def helpful(asked: discord.Interaction, message: discord.Message) -> None:
        await asked.response.defer(ephemeral=True, thinking=True)
        await answers.show(asked, await answers.ask(asked, "helpful", _chosen(message)))

    async def nominate(asked: discord.Interaction, message: discord.Message) -> None:
        await answers.open(asked, "nominate", _chosen(message))

    async def profile(asked: discord.Interaction, member: discord.User) -> None:
        await asked.response.defer(ephemeral=True, thinking=True)
        account = account_of(source_of(asked.guild_id or 0), member.id)
        await answers.show(asked, await answers.ask(asked, "achievements", {"member": account}))

    for name, callback in (("Profile", profile), ("Mark as helpful", helpful), ("Nominate", nominate)):
        menu = app_commands.ContextMenu(name=name, callback=callback)
        menu.allowed_contexts = _GUILD_ONLY
        tree.add_command(menu)


def _chosen(message: discord.Message) -> dict[str, str]:
    """Which message, and who wrote it; nobody where that is no person."""
    source = source_of(message.guild.id if message.guild is not None else 0)
    is_person = not message.author.bot and message.webhook_id is None
    author = {"author": account_of(source, message.author.id)} if is_person else {}
    return {"message": f"{message.channel.id}/{message.id}", **author}
