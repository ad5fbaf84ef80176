"""The demo's bot as a process of its own, between the stand-ins: the board, what is behind a badge, and chaos."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.demo.session import Session, session
from bot.playground.backstage import Backstage
from bot.playground.clock import MovableClock
from bot.playground.guide import set_the_scene
from bot.playground.process import BotProcess
from bot.playground.server import Playground
from core.errors import ConfigurationError

pytestmark = pytest.mark.slow
MARK = "white_check_mark"
GIVERS = ("jonas", "lena", "mei")


@pytest.fixture
async def running() -> AsyncIterator[Session]:
    async with session(MovableClock(), apart=True) as running:
        yield running


@pytest.fixture
def playground(running: Session) -> Playground:
    found = Playground(running.community, running.clock)
    assert isinstance(running.bot, BotProcess)
    found.backstage = Backstage(found, running.bot, running.url, running.books[0])
    return found


def back(playground: Playground) -> Backstage:
    assert playground.backstage is not None
    return playground.backstage


async def badge(playground: Playground, platform: str, achievement: str, seconds: float = 15.0) -> dict[str, Any]:
    """As soon as somebody there holds it."""
    async with asyncio.timeout(seconds):
        while True:
            for person in (await back(playground).board())["people"]:
                for held in person["badges"]:
                    if person["platform"] == platform and held["id"] == achievement:
                        return held | {"member": person["member"], "name": person["name"]}
            await asyncio.sleep(0.1)


async def answered_on_discord(playground: Playground) -> str:
    """Amira's answer with three marks, one of them given, taken back and given again."""
    stage = playground.discord
    help_ = stage.side.channels["help"]
    answer = await stage.reply("amira", help_, await stage.say("kofi", help_, "How?"), "So, with oil.")
    for who in GIVERS:
        await stage.react(who, help_, answer, MARK)
    await stage.unreact("mei", help_, answer, MARK)
    await stage.react("mei", help_, answer, MARK)
    return answer


async def test_everything_again_shuffled_and_a_kill_change_nothing(running, playground):
    scene = await set_the_scene(playground.slack)
    await playground.slack.react("mei", scene["channel"], scene["message"], MARK)
    answer = await answered_on_discord(playground)
    for platform in ("slack", "discord"):
        await badge(playground, platform, "helpful_answer")

    first = running.bot.pid
    ordeal = await back(playground).chaos.run(random.Random(3))  # noqa: S311 - a repeatable disorder
    assert ordeal.problem is None
    assert ordeal.verify == []
    assert ordeal.before == ordeal.after
    assert ordeal.held
    assert ordeal.delivered > 13
    assert ordeal.before.awards == 6
    assert running.bot.pid != first
    assert running.bot.running

    # The same bot goes on: what is behind the badge, and a mark that is taken back.
    held = await badge(playground, "discord", "helpful_answer")
    evidence = await back(playground).evidence(held["member"], held["id"], held["at"])
    assert (evidence["who"], evidence["total"]) == ("Amira K.", 3)
    assert evidence["caption"] == "marked by Jonas B., Lena F., Mei L."
    assert {(f["message"], f["emoji"]) for f in evidence["facts"]} == {(answer, MARK)}
    assert all(f["words"].startswith("✅ from ") and "on an answer in #help" in f["words"] for f in evidence["facts"])
    await playground.discord.unreact("mei", playground.discord.side.channels["help"], answer, MARK)
    async with asyncio.timeout(10):
        while "helpful_answer" in await held_by(playground, held["member"]):  # noqa: ASYNC110 - it is a database
            await asyncio.sleep(0.1)
    with pytest.raises(LookupError):
        await back(playground).evidence(held["member"], held["id"], held["at"])


async def held_by(playground: Playground, member: str) -> list[str]:
    people = (await back(playground).board())["people"]
    return [b["id"] for p in people if p["member"] == member for b in p["badges"]]


async def test_the_first_minute_begins_again_with_somebody_who_has_no_badge_yet(playground):
    first = await back(playground).guide()
    await playground.slack.react("mei", first["channel"], first["message"], MARK)
    await badge(playground, "slack", "helpful_answer")
    assert ((await back(playground).guide())["answers"], first["answers"]) == ("Tomás", "Amira")


async def test_nobody_acts_while_there_is_chaos(playground):
    await set_the_scene(playground.slack)
    assert back(playground).shake()
    assert not back(playground).shake()
    with pytest.raises(Exception, match="Chaos is at work"):
        playground.forward()
    with pytest.raises(Exception, match="Chaos is at work"):
        await back(playground).guide()
    playground.close()


async def test_a_bot_that_dies_by_itself_is_missed(running):
    assert isinstance(running.bot, BotProcess)
    missed = asyncio.create_task(running.bot.wait())
    await asyncio.sleep(0.1)
    assert not missed.done()
    os.kill(running.bot.pid, signal.SIGKILL)
    with pytest.raises(ConfigurationError, match="has ended"):
        await asyncio.wait_for(missed, 5)


async def test_the_bot_keeps_the_time_of_the_playground(running, playground):
    """Monday morning comes for both: the digest of the week before is in #general."""
    stage = playground.slack
    general = stage.side.channels["general"]
    await stage.say("kofi", general, "Hello")
    await badge(playground, "slack", "said_hello")
    playground.forward()
    bot = running.community.slack.me.bot_user
    messages = running.community.slack.messages[general]
    await running.community.slack.until(lambda: any(m["user"] == bot for m in messages), 15.0)
