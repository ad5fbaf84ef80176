"""Another program hears of what happens in the chat: once, signed, and under the same id after a restart."""

from __future__ import annotations

from tests.receiver import DROP, receiving, webhook
from tests.scenarios.street import Street
from tests.scenarios.streets import street_of
from tests.scenarios.town import BOOK, GIVERS, Town

ONLY = 'achievements = ["helpful_answer"]\nevents = ["award.given", "award.revoked"]'


def street(town: Town) -> Street:
    return street_of(town, "slack")


async def test_an_award_and_its_end_arrive_once_each(town: Town) -> None:
    async with receiving(204) as receiver:
        town.book = BOOK + webhook(receiver.url, ONLY)
        async with town.running("slack"):
            here = street(town)
            await town.until(lambda: town.number("SELECT COUNT(*) FROM account WHERE name = 'Jonas'"))
            answer = await here.helped("jonas", GIVERS)
            await town.until(lambda: receiver.got)
            await here.unreact("lena", answer)
            await town.until(lambda: len(receiver.got) == 2)
        given, revoked = receiver.got
    assert receiver.types() == ["award.given", "award.revoked"]
    member = given.document["data"]["member"]
    assert (member["id"], member["name"]) == (here.account("jonas"), "Jonas")
    assert given.document["data"]["award"]["evidence"] == 3
    assert "withdrawn" in revoked.document["data"]["award"]["reason"]
    assert all(got.headers["webhook-signature"] == got.signature() for got in (given, revoked))
    written = given.body + revoked.body
    assert not any(
        word in written for word in (b"Try it like this", b"general", here.side.channels["general"].encode())
    )


async def test_what_a_restart_interrupts_comes_again_under_its_id(town: Town) -> None:
    async with receiving(DROP, 204) as receiver:
        town.book = BOOK + webhook(receiver.url, ONLY)
        async with town.running("slack"):
            here = street(town)
            await here.helped("jonas", GIVERS)
            await town.until(lambda: receiver.got)
        town.clock.forward(6)
        async with town.running("slack"):
            await town.until(lambda: len(receiver.got) == 2)
            await town.until(lambda: town.number("SELECT COUNT(*) FROM outbox WHERE receipt = '204'") == 1)
            told = [text for text in here.said() if "Helpful answer" in text]
    first, second = receiver.got
    assert (first.id, first.body) == (second.id, second.body)
    assert len(told) == 1  # the chat heard of it all the same
