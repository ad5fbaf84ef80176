"""What people do on Discord becomes statements, through the real client and real sockets."""

from __future__ import annotations

import pytest

from adapters.discord.moments import made_at
from adapters.discord.normalise import deletion_statements
from bot.playground.discord_server import ChannelType, Permission
from core.events import Statement
from core.places import Places
from tests.adapters.discord.town import Town


def only(statements: list[Statement]) -> Statement:
    assert len(statements) == 1, statements
    return statements[0]


async def test_a_post_is_taken_with_its_place_and_without_its_text(town: Town) -> None:
    helper = town.server.add_role(town.guild, "Helper")
    cid = town.server.add_member(town.guild, "cid", [helper])
    async with town.running():
        message = await town.server.say(town.channel, cid, "a secret word")
        await town.until(lambda: town.inbox.of_type("message.posted"))
    post = only(town.inbox.of_type("message.posted"))
    assert post.id == f"message:{town.channel}/{message}"
    assert post.actor == town.account(cid)
    assert post.facts == {
        "channel": "#general",
        "channel_id": town.channel,
        "message": post.id,
        "post_kind": "post",
        "actor_role": ("Helper",),
    }
    assert "secret" not in repr(town.inbox.statements) + town.warnings()


async def test_text_facts_are_made_only_where_a_rule_reads_text(town: Town) -> None:
    town.places = Places(reads_text=True)
    async with town.running():
        await town.server.say(town.channel, town.ann, f"<@{town.bob}> how does `this` work? https://example.org")
        await town.until(lambda: town.inbox.of_type("message.posted"))
    facts = only(town.inbox.of_type("message.posted")).facts
    assert (facts["has_link"], facts["has_code"], facts["has_question"]) == (True, True, True)
    assert facts["mentions"] == (town.account(town.bob),)


async def test_an_inline_reply_belongs_to_the_root_of_its_chain_and_opens_a_thread(town: Town) -> None:
    root = await town.server.say(town.channel, town.ann, "how?")
    middle = await town.server.reply(town.channel, town.bob, root, "what do you mean?")
    third = await town.server.reply(town.channel, town.ann, middle, "this")
    async with town.running():
        last = await town.server.reply(town.channel, town.bob, third, "so")
        await town.until(lambda: town.inbox.of_type("thread.replied"))
    reply, started = only(town.inbox.of_type("thread.replied")), only(town.inbox.of_type("thread.started"))
    assert reply.id == f"message:{town.channel}/{last}"
    assert reply.facts["thread"] == f"message:{town.channel}/{root}"
    assert (reply.facts["post_kind"], "delay" in reply.facts) == ("reply", True)
    assert (reply.actor, reply.author, reply.target) == (
        town.account(town.bob),
        town.account(town.ann),
        town.account(town.ann),
    )
    assert started.id == f"thread:{town.channel}/{root}"
    assert (started.actor, started.at) == (town.account(town.ann), made(root))
    assert started.facts["message"] == started.facts["thread"] == f"message:{town.channel}/{root}"


def made(snowflake: str) -> int:
    return ((int(snowflake) >> 22) + 1_420_070_400_000) * 1000


async def test_messages_in_a_thread_belong_to_the_message_it_was_made_from(town: Town) -> None:
    async with town.running():
        root = await town.server.say(town.channel, town.ann, "how?")
        thread = await town.server.open_thread(town.channel, town.bob, "how", message=root)
        message = await town.server.say(thread, town.bob, "like this")
        await town.until(lambda: town.inbox.of_type("thread.replied"))
    reply = only(town.inbox.of_type("thread.replied"))
    assert reply.id == f"message:{thread}/{message}"
    assert reply.facts["thread"] == f"message:{town.channel}/{root}"
    assert (reply.facts["channel"], reply.facts["channel_id"]) == ("#general", town.channel)
    assert reply.author == town.account(town.ann)
    assert only(town.inbox.of_type("thread.started")).id == f"thread:{town.channel}/{root}"
    assert {s.id for s in town.inbox.of_type("message.posted")} == {f"message:{town.channel}/{root}"}


async def test_a_thread_without_a_starter_message_is_its_own_root(town: Town) -> None:
    async with town.running():
        thread = await town.server.open_thread(town.channel, town.ann, "ideas")
        await town.server.say(thread, town.bob, "one")
        await town.until(lambda: town.inbox.of_type("thread.replied"))
    reply = only(town.inbox.of_type("thread.replied"))
    assert reply.facts["thread"] == f"message:{thread}/{thread}"
    assert reply.author == town.account(town.ann)
    assert only(town.inbox.of_type("thread.started")).actor == town.account(town.ann)


async def test_a_forum_opening_starts_a_thread_and_goes_when_it_is_deleted(town: Town) -> None:
    forum = town.server.add_channel(town.guild, "help", ChannelType.FORUM)
    async with town.running():
        post = await town.server.forum_post(forum, town.ann, "broken", "it does not start")
        await town.server.say(post, town.bob, "try again")
        await town.until(lambda: town.inbox.of_type("thread.replied"))
        opening = only(town.inbox.of_type("thread.started"))
        assert opening.id == f"thread:{post}/{post}"
        assert opening.facts["message"] == opening.facts["thread"] == f"message:{post}/{post}"
        assert (opening.facts["channel"], opening.facts["post_kind"]) == ("#help", "post")
        reply = only(town.inbox.of_type("thread.replied"))
        assert (reply.author, reply.facts["thread"]) == (town.account(town.ann), f"message:{post}/{post}")
        assert town.inbox.of_type("message.posted") == []
        await town.server.delete(post, post)
        await town.until(lambda: len(town.inbox.withdrawals()) == 2)
    assert opening.id not in town.inbox.live()


async def test_edits_are_later_assertions_and_previews_are_none(town: Town) -> None:
    async with town.running():
        message = await town.server.say(town.channel, town.ann, "helo")
        await town.until(lambda: town.inbox.of_type("message.posted"))
        preview = town.server.chat._with_place(town.server.messages(town.channel)[0])
        town.server.world.emit("MESSAGE_UPDATE", {**preview, "embeds": [{"type": "link"}]})
        await town.server.edit(town.channel, message, "hello")
        await town.until(lambda: len(town.inbox.of_type("message.posted")) == 2)
    first, second = town.inbox.of_type("message.posted")
    assert (first.id, first.type) == (second.id, second.type)
    assert first.at < second.at
    assert town.inbox.live()[first.id].at == first.at


async def test_deletions_are_withdrawn_one_by_one_and_in_bulk(town: Town) -> None:
    async with town.running():
        ids = [await town.server.say(town.channel, town.ann, str(n)) for n in range(3)]
        await town.until(lambda: len(town.inbox.of_type("message.posted")) == 3)
        await town.server.delete(town.channel, ids[0])
        await town.server.delete(town.channel, *ids[1:])
        await town.until(lambda: len(town.inbox.withdrawals()) == 3)
    assert {s.reason for s in town.inbox.withdrawals()} == {"deleted"}
    assert town.inbox.live() == {}


async def test_a_reaction_is_dated_by_its_receipt_and_named_as_on_slack(town: Town) -> None:
    town.clock = lambda: 1_800_000_000_000_000
    party = town.server.world.add_emoji(town.guild, "party")
    async with town.running():
        message = await town.server.say(town.channel, town.ann, "done")
        await town.server.react(town.channel, town.bob, message, "✅")
        await town.server.react(town.channel, town.bob, message, party)
        await town.until(lambda: len(town.inbox.of_type("reaction.added")) == 2)
        await town.server.unreact(town.channel, town.bob, message, "✅")
        await town.until(lambda: town.inbox.withdrawals())
    first, second = town.inbox.of_type("reaction.added")
    assert first.id == f"reaction:{town.channel}/{message}/{town.bob}/white_check_mark"
    assert (first.at, second.facts["emoji"]) == (1_800_000_000_000_000, "party")
    assert (first.actor, first.author) == (town.account(town.bob), town.account(town.ann))
    assert first.facts["message"] == f"message:{town.channel}/{message}"
    assert "object_at" in first.facts
    assert only(town.inbox.withdrawals()).id == first.id


async def test_a_reaction_in_a_thread_is_known_to_be_on_a_reply(town: Town) -> None:
    async with town.running():
        root = await town.server.say(town.channel, town.ann, "how?")
        thread = await town.server.open_thread(town.channel, town.bob, "how", message=root)
        answer = await town.server.say(thread, town.bob, "so")
        await town.server.react(thread, town.ann, answer, "💡")
        await town.until(lambda: town.inbox.of_type("reaction.added"))
    facts = only(town.inbox.of_type("reaction.added")).facts
    assert facts["post_kind"] == "reply"
    assert facts["thread"] == f"message:{town.channel}/{root}"
    assert facts["channel"] == "#general"


async def test_two_skin_tones_are_one_fact_until_the_last_is_gone(town: Town) -> None:
    async with town.running():
        message = await town.server.say(town.channel, town.ann, "done")
        for emoji in ("👍🏽", "👍"):
            await town.server.react(town.channel, town.bob, message, emoji)
        await town.until(lambda: len(town.inbox.of_type("reaction.added")) == 2)
        assert len({s.id for s in town.inbox.of_type("reaction.added")}) == 1
        await town.server.unreact(town.channel, town.bob, message, "👍🏽")
        await town.server.say(town.channel, town.ann, "afterwards")
        await town.until(lambda: len(town.inbox.of_type("message.posted")) == 2)
        assert town.inbox.withdrawals() == []
        await town.server.unreact(town.channel, town.bob, message, "👍")
        await town.until(lambda: town.inbox.withdrawals())


async def test_wiped_reactions_are_withdrawn_also_those_only_the_log_knows(town: Town) -> None:
    async def reactions_on(source: str, message: str) -> list[str]:
        return [f"{message.replace('message', 'reaction')}/77/eyes"] if source == town.source else []

    async with town.running(town.edge(reactions_on=reactions_on)):
        message = await town.server.say(town.channel, town.ann, "done")
        for emoji in ("🎉", "👀"):
            await town.server.react(town.channel, town.bob, message, emoji)
        await town.until(lambda: len(town.inbox.of_type("reaction.added")) == 2)
        await town.server.clear_reactions(town.channel, message, "🎉")
        await town.until(lambda: len(town.inbox.withdrawals()) == 1)
        assert town.inbox.withdrawals()[0].id.endswith("/tada")
        await town.server.clear_reactions(town.channel, message)
        await town.until(lambda: len(town.inbox.withdrawals()) == 3)
    assert {s.id.split("/", 2)[2] for s in town.inbox.withdrawals()[1:]} == {f"{town.bob}/eyes", "77/eyes"}


async def test_people_come_and_go_and_are_known_by_name(town: Town) -> None:
    async with town.running():
        assert town.inbox.people[town.account(town.ann)].name == "Ann"
        carl = await town.server.join(town.guild, "carl")
        await town.until(lambda: town.inbox.of_type("member.joined"))
        assert f"member:{carl}" in town.inbox.live()
        await town.server.leave(town.guild, carl)
        await town.until(lambda: town.inbox.withdrawals())
    assert f"member:{carl}" not in town.inbox.live()
    assert not town.inbox.people[town.account(carl)].present


async def test_bots_are_marked_and_what_plaudit_writes_is_no_fact(town: Town) -> None:
    other = town.server.world.add_bot_member(town.guild, "other bot")
    async with town.running():
        await town.server.say(town.channel, town.server.world.bot["id"], "an award")
        await town.server.say(town.channel, other, "beep")
        await town.until(lambda: town.inbox.of_type("message.posted"))
    assert only(town.inbox.of_type("message.posted")).facts["bot"] is True
    assert town.inbox.people[town.account(other)].bot


async def test_messages_of_a_closed_channel_are_private(town: Town) -> None:
    secret = town.server.add_channel(town.guild, "board")
    closed = {"id": town.guild, "type": 0, "allow": "0", "deny": str(int(Permission.VIEW_CHANNEL))}
    town.server.world.channel(secret)["permission_overwrites"] = [closed]
    town.server.set_bot(town.guild, permissions=int(Permission.ADMINISTRATOR))
    async with town.running():
        town.server.chat.post(secret, town.ann, "whispered")
        await town.server.say(town.channel, town.ann, "aloud")
        await town.until(lambda: len(town.inbox.of_type("message.posted")) == 2)
    by_channel = {s.facts["channel"]: s.facts.get("private") for s in town.inbox.of_type("message.posted")}
    assert by_channel == {"#board": True, "#general": None}


async def test_a_full_database_loses_nothing(town: Town) -> None:
    async with town.running():
        town.inbox.refusals = 2
        await town.server.say(town.channel, town.ann, "one")
        await town.server.say(town.channel, town.bob, "two")
        await town.until(lambda: len(town.inbox.of_type("message.posted")) == 2)
    assert town.inbox.refused == 2


@pytest.mark.parametrize("abort", [False, True])
async def test_after_a_lost_line_what_was_said_meanwhile_is_taken(town: Town, abort: bool) -> None:
    async with town.running():
        town.server.drop_sockets(abort=abort)
        await town.server.say(town.channel, town.ann, "meanwhile")
        await town.until(lambda: town.inbox.of_type("message.posted"), 15)
        assert town.server.gateway.identified == 1


def test_a_deletion_never_lies_before_its_message_where_our_clock_is_behind() -> None:
    message = 1_483_797_117_163_012_096
    behind, after = made_at(message) - 5_000, made_at(message) + 5_000
    assert [s.at > made_at(message) for s in deletion_statements("discord:1", 7, [message], behind)] == [True]
    assert [s.at for s in deletion_statements("discord:1", 7, [message], after)] == [after]
