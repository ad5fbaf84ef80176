"""Hands a file to one person, in the conversation between them and the app."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.errors import SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from core.cards import Card, note
from core.requests import File

HANDED = note("Your file is in our direct messages: open Plaudit under Apps.")
NOT_HANDED = note(
    "I could not hand you the file. An operator can make it with plaudit export, or give me the scopes files:write and "
    "im:write.",
    tone="error",
)


async def hand_over(client: AsyncWebClient, user: str, files: Sequence[File]) -> Card:
    """What to say about it. Raises what a call can raise (`web.TROUBLE`)."""
    opened = await client.conversations_open(users=user)
    for file in files:
        try:
            await client.files_upload_v2(
                channel=opened["channel"]["id"], filename=file.name, title=file.name, content=file.content
            )
        except SlackRequestError:  # Slack's file store did not take it
            return NOT_HANDED
    return HANDED
