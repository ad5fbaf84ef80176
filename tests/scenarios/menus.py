"""The menu of a message, on both platforms."""

from __future__ import annotations

from tests.scenarios.counter import Counter, SlackCounter
from tests.scenarios.pages import discord_text
from tests.scenarios.streets import DiscordStreet, SlackStreet
from tests.scenarios.town import PATIENCE, Town

SLACK = {"Mark as helpful": "plaudit:helpful", "Nominate": "plaudit:nominate"}


async def choose(street: SlackStreet | DiscordStreet, who: str, message: str, name: str) -> str:
    """Choose from the menu of a message in #general; returns what the person is shown."""
    town, user, channel = street.town, street.side.people[who], street.side.channels["general"]
    if isinstance(street, SlackStreet):
        before = len(street.whispered(who))
        await town.slack.shortcut(user, SLACK[name], channel, message)
        await town.slack.until(lambda: len(street.whispered(who)) > before, PATIENCE)
        return street.whispered(who)[-1]
    await _registered(town)
    asked = await town.discord.context_menu(channel, user, message, name)
    await town.discord.until(lambda: asked.messages, PATIENCE)
    return discord_text(asked.messages[0])


async def nominate(counter: Counter, who: str, message: str, badge: str, why: str) -> str:
    """Fill the form in that “Nominate” opens; `badge`: the achievement's id."""
    town, street = counter.town, counter.street
    user, channel = street.side.people[who], street.side.channels["general"]
    if isinstance(counter, SlackCounter):
        await town.slack.shortcut(user, SLACK["Nominate"], channel, message)
        return await counter._send(who, await counter._form(who), {"achievement": badge, "why": why})
    await _registered(town)
    opened = await town.discord.context_menu(channel, user, message, "Nominate")
    await opened.answered(PATIENCE)
    sent = await town.discord.submit(opened, achievement=[badge], why=why)
    await town.discord.until(lambda: sent.messages, PATIENCE)
    return discord_text(sent.messages[0])


async def _registered(town: Town) -> None:
    await town.discord.until(lambda: town.discord.commands.by_guild[None], PATIENCE)
