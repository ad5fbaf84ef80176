"""What people do in the local Discord."""

from __future__ import annotations

from adapters.discord.emoji import character
from bot.playground.community import CAST, LOBBY, Side
from bot.playground.discord_server import DiscordServer
from bot.playground.discord_server.world import ENGLISH
from bot.playground.stages import names, typed
from bot.playground.stages.refusals import NotAllowed
from bot.playground.views.forms import discord_form, discord_values
from core.languages import DISCORD

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
        if not self.wrote(who, channel, message):
            raise NotAllowed(_NOT_YOUR_WORDS)
        await self.server.edit(channel, message, self._typed(text))

    async def delete(self, who: str, channel: str, message: str) -> None:
        if not self.wrote(who, channel, message) and who not in _MODERATORS:
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

    async def speak(self, who: str, language: str) -> None:
        """Every interaction tells the client's language; Discord has no Arabic."""
        self.server.world.speak(self._id(who), DISCORD.get(language, ENGLISH))
        await self.command(who, self.side.channels[LOBBY], f"/plaudit settings language:{language}")

    def close_modal(self, who: str) -> None:
        """Closes the form that is open."""
        opened = discord_form(self.server.interactions, self._id(who))
        if opened is not None:
            opened.dismissed = True
            self.server.note()

    async def submit(self, who: str, fields: dict[str, str]) -> None:
        """Sends the form that is open, filled in."""
        opened = discord_form(self.server.interactions, self._id(who))
        if opened is None:
            raise NotAllowed("That form is closed.")
        sent = await self.server.submit(opened, **discord_values(opened, fields))
        await sent.answered(_ANSWER_SECONDS)

    def refuse_next_post(self) -> None:
        """Discord asks the bot to slow down, once: 429 for the next message it posts."""
        self.server.faults.answer("POST", r"/channels/\d+/messages$", status=429, retry_after=1.0)

    def refused_posts(self) -> int:
        """How many messages of the bot were answered with 429 so far."""
        return sum(r.status == 429 and r.path.endswith("/messages") for r in self.server.requests)

    def cut_line(self) -> None:
        """The gateway breaks without a word; the bot has to come back by itself."""
        self.server.drop_sockets(abort=True)

    async def open_home(self, who: str) -> None:
        """Discord has no such place."""
        raise NotAllowed("Discord has no Home tab.")

    def wrote(self, who: str, channel: str, message: str) -> bool:
        """Whether the message is this person's."""
        return bool(self.server.chat.find(channel, message).body["author"]["id"] == self._id(who))

    def reacted(self, who: str, channel: str, message: str, emoji: str) -> bool:
        """Whether the person's reaction is on the message."""
        reactors = self.server.chat.find(channel, message).reactors
        return self._id(who) in reactors.get(character(emoji) or emoji, [])

    def _id(self, who: str) -> str:
        return self.side.people[who]

    def _find(self, name: str) -> str | None:
        return names.who(name.strip(), self.side.people)

    def _typed(self, text: str) -> str:
        people = {**self.side.people, "plaudit": str(self.server.world.bot["id"])}
        return names.link(text, people, self.side.channels, lambda sign, which: f"<{sign}{which}>")
