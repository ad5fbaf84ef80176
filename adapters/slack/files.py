"""Hands a file to one person, in the conversation between them and the app."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.errors import SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from core.cards import Card
from core.language import Language
from core.requests import File
from core.trouble import handed, not_handed


async def hand_over(client: AsyncWebClient, user: str, files: Sequence[File], t: Language) -> Card:
    """What to say about it, in the person's language. Raises what a call can raise (`web.TROUBLE`)."""
    opened = await client.conversations_open(users=user)
    for file in files:
        try:
            await client.files_upload_v2(
                channel=opened["channel"]["id"], filename=file.name, title=file.name, content=file.content
            )
        except SlackRequestError:  # Slack's file store did not take it
            return not_handed(t)
    return handed(t)
