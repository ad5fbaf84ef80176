"""The small workspace these tests play in, and how they speak to it."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.playground.slack_server import SlackServer

AMIRA, JONAS, LENA = "UAMIRA", "UJONAS", "ULENA"
GENERAL, SECRET = "CGENERAL", "CSECRET"
Json = dict[str, Any]


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_772_442_900.0

    def __call__(self) -> float:
        return self.now


def furnish(server: SlackServer) -> SlackServer:
    for who, name in ((AMIRA, "amira"), (JONAS, "jonas"), (LENA, "lena")):
        server.add_user(who, name)
    server.add_channel(GENERAL, "general", [AMIRA, JONAS])
    server.add_channel(SECRET, "secret", [AMIRA], is_private=True, with_bot=False)
    return server


def button(action_id: str = "more", value: str = "42", text: str = "More") -> Json:
    return {
        "type": "actions",
        "block_id": "row",
        "elements": [
            {
                "type": "button",
                "action_id": action_id,
                "value": value,
                "text": {"type": "plain_text", "text": text},
            }
        ],
    }


def section(text: str = "hello") -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


async def refusal(call: Any) -> Json:
    """The answer Slack refused a call with."""
    with pytest.raises(SlackApiError) as caught:
        await call
    answer: Any = caught.value.response
    return dict(answer.data)
