"""Pictures in Discord: a file with the message, its words for screen readers; and every message that goes without."""

from __future__ import annotations

from bot.playground.discord_server import Permission
from core.cards import note
from core.ports import Delivery, Destination
from core.requests import Answer
from tests.adapters.discord.town import Town
from tests.adapters.drawn import CARD, PNG, drawing, failing


def to(town: Town, kind: str = "channel", **fields: str) -> Destination:
    return Destination(town.source, kind, channel=town.channel, **fields)  # type: ignore[arg-type] # a kind as named


async def test_a_post_brings_its_picture_and_says_it_in_words(town: Town) -> None:
    async with town.running(town.edge(draw=drawing)) as edge:
        await edge.messenger.send(Delivery("d1", to(town), CARD))
    (message,) = town.server.bot_messages(town.channel)
    (file,) = message["attachments"]
    assert (file["filename"], file["description"]) == ("plaudit.png", "This week\nAmira · 5")
    assert town.server.world.files[file["id"]] == PNG
    assert message["embeds"][0]["description"] == "Amira · 5"


async def test_a_direct_message_brings_its_picture_and_goes_out_without_where_it_is_not_drawn(town: Town) -> None:
    direct = town.server.world.open_dm(town.ann)["id"]
    for number, draw in enumerate((drawing, failing)):
        async with town.running(town.edge(draw=draw)) as edge:
            await edge.messenger.send(Delivery(f"d{number}", to(town, "direct", account=town.account(town.ann)), CARD))
    drawn, plain = town.server.bot_messages(direct)
    assert [file["description"] for file in drawn["attachments"]] == ["This week\nAmira · 5"]
    assert plain["attachments"] == []
    assert [m["embeds"][0]["title"] for m in (drawn, plain)] == ["This week"] * 2


async def test_a_post_goes_out_without_a_picture_that_is_not_drawn_or_not_allowed(town: Town) -> None:
    async with town.running(town.edge(draw=failing)) as edge:
        await edge.messenger.send(Delivery("d1", to(town), CARD))
    town.server.deny_bot(town.channel, Permission.ATTACH_FILES)
    async with town.running(town.edge(draw=drawing)) as edge:
        await edge.messenger.send(Delivery("d2", to(town), CARD))
    messages = town.server.bot_messages(town.channel)
    assert [m["attachments"] for m in messages] == [[], []]
    assert [request for request in town.server.requests if request.status == 403] == []
    assert [m["embeds"][0]["title"] for m in messages] == ["This week"] * 2


async def test_a_post_goes_out_without_a_picture_that_discord_refuses(town: Town) -> None:
    async with town.running(town.edge(draw=drawing)) as edge:
        town.server.faults.answer("POST", "/messages", status=413)
        await edge.messenger.send(Delivery("d1", to(town), CARD))
    (message,) = town.server.bot_messages(town.channel)
    assert message["attachments"] == []


async def test_a_message_that_is_changed_shows_the_picture_of_now_or_none(town: Town) -> None:
    async with town.running(town.edge(draw=drawing)) as edge:
        sent = await edge.messenger.send(Delivery("d1", to(town), CARD))
        (before,) = town.server.bot_messages(town.channel)[0]["attachments"]
        await edge.messenger.send(Delivery("d2", to(town, "edit", message=str(sent.reference)), CARD))
        (now,) = town.server.bot_messages(town.channel)[0]["attachments"]
        await edge.messenger.send(Delivery("d3", to(town, "edit", message=str(sent.reference)), note("Over.")))
    assert before["id"] != now["id"]
    assert town.server.bot_messages(town.channel)[0]["attachments"] == []


async def test_a_private_answer_says_its_words_and_then_shows_its_picture(town: Town) -> None:
    town.desk.reply = Answer(CARD)
    async with town.running(town.edge(draw=drawing)):
        await town.server.slash(town.channel, town.ann, "leaderboard")
        await town.until(lambda: any(m["attachments"] for m in town.server.private_messages(town.ann)))
    (shown,) = town.server.private_messages(town.ann)
    assert [file["description"] for file in shown["attachments"]] == ["This week\nAmira · 5"]
    assert shown["embeds"][0]["title"] == "This week"


async def test_a_button_that_changes_the_answer_takes_its_picture_away(town: Town) -> None:
    town.desk.reply = Answer(CARD)
    async with town.running(town.edge(draw=drawing)):
        await town.server.slash(town.channel, town.ann, "leaderboard")
        await town.until(lambda: any(m["attachments"] for m in town.server.private_messages(town.ann)))
        town.desk.reply = Answer(note("Nobody is listed yet."), replace=True)
        (shown,) = town.server.private_messages(town.ann)
        await town.server.click(town.channel, town.ann, shown["id"], "plaudit:leaderboard:last")
        await town.until(lambda: town.server.private_messages(town.ann)[0]["content"])
    assert town.server.private_messages(town.ann)[0]["attachments"] == []
