"""Cards on their way to Slack, over real sockets, with everything that can go wrong."""

import asyncio
import time

import pytest

from bot.playground.slack_server import SlackServer
from core.cards import note
from core.errors import Ambiguous, RetryLater, Undeliverable
from core.ports import Delivery, Destination, Held, Kind, Receipt
from tests.adapters.slack.conftest import AMIRA, BEN, CHEN, GENERAL, QUIET, SECRET, Rig, build


@pytest.fixture
async def rig(server: SlackServer) -> Rig:
    """Checked, not connected: posts need no events."""
    rig = build(server)
    await rig.edge.check()
    return rig


def delivery(which: str, kind: Kind = "channel", *, again: bool = False, **where: str | None) -> Delivery:
    to = Destination("slack:T1", kind, **{"channel": GENERAL, **where})
    return Delivery(which, to, note("Well done."), again)


async def send(rig: Rig, which: str = "d1", kind: Kind = "channel", **more: object) -> Receipt:
    async with asyncio.timeout(15):
        return await rig.edge.messenger.send(delivery(which, kind, **more))  # type: ignore[arg-type] # fields of cases


async def test_a_card_is_posted_once_with_text_and_blocks(rig: Rig) -> None:
    receipt = await send(rig)
    (post,) = rig.server.messages[GENERAL]
    assert (receipt.reference, receipt.repeated) == (post["ts"], False)
    assert post["text"] == "Well done."
    assert post["blocks"]


async def test_a_channel_can_be_named(rig: Rig) -> None:
    await send(rig, channel="#general")
    assert len(rig.server.messages[GENERAL]) == 1


async def test_an_unknown_channel_is_named_with_its_remedy(rig: Rig) -> None:
    with pytest.raises(Undeliverable, match=r"#nowhere.*invite"):
        await send(rig, channel="#nowhere")
    with pytest.raises(Undeliverable, match="Invite it"):
        await send(rig, channel="C0NOTHING")


async def test_a_thread_gets_a_reply(rig: Rig) -> None:
    root = await rig.server.say(AMIRA, GENERAL, "root")
    await send(rig, kind="thread", thread=root["ts"])
    await send(rig, "d2", kind="thread", message=root["ts"])
    assert [m.get("thread_ts") for m in rig.server.messages[GENERAL][1:]] == [root["ts"]] * 2


async def test_a_private_note_is_seen_by_one_person(rig: Rig) -> None:
    await send(rig, kind="private", account=rig.account(BEN))
    assert [e.user for e in rig.server.ephemerals] == [BEN]


async def test_a_private_note_waits_where_the_person_cannot_see_it(rig: Rig) -> None:
    with pytest.raises(Held):
        await send(rig, kind="private", channel=SECRET, account=rig.account(CHEN))
    with pytest.raises(Held):
        await send(rig, kind="private", channel=None, account=rig.account(CHEN))


async def test_a_reaction_is_added_and_added_again_without_harm(rig: Rig) -> None:
    post = await rig.server.say(AMIRA, GENERAL, "root")
    first = await send(rig, kind="reaction", message=post["ts"], emoji="tada")
    second = await send(rig, kind="reaction", message=post["ts"], emoji="tada", again=True)
    assert (first.repeated, second.repeated) == (False, True)
    assert rig.server.messages[GENERAL][0]["reactions"][0]["name"] == "tada"


async def test_a_public_channel_is_joined_before_the_first_post(rig: Rig) -> None:
    await send(rig, channel=QUIET)
    assert "Well done." in [m["text"] for m in rig.server.messages[QUIET]]


async def test_a_channel_that_cannot_be_joined_is_named_with_its_remedy(rig: Rig) -> None:
    rig.server.faults.answer("conversations.join", error="restricted_action")
    with pytest.raises(Undeliverable, match=r"#quiet.*[Ii]nvite"):
        await send(rig, channel=QUIET)


@pytest.mark.parametrize("after", [1, 30, 3600])
async def test_slack_asking_to_wait_is_obeyed_for_this_channel_only(rig: Rig, after: int) -> None:
    rig.server.faults.answer("chat.postMessage", status=429, retry_after=after)
    with pytest.raises(RetryLater) as wait:
        await send(rig)
    assert wait.value.after == after
    calls = len(rig.server.called("chat.postMessage"))
    if after > 20:
        with pytest.raises(RetryLater):
            await send(rig, "d2")
        assert len(rig.server.called("chat.postMessage")) == calls
    await send(rig, "d3", channel=SECRET)
    assert len(rig.server.messages[SECRET]) == 1


async def test_a_429_without_advice_or_with_a_page_still_means_wait(rig: Rig) -> None:
    rig.server.faults.answer("chat.postMessage", status=429)
    with pytest.raises(RetryLater):
        await send(rig)
    rig.server.faults.answer("chat.postMessage", status=429, retry_after=7, html=True)
    with pytest.raises(RetryLater) as wait:
        await send(rig, channel=SECRET)
    assert wait.value.after == 7


async def test_posts_to_one_channel_go_one_a_second_and_in_order(rig: Rig) -> None:
    rig.server.access.one_post_a_second = True
    begun = time.monotonic()
    await asyncio.gather(*(send(rig, f"d{i}") for i in range(4)))
    assert time.monotonic() - begun >= 3
    assert len(rig.server.messages[GENERAL]) == 4
    assert all(c.status == 200 for c in rig.server.called("chat.postMessage"))


async def test_an_accepted_post_with_a_broken_connection_is_found_and_not_sent_twice(rig: Rig) -> None:
    rig.server.faults.close_after("chat.postMessage")
    with pytest.raises(Ambiguous):
        await send(rig)
    receipt = await send(rig, again=True)
    assert len(rig.server.messages[GENERAL]) == 1
    assert (receipt.repeated, receipt.reference) == (True, rig.server.messages[GENERAL][0]["ts"])


async def test_the_same_holds_in_a_thread(rig: Rig) -> None:
    root = await rig.server.say(AMIRA, GENERAL, "root")
    rig.server.faults.close_after("chat.postMessage")
    with pytest.raises(Ambiguous):
        await send(rig, kind="thread", thread=root["ts"])
    receipt = await send(rig, kind="thread", thread=root["ts"], again=True)
    assert receipt.repeated
    assert len(rig.server.messages[GENERAL]) == 2


async def test_a_post_that_never_arrived_is_sent_again(rig: Rig) -> None:
    rig.server.faults.close_before("chat.postMessage")
    with pytest.raises(Ambiguous):
        await send(rig)
    receipt = await send(rig, again=True)
    assert not receipt.repeated
    assert len(rig.server.messages[GENERAL]) == 1


async def test_without_an_answer_about_the_earlier_attempt_nothing_is_sent(rig: Rig) -> None:
    rig.server.faults.answer("conversations.history", status=429, retry_after=9)
    with pytest.raises(RetryLater) as wait:
        await send(rig, again=True)
    assert wait.value.after == 9
    assert rig.server.messages[GENERAL] == []


@pytest.mark.parametrize("html", [False, True])
async def test_a_server_error_leaves_it_open_whether_the_post_arrived(rig: Rig, html: bool) -> None:
    rig.server.faults.answer("chat.postMessage", status=503, html=html)
    with pytest.raises(Ambiguous):
        await send(rig)


async def test_an_unreachable_slack_means_later(rig: Rig) -> None:
    await rig.server.stop()
    with pytest.raises(RetryLater):
        await send(rig)


async def test_a_missing_scope_is_named(rig: Rig) -> None:
    rig.server.access.scopes.discard("chat:write")
    with pytest.raises(Undeliverable, match="chat:write"):
        await send(rig)


async def test_who_asked_for_it_gets_a_direct_message_once(rig: Rig) -> None:
    direct = {"kind": "direct", "channel": None, "account": rig.account(AMIRA)}
    first = await send(rig, **direct)  # type: ignore[arg-type] # fields of cases
    again = await send(rig, again=True, **direct)  # type: ignore[arg-type] # the same
    (message,) = rig.server.messages[rig.server.world.direct(AMIRA)]
    assert (first.reference, again.reference, again.repeated) == (message["ts"], message["ts"], True)
    assert message["text"] == "Well done."
