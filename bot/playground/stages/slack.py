"""What people do in the local Slack."""

from __future__ import annotations

from bot.playground.community import CAST, LOBBY, Side
from bot.playground.slack_server import SlackServer
from bot.playground.stages.names import link
from bot.playground.stages.refusals import NotAllowed
from bot.playground.views.forms import slack_values

_IN_THREADS = "Slack has no slash commands in threads. Write “@plaudit achievements” there instead."
_NOT_YOURS = "Only moderators delete what others wrote."
_UNKNOWN = "This Slack knows no such command. Try /achievements, /leaderboard or /plaudit help."
_COMMANDS = ("/achievements", "/leaderboard", "/challenge", "/claim", "/kudos", "/rewards", "/team", "/plaudit")
_MODERATORS = frozenset(p.key for p in CAST if p.moderator)


class SlackStage:
    """A Stage over the stand-in."""

    def __init__(self, server: SlackServer, side: Side) -> None:
        self.server = server
        self.side = side

    async def say(self, who: str, channel: str, text: str) -> str:
        if text.startswith("/"):
            await self.command(who, channel, text)
            return ""
        return str((await self.server.say(self._id(who), channel, self._typed(text)))["ts"])

    async def reply(self, who: str, channel: str, message: str, text: str) -> str:
        if text.startswith("/"):
            raise NotAllowed(_IN_THREADS)
        return str((await self.server.reply(self._id(who), channel, message, self._typed(text)))["ts"])

    async def edit(self, who: str, channel: str, message: str, text: str) -> None:
        await self.server.edit(self._id(who), channel, message, self._typed(text))

    async def delete(self, who: str, channel: str, message: str) -> None:
        if not self.wrote(who, channel, message) and who not in _MODERATORS:
            raise NotAllowed(_NOT_YOURS)
        await self.server.delete(self._id(who), channel, message)

    async def react(self, who: str, channel: str, message: str, emoji: str) -> None:
        await self.server.react(self._id(who), channel, message, emoji)

    async def unreact(self, who: str, channel: str, message: str, emoji: str) -> None:
        await self.server.unreact(self._id(who), channel, message, emoji)

    async def command(self, who: str, channel: str, line: str) -> None:
        name, _, rest = line.strip().partition(" ")
        if name not in _COMMANDS:
            raise NotAllowed(_UNKNOWN)
        attempt = await self.server.slash(self._id(who), channel, name, self._typed(rest.strip()))
        if not attempt.ok:
            raise NotAllowed("Plaudit did not answer in time. Try again in a moment.")

    async def press(self, who: str, channel: str, message: str, button: str, value: str = "") -> None:
        user, given = self._id(who), value or None
        if not channel:
            await self.server.click(user, button, value=given)
        else:
            await self.server.click(user, button, channel, message, value=given)

    async def open_home(self, who: str) -> None:
        """Opens the app's Home tab."""
        await self.server.open_home(self._id(who))

    async def speak(self, who: str, language: str) -> None:
        """Slack tells an app the language of a client only if it asks, and Plaudit does not: it is told in words."""
        await self.command(who, self.side.channels[LOBBY], f"/plaudit settings language={language}")

    async def close_modal(self, who: str) -> None:
        """Closes the window on top."""
        await self.server.close_modal(self._id(who))

    async def submit(self, who: str, fields: dict[str, str]) -> None:
        """Sends the window on top, filled in."""
        windows = self.server.modals.get(self._id(who))
        if not windows:
            raise NotAllowed("That form is closed.")
        await self.server.submit(self._id(who), slack_values(windows[-1].body["blocks"], fields))

    def refuse_next_post(self) -> None:
        """Slack asks the app to slow down, once: 429 for the next message it posts."""
        self.server.faults.answer("chat.postMessage", status=429, retry_after=1)

    def refused_posts(self) -> int:
        """How many messages of the app were answered with 429 so far."""
        return sum(c.status == 429 for c in self.server.called("chat.postMessage"))

    def cut_line(self) -> None:
        """Every connection breaks without a word; the app has to come back by itself."""
        self.server.drop()

    def wrote(self, who: str, channel: str, message: str) -> bool:
        """Whether the message is this person's."""
        return bool(self.server.world.message(channel, message)["user"] == self._id(who))

    def reacted(self, who: str, channel: str, message: str, emoji: str) -> bool:
        """Whether the person's reaction is on the message."""
        marks = self.server.world.message(channel, message).get("reactions", [])
        return any(m["name"] == emoji and self._id(who) in m["users"] for m in marks)

    def _id(self, who: str) -> str:
        return self.side.people[who]

    def _typed(self, text: str) -> str:
        """As Slack stores it."""
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        people = {**self.side.people, "plaudit": self.server.me.bot_user}
        return link(escaped, people, self.side.channels, lambda sign, which: f"<{sign}{which}>")
