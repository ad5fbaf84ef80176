"""Cards and roles reach Discord, or the operator learns why not."""

from __future__ import annotations

import pytest

from bot.playground.discord_server import Permission
from core.cards import Button, Card, Mention, Section, line, note
from core.errors import Ambiguous, RetryLater, Undeliverable
from core.ports import Delivery, Destination, Held
from tests.adapters.discord.town import Town


def to(town: Town, **fields: str) -> Destination:
    return Destination(town.source, **{"kind": "channel", "channel": town.channel, **fields})  # type: ignore[arg-type] # fields of cases


async def test_an_award_is_posted_in_a_channel_by_id_or_by_name(town: Town) -> None:
    card = note("well done", buttons=(Button("why", "How it was earned", "helper"),))
    async with town.running() as edge:
        first = await edge.messenger.send(Delivery("d1", to(town), card))
        await edge.messenger.send(Delivery("d2", to(town, channel="#general"), card))
    messages = town.server.bot_messages(town.channel)
    assert [m["content"] for m in messages] == ["well done", "well done"]
    assert first.reference == messages[0]["id"]
    assert messages[0]["components"][0]["components"][0]["custom_id"] == "plaudit:why:helper"


async def test_an_award_in_a_thread_answers_the_message_that_earned_it(town: Town) -> None:
    root = await town.server.say(town.channel, town.ann, "how?")
    async with town.running() as edge:
        thread = await town.server.open_thread(town.channel, town.bob, "how", message=root)
        answer = await town.server.say(thread, town.bob, "so")
        await town.until(lambda: town.inbox.of_type("thread.replied"))
        where = to(town, kind="thread", channel=thread, message=answer, thread=root)
        await edge.messenger.send(Delivery("d1", where, note("well done")))
        where = to(town, kind="thread", message=f"message:{town.channel}/{root}")
        await edge.messenger.send(Delivery("d2", where, note("well done")))
        await town.server.delete(town.channel, root)
        await edge.messenger.send(Delivery("d3", where, note("still said")))
    assert town.server.bot_messages(thread)[0]["message_reference"]["message_id"] == answer
    first, second = town.server.bot_messages(town.channel)
    assert first["message_reference"]["message_id"] == root
    assert second["content"] == "still said"


async def test_a_repeated_delivery_is_one_message(town: Town) -> None:
    async with town.running() as edge:
        town.server.faults.hang_up("POST", "/messages", times=1)
        delivery = Delivery("award:1:very long id" * 5, to(town), note("well done"))
        with pytest.raises(Ambiguous):
            await edge.messenger.send(delivery)
        await edge.messenger.send(delivery)
    assert len(town.server.bot_messages(town.channel)) == 1


async def test_a_503_is_tried_again_later_and_a_429_is_waited_out(town: Town) -> None:
    async with town.running() as edge:
        town.server.faults.answer("POST", "/messages", status=503)
        with pytest.raises(RetryLater):
            await edge.messenger.send(Delivery("d1", to(town), note("x")))
        town.server.faults.answer("POST", "/messages", status=429, retry_after=0.1)
        await edge.messenger.send(Delivery("d1", to(town), note("x")))
    assert len(town.server.bot_messages(town.channel)) == 1


async def test_a_closed_channel_is_named_and_left_alone_for_an_hour(town: Town) -> None:
    now = [1_800_000_000_000_000]
    town.clock = lambda: now[0]
    async with town.running() as edge:
        town.server.deny_bot(town.channel, Permission.SEND_MESSAGES)
        for _ in range(2):
            with pytest.raises(Undeliverable, match="Send Messages"):
                await edge.messenger.send(Delivery("d1", to(town), note("x")))
        assert len([r for r in town.server.requests if r.method == "POST"]) == 1
        town.server.deny_bot(town.channel, Permission(0))
        now[0] += 3_601_000_000
        await edge.messenger.send(Delivery("d1", to(town), note("x")))
    assert len(town.server.bot_messages(town.channel)) == 1


async def test_an_unknown_channel_is_named_with_the_remedy(town: Town) -> None:
    async with town.running() as edge:
        with pytest.raises(Undeliverable, match=r"#wins.*rules\.toml"):
            await edge.messenger.send(Delivery("d1", to(town, channel="#wins"), note("x")))


async def test_private_notes_are_held_and_reactions_are_added(town: Town) -> None:
    message = await town.server.say(town.channel, town.ann, "hello")
    async with town.running() as edge:
        with pytest.raises(Held):
            await edge.messenger.send(Delivery("d1", to(town, kind="private"), note("x")))
        where = to(town, kind="reaction", message=message, emoji="sports_medal")
        await edge.messenger.send(Delivery("d2", where, note("x")))
        with pytest.raises(Undeliverable, match="no emoji"):
            await edge.messenger.send(Delivery("d3", to(town, kind="reaction", message=message, emoji="zz"), note("x")))
    assert town.server.messages(town.channel)[0]["reactions"][0]["emoji"]["name"] == "🏅"


async def test_only_the_person_who_is_meant_is_pinged(town: Town) -> None:
    ann = Mention(town.account(town.ann), "Ann", ping=True)
    bob = Mention(town.account(town.bob), "@everyone")
    card = Card((Section((line(ann, " and ", bob),), heading="Two"),))
    async with town.running() as edge:
        await edge.messenger.send(Delivery("d1", to(town), card))
    sent = next(r for r in town.server.requests if r.method == "POST")
    assert sent.body["allowed_mentions"]["users"] == [int(town.ann)]
    assert sent.body["allowed_mentions"]["parse"] == []
    assert sent.body["content"] == f"<@{town.ann}>"


# -- roles ------------------------------------------------------------------------------------------------


async def test_roles_change_in_one_request_and_only_if_they_change(town: Town) -> None:
    helper, regular = (town.server.add_role(town.guild, name) for name in ("Helper", "Regular"))
    own = town.server.add_role(town.guild, "Gardener")
    cid = town.server.add_member(town.guild, "cid", [own, regular])
    managed = frozenset(("Helper", "Regular"))
    async with town.running() as edge:
        for _ in range(2):
            await edge.messenger.set_roles(town.account(cid), frozenset(("helper",)), managed)
        assert set(town.server.roles_of(town.guild, cid)) == {own, helper}
        await edge.messenger.set_roles(town.account(cid), frozenset(), managed)
    assert town.server.roles_of(town.guild, cid) == [own]
    assert len([r for r in town.server.requests if r.method == "PATCH"]) == 2


@pytest.mark.parametrize(
    ("name", "rights", "position", "words"),
    [
        ("Boss", 0, 9, "stands above mine"),
        ("Admin", int(Permission.ADMINISTRATOR), 1, "carries administrator"),
        ("Shouter", 1 << 17, 1, "carries mention everyone"),
        (None, 0, 0, "there is no role"),
    ],
)
async def test_a_role_that_cannot_be_given_is_named_with_the_remedy(
    town: Town, name: str | None, rights: int, position: int, words: str
) -> None:
    helper = town.server.add_role(town.guild, "Helper")
    if name is not None:
        town.server.add_role(town.guild, name, rights, position)
    wanted = frozenset((name or "Nobody", "Helper"))
    async with town.running() as edge:
        with pytest.raises(Undeliverable, match=words) as refused:
            await edge.messenger.set_roles(town.account(town.bob), wanted, wanted)
    assert repr(name or "Nobody") in str(refused.value)
    assert town.server.roles_of(town.guild, town.bob) == [helper]


async def test_without_manage_roles_the_remedy_is_the_permission(town: Town) -> None:
    town.server.add_role(town.guild, "Helper")
    town.server.set_bot(town.guild, permissions=int(Permission.member()))
    async with town.running() as edge:
        with pytest.raises(Undeliverable, match="Manage Roles"):
            await edge.messenger.set_roles(town.account(town.bob), frozenset(("Helper",)), frozenset(("Helper",)))


async def test_somebody_who_left_gets_no_role(town: Town) -> None:
    async with town.running() as edge:
        with pytest.raises(Undeliverable, match="no longer"):
            await edge.messenger.set_roles(town.account("12345"), frozenset(), frozenset())


async def test_roles_are_given_by_what_the_gateway_told_where_nobody_answers_about_one_person(town: Town) -> None:
    helper = town.server.add_role(town.guild, "Helper")
    async with town.running() as edge:
        town.server.faults.answer("GET", r"/guilds/\d+/members/\d+$", status=405)
        await edge.messenger.set_roles(town.account(town.ann), frozenset({"Helper"}), frozenset({"Helper"}))
    assert helper in town.server.roles_of(town.guild, town.ann)


async def test_who_asked_for_it_gets_a_direct_message(town: Town) -> None:
    where = Destination(town.source, "direct", account=town.account(town.ann))
    async with town.running() as edge:
        await edge.messenger.send(Delivery("d1", where, note("well done")))
        direct = town.server.world.open_dm(town.ann)["id"]
    assert [m["content"] for m in town.server.bot_messages(direct)] == ["well done"]
