"""What people do in the local Discord."""

from __future__ import annotations

from adapters.discord.emoji import character
from bot.playground.community import CAST, Side
from bot.playground.discord_server import DiscordServer
from bot.playground.stages import typed
from bot.playground.stages.names import link, who
from bot.playground.stages.refusals import NotAllowed

_MODERATORS = frozenset(p.key for p in CAST if p.moderator)
_ANSWER_SECONDS = 5.0
_NOT_YOURS = "Only moderators delete what others wrote."
_NOT_YOUR_WORDS = "Only the author edits a message."


class DiscordStage:
    """A Stage over the stand-in."""

    def __init__(self, server: DiscordServer, side: Side) -> None:
        self.server = server
        self.side = side

    async def say(self, who: str, channel: str, text: str) -> str:
        if text.startswith("/"):
            await self.command(who, channel, text)
            return ""
        return await self.server.say(channel, self._id(who), self._typed(text))

    async def reply(self, who: str, channel: str, message: str, text: str) -> str:
        return await self.server.reply(channel, self._id(who), message, self._typed(text))

    async def edit(self, who: str, channel: str, message: str, text: str) -> None:
        if self._author(channel, message) != self._id(who):
            raise NotAllowed(_NOT_YOUR_WORDS)
        await self.server.edit(channel, message, self._typed(text))

    async def delete(self, who: str, channel: str, message: str) -> None:
        if self._author(channel, message) != self._id(who) and who not in _MODERATORS:
            raise NotAllowed(_NOT_YOURS)
        await self.server.delete(channel, message)

    async def react(self, who: str, channel: str, message: str, emoji: str) -> None:
        await self.server.react(channel, self._id(who), message, character(emoji) or emoji)

    async def unreact(self, who: str, channel: str, message: str, emoji: str) -> None:
        await self.server.unreact(channel, self._id(who), message, character(emoji) or emoji)

    async def command(self, who: str, channel: str, line: str) -> None:
        guild = self.server.world.guild_of(channel)
        commands = [*self.server.commands.by_guild.get(guild, []), *self.server.commands.by_guild[None]]
        path, values = typed.read(line, commands, self._find)
        started = await self.server.slash(channel, self._id(who), path, **values)
        await started.answered(_ANSWER_SECONDS)

    async def press(self, who: str, channel: str, message: str, button: str, value: str = "") -> None:
        pressed = await self.server.click(channel, self._id(who), message, button)
        await pressed.answered(_ANSWER_SECONDS)

    def _id(self, who: str) -> str:
        return self.side.people[who]

    def _find(self, name: str) -> str | None:
        return who(name.strip(), self.side.people)

    def _author(self, channel: str, message: str) -> str:
        return str(self.server.chat.find(channel, message).body["author"]["id"])

    def _typed(self, text: str) -> str:
        people = {**self.side.people, "plaudit": str(self.server.world.bot["id"])}
        return link(text, people, self.side.channels, lambda sign, which: f"<{sign}{which}>")
