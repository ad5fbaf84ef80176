"""The Discord edge: real clients in, core's types out."""

from adapters.discord.edge import DiscordEdge
from adapters.discord.invite import invite_url
from adapters.discord.settings import DiscordSettings

__all__ = ["DiscordEdge", "DiscordSettings", "invite_url"]
