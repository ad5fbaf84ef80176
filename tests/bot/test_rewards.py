"""Points and rewards at the desk: what members can have, what managers do with it, what the books say of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.terminal.cards import render
from tests.adapters.storage.said import NOON, TEAM, chose, gone, post
from tests.bot.shopping import BOOK, Counter, shop


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    async with shop(tmp_path) as counter:
        yield counter


async def test_without_rewards_there_is_one_clear_line(tmp_path: Path) -> None:
    async with shop(tmp_path, BOOK.partition("[rewards]")[0]) as counter:
        for verb in ("rewards", "rewards-redeem", "rewards-yes"):
            assert await counter.said("A", verb, argument="mug") == "This community has no rewards."
        assert "/rewards" not in await counter.said("A", "help")


async def test_the_card_says_what_one_has_where_it_came_from_and_what_there_is(counter: Counter) -> None:
    await counter.earn("A", 2)
    card = (await counter.ask("A", "rewards")).card
    text = render(card)
    assert "You have 200 points." in text
    assert text.count("+100 · Writer · 17 Mar") == 0
    assert text.count("+100 · Writer · 18 Mar") == 2  # the day on which it was entered
    assert "Mug · 200 points · 2 left" in text
    assert "With the badge of your choice." in text
    assert "Ticket · 300 points · 1 for each person" in text
    assert "It takes 100 points more." in text
    assert [(b.verb, b.argument) for b in card.buttons] == [("rewards-redeem", "mug"), ("rewards", "history")]


async def test_a_redemption_is_asked_once_more_and_takes_the_points(counter: Counter) -> None:
    await counter.earn("A", 3)
    asked = await counter.ask("A", "rewards-redeem", argument="mug")
    assert "Mug for 200 points? You keep 100 points." in render(asked.card)
    assert counter.balance("A") == 300
    assert "Done: Mug. Somebody will get in touch." in await counter.redeem("A", "mug")
    assert counter.ledger("A")[-1] == (-200, "reward:1:redeemed")
    assert counter.states() == ["open"]
    (card,) = counter.cards("reward:1")
    assert "Amira" in card
    assert "rewards-handed" in card
    assert "+100" in await counter.said("A", "rewards", choice="history")


async def test_a_yes_that_is_pressed_twice_is_one_redemption(counter: Counter) -> None:
    await counter.earn("A", 5)
    argument = await counter.question("A", "mug")
    answers = await asyncio.gather(*(counter.said("A", "rewards-yes", argument=argument) for _ in range(3)))
    assert all("Done: Mug" in text for text in answers)
    assert counter.states() == ["open"]
    assert counter.balance("A") == 300
    assert "somebody else's question" in await counter.said("J", "rewards-yes", argument=argument)


async def test_a_price_that_changed_is_not_paid(counter: Counter) -> None:
    await counter.earn("A", 5)
    argument = (await counter.question("A", "mug")).replace(":200:", ":20:")
    assert "price has changed" in await counter.said("A", "rewards-yes", argument=argument)
    assert counter.states() == []


async def test_what_is_dear_waits_for_a_manager_and_comes_back_on_a_no(counter: Counter) -> None:
    await counter.earn("A", 4)
    assert "A manager looks at it first" in await counter.redeem("A", "ticket")
    assert (counter.states(), counter.balance("A")) == (["asked"], 100)
    assert "has to approve it first" in await counter.manage("rewards-handed")
    form = (await counter.ask("N", "rewards-decline", "manager", argument="1")).form
    assert form is not None
    assert (form.verb, form.about) == ("rewards-declined", "1")
    said = await counter.said("N", "rewards-declined", "manager", about="1", reason="The event is off")
    assert said == "Declined: Ticket of Amira. They have their points back, and your reason."
    assert (counter.states(), counter.balance("A")) == (["declined"], 400)
    assert "The event is off" in counter.cards("reward:1:declined:told")[0]
    assert "Done: Ticket" in await counter.redeem("A", "ticket")  # it counts for nobody any more


async def test_an_approved_one_is_handed_out_and_can_be_refunded(counter: Counter) -> None:
    await counter.earn("A", 3)
    await counter.redeem("A", "ticket")
    assert "Approved: Ticket for Amira" in await counter.manage("rewards-approve")
    assert "Noor approved this already" in await counter.manage("rewards-approve")
    assert "was handed out to Amira" in await counter.manage("rewards-handed")
    assert "Noor handed this out already" in await counter.manage("rewards-handed")
    assert "Refunded: Ticket of Amira" in await counter.said(
        "N", "rewards-refunded", "manager", about="1", reason="Broken"
    )
    assert counter.ledger("A")[-1] == (300, "reward:1:refunded")
    assert "points given back · Broken" in await counter.said("A", "rewards", choice="history")
    acts = counter.office.rows("SELECT what, about, reason FROM act ORDER BY id")
    assert acts == [
        ("reward.approved", f"{TEAM}/A", ""),
        ("reward.handed_out", f"{TEAM}/A", ""),
        ("reward.refunded", f"{TEAM}/A", "Broken"),
    ]


async def test_nobody_deals_with_what_they_redeemed_themselves(counter: Counter) -> None:
    await counter.earn("N", 3)
    await counter.redeem("N", "ticket")
    for verb in ("rewards-approve", "rewards-decline"):
        assert "another manager" in await counter.manage(verb)
    assert "Approved" in await counter.manage("rewards-approve", who="O")
    for verb in ("rewards-handed", "rewards-refund"):
        assert "another manager" in await counter.manage(verb)


async def test_managers_see_what_waits_the_oldest_first(counter: Counter) -> None:
    assert "No reward waits" in await counter.said("N", "rewards-waiting", "manager")
    for who in ("A", "J"):
        await counter.earn(who, 3)
        await counter.redeem(who, "ticket")
    assert "[What waits]" in await counter.said("N", "rewards", "manager")
    assert "What waits" not in await counter.said("O", "rewards", "moderator")
    text = await counter.said("N", "rewards-waiting", "manager")
    assert "Amira redeemed Ticket for 300 points." in text
    assert "1 more waits behind it." in text


async def test_what_a_manager_redeemed_stands_in_nobodys_way(counter: Counter) -> None:
    for who in ("N", "A"):
        await counter.earn(who, 3)
        await counter.redeem(who, "ticket")
    text = await counter.said("N", "rewards-waiting", "manager")
    assert "Amira redeemed Ticket" in text
    assert "1 more waits behind it." in text
    await counter.manage("rewards-approve", 2)
    await counter.manage("rewards-handed", 2)
    assert "Noor redeemed Ticket" in await counter.said("N", "rewards-waiting", "manager")


async def test_the_last_one_goes_to_one_of_many_who_ask_at_once(counter: Counter) -> None:
    people = "ABCDEFGH"
    for who in people:
        await counter.earn(who, 2)
    questions = {who: await counter.question(who, "mug") for who in people}
    said = await asyncio.gather(*(counter.said(who, "rewards-yes", argument=questions[who]) for who in people))
    assert sum("Done" in text for text in said) == 2
    assert sum(text == "None is left." for text in said) == 6
    assert sorted(counter.balance(who) for who in people) == [0, 0, *[200] * 6]


async def test_points_that_were_taken_back_are_owed_and_nothing_else_happens(counter: Counter) -> None:
    await counter.earn("A", 2)
    await counter.redeem("A", "mug")
    await counter.office.store.take([gone(post(1_000 * ord("A"), "A"), NOON)])
    text = await counter.said("A", "rewards")
    assert "You have -100 points: a badge was taken back after its points were spent. Nothing else changes." in text
    assert counter.states() == ["open"]


async def test_who_opted_out_redeems_nothing(counter: Counter) -> None:
    await counter.earn("A", 2)
    argument = await counter.question("A", "mug")
    await counter.office.store.take([chose("A", NOON, tracking="off")])
    assert "You opted out" in await counter.question("A", "mug")
    assert "You opted out" in await counter.said("A", "rewards-yes", argument=argument)
    assert counter.states() == []


async def test_levels_and_days_say_who_can_have_it_and_when(tmp_path: Path) -> None:
    more = 'who.level = "Elder"\n[reward.early]\nname = "Early"\nprice = 1\nfrom = 2026-04-01\n'
    more += '[reward.late]\nname = "Late"\nprice = 1\nuntil = 2026-03-01\n'
    more += '[reward.now]\nname = "Now"\nprice = 1\nwho.level = 1\n'
    async with shop(tmp_path, BOOK + more) as counter:
        await counter.earn("A", 4)
        text = await counter.said("A", "rewards")
        assert "For the level Elder and above." in text
        assert "From 1 Apr on." in text
        assert "Late ·" not in text
        assert await counter.question("A", "ticket") == "For the level Elder and above."
        assert await counter.question("A", "late") == "It was there until 1 Mar."
        assert "Done: Now" in await counter.redeem("A", "now")
