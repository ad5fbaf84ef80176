"""Time, watching, starting again."""

import aiohttp
import pytest

from bot.playground.slack_server import SlackServer
from tests.bot.playground.slack_bot import web_client
from tests.bot.playground.slack_server.community import (
    AMIRA,
    GENERAL,
    Clock,
    furnish,
)


async def test_times_follow_the_clock_and_never_repeat() -> None:
    clock = Clock()
    async with SlackServer(clock) as server:
        furnish(server)
        stamps = [(await server.say(AMIRA, GENERAL, "x"))["ts"] for _ in range(50)]
        assert stamps[0].startswith("1772442900.")
        assert stamps == sorted(set(stamps))
        clock.now += 7 * 86400
        assert (await server.say(AMIRA, GENERAL, "x"))["ts"].startswith("1773047700.")


async def test_the_page_is_told_of_every_change(server: SlackServer) -> None:
    told: list[int] = []
    server.on_change = lambda: told.append(1)
    await server.say(AMIRA, GENERAL, "x")
    assert told
    before = len(told)
    await web_client(server).auth_test()
    assert len(told) > before


async def test_waiting_for_nothing_ends_in_time(server: SlackServer) -> None:
    with pytest.raises(TimeoutError):
        await server.until(lambda: False, timeout=0.1)


async def test_the_server_comes_back_on_its_port_with_its_state(server: SlackServer) -> None:
    port = server.port
    await server.say(AMIRA, GENERAL, "before")
    await server.stop()
    with pytest.raises(aiohttp.ClientError):
        await web_client(server).auth_test()
    await server.start(port)
    history = await web_client(server).conversations_history(channel=GENERAL)
    assert [m["text"] for m in history["messages"]] == ["before"]
