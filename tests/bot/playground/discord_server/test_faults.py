"""Faults on purpose: the real client meets them as it would meet Discord's."""

import asyncio
import time

import aiohttp
import discord
import pytest

from bot.playground.discord_server import DiscordServer
from tests.bot.playground.discord_bot import Place, running, text_channel


@pytest.mark.parametrize("scope", ["user", "global"])
async def test_the_client_waits_out_a_429(place: Place, scope: str) -> None:
    server = place.server
    async with running(server) as bot:
        path = r"^/channels/\d+/messages$"
        server.faults.answer("POST", path, status=429, retry_after=0.2, scope=scope)  # type: ignore[arg-type] # one of its literals, from the parameters
        started = time.monotonic()
        await text_channel(bot, place.channel).send("patience")
        assert time.monotonic() - started >= 0.2
        assert [r.status for r in server.requests if r.method == "POST"] == [429, 200]


async def test_enforced_buckets_slow_the_client_down_and_lose_nothing() -> None:
    server = DiscordServer(bucket_limit=3)
    channel = server.add_channel(server.add_guild("Library"), "general")
    async with server, running(server) as bot:
        await asyncio.gather(*(text_channel(bot, channel).send(str(n)) for n in range(8)))
        assert sorted(m["content"] for m in server.bot_messages(channel)) == list("01234567")


async def test_a_500_is_answered_as_often_as_asked(place: Place) -> None:
    server = place.server
    async with running(server) as bot:
        server.faults.answer("POST", "/messages", status=503)
        with pytest.raises(discord.DiscordServerError):
            await text_channel(bot, place.channel).send("x")
        await text_channel(bot, place.channel).send("y")
        assert [m["content"] for m in server.bot_messages(place.channel)] == ["y"]


async def test_a_hang_up_after_the_deed_leaves_the_message_and_a_nonce_keeps_it_single(
    place: Place,
) -> None:
    server = place.server
    async with running(server) as bot:
        server.faults.hang_up("POST", "/messages", times=1)
        with pytest.raises(aiohttp.ClientError):
            await text_channel(bot, place.channel).send("badge", nonce="delivery-1")
        await text_channel(bot, place.channel).send("badge", nonce="delivery-1")
        assert len(server.bot_messages(place.channel)) == 1


async def test_events_come_twice_late_and_shuffled_when_asked(place: Place) -> None:
    server, channel = place.server, place.channel
    async with running(server) as bot:
        server.faults.duplicate("MESSAGE_CREATE")
        await server.say(channel, place.ann, "twice")
        server.faults.late("MESSAGE_CREATE", 0.2)
        await server.say(channel, place.ann, "late")
        await server.say(channel, place.ann, "early")
        await server.until(lambda: "late" in bot.heard("message"))
        assert bot.heard("message") == ["twice", "twice", "early", "late"]
        bot.seen.clear()
        server.faults.shuffle(5, seed=1)
        for number in range(5):
            await server.say(channel, place.ann, str(number))
        await server.until(lambda: len(bot.heard("message")) == 5)
        assert sorted(bot.heard("message")) == list("01234")
        assert bot.heard("message") != list("01234")


async def test_somebody_who_left_cannot_write(place: Place) -> None:
    await place.server.leave(place.guild, place.bob)
    with pytest.raises(LookupError, match="bob is not in the guild"):
        await place.server.say(place.channel, place.bob, "still here?")


async def test_deleted_roles_and_channels_are_gone(place: Place) -> None:
    server = place.server
    role = server.add_role(place.guild, "Helper")
    async with running(server) as bot:
        await server.set_roles(place.guild, place.bob, role)
        server.world.remove_role(place.guild, role)
        server.world.remove_channel(place.channel)
        guild = bot.get_guild(int(place.guild))
        assert guild is not None
        await server.until(lambda: guild.get_channel(int(place.channel)) is None)
        assert guild.get_role(int(role)) is None
        assert server.roles_of(place.guild, place.bob) == []
