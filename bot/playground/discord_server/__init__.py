"""A local Discord: REST and gateway over one small world, for the playground and for tests."""

from bot.playground.discord_server.faults import Faults
from bot.playground.discord_server.interactions import Interaction, is_ephemeral
from bot.playground.discord_server.rest import Recorded
from bot.playground.discord_server.server import DiscordServer
from bot.playground.discord_server.wire import ChannelType, Intent, Json, Permission

__all__ = [
    "ChannelType",
    "DiscordServer",
    "Faults",
    "Intent",
    "Interaction",
    "Json",
    "Permission",
    "Recorded",
    "is_ephemeral",
]
