"""Start-up checks say what to do; the connection is supervised; secrets stay secret."""

from __future__ import annotations

import asyncio

import pytest

from adapters.discord import DiscordSettings, invite_url
from adapters.discord.backoff import wait_before
from bot.playground.discord_server import Permission
from core.errors import ConfigurationError, RetryLater
from core.events import Statement
from core.places import Places
from tests.adapters.discord.town import Town

SECOND = 1_000_000


async def test_a_wrong_token_is_one_clear_line_and_no_second_try(town: Town) -> None:
    edge = town.edge(token="wrong")
    with pytest.raises(ConfigurationError, match="DISCORD_TOKEN is refused"):
        await edge.check()
    with pytest.raises(ConfigurationError, match="DISCORD_TOKEN is refused"):
        await asyncio.wait_for(edge.run(), 10)
    assert len([r for r in town.server.requests if r.status == 401]) == 2


async def test_missing_intents_are_named_with_their_switch(town: Town) -> None:
    town.server.world.members_allowed = town.server.world.message_content_allowed = False
    with pytest.raises(ConfigurationError, match="Server Members Intent") as refused:
        await town.edge().check()
    assert "Message Content" not in str(refused.value)
    town.places = Places(reads_text=True)
    with pytest.raises(ConfigurationError, match="Message Content Intent"):
        await town.edge().check()
    with pytest.raises(ConfigurationError, match="Message Content Intent"):
        await asyncio.wait_for(town.edge().run(), 10)


async def test_the_content_intent_is_asked_for_only_when_rules_read_text(town: Town) -> None:
    for reads_text, intents in ((False, 1543), (True, 34311)):
        town.places = Places(reads_text=reads_text)
        async with town.running():
            pass
        identify = [frame["d"] for frame in town.server.gateway.received if frame["op"] == 2][-1]
        assert identify["intents"] == intents


async def test_roles_channels_and_rights_that_are_wrong_are_named_once(town: Town) -> None:
    town.server.add_role(town.guild, "Boss", position=9)
    town.server.add_role(town.guild, "Admin", int(Permission.ADMINISTRATOR))
    town.places = Places(
        channels={"announcements": "#wins", "digest": "#general"},
        roles={"regular": "Boss"},
        rights={"moderator": "Wardens"},
        given_roles=("regular", "Admin", "Trusted helper"),
    )
    async with town.running() as edge:
        warnings = await edge.check()
    text = "\n".join(warnings)
    for words in (
        "'#wins' for announcements",
        "'Boss', it stands above",
        "'Admin' is refused",
        "no role 'Trusted helper'",
    ):
        assert words in text
    assert "'Wardens' for moderators" in text
    assert "#general" not in text
    assert all(town.warnings().count(warning) == 1 for warning in warnings)


async def test_missing_permissions_come_with_an_invitation(town: Town) -> None:
    town.server.set_bot(town.guild, permissions=int(Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES))
    everyone = town.server.world.role(town.guild, town.guild)
    everyone["permissions"] = "0"
    async with town.running() as edge:
        warnings = await edge.check()
    assert any("add reactions" in w and "https://discord.com/oauth2/authorize" in w for w in warnings)


def test_the_invitation_asks_for_what_the_bot_uses() -> None:
    assert "permissions=275146722368" in invite_url("42")
    assert "client_id=42" in invite_url("42")


def test_the_token_is_in_no_repr() -> None:
    assert "s3cret" not in repr(DiscordSettings("s3cret", None, None))


async def test_a_gateway_that_is_down_at_first_is_tried_again_with_a_fresh_client(town: Town) -> None:
    edge = town.edge(gateway_url="ws://127.0.0.1:9/")
    task = asyncio.create_task(edge.run())
    await town.until(lambda: "a fresh one follows" in town.warnings(), 20)
    await edge.close()
    await asyncio.wait_for(task, 10)
    async with town.running() as fresh:
        assert fresh.connected
        assert fresh.sources == {town.source}


async def test_the_gateway_address_is_asked_for_where_only_the_api_is_given(town: Town) -> None:
    async with town.running(town.edge(gateway_url=None)) as edge:
        assert edge.connected


async def test_discord_down_at_the_check_is_a_warning(town: Town) -> None:
    await town.server.stop()
    assert "does not answer" in (await town.edge().check())[0]
    await town.server.start()


def test_a_crash_loop_starts_at_most_ten_times_an_hour() -> None:
    starts: list[int] = []
    now = 0
    while now < 3600 * SECOND:
        now += int(wait_before(starts[-10:], now) * SECOND)
        starts.append(now)
    assert len([at for at in starts if at < 3600 * SECOND]) <= 10
    assert wait_before(starts[-10:], starts[-1] + 3600 * SECOND) == 0


async def test_a_clean_stop_is_no_crash(town: Town) -> None:
    for _ in range(4):
        async with town.running():
            pass
    assert town.notebook.entries["discord:starts"] == "[]"


async def test_a_start_that_discord_refuses_counts_as_a_crash(town: Town) -> None:
    town.server.world.members_allowed = False
    with pytest.raises(ConfigurationError, match="Server Members Intent"):
        await asyncio.wait_for(town.edge().run(), 10)
    assert town.notebook.entries["discord:starts"] != "[]"


# -- recall -----------------------------------------------------------------------------------------------


async def test_recall_looks_at_the_message_once_and_tells_what_it_is(town: Town) -> None:
    root = await town.server.say(town.channel, town.ann, "how?")
    reply = await town.server.reply(town.channel, town.bob, root, "so")
    about = Statement(town.source, "r", 1, facts={"message": f"message:{town.channel}/{reply}"})
    gone = Statement(town.source, "r", 1, facts={"message": f"message:{town.channel}/123"})
    async with town.running() as edge:
        facts = await edge.recall.recall(about)
        assert facts is not None
        assert (facts["post_kind"], facts["author"]) == ("reply", town.account(town.bob))
        assert facts["thread"] == f"message:{town.channel}/{root}"
        assert (facts["channel"], "length" in facts) == ("#general", False)
        assert await edge.recall.recall(gone) is None
        town.server.faults.answer("GET", "/messages/", status=503)
        with pytest.raises(RetryLater):
            await edge.recall.recall(about)
    with pytest.raises(RetryLater):
        await edge.recall.recall(about)
