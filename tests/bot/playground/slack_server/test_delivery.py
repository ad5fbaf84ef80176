"""How events get to the bot: retries, duplicates, lost sockets, several connections."""

import random

import aiohttp
import pytest

from bot.playground.slack_server import SlackServer
from tests.bot.playground.slack_bot import SlackBot, connected, web_client
from tests.bot.playground.slack_server.community import (
    AMIRA,
    GENERAL,
    Json,
    furnish,
    refusal,
)


async def test_an_event_that_is_not_acknowledged_comes_again(server: SlackServer) -> None:
    refusals = [RuntimeError("database down"), RuntimeError("database down")]

    async def store(body: Json) -> None:
        if refusals:
            raise refusals.pop()

    async with connected(server, store) as bot:
        await server.say(AMIRA, GENERAL, "important")
        await server.settled()
        assert len(bot.received) == 1
    attempts = server.deliveries
    assert [(a.number, a.failure) for a in attempts] == [(0, "timeout"), (1, "timeout"), (2, "")]
    assert len({a.payload["event_id"] for a in attempts}) == 1


async def test_what_happened_without_a_connection_reaches_the_restarted_bot() -> None:
    async with SlackServer(retry_delays=(0.0, 60.0, 300.0)) as server:
        furnish(server)
        await server.say(AMIRA, GENERAL, "while you were away")
        await server.until(lambda: len(server.deliveries) == 2)
        assert {a.failure for a in server.deliveries} == {"no_connection"}
        async with connected(server) as bot:
            server.retry_now()
            await server.settled()
            assert [e["text"] for e in bot.events("message")] == ["while you were away"]


async def test_duplicates_come_under_new_event_ids(server: SlackServer, bot: SlackBot) -> None:
    server.faults.duplicate(copies=10)
    await server.say(AMIRA, GENERAL, "once")
    await server.settled()
    assert len(bot.received) == 11
    assert len({b["event_id"] for b in bot.received}) == 11
    assert len({b["event"]["ts"] for b in bot.received}) == 1


async def test_a_lost_acknowledgement_repeats_the_same_event_id(server: SlackServer, bot: SlackBot) -> None:
    server.faults.lose_ack()
    await server.say(AMIRA, GENERAL, "once")
    await server.settled()
    assert len(bot.received) == 2
    assert len({b["event_id"] for b in bot.received}) == 1


async def test_events_are_shuffled_and_late(server: SlackServer, bot: SlackBot) -> None:
    server.faults.shuffle(5, random.Random(7).shuffle)  # noqa: S311 -- a repeatable order, no secret
    said = [(await server.say(AMIRA, GENERAL, f"m{i}"))["ts"] for i in range(5)]
    await server.settled()
    arrived = [e["ts"] for e in bot.events("message")]
    assert sorted(arrived) == said
    assert arrived != said
    server.faults.late(0.2)
    late = await server.say(AMIRA, GENERAL, "late")
    soon = await server.say(AMIRA, GENERAL, "soon")
    await server.settled()
    assert [e["ts"] for e in bot.events("message")[-2:]] == [soon["ts"], late["ts"]]


async def test_held_back_events_are_let_go(server: SlackServer, bot: SlackBot) -> None:
    server.faults.shuffle(3)
    await server.say(AMIRA, GENERAL, "one of three")
    server.calm()
    await server.settled()
    assert len(bot.events("message")) == 1


@pytest.mark.parametrize("how", ["refresh", "drop", "freeze"])
async def test_the_bot_comes_back_and_gets_what_it_missed(how: str) -> None:
    async with SlackServer(ack_timeout=0.3, retry_delays=(0.0, *[0.5] * 30)) as server:
        furnish(server)
        async with connected(server) as bot:
            before = list(server.connections)
            done = getattr(server, how)()
            if done is not None:
                await done
            await server.say(AMIRA, GENERAL, "in between")
            await server.until(lambda: any(c not in before for c in server.connections), 20)
            await server.settled(20)
            assert bot.events("message")[-1]["text"] == "in between"


async def test_a_socket_dropped_in_mid_delivery_loses_nothing(server: SlackServer) -> None:
    server.timing.retry_delays = (0.0, *[0.3] * 30)
    async with connected(server) as bot:
        server.faults.drop_socket()
        await server.say(AMIRA, GENERAL, "important")
        await server.settled(15)
        # it had arrived, its acknowledgement had not: the same event comes again
        assert {e["text"] for e in bot.events("message")} == {"important"}
        assert len({b["event_id"] for b in bot.received}) == 1
        assert server.deliveries[-1].ok


async def test_each_event_goes_to_one_of_several_connections(server: SlackServer) -> None:
    async with connected(server) as one, connected(server) as two:
        for i in range(6):
            await server.say(AMIRA, GENERAL, f"m{i}")
        await server.settled()
        assert (len(one.received), len(two.received)) == (3, 3)


async def test_ten_connections_are_the_most(server: SlackServer) -> None:
    client = web_client(server, server.access.app_token)
    async with aiohttp.ClientSession() as http:
        sockets = []
        for _ in range(10):
            url = (await client.apps_connections_open(app_token=server.access.app_token))["url"]
            sockets.append(await http.ws_connect(url))
            assert (await sockets[-1].receive_json(timeout=2))["type"] == "hello"
        over = client.apps_connections_open(app_token=server.access.app_token)
        assert (await refusal(over))["error"] == "too_many_websockets"
