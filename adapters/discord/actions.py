"""Buttons. They come back by their id alone, so they work after a restart and on old messages too."""

from __future__ import annotations

from typing import Any

import discord

from adapters.discord.answers import Answers, original
from adapters.discord.embeds import render
from adapters.discord.rooms import source_of

_PREFIX = "plaudit"


class Actions:
    """Presses of our buttons, as questions to the desk."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def press(self, asked: discord.Interaction) -> None:
        """Answers a press. Everything else is somebody else's."""
        pressed = pressed_button(asked)
        if pressed is None or asked.guild_id is None:
            return
        verb, argument = pressed
        if _is_private(asked):
            await self._turn_page(asked, verb, argument)
        else:
            await asked.response.defer(ephemeral=True, thinking=True)
            await self._answers.show(asked, await self._answers.ask(asked, verb, {"argument": argument}))

    async def _turn_page(self, asked: discord.Interaction, verb: str, argument: str) -> None:
        """A button on a private answer: the new one may take its place."""
        await asked.response.defer()
        answer = await self._answers.ask(asked, verb, {"argument": argument})
        if not answer.replace:
            await self._answers.add(asked, answer)
            return
        await asked.edit_original_response(**original(render(answer.card, source_of(asked.guild_id or 0))))
        await self._answers.add_notes(asked, answer)


def pressed_button(asked: discord.Interaction) -> tuple[str, str] | None:
    """Verb and argument of our button; None for anything else."""
    if asked.type is not discord.InteractionType.component:
        return None
    data: Any = asked.data or {}
    prefix, _, rest = str(data.get("custom_id", "")).partition(":")
    verb, _, argument = rest.partition(":")
    return (verb, argument) if prefix == _PREFIX and verb else None


def _is_private(asked: discord.Interaction) -> bool:
    return asked.message is not None and asked.message.flags.ephemeral
