"""What was missed while nobody listened comes back by the history, once."""

from __future__ import annotations

import asyncio

import pytest

from adapters.discord.cursors import Cursors
from bot.playground.discord_server import ChannelType, Permission
from tests.adapters.discord.test_live import made
from tests.adapters.discord.town import Town, now


async def test_the_first_visit_reads_no_history(town: Town) -> None:
    await town.server.say(town.channel, town.ann, "long ago")
    async with town.running():
        pass
    assert town.inbox.statements == []


async def test_messages_replies_and_reactions_missed_come_back_once(town: Town) -> None:
    async with town.running():
        await town.server.say(town.channel, town.ann, "heard")
        await town.until(lambda: len(town.inbox.statements) == 1)
    ids = [await town.server.say(town.channel, town.ann, f"missed {n}") for n in range(130)]
    reply = await town.server.reply(town.channel, town.bob, ids[0], "so")
    await town.server.react(town.channel, town.bob, ids[5], "👍🏽")
    await town.server.react(town.channel, town.bob, ids[5], "👍")
    async with town.running():
        await town.until(lambda: town.inbox.of_type("thread.replied"))
    posts = town.inbox.of_type("message.posted")
    assert [s.id for s in posts[1:]] == [f"message:{town.channel}/{n}" for n in ids]
    assert posts[1].facts["recovered"] is True
    assert posts[1].at == made(ids[0])
    assert town.inbox.of_type("thread.replied")[0].id == f"message:{town.channel}/{reply}"
    (mark,) = town.inbox.of_type("reaction.added")
    assert (mark.at, mark.facts["emoji"], mark.facts["at_is_approximate"]) == (made(ids[5]), "+1", True)
    before = len(town.inbox.statements)
    async with town.running():
        pass
    assert len(town.inbox.statements) == before


async def test_threads_and_forum_posts_opened_meanwhile_are_read_archived_ones_too(town: Town) -> None:
    forum = town.server.add_channel(town.guild, "help", ChannelType.FORUM)
    async with town.running():
        root = await town.server.say(town.channel, town.ann, "how?")
        await town.until(lambda: len(town.inbox.statements) == 1)
    thread = await town.server.open_thread(town.channel, town.bob, "how", message=root)
    answer = await town.server.say(thread, town.bob, "so")
    await town.server.archive(thread)
    post = await town.server.forum_post(forum, town.ann, "broken", "help")
    async with town.running():
        await town.until(lambda: len(town.inbox.of_type("thread.started")) == 2)
    assert f"message:{thread}/{answer}" in town.inbox.live()
    assert {s.id for s in town.inbox.of_type("thread.started")} == {
        f"thread:{town.channel}/{root}",
        f"thread:{post}/{post}",
    }


async def test_after_an_invalid_session_the_gap_is_read_in_the_same_process(town: Town) -> None:
    async with town.running():
        town.server.faults.resumable = False
        town.server.drop_sockets()
        lost = await town.server.say(town.channel, town.ann, "lost")
        await town.until(lambda: f"message:{town.channel}/{lost}" in town.inbox.live(), 15)
        assert town.server.gateway.identified == 2


@pytest.mark.slow  # the stop waits five seconds for the database
async def test_what_was_not_durable_is_read_again_by_the_next_process(town: Town) -> None:
    async with town.running():
        await town.server.say(town.channel, town.ann, "kept")
        await town.until(lambda: len(town.inbox.statements) == 1)
        town.inbox.refusals = 1_000_000
        lost = await town.server.say(town.channel, town.bob, "refused")
        await town.until(lambda: town.inbox.refusals < 1_000_000)
        cursor = town.notebook.entries[f"discord:cursor:{town.channel}"]
        assert int(cursor) < int(lost)
        saved = dict(town.notebook.entries)
    town.inbox.refusals, town.notebook.entries = 0, saved
    async with town.running():
        await town.until(lambda: f"message:{town.channel}/{lost}" in town.inbox.live())


async def test_a_process_that_dies_in_its_first_moments_still_knows_where_it_began(town: Town) -> None:
    met = asyncio.Event()
    edge = town.edge(present_in=lambda _: _never(met))
    async with town.running(edge, caught_up=False):
        await asyncio.wait_for(met.wait(), 5)  # it is still meeting people
        assert edge.connected
        saved = dict(town.notebook.entries)
    lost = await town.server.say(town.channel, town.bob, "said while it lay dead")
    town.notebook.entries = saved
    async with town.running():
        await town.until(lambda: f"message:{town.channel}/{lost}" in town.inbox.live())


async def _never(reached: asyncio.Event) -> list[str]:
    reached.set()
    await asyncio.Event().wait()
    return []


async def test_an_empty_place_does_not_move_back_when_the_bot_listened(town: Town) -> None:
    cursors = Cursors(town.notebook)
    cursors.open(1, now())
    await cursors.flush()
    before = await cursors.attended(1)
    cursors.settle(1, 2, 1)
    await cursors.flush()
    assert await cursors.attended(1) == before


async def test_a_channel_whose_history_is_closed_is_named(town: Town) -> None:
    async with town.running():
        await town.server.say(town.channel, town.ann, "heard")
        await town.until(lambda: town.inbox.statements)
    town.server.deny_bot(town.channel, Permission.READ_MESSAGE_HISTORY)
    await town.server.say(town.channel, town.ann, "missed")
    async with town.running():
        pass
    assert "Give my role Read Message History" in town.warnings()
    assert len(town.inbox.of_type("message.posted")) == 1


async def test_people_who_joined_meanwhile_are_counted_at_their_time(town: Town) -> None:
    async with town.running():
        pass
    carl = await town.server.join(town.guild, "carl")
    async with town.running():
        await town.until(lambda: town.inbox.of_type("member.joined"))
    (joined,) = town.inbox.of_type("member.joined")
    assert (joined.id, joined.facts) == (f"member:{carl}", {"recovered": True})


async def test_an_old_thread_that_wakes_up_is_read_from_where_we_were(town: Town) -> None:
    async with town.running():
        root = await town.server.say(town.channel, town.ann, "how?")
        thread = await town.server.open_thread(town.channel, town.bob, "how", message=root)
        await town.server.say(thread, town.bob, "heard")
        await town.until(lambda: town.inbox.of_type("thread.replied"))
        await town.server.archive(thread)
    missed = await town.server.say(thread, town.bob, "missed")
    await town.server.archive(thread)
    town.notebook.entries[f"discord:attended:{town.guild}"] = str(made(missed) + 3_600_000_000)  # hides the archive
    async with town.running():
        assert f"message:{thread}/{missed}" not in town.inbox.live()
        fresh = await town.server.say(thread, town.ann, "awake")
        await town.until(lambda: f"message:{thread}/{fresh}" in town.inbox.live())
        await town.until(lambda: f"message:{thread}/{missed}" in town.inbox.live())


async def test_a_message_whose_thread_could_not_be_looked_up_before_the_stop_is_not_lost(town: Town) -> None:
    root = await town.server.say(town.channel, town.ann, "how?")
    middle = await town.server.reply(town.channel, town.bob, root, "what?")
    third = await town.server.reply(town.channel, town.ann, middle, "this")
    async with town.running():
        town.server.faults.answer("GET", f"/messages/{middle}", status=503, times=1000)
        last = await town.server.reply(town.channel, town.bob, third, "so")
        await town.until(lambda: any(r.status == 503 for r in town.server.requests))
        later = await town.server.say(town.channel, town.ann, "later")
        await town.until(lambda: f"message:{town.channel}/{later}" in town.inbox.live())
    assert int(town.notebook.entries[f"discord:cursor:{town.channel}"]) < int(last)
    town.server.faults.clear()
    assert town.inbox.of_type("thread.replied") == []
    async with town.running():
        await town.until(lambda: f"message:{town.channel}/{last}" in town.inbox.live())
