"""Buttons. They come back by their id alone, so they work after a restart and on old messages too."""

from __future__ import annotations

from typing import Any

import discord

from adapters.discord import forms
from adapters.discord.answers import Answers
from core.forms import OPENING

_PREFIX = "plaudit"


class Actions:
    """Presses of our buttons and forms that come back, as questions to the desk."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def press(self, asked: discord.Interaction) -> None:
        """Answers a press. Everything else is somebody else's."""
        if asked.guild_id is None:
            return
        if (sent := named(asked, discord.InteractionType.modal_submit)) is not None:
            await self._submit(asked, *sent)
            return
        pressed = pressed_button(asked)
        if pressed is None:
            return
        verb, argument = pressed
        if verb in OPENING:
            await self._answers.open(asked, verb, {"argument": argument})
        elif _is_private(asked):
            await self._turn_page(asked, verb, argument)
        else:
            await asked.response.defer(ephemeral=True, thinking=True)
            await self._answers.show(asked, await self._answers.ask(asked, verb, {"argument": argument}))

    async def _submit(self, asked: discord.Interaction, verb: str, about: str) -> None:
        """A form comes back."""
        await asked.response.defer(ephemeral=True, thinking=True)
        arguments = forms.written(asked) | ({"about": about} if about else {})
        await self._answers.show(asked, await self._answers.settle(asked, verb, arguments))

    async def _turn_page(self, asked: discord.Interaction, verb: str, argument: str) -> None:
        """A button on a private answer: the new one may take its place."""
        await asked.response.defer()
        answer = await self._answers.ask(asked, verb, {"argument": argument})
        if not answer.replace:
            await self._answers.add(asked, answer)
            return
        await self._answers.fill(asked, answer)
        await self._answers.add_notes(asked, answer)


def pressed_button(asked: discord.Interaction) -> tuple[str, str] | None:
    """Verb and argument of our button; None for anything else."""
    return named(asked, discord.InteractionType.component)


def named(asked: discord.Interaction, kind: discord.InteractionType) -> tuple[str, str] | None:
    """Verb and argument of what is ours and of this kind; None for anything else."""
    if asked.type is not kind:
        return None
    data: Any = asked.data or {}
    prefix, _, rest = str(data.get("custom_id", "")).partition(":")
    verb, _, argument = rest.partition(":")
    return (verb, argument) if prefix == _PREFIX and verb else None


def _is_private(asked: discord.Interaction) -> bool:
    return asked.message is not None and asked.message.flags.ephemeral
