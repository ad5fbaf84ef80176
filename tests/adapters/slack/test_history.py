"""One look at the thing that a statement is about, over real sockets."""

import pytest

from bot.playground.slack_server import SlackServer
from core.errors import RetryLater
from core.events import Statement, message_id
from tests.adapters.slack.conftest import AMIRA, BEN, GENERAL, QUIET, SECRET, Rig, build


@pytest.fixture
async def rig(server: SlackServer) -> Rig:
    rig = build(server)
    await rig.edge.check()
    return rig


def about(channel: str, ts: str) -> Statement:
    """A reaction to a message."""
    facts = {"message": message_id(channel, ts)}
    return Statement("slack:T1", "reaction:x", 1, "reaction.added", facts=facts)


async def test_a_post_is_described_without_its_text(rig: Rig) -> None:
    post = await rig.server.say(AMIRA, GENERAL, "two words")
    facts = await rig.edge.recall.recall(about(GENERAL, post["ts"]))
    assert facts is not None
    assert (facts["author"], facts["post_kind"], facts["words"]) == (rig.account(AMIRA), "post", 2)
    assert (facts["channel"], facts["channel_id"]) == ("#general", GENERAL)
    assert "thread" not in facts
    assert "two words" not in str(facts)


async def test_a_reply_knows_its_thread_and_its_own_time(rig: Rig) -> None:
    post = await rig.server.say(AMIRA, SECRET, "root")
    answer = await rig.server.reply(BEN, SECRET, post["ts"], "reply")
    facts = await rig.edge.recall.recall(about(SECRET, answer["ts"]))
    assert facts is not None
    assert (facts["post_kind"], facts["author"], facts["private"]) == ("reply", rig.account(BEN), True)
    assert facts["thread"] == message_id(SECRET, post["ts"])
    assert str(facts["object_at"]).endswith("Z")
    root = await rig.edge.recall.recall(about(SECRET, post["ts"]))
    assert root is not None
    assert (root["post_kind"], root["thread"]) == ("post", message_id(SECRET, post["ts"]))


async def test_what_is_gone_is_none_and_what_may_not_be_seen_is_unknown(rig: Rig) -> None:
    post = await rig.server.say(AMIRA, GENERAL, "soon gone")
    await rig.server.delete(AMIRA, GENERAL, post["ts"])
    assert await rig.edge.recall.recall(about(GENERAL, post["ts"])) is None
    hidden = await rig.server.say(AMIRA, QUIET, "not for bots")
    assert await rig.edge.recall.recall(about(QUIET, hidden["ts"])) == {}
    assert await rig.edge.recall.recall(Statement("slack:T1", "member:U1", 1, "member.joined")) == {}


async def test_slack_asking_to_wait_is_passed_on(rig: Rig) -> None:
    post = await rig.server.say(AMIRA, GENERAL, "hi")
    rig.server.faults.answer("conversations.replies", status=429, retry_after=5)
    with pytest.raises(RetryLater) as wait:
        await rig.edge.recall.recall(about(GENERAL, post["ts"]))
    assert wait.value.after == 5
