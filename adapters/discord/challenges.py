"""`/challenge`: one command with one field, in the same words as on Slack; "new" opens the form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands

from adapters.discord.answers import Answers
from core.challenge_choices import asks
from core.forms import OPENING

_GUILD_ONLY = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)


def command(
    answers: Answers, reply: Callable[..., Awaitable[None]], complete: Any
) -> app_commands.Command[Any, Any, Any]:
    """`reply` answers a verb with its arguments; `complete` offers names while somebody types."""

    @app_commands.command(name="challenge", description="Challenges: join, see where they stand, make one")
    @app_commands.describe(name="Which one; “new” to make one, “archive” for what was")
    @app_commands.autocomplete(name=complete)
    async def challenge(asked: discord.Interaction, name: str | None = None) -> None:
        verb, arguments = asks(name or "")
        if verb in OPENING:
            await answers.open(asked, verb, arguments)
        else:
            await reply(asked, verb, **arguments)

    challenge.allowed_contexts = _GUILD_ONLY
    return challenge
