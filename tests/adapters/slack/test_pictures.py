"""Pictures in Slack: handed over as a file, shown by the message; and every message that goes without."""

from __future__ import annotations

import asyncio

import pytest

from bot.playground.slack_server import SlackServer
from core.ports import Delivery, Destination
from core.requests import Answer
from tests.adapters.drawn import CARD, PNG, drawing, failing
from tests.adapters.slack.conftest import AMIRA, GENERAL, Rig, Start, build

SAID = "This week\nAmira · 5"


@pytest.fixture
async def rig(server: SlackServer) -> Rig:
    rig = build(server, draw=drawing)
    await rig.edge.check()
    return rig


async def post(rig: Rig, kind: str = "channel", **where: str) -> None:
    to = Destination("slack:T1", kind, channel=GENERAL, **where)  # type: ignore[arg-type] # a kind as the case names it
    async with asyncio.timeout(15):
        await rig.edge.messenger.send(Delivery("d1", to, CARD))


def kinds(blocks: list[dict[str, object]]) -> list[object]:
    return [block["type"] for block in blocks]


async def test_a_post_shows_its_picture_before_the_buttons_and_says_it_in_words(rig: Rig) -> None:
    await post(rig)
    (message,) = rig.server.messages[GENERAL]
    assert kinds(message["blocks"]) == ["section", "section", "image", "actions"]
    image = message["blocks"][2]
    upload = rig.server.world.files.held[image["slack_file"]["id"]]
    assert (upload.content, upload.said, image["alt_text"]) == (PNG, SAID, SAID)
    assert message["text"] == "This week\nAmira · 5"
    assert "files" not in message


async def test_a_direct_message_shows_its_picture_and_goes_out_without_where_it_is_not_drawn(
    server: SlackServer, rig: Rig
) -> None:
    undrawn = build(server, draw=failing)
    await undrawn.edge.check()
    for one in (rig, undrawn):
        await post(one, "direct", account=f"slack:T1/{AMIRA}")
    shown = [kinds(message["blocks"]) for message in server.messages[server.world.direct(AMIRA)]]
    assert shown == [["section", "section", "image", "actions"], ["section", "section", "actions"]]


async def test_a_picture_that_slack_still_looks_through_is_shown_a_moment_later(rig: Rig) -> None:
    rig.server.world.files.looks = 1
    await post(rig)
    (message,) = rig.server.messages[GENERAL]
    assert "image" in kinds(message["blocks"])


@pytest.mark.slow
async def test_a_post_goes_out_without_a_picture_that_slack_never_shows(rig: Rig) -> None:
    rig.server.world.files.looks = 1_000
    await post(rig)
    (message,) = rig.server.messages[GENERAL]
    assert kinds(message["blocks"]) == ["section", "section", "actions"]


async def test_a_post_goes_out_without_a_picture_that_cannot_be_handed_over_or_drawn(server: SlackServer) -> None:
    rig = build(server, draw=drawing)
    await rig.edge.check()
    server.access.scopes.discard("files:write")
    await post(rig)
    undrawn = build(server, draw=failing)
    await undrawn.edge.check()
    await post(undrawn)
    shown = [kinds(message["blocks"]) for message in server.messages[GENERAL]]
    assert shown == [["section", "section", "actions"]] * 2
    assert server.world.files.held == {}


async def test_a_message_that_is_changed_shows_the_picture_of_now(rig: Rig) -> None:
    await post(rig)
    (message,) = rig.server.messages[GENERAL]
    before = message["blocks"][2]["slack_file"]["id"]
    await post(rig, "edit", message=message["ts"])
    (changed,) = rig.server.messages[GENERAL]
    assert changed["blocks"][2]["slack_file"]["id"] != before


async def test_a_private_answer_shows_its_picture_too(start: Start) -> None:
    rig = await start(draw=drawing)
    rig.desk.reply = Answer(CARD)
    await rig.server.slash(AMIRA, GENERAL, "/leaderboard")
    await rig.server.until(lambda: rig.server.ephemerals_for(AMIRA))
    (shown,) = rig.server.ephemerals_for(AMIRA)
    assert kinds(shown.blocks) == ["section", "section", "image", "actions"]


async def test_a_private_answer_comes_without_a_picture_that_slack_does_not_show(start: Start) -> None:
    rig = await start(draw=drawing)
    rig.server.world.files.looks = 1
    rig.desk.reply = Answer(CARD)
    await rig.server.slash(AMIRA, GENERAL, "/leaderboard")
    await rig.server.until(lambda: rig.server.ephemerals_for(AMIRA))
    (shown,) = rig.server.ephemerals_for(AMIRA)
    assert kinds(shown.blocks) == ["section", "section", "actions"]
