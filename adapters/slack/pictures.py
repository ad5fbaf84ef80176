"""Pictures on their way into Slack: handed over as a file of the bot's own, then shown by a block of its message.

A file is looked through by Slack after it has arrived; until then a message that shows it is refused.
"""

from __future__ import annotations

import asyncio

from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from structlog.typing import FilteringBoundLogger

from adapters.slack.web import TROUBLE, Json, code
from core.cards import Card, Picture
from core.pictures import NAME, Draw, alt, words

SECONDS = 10.0  # for handing one over
PAUSES = (0.5, 1.0, 2.0, 4.0)  # seconds in which Slack may look through it
IMAGE = "image"


class Pictures:
    """`draw` makes them. Whatever goes wrong here, the message goes out without."""

    def __init__(self, client: AsyncWebClient, draw: Draw, log: FilteringBoundLogger) -> None:
        self._client = client
        self._draw = draw
        self._log = log

    async def block(self, card: Card, seconds: float = SECONDS) -> Json | None:
        """The image block for a card, None where it has no picture or that cannot be had in time."""
        if card.picture is None:
            return None
        try:
            async with asyncio.timeout(seconds):
                drawn = await self._draw(card.picture)
                return None if drawn is None else await self._handed_over(card.picture, drawn)
        except (*TROUBLE, SlackRequestError) as error:
            self.leave_out(code(error) if isinstance(error, SlackApiError) else type(error).__name__)
            return None

    def leave_out(self, reason: str) -> None:
        self._log.warning("slack.picture_left_out", reason=reason)

    async def _handed_over(self, picture: Picture, drawn: bytes) -> Json:
        said, title = alt(picture), words(picture.title)
        answer = await self._client.files_upload_v2(filename=NAME, title=title, content=drawn, alt_txt=said)
        (file, *_) = answer["files"]
        return {"type": IMAGE, "slack_file": {"id": file["id"]}, "alt_text": said}


def shows_picture(blocks: object) -> bool:
    return isinstance(blocks, list) and any(block.get("type") == IMAGE for block in blocks)
