"""One small world for the tests of the Discord stand-in."""

from collections.abc import AsyncIterator

import pytest

from bot.playground.discord_server import DiscordServer
from tests.bot.playground.discord_bot import Place


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    """A started server with one guild, one channel and two people."""
    server = DiscordServer()
    guild = server.add_guild("Library")
    channel = server.add_channel(guild, "general")
    ann, bob = server.add_member(guild, "ann"), server.add_member(guild, "bob")
    async with server:
        yield Place(server, guild, channel, ann, bob)
