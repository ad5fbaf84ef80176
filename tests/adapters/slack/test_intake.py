"""From Slack to the inbox, over real sockets: stored before it is acknowledged."""

import asyncio
import logging
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.playground.slack_server import SlackServer
from core.events import Statement
from tests.adapters.slack.conftest import AMIRA, BEN, CHEN, GENERAL, SECRET, Rig, Start
from tests.fakes import FakeInbox


async def heard(rig: Rig, kind: str, count: int = 1) -> list[Statement]:
    """The assertions of a type, once there are so many."""
    await rig.server.settled()
    found = rig.inbox.of_type(kind)
    assert len(found) == count, [s.type for s in rig.inbox.statements]
    return found


async def test_a_message_arrives_with_its_facts_and_without_its_text(rig: Rig) -> None:
    post = await rig.server.say(AMIRA, GENERAL, "Does <@U0BEN> know `why`? https://example.org")
    (said,) = await heard(rig, "message.posted")
    assert (said.source, said.id) == (rig.edge.source, f"message:{GENERAL}/{post['ts']}")
    assert said.actor == rig.account(AMIRA)
    assert said.at == int(post["ts"].replace(".", ""))
    assert said.facts["channel"] == "#general"
    assert said.facts["channel_id"] == GENERAL
    assert said.facts["message"] == said.id
    assert said.facts["post_kind"] == "post"
    assert said.facts["mentions"] == (rig.account(BEN),)
    assert (said.facts["has_question"], said.facts["has_code"], said.facts["has_link"]) == (True, True, True)
    assert "private" not in said.facts
    assert "bot" not in said.facts
    assert "example.org" not in repr(said)


async def test_a_reply_names_its_root_and_says_that_the_root_opened_a_thread(rig: Rig) -> None:
    post = await rig.server.say(AMIRA, GENERAL, "How do I begin?")
    await rig.server.reply(BEN, GENERAL, post["ts"], "With the first page.")
    await rig.server.reply(CHEN, GENERAL, post["ts"], "Or the second.")
    first, _ = await heard(rig, "thread.replied", 2)
    root = f"message:{GENERAL}/{post['ts']}"
    assert (first.actor, first.author) == (rig.account(BEN), rig.account(AMIRA))
    assert (first.facts["thread"], first.facts["post_kind"]) == (root, "reply")
    started, again = rig.inbox.of_type("thread.started")
    assert started == again
    assert (started.id, started.actor, started.facts["message"]) == (
        f"thread:{GENERAL}/{post['ts']}",
        rig.account(AMIRA),
        root,
    )
    assert started.at == int(post["ts"].replace(".", ""))


async def test_a_reply_shown_in_the_channel_too_knows_who_opened_the_thread(rig: Rig) -> None:
    post = await rig.server.say(AMIRA, GENERAL, "How do I begin?")
    await rig.server.say(BEN, GENERAL, "With the first page.", post["ts"], broadcast=True)
    (said,) = await heard(rig, "thread.replied")
    assert said.author == rig.account(AMIRA)
    assert len(rig.inbox.of_type("thread.started")) == 1


async def test_an_edit_is_a_later_assertion_of_the_same_message(rig: Rig) -> None:
    post = await rig.server.say(AMIRA, GENERAL, "short")
    edited = await rig.server.edit(AMIRA, GENERAL, post["ts"], "much longer now")
    first, second = await heard(rig, "message.posted", 2)
    assert first.id == second.id
    assert second.at == int(edited["edited"]["ts"].replace(".", ""))
    assert (first.facts["length"], second.facts["length"]) == (5, 15)


async def test_a_deleted_message_is_withdrawn_and_of_a_reply_only_the_reply(rig: Rig) -> None:
    post = await rig.server.say(AMIRA, GENERAL, "root")
    answer = await rig.server.reply(BEN, GENERAL, post["ts"], "reply")
    await rig.server.delete(BEN, GENERAL, answer["ts"])
    await rig.server.settled()
    (gone,) = rig.inbox.withdrawals()
    assert (gone.id, gone.reason) == (f"message:{GENERAL}/{answer['ts']}", "deleted")
    assert f"message:{GENERAL}/{post['ts']}" in rig.inbox.live()


async def test_a_deleted_root_with_replies_leaves_a_tombstone_and_is_withdrawn(rig: Rig) -> None:
    post = await rig.server.say(AMIRA, GENERAL, "root")
    await rig.server.reply(BEN, GENERAL, post["ts"], "reply")
    await rig.server.delete(AMIRA, GENERAL, post["ts"])
    await rig.server.settled()
    assert [s.id for s in rig.inbox.withdrawals()] == [f"message:{GENERAL}/{post['ts']}"]


async def test_a_reaction_names_the_message_and_its_author_and_can_be_taken_back(rig: Rig) -> None:
    post = await rig.server.say(AMIRA, GENERAL, "root")
    await rig.server.react(BEN, GENERAL, post["ts"], "bulb")
    (mark,) = await heard(rig, "reaction.added")
    assert (mark.actor, mark.author) == (rig.account(BEN), rig.account(AMIRA))
    assert (mark.facts["emoji"], mark.facts["channel"]) == ("bulb", "#general")
    assert mark.facts["message"] == f"message:{GENERAL}/{post['ts']}"
    await rig.server.unreact(BEN, GENERAL, post["ts"], "bulb")
    await rig.server.settled()
    assert [s.id for s in rig.inbox.withdrawals()] == [mark.id]


async def test_skin_tones_of_one_person_are_one_fact_until_the_last_is_removed(rig: Rig) -> None:
    post = await rig.server.say(AMIRA, GENERAL, "root")
    for name in ("thumbsup", "thumbsup::skin-tone-2"):
        await rig.server.react(BEN, GENERAL, post["ts"], name)
    first, second = await heard(rig, "reaction.added", 2)
    assert first.id == second.id == f"reaction:{GENERAL}/{post['ts']}/{BEN}/thumbsup"
    await rig.server.unreact(BEN, GENERAL, post["ts"], "thumbsup")
    await rig.server.settled()
    assert rig.inbox.withdrawals() == []
    await rig.server.unreact(BEN, GENERAL, post["ts"], "thumbsup::skin-tone-2")
    await rig.server.settled()
    assert [s.id for s in rig.inbox.withdrawals()] == [first.id]


async def test_facts_of_private_channels_say_so(rig: Rig) -> None:
    post = await rig.server.say(AMIRA, SECRET, "psst")
    await rig.server.react(BEN, SECRET, post["ts"], "eyes")
    (said,) = await heard(rig, "message.posted")
    (mark,) = await heard(rig, "reaction.added")
    assert said.facts["private"] is True
    assert mark.facts["private"] is True


async def test_what_the_bot_itself_writes_is_no_fact(rig: Rig) -> None:
    rig.server.story.post_as_bot(GENERAL, "I noticed something.")
    await rig.server.settled()
    assert rig.inbox.statements == []


async def test_newcomers_are_members_and_become_known(rig: Rig) -> None:
    await rig.server.team_join("U0NEW", "kofi")
    (joined,) = await heard(rig, "member.joined")
    assert (joined.id, joined.actor) == ("member:U0NEW", rig.account("U0NEW"))
    await rig.server.until(lambda: rig.account("U0NEW") in rig.inbox.people)
    assert rig.inbox.people[rig.account("U0NEW")].name == "kofi"


async def test_joining_a_channel_only_makes_a_person_known(rig: Rig) -> None:
    rig.server.world.add_user("U0LATE", "lena")
    await rig.server.join("U0LATE", GENERAL)
    await rig.server.settled()
    assert rig.inbox.statements == []
    await rig.server.until(lambda: rig.account("U0LATE") in rig.inbox.people)


async def test_everybody_is_known_after_the_start_with_bots_marked(rig: Rig) -> None:
    await rig.server.until(lambda: len(rig.inbox.people) >= 4)
    assert rig.inbox.people[rig.account(AMIRA)].bot is False
    assert rig.inbox.people[rig.account(rig.server.me.bot_user)].bot is True


async def test_nothing_is_acknowledged_before_the_inbox_took_it(server: SlackServer, start: Start) -> None:
    inbox = FakeInbox()
    rig = await start(inbox=inbox)
    inbox.refusals = 2
    server.timing.ack_timeout = 0.3
    await server.say(AMIRA, GENERAL, "keep me")
    await server.settled()
    tries = [a for a in server.deliveries if a.kind == "events_api"]
    assert [a.ok for a in tries] == [False, False, True]
    assert len(rig.inbox.of_type("message.posted")) == 1


async def test_repeated_and_shuffled_deliveries_leave_the_same_live_facts(rig: Rig) -> None:
    rig.server.faults.duplicate(3, times=4)
    rig.server.faults.shuffle(16)
    post = await rig.server.say(AMIRA, GENERAL, "root")
    await rig.server.react(BEN, GENERAL, post["ts"], "bulb")
    await rig.server.unreact(BEN, GENERAL, post["ts"], "bulb")
    await rig.server.react(CHEN, GENERAL, post["ts"], "bulb")
    await rig.server.settled()
    assert set(rig.inbox.live()) == {
        f"message:{GENERAL}/{post['ts']}",
        f"reaction:{GENERAL}/{post['ts']}/{CHEN}/bulb",
    }


async def test_unknown_and_broken_events_are_acknowledged_and_ignored(rig: Rig) -> None:
    strange: list[dict[str, Any]] = [
        {"type": "pin_added", "user": AMIRA},
        {"type": "message", "channel": GENERAL, "user": AMIRA, "ts": "not a time", "text": "x"},
        {"type": "message", "channel": {"id": 7}, "ts": None},
        {"type": "reaction_added", "item": "nothing"},
        {"type": "reaction_removed", "user": "no one"},
        {"type": "user_change"},
        {"type": "subteam_updated", "subteam": None},
        {"type": "something.new"},
    ]
    for event in strange:
        await rig.server.send_again(event)
    await rig.server.settled()
    assert all(a.ok for a in rig.server.deliveries)
    assert rig.inbox.statements == []


async def test_a_burst_is_taken_while_others_are_still_being_stored(rig: Rig) -> None:
    async with asyncio.timeout(20):
        await asyncio.gather(*(rig.server.say(AMIRA, GENERAL, f"message {i}") for i in range(100)))
        await rig.server.settled(15)
    assert len(rig.inbox.live()) == 100


async def test_a_retry_is_never_dropped_for_being_one(rig: Rig) -> None:
    rig.server.faults.lose_ack(2)
    await rig.server.say(AMIRA, GENERAL, "hello")
    await rig.server.settled()
    assert len(rig.inbox.of_type("message.posted")) == 3
    assert len(rig.inbox.live()) == 1


async def test_no_word_of_a_message_and_no_token_reaches_a_log(
    server: SlackServer, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    inbox = FakeInbox()
    with capture_logs() as ours:
        rig = await start(inbox=inbox)
        inbox.refusals = 1
        await server.say(AMIRA, GENERAL, "canary one")
        await server.send_again({"type": "message", "channel": GENERAL, "text": "canary two", "ts": "canary three"})
        await server.send_again({"type": "user_change", "user": {"id": "canary four"}})
        await server.slash(AMIRA, GENERAL, "/plaudit", "grant @canary x y")
        await server.settled()
    said = caplog.text + repr(ours)
    assert "slack.ignored" in said
    assert "canary" not in said
    assert server.access.bot_token not in said
    assert server.access.app_token not in said
    assert rig.inbox.of_type("message.posted")
