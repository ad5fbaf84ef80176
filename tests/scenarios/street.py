"""One platform as its people use it, the same words for both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.playground.community import CAST, Side
from bot.playground.stages import DiscordStage, SlackStage
from tests.scenarios.town import GIVERS, HELPFUL, Platform, Town


class Street:
    """People go by the keys of the cast, channels by
    name, messages by the platform's id."""

    platform: Platform
    key: str  # what a message's id is called
    side: Side
    stage: SlackStage | DiscordStage

    def __init__(self, town: Town) -> None:
        self.town = town

    def account(self, who: str) -> str:
        return self.side.account(who)

    async def say(self, who: str, text: str = "Good morning", channel: str = "general") -> str:
        return await self.stage.say(who, self.side.channels[channel], text)

    async def reply(self, who: str, message: str, text: str = "Try it like this", channel: str = "general") -> str:
        return await self.stage.reply(who, self.side.channels[channel], message, text)

    async def react(self, who: str, message: str, emoji: str = HELPFUL, channel: str = "general") -> None:
        await self.stage.react(who, self.side.channels[channel], message, emoji)

    async def unreact(self, who: str, message: str, emoji: str = HELPFUL, channel: str = "general") -> None:
        await self.stage.unreact(who, self.side.channels[channel], message, emoji)

    async def delete(self, who: str, message: str, channel: str = "general") -> None:
        await self.stage.delete(who, self.side.channels[channel], message)

    async def helped(self, who: str, by: Iterable[str], channel: str = "general") -> str:
        """A question of somebody's, an answer of `who`, marked as helpful; returns the answer."""
        question = await self.say("noor", "How does this work?", channel)
        answer = await self.reply(who, question, channel=channel)
        for giver in by:
            await self.react(giver, answer, channel=channel)
        return answer

    def awards(self, who: str) -> set[str]:
        """What somebody holds, by the file."""
        query = "SELECT achievement FROM award WHERE member = ? AND state = 'awarded'"
        return {row[0] for row in self.town.rows(query, self.account(who))}

    async def earned(self, who: str, *achievements: str) -> None:
        await self.town.until(lambda: self.awards(who) >= set(achievements))

    async def lost(self, who: str, achievement: str) -> None:
        await self.town.until(lambda: achievement not in self.awards(who))

    async def answers(self, who: str, number: int) -> list[tuple[str, str]]:
        """So many helpful answers, spread over channels (a platform takes one post a second in each): (channel,
        message)."""
        rooms = ("general", "help", "show-and-tell", "wins", "general", "help")
        return [(room, await self.helped(who, GIVERS, room)) for room in rooms[:number]]

    def logged(self, id_: str) -> int:
        """How many statements the log holds about this fact."""
        return self.town.number("SELECT COUNT(*) FROM statement WHERE source = ? AND id = ?", self.side.source, id_)

    # -- what differs

    async def ask(self, who: str, line: str, channel: str = "general") -> str:
        """Run a command as typed; returns what the person is shown."""
        raise NotImplementedError

    def said(self, channel: str = "general") -> list[str]:
        """What the bot wrote there, as text, threads included."""
        raise NotImplementedError

    def whispered(self, who: str) -> list[str]:
        """What only this person was shown, as text."""
        raise NotImplementedError

    def holds_role(self, who: str) -> bool:
        """The role or user group that comes with Trusted helper."""
        raise NotImplementedError

    async def heard(self) -> None:
        """Returns when everything that happened was stored."""
        raise NotImplementedError

    def posts(self, channel: str = "general") -> list[dict[str, Any]]:
        """The bot's messages there, as the platform holds them."""
        raise NotImplementedError

    def thread_of(self, post: dict[str, Any]) -> str:
        """The message that a post answers."""
        raise NotImplementedError

    def id_of(self, post: dict[str, Any]) -> str:
        return str(post[self.key])

    def me(self) -> str:
        """The bot's own account."""
        raise NotImplementedError

    async def settings(self, who: str, choice: str) -> None:
        """Change a setting, and see that it was saved."""
        raise NotImplementedError

    async def note_for(self, who: str) -> str:
        """The latest private note that something was taken back, as soon as the platform can show it."""
        raise NotImplementedError

    async def held(self, who: str) -> None:
        """Returns when a note waits in the outbox until the person asks for something."""
        query = "SELECT COUNT(*) FROM outbox WHERE state = 'held' AND destination LIKE ?"
        await self.town.until(lambda: self.town.number(query, f'%"{self.account(who)}"%'))

    async def press(self, who: str, label: str, channel: str = "general") -> str:
        """Press the button of the latest post that has it; returns what the person is shown."""
        raise NotImplementedError

    async def press_private(self, who: str, line: str, label: str) -> str:
        """Press a button of the private answer to a command; returns what stands there then."""
        raise NotImplementedError

    def shows(self, text: str, who: str) -> bool:
        """Whether a person is mentioned or named."""
        name = next(p.name for p in CAST if p.key == who)
        return name in text or self.side.people[who] in text

    async def posts_of(self, words: str, channel: str = "general") -> list[dict[str, Any]]:
        """The bot's posts with these words, as soon as there is one."""
        posts: list[dict[str, Any]] = []

        def found() -> bool:
            said = zip(self.posts(channel), self.said(channel), strict=True)
            posts[:] = [post for post, text in said if words in text]
            return bool(posts)

        await self.town.until(found)
        return posts
