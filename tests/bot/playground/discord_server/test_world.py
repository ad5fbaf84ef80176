"""The world itself: its clock, its people, its end and its new start."""

import asyncio

import discord
import pytest

from bot.playground.discord_server import DiscordServer
from tests.bot.playground.discord_bot import Place, running, text_channel


async def test_the_clock_stamps_everything_and_never_twice_the_same() -> None:
    server = DiscordServer(clock=lambda: 1_800_000_000.0)
    guild = server.add_guild("Library")
    channel, ann = server.add_channel(guild, "general"), server.add_member(guild, "ann")
    ids = [await server.say(channel, ann, "x") for _ in range(3)]
    times = [message["timestamp"] for message in server.messages(channel)]
    assert all(stamp.startswith("2027-01-15T08:00:0") for stamp in times)
    assert len(set(times)) == 3
    assert ids == sorted(ids, key=int)
    assert discord.utils.snowflake_time(int(ids[0])).isoformat(timespec="microseconds") == times[0]


async def test_waiting_has_a_limit_and_changes_are_told() -> None:
    server, changes = DiscordServer(), []
    server.on_change = lambda: changes.append(1)
    server.add_guild("Library")
    assert changes
    with pytest.raises(TimeoutError):
        await server.until(lambda: False, timeout=0.05)


async def test_bulk_overwrite_refuses_bad_names_and_duplicates(place: Place) -> None:
    server = place.server
    async with running(server) as bot:
        app = int(server.world.bot["id"])
        good = {"name": "ping", "description": "ping", "type": 1}
        for bad in ([{**good, "name": "Ping"}], [good, good], [{**good, "description": ""}]):
            with pytest.raises(discord.HTTPException) as refused:
                await bot.http.bulk_upsert_global_commands(app, bad)  # type: ignore[arg-type] # wrong on purpose
            assert refused.value.code == 50035
        assert server.commands.find(None, "panel")


async def test_the_same_world_is_served_again_after_a_stop(place: Place) -> None:
    server = place.server
    await server.say(place.channel, place.ann, "kept")
    await server.stop()
    await server.start()
    async with running(server) as bot:
        history = [m.content async for m in text_channel(bot, place.channel).history()]
        assert history == ["kept"]
    await asyncio.sleep(0)
