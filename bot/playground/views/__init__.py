"""What one person sees of each platform, as plain JSON for the page. Pure: nothing here changes a server."""

from bot.playground.views.discord import discord_view
from bot.playground.views.slack import slack_view

__all__ = ["discord_view", "slack_view"]
