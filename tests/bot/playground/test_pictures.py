"""Pictures on the playground's page: shown with their words and their size, and served from this machine."""

from __future__ import annotations

import aiohttp

from adapters.web.server import serving
from bot.playground.clock import MovableClock
from bot.playground.community import furnish
from bot.playground.discord_server import DiscordServer
from bot.playground.discord_server.shapes import attachment
from bot.playground.server import Playground, create_app
from bot.playground.slack_server import SlackServer

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (1_080).to_bytes(4, "big") + (696).to_bytes(4, "big") + b"the rest"


def furnished() -> Playground:
    """One picture in #general on both sides."""
    clock = MovableClock()
    slack, discord = SlackServer(clock.seconds), DiscordServer(clock.seconds)
    playground = Playground(furnish(slack, discord), clock)
    file = slack.world.files.expect("plaudit.png", len(PNG), "This week")
    slack.world.files.held[file].content = PNG
    image = {"type": "image", "slack_file": {"id": file}, "alt_text": "This week"}
    general = playground.community.slack_side.channels["general"]
    slack.world.store(general, slack.me.bot_user, "This week", blocks=[image])
    discord.world.files["77"] = PNG
    sent = [attachment("77", "plaudit.png", len(PNG), "This week")]
    there = playground.community.discord_side.channels["general"]
    discord.chat.post(there, discord.world.bot["id"], "", attachments=sent)
    return playground


async def test_pictures_are_shown_with_their_words_and_served_from_here() -> None:
    playground = furnished()
    shown = []
    for platform in ("slack", "discord"):
        side = playground.community.slack_side if platform == "slack" else playground.community.discord_side
        messages = playground.state("amira")[platform]["messages"][side.channels["general"]]
        shown += [part for message in messages for part in message["parts"] if part["k"] == "picture"]
    assert [(p["alt"], p["width"], p["height"]) for p in shown] == [("This week", 1_080, 696)] * 2
    async with (
        serving(create_app(playground), "127.0.0.1", 0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}", timeout=aiohttp.ClientTimeout(10)) as page,
    ):
        for part in shown:
            async with page.get(f"/{part['src']}") as answer:
                assert (answer.content_type, await answer.read()) == ("image/png", PNG)
        async with page.get("/pictures/slack/F0NONE") as answer:
            assert answer.status == 404
        playground.close()
