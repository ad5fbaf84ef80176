"""How the same things are done and seen on each platform."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.playground.stages import DiscordStage, SlackStage
from tests.scenarios.pages import discord_text, slack_text
from tests.scenarios.street import Street
from tests.scenarios.town import PATIENCE, Platform, Town


def street_of(town: Town, platform: Platform) -> SlackStreet | DiscordStreet:
    return SlackStreet(town) if platform == "slack" else DiscordStreet(town)


class SlackStreet(Street):
    platform = "slack"
    key = "ts"
    stage: SlackStage

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.side = town.community.slack_side
        self.stage = SlackStage(town.slack, self.side)

    async def ask(self, who: str, line: str, channel: str = "general") -> str:
        before = len(self.whispered(who))
        await self.stage.command(who, self.side.channels[channel], line)
        await self.town.slack.until(lambda: len(self.whispered(who)) > before, PATIENCE)
        return "\n".join(self.whispered(who)[before:])

    def said(self, channel: str = "general") -> list[str]:
        return [slack_text(m) for m in self.posts(channel)]

    def posts(self, channel: str = "general") -> list[dict[str, Any]]:
        """The bot's messages as Slack holds them."""
        me = self.town.slack.me
        return [m for m in self.town.slack.messages[self.side.channels[channel]] if m.get("bot_id") == me.bot_id]

    def whispered(self, who: str) -> list[str]:
        shown = self.town.slack.ephemerals_for(self.side.people[who])
        return [slack_text({"text": e.text, "blocks": e.blocks}) for e in shown]

    def holds_role(self, who: str) -> bool:
        group = next(g for g in self.town.slack.usergroups.values() if g["handle"] == "trusted-helper")
        return not group["date_delete"] and self.side.people[who] in group["users"]

    async def heard(self) -> None:
        await self.town.slack.settled(PATIENCE)

    def thread_of(self, post: dict[str, Any]) -> str:
        return str(post["thread_ts"])

    def me(self) -> str:
        return f"{self.side.source}/{self.town.slack.me.bot_user}"

    async def settings(self, who: str, choice: str) -> None:
        assert "Saved" in await self.ask(who, f"/plaudit settings {choice}")

    async def note_for(self, who: str) -> str:
        await self.town.until(lambda: any("taken back" in text for text in self.whispered(who)))
        return self.whispered(who)[-1]

    async def press(self, who: str, label: str, channel: str = "general") -> str:
        post = (await self.posts_of(label, channel))[-1]
        private, public = len(self.whispered(who)), len(self.said(channel))
        await self._click(who, channel, post["ts"], post["blocks"], label)

        def shown() -> str:
            return "\n".join([*self.whispered(who)[private:], *self.said(channel)[public:]])

        await self.town.slack.until(shown, PATIENCE)
        return shown()

    async def press_private(self, who: str, line: str, label: str) -> str:
        await self.ask(who, line)
        shown = self.town.slack.ephemerals_for(self.side.people[who])[-1]
        before = self.whispered(who)
        await self._click(who, "general", shown.ts, shown.blocks, label)
        await self.town.slack.until(lambda: self.whispered(who) != before, PATIENCE)
        return self.whispered(who)[-1]

    async def _click(self, who: str, channel: str, ts: str, blocks: list[dict[str, Any]], label: str) -> None:
        buttons = [e for b in blocks if b["type"] == "actions" for e in b["elements"]]
        button = next(e for e in buttons if e.get("text", {}).get("text") == label)
        where = self.side.channels[channel]
        await self.town.slack.click(self.side.people[who], button["action_id"], where, ts)

    def home(self, who: str) -> str:
        return slack_text(self.town.slack.homes[self.side.people[who]].body)


class DiscordStreet(Street):
    platform = "discord"
    key = "id"
    stage: DiscordStage

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.side = town.community.discord_side
        self.stage = DiscordStage(town.discord, self.side)

    async def ask(self, who: str, line: str, channel: str = "general") -> str:
        before = len(self.town.discord.interactions)
        await self.town.discord.until(lambda: self.town.discord.commands.by_guild[None], PATIENCE)
        await self.stage.command(who, self.side.channels[channel], line)
        asked = self.town.discord.interactions[before]
        await self.town.discord.until(lambda: asked.messages, PATIENCE)
        return "\n".join(discord_text(m) for m in asked.messages)

    def said(self, channel: str = "general") -> list[str]:
        return [discord_text(m) for m in self.posts(channel)]

    def posts(self, channel: str = "general") -> list[dict[str, Any]]:
        """The bot's messages as Discord holds them."""
        return self.town.discord.bot_messages(self.side.channels[channel])

    def whispered(self, who: str) -> list[str]:
        return [discord_text(m) for m in self.town.discord.private_messages(self.side.people[who])]

    def holds_role(self, who: str) -> bool:
        guild = self.town.guild
        role = next(r["id"] for r in self.town.discord.world.guild(guild)["roles"] if r["name"] == "Trusted helper")
        return role in self.town.discord.roles_of(guild, self.side.people[who])

    async def heard(self) -> None:
        """Sent over the gateway in order: once the bot has a last message, it has all before it, and what it still does
        about them are tasks of the client."""
        last = await self.say("noor", "…", "wins")
        fact = f"message:{self.side.channels['wins']}/{last}"
        await self.town.until(lambda: self.logged(fact))
        await self.town.until(lambda: not any(t.get_name().startswith("discord.py: on_") for t in asyncio.all_tasks()))
        # Ids of this Discord take a millisecond each: a post may lie a few ahead of our clock, and its badge with it.
        early = "SELECT COUNT(*) FROM award WHERE achievement = 'first_post' AND state = 'pending'"
        await self.town.until(lambda: self.town.number(early) == 0)

    def thread_of(self, post: dict[str, Any]) -> str:
        return str(post["message_reference"]["message_id"])

    def me(self) -> str:
        return f"{self.side.source}/{self.town.discord.world.bot['id']}"

    async def settings(self, who: str, choice: str) -> None:
        """On Discord they are buttons."""
        labels = {
            "announce=none": "Announce nothing",
            "announce=default": "Announce badges",
            "boards=hidden": "Hide me on boards",
            "tracking=off": "Opt out of everything",
            "tracking=on": "Count me in again",
        }
        assert "Saved" in await self.press_private(who, "/plaudit settings", labels[choice])

    async def note_for(self, who: str) -> str:
        await self.held(who)
        await self.ask(who, "/plaudit help")
        await self.town.discord.until(lambda: "taken back" in self.whispered(who)[-1], PATIENCE)
        return self.whispered(who)[-1]

    async def press(self, who: str, label: str, channel: str = "general") -> str:
        return await self._click(who, (await self.posts_of(label, channel))[-1], label, channel)

    async def press_private(self, who: str, line: str, label: str) -> str:
        await self.ask(who, line)
        return await self._click(who, self.town.discord.private_messages(self.side.people[who])[-1], label, "general")

    async def _click(self, who: str, message: dict[str, Any], label: str, channel: str) -> str:
        buttons = (b for row in message["components"] for b in row["components"])
        button = next(b for b in buttons if b["label"] == label)
        where, user = self.side.channels[channel], self.side.people[who]
        asked = await self.town.discord.click(where, user, message["id"], button["custom_id"])
        await asked.answered(PATIENCE)
        before = discord_text(message)

        def shown() -> str:
            if asked.messages:
                return "\n".join(discord_text(m) for m in asked.messages)
            now = discord_text(self.town.discord._find(where, message["id"]))
            return now if now != before else ""

        await self.town.discord.until(shown, PATIENCE)
        return shown()

    async def leaves(self, who: str) -> None:
        await self.town.discord.leave(self.town.guild, self.side.people[who])
