"""Connections: refused, lost, half open, resumed or begun anew."""

import discord
import pytest

from tests.bot.playground.discord_bot import EVERYTHING, Bot, Place, running, text_channel


async def test_a_wrong_token_is_refused(place: Place) -> None:
    place.server.rest.token = place.server.gateway.token = "another"
    with pytest.raises(discord.LoginFailure):
        async with running(place.server):
            pass


async def test_an_intent_that_is_not_granted_closes_the_socket(place: Place) -> None:
    place.server.world.message_content_allowed = False
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(place.server, Bot(EVERYTHING)):
            pass


@pytest.mark.parametrize("abort", [False, True])
async def test_a_lost_connection_is_resumed_with_what_was_missed(place: Place, abort: bool) -> None:
    server = place.server
    async with running(server) as bot:
        server.drop_sockets(abort=abort)
        await server.say(place.channel, place.ann, "meanwhile")
        await server.until(lambda: bot.heard("resumed"), 10)
        assert bot.heard("message") == ["meanwhile"]
        assert server.gateway.identified == 1


async def test_a_half_open_socket_is_noticed_and_resumed(place: Place) -> None:
    server = place.server
    server.gateway.heartbeat_ms = 200
    async with running(server, Bot(heartbeat_timeout=1.0)) as bot:
        server.freeze_sockets()
        await server.say(place.channel, place.ann, "into the void")
        await server.until(lambda: bot.heard("message"), 15)
        assert server.gateway.resumed == 1


async def test_op_7_makes_the_bot_come_back(place: Place) -> None:
    async with running(place.server) as bot:
        place.server.gateway.ask_to_reconnect()
        await place.server.until(lambda: bot.heard("resumed"), 10)


async def test_after_an_invalid_session_the_gap_is_only_in_the_history(place: Place) -> None:
    server = place.server
    async with running(server) as bot:
        server.faults.resumable = False
        bot.seen.clear()
        server.drop_sockets()
        await server.say(place.channel, place.ann, "lost")
        await server.until(lambda: bot.heard("ready"), 15)
        await server.say(place.channel, place.ann, "after")
        await server.until(lambda: bot.heard("message"))
        assert bot.heard("message") == ["after"]
        history = [m.content async for m in text_channel(bot, place.channel).history()]
        assert history == ["after", "lost"]
