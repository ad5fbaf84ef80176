"""Faults of the Web API, on request."""

import time

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.playground.slack_server import SlackServer
from tests.bot.playground.slack_bot import web_client
from tests.bot.playground.slack_server.community import (
    GENERAL,
)


async def test_a_call_is_answered_429_as_often_as_asked(server: SlackServer) -> None:
    server.faults.answer("chat.postMessage", status=429, retry_after=1, times=2)
    client = web_client(server)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel=GENERAL, text="hi")
        assert caught.value.response.headers["Retry-After"] == "1"
    await client.chat_postMessage(channel=GENERAL, text="hi")
    assert [c.status for c in server.called("chat.postMessage", channel=GENERAL)] == [429, 429, 200]


async def test_a_gateway_answers_with_html(server: SlackServer) -> None:
    server.faults.answer("*", status=503, html=True)
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {server.access.bot_token}"}) as http:
        async with http.post(f"{server.api_url}auth.test") as response:
            assert (response.status, response.content_type) == (503, "text/html")
        async with http.post(f"{server.api_url}auth.test") as response:
            assert (await response.json())["ok"] is True


@pytest.mark.parametrize(("when", "posts"), [("close_after", 1), ("close_before", 0)])
async def test_a_connection_breaks_around_the_effect(server: SlackServer, when: str, posts: int) -> None:
    getattr(server.faults, when)("chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await web_client(server).chat_postMessage(channel=GENERAL, text="hi")
    assert len(server.messages[GENERAL]) == posts


async def test_an_answer_is_late(server: SlackServer) -> None:
    server.faults.delay("auth.test", 0.3)
    begun = time.monotonic()
    await web_client(server).auth_test()
    assert time.monotonic() - begun >= 0.3
