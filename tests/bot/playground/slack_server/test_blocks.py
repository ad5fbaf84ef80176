"""Block Kit's limits, met through the real slack_sdk."""

import pytest

from bot.playground.slack_server import SlackServer
from tests.bot.playground.slack_bot import web_client
from tests.bot.playground.slack_server.community import (
    AMIRA,
    GENERAL,
    Json,
    button,
    refusal,
    section,
)


def plain(text: str, kind: str = "plain_text") -> Json:
    return {"type": kind, "text": text}


TOO_MUCH: dict[str, tuple[list[Json], str]] = {
    "blocks": ([section()] * 51, "/blocks"),
    "section text": ([section("x" * 3001)], "/blocks/0/text/text"),
    "empty section": ([section("")], "/blocks/0/text/text"),
    "header": ([{"type": "header", "text": plain("x" * 151)}], "/blocks/0/text/text"),
    "mrkdwn header": ([{"type": "header", "text": plain("x", "mrkdwn")}], "/blocks/0/text/type"),
    "button text": ([button(text="x" * 76)], "/blocks/0/elements/0/text/text"),
    "action id": ([button(action_id="x" * 256)], "/blocks/0/elements/0/action_id"),
    "value": ([button(value="x" * 2001)], "/blocks/0/elements/0/value"),
    "context": (
        [{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}],
        "/blocks/0/elements",
    ),
    "actions": (
        [{"type": "actions", "elements": [button(f"a{i}")["elements"][0] for i in range(26)]}],
        "/blocks/0/elements",
    ),
    "fields": (
        [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x"}] * 11}],
        "/blocks/0/fields",
    ),
    "field": (
        [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2001}]}],
        "/blocks/0/fields/0/text",
    ),
    "unknown type": ([{"type": "sektion"}], "/blocks/0/type"),
    "emoji on mrkdwn": (
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}],
        "/blocks/0/text",
    ),
    "same block id": ([button(), button()], "/blocks"),
}


@pytest.mark.parametrize("what", TOO_MUCH)
async def test_blocks_over_a_limit_are_refused_with_their_place(server: SlackServer, what: str) -> None:
    blocks, place = TOO_MUCH[what]
    answer = await refusal(web_client(server).chat_postMessage(channel=GENERAL, text="x", blocks=blocks))
    assert answer["error"] == "invalid_blocks"
    (message,) = answer["response_metadata"]["messages"]
    assert message.endswith(f"[json-pointer:{place}]")
    assert server.messages[GENERAL] == []


async def test_blocks_at_their_limits_are_taken(server: SlackServer) -> None:
    most = [
        *[section("x" * 3000)] * 47,
        {"type": "header", "text": {"type": "plain_text", "text": "x" * 150}},
        button("a" * 255, "v" * 2000, "t" * 75),
        {"type": "divider"},
    ]
    client = web_client(server)
    await client.chat_postMessage(channel=GENERAL, text="x" * 40_000, blocks=most)
    await client.views_publish(user_id=AMIRA, view={"type": "home", "blocks": [section()] * 100})
    too_long = await refusal(client.chat_postMessage(channel=GENERAL, text="x" * 40_001))
    assert too_long["error"] == "msg_too_long"
    over = client.views_publish(user_id=AMIRA, view={"type": "home", "blocks": [section()] * 101})
    assert (await refusal(over))["error"] == "invalid_arguments"
