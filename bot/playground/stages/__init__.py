"""What a person can do in the playground, the same verbs for both platforms: the page and the demo's story use them."""

from __future__ import annotations

from typing import Protocol

from bot.playground.community import Side
from bot.playground.stages.discord import DiscordStage
from bot.playground.stages.slack import SlackStage

__all__ = ["DiscordStage", "SlackStage", "Stage"]


class Stage(Protocol):
    """One platform as its people use it. `who` is a key of the cast; channels and messages go by their ids.

    What the platform would refuse raises NotAllowed, or the stand-in's own error.
    """

    @property
    def side(self) -> Side: ...

    async def say(self, who: str, channel: str, text: str) -> str:
        """Writes a message; a line that begins with / runs the command instead. Returns the message's id, or ""."""
        ...

    async def reply(self, who: str, channel: str, message: str, text: str) -> str: ...

    async def edit(self, who: str, channel: str, message: str, text: str) -> None: ...

    async def delete(self, who: str, channel: str, message: str) -> None: ...

    async def react(self, who: str, channel: str, message: str, emoji: str) -> None:
        """`emoji` is Slack's short name on both platforms."""
        ...

    async def unreact(self, who: str, channel: str, message: str, emoji: str) -> None: ...

    async def command(self, who: str, channel: str, line: str) -> None:
        """Runs a command as it is typed, `/plaudit why Helpful answer`; returns when it was acknowledged."""
        ...

    async def press(self, who: str, channel: str, message: str, button: str, value: str = "") -> None:
        """Presses a button of a message; `channel` "" means a view (Slack's Home or a modal)."""
        ...

    async def open_home(self, who: str) -> None: ...

    async def speak(self, who: str, language: str) -> None:
        """Puts the person's client into a language, and asks the bot to speak it to them."""
        ...

    def refuse_next_post(self) -> None:
        """The platform answers the bot's next message with 429."""
        ...

    def refused_posts(self) -> int:
        """How many messages of the bot were answered with 429 so far."""
        ...

    def cut_line(self) -> None:
        """The bot's connection breaks."""
        ...
