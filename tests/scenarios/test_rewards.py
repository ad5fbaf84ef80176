"""From points to a mug, on both platforms: redeemed, approved, handed out, and another one refunded."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.runner import Bot
from tests.scenarios.counter import Counter
from tests.scenarios.town import BOOK, Town

REWARDS = (
    BOOK.replace('name = "First post"\n', 'name = "First post"\npoints = 500\n')
    + """
[managers]
slack = "@moderators"
discord = "Moderator"
[rewards]
currency = "stars"
approve_above = 250
[reward.mug]
name = "Mug"
price = 300
stock = 1
[reward.sticker]
name = "Sticker"
price = 200
"""
)


@pytest.fixture
async def bot(town: Town) -> AsyncIterator[Bot]:
    town.book = REWARDS
    async with town.running() as bot:
        yield bot


def ledger(counter: Counter, who: str) -> list[int]:
    query = "SELECT points FROM ledger WHERE member = ? ORDER BY id"
    return [row[0] for row in counter.town.rows(query, counter.street.account(who))]


async def redeem(counter: Counter, who: str, reward: str) -> str:
    shown = await counter.street.press_private(who, "/rewards", f"Redeem: {reward}")
    assert f"{reward} for" in shown
    return await counter.press_last(who, "Redeem")


@pytest.mark.slow
async def test_from_points_to_a_mug(counter: Counter, town: Town) -> None:
    street = counter.street
    await street.say("jonas")
    await street.earned("jonas", "first_post")
    assert "Done: Mug. A manager looks at it first" in await redeem(counter, "jonas", "Mug")
    (card,) = await counter.cards("Reward #1")
    assert street.shows(card, "jonas")
    assert "Mug for 300 stars" in " ".join(card.split())
    assert "Only managers" in await counter.press("lena", "Approve")
    assert "Approved: Mug for Jonas" in await counter.press("noor", "Approve")
    await town.until(lambda: any("To be handed out" in text for text in street.said("mods")))
    assert "was approved" in await counter.told("jonas", "was approved")
    assert "was handed out to Jonas" in await counter.press("noor", "Handed out")
    assert "None is left." in await street.ask("jonas", "/rewards")
    assert ledger(counter, "jonas") == [500, -300]


@pytest.mark.slow
async def test_a_refund_has_a_reason_and_gives_the_points_back(counter: Counter, town: Town) -> None:
    street = counter.street
    await street.say("jonas")
    await street.earned("jonas", "first_post")
    assert "Done: Sticker. Somebody will get in touch." in await redeem(counter, "jonas", "Sticker")
    await counter.cards("Reward #1")
    assert "They have their points back" in await counter.fill("noor", "Refund…", reason="They are all gone")
    assert "They are all gone" in await counter.told("jonas", "was taken back")
    assert ledger(counter, "jonas") == [500, -200, 200]
    assert "points given back" in await street.ask("jonas", "/rewards history")
