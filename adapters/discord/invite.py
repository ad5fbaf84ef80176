"""The link with which an administrator adds the bot to a server."""

from __future__ import annotations

from urllib.parse import urlencode

import discord

# Only what the bot uses: read, write (also in threads), embeds, files, emoji, and the one right that gives
# roles.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
    add_reactions=True,
    use_external_emojis=True,
    manage_roles=True,
)


def invite_url(client_id: str) -> str:
    """The OAuth2 link for the application with this id ("Application ID" in the developer portal)."""
    query = {"client_id": client_id, "permissions": PERMISSIONS.value, "scope": "bot applications.commands"}
    return f"https://discord.com/oauth2/authorize?{urlencode(query)}"
