"""A digest and a board with their pictures, from the post to what both platforms show."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from adapters.pictures.fonts import Fonts, NoFont
from bot.runner import Bot
from tests.scenarios.street import Street
from tests.scenarios.streets import street_of
from tests.scenarios.town import Town

WEEK = 7 * 24 * 3600.0
BOOK = """
rules = 1
[community]
timezone = "Europe/Berlin"
quiet_start = "0 days"
[channels]
digest = { slack = "#general", discord = "#general" }
[pictures]
on = true
[achievement.first_post]
name = "First post"
when = "message.posted"
announce = "digest"
[score.posts]
when = "message.posted"
give = 1
"""


@pytest.fixture
async def town(town: Town) -> Town:
    try:
        Fonts().typeset("This week")
    except NoFont:
        pytest.skip("needs a font, which is absent")
    town.book = BOOK
    return town


def pictures(town: Town) -> list[tuple[str, str, bytes]]:
    """Where each picture was posted, what is said of it, and the file."""
    found = []
    for message in (m for channel in town.slack.messages.values() for m in channel):
        for block in (b for b in message.get("blocks") or () if b["type"] == "image"):
            upload = town.slack.world.files.held[block["slack_file"]["id"]]
            found.append(("slack", block["alt_text"], upload.content or b""))
    for post in (p for channel in town.discord.world.posts.values() for p in channel.values()):
        for file in post.body["attachments"]:
            found.append(("discord", file["description"], town.discord.world.files[file["id"]]))
    return found


async def test_the_digest_comes_with_a_picture_that_says_what_it_says(town: Town, bot: Bot) -> None:
    street = street_of(town, "slack")
    await street.say("amira")
    await street.earned("amira", "first_post")
    town.clock.forward(WEEK)
    await town.until(lambda: len(pictures(town)) == 2)
    assert {where for where, _, _ in pictures(town)} == {"slack", "discord"}
    for _, said, drawn in pictures(town):
        assert "Amira" in said
        assert Image.open(io.BytesIO(drawn)).width == 1_080
    assert town.number("SELECT COUNT(*) FROM outbox WHERE instr(card, 'PNG')") == 0


async def test_a_board_that_is_asked_for_comes_with_one_too(street: Street, town: Town, bot: Bot) -> None:
    await street.say("amira")
    await street.earned("amira", "first_post")
    assert "1. you · 1" in await street.ask("amira", "/leaderboard")
    held = town.slack.world.files.held if street.platform == "slack" else town.discord.world.files
    await town.until(lambda: held)
