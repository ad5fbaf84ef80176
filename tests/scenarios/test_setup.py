"""A fresh installation without a rule book: it records, posts nothing, and is set up from the chat; on both sides."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.runner import Bot
from bot.settings import read
from bot.setups import books_to_run
from tests.scenarios.acts import Scene
from tests.scenarios.counter import Counter, counter_of
from tests.scenarios.test_challenge import window
from tests.scenarios.town import PLATFORMS, Platform, Town, connected

MANAGE_SERVER = 1 << 5
FORM = {"announcements": "#wins", "digest": "#general", "moderators": "#mods", "template": "new-community"}
ROOMS = ("general", "help", "wins", "mods")


@pytest.fixture(params=[PLATFORMS[0], pytest.param(PLATFORMS[1], marks=pytest.mark.slow)])
def counter(request: pytest.FixtureRequest, town: Town) -> Counter:
    platform: Platform = request.param
    return counter_of(town, platform)


@asynccontextmanager
async def unwritten(town: Town, platform: Platform) -> AsyncIterator[Bot]:
    """A bot whose rule book does not exist."""
    environment = town.environment(platform)
    town.rules.unlink()
    del environment["PLAUDIT_RULES"]
    settings = read(environment, None)
    async with connected(Bot(settings, books_to_run(settings), town.clock)) as bot:
        yield bot


def promote(town: Town, who: str) -> None:
    """Somebody runs both."""
    town.slack.users[town.community.slack_side.people[who]]["is_admin"] = True
    role = town.discord.add_role(town.guild, "Steward", MANAGE_SERVER)
    town.discord.world.member(town.guild, town.community.discord_side.people[who])["roles"].append(role)


async def fill(counter: Counter, who: str, label: str, **written: str) -> str:
    """Press a button that opens a form, send it, and read what comes."""
    street = counter.street
    before = street.whispered(who)
    await counter._press_own(who, label) if street.platform == "slack" else await _press(counter, who, label)
    await counter.town.until(lambda: window(counter, who))
    await street.stage.submit(who, written)
    await counter.town.until(lambda: street.whispered(who) != before)
    return street.whispered(who)[-1]


async def _press(counter: Counter, who: str, label: str) -> None:
    await counter._pressed(who, "general", counter._latest(who, label), label)


async def test_from_nothing_to_the_first_badge_said_aloud(
    counter: Counter, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(town.folder)
    promote(town, "tomas")
    street, scene = counter.street, Scene(counter.street)
    typed = "/plaudit setup" if street.platform == "slack" else "/plaudit more setup"
    async with unwritten(town, street.platform) as scene.bot:
        for who in ("amira", "jonas"):
            await street.say(who, "Good morning", "general" if who == "amira" else "help")
        await scene.settled()
        assert "Only admins can do that" in await street.ask("noor", typed)
        assert "I record what happens, and post nothing" in await street.ask("tomas", typed)
        assert "people would hold a badge" in await fill(counter, "tomas", "Set me up", **FORM)
        shown = await fill(counter, "tomas", "Day, time, zone…", day="friday", time="17:00", zone="Europe/Berlin")
        assert "Friday, 17:00 (Europe/Berlin)" in shown
        assert [text for room in ROOMS for text in street.said(room)] == []
        assert "It is set." in await counter.press_last("tomas", "Start")
        await town.until((town.folder / "rules.toml").exists)
        await street.earned("amira", "said_hello")
        assert [text for room in ROOMS for text in street.said(room)] == []
        await street.ask("tomas", "/plaudit grant @lena beyond_the_chat for the talk")
        await town.until(lambda: any("Beyond the chat" in text for text in street.said("wins")))
        assert "New badges · #wins" in await street.ask("tomas", typed)
        town.book = (town.folder / "rules.toml").read_text()
