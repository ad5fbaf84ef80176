"""Links to messages: the address that Slack itself gives them, and the channel where none can be made."""

from __future__ import annotations

import pytest

from adapters.slack import blocks
from adapters.slack.permalinks import linked
from core.cards import Button, Card, Channel, Section, line
from core.requests import Answer
from tests.adapters.slack.conftest import AMIRA, GENERAL, Start

HOME, WORKSPACE = "slack:T1", "https://acme.slack.com/"
TS, ROOT = "1700000000.000200", "1700000000.000100"


def said(there: Channel, workspace: str = WORKSPACE) -> str:
    card = linked(Card((Section((line("post in ", there),)),)), HOME, workspace)
    return str(blocks.render(card, HOME)[1][0]["text"]["text"])


@pytest.mark.parametrize(
    ("there", "text"),
    [
        (Channel(HOME, "C1", "#help", TS), "<https://acme.slack.com/archives/C1/p1700000000000200|#help>"),
        (Channel(HOME, "C1", "help", ROOT, ROOT), "<https://acme.slack.com/archives/C1/p1700000000000100|#help>"),
        (
            Channel(HOME, "C1", "help", TS, ROOT),
            f"<https://acme.slack.com/archives/C1/p1700000000000200?thread_ts={ROOT}&amp;cid=C1|#help>",
        ),
        (Channel(HOME, "C1", "#help"), "<#C1>"),
        (Channel("discord:9", "7", "#help", "8"), "#help"),
        (Channel(HOME, "C1", "a|b>c", TS), "<https://acme.slack.com/archives/C1/p1700000000000200|#a∣b&gt;c>"),
    ],
)
def test_a_message_is_linked_to_itself_and_a_channel_to_the_channel(there: Channel, text: str) -> None:
    assert said(there) == f"post in {text}"


def test_without_the_address_of_the_workspace_the_channel_is_linked() -> None:
    assert said(Channel(HOME, "C1", "#help", TS), "") == "post in <#C1>"


async def test_an_answer_links_to_messages_of_the_workspace(start: Start) -> None:
    rig = await start()
    there = Channel(rig.edge.source, GENERAL, "#general", TS)
    rig.desk.reply = Answer(Card((Section((line("post in ", there),)),), buttons=(Button("why", "Why?", "x"),)))
    await rig.server.slash(AMIRA, GENERAL, "/achievements")
    await rig.server.until(lambda: rig.server.ephemerals_for(AMIRA))
    (shown,) = rig.server.ephemerals_for(AMIRA)
    assert f".slack.com/archives/{GENERAL}/p1700000000000200|#general>" in str(shown.blocks)
