"""A furnished SlackServer, and the real Bolt connected to it."""

from collections.abc import AsyncIterator

import pytest

from bot.playground.slack_server import SlackServer
from tests.bot.playground.slack_bot import SlackBot, connected
from tests.bot.playground.slack_server.community import furnish


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer(ack_timeout=0.5, retry_delays=(0.0, 0.05, 0.1)) as running:
        yield furnish(running)


@pytest.fixture
async def bot(server: SlackServer) -> AsyncIterator[SlackBot]:
    async with connected(server) as running:
        yield running
