"""A sum may also grow when something is taken back: a negative number."""

from __future__ import annotations

from decimal import Decimal

from bot.verification import compare
from core.events import Statement
from tests.adapters.storage.conftest import Open
from tests.adapters.storage.said import HEAD, HOUR, NOON, TEAM, book, gone

GIFTS = f"""{HEAD}
[achievement.gifts]
name = "Gifts"
when = "donation.made"
sum = "amount"
goal = 2
within = "5 days"
"""


def gift(n: int, amount: Decimal | int) -> Statement:
    at = NOON - (10 - n) * HOUR
    return Statement(TEAM, f"gift:{n}", at, "donation.made", actor=f"{TEAM}/A", facts={"amount": amount})


async def test_a_window_reaches_its_goal_when_a_negative_number_is_withdrawn(opened: Open, url: str) -> None:
    store = await opened(GIFTS)
    back = gift(1, Decimal("-0.5"))
    await store.take([gift(0, 1), back, gift(2, 1)])
    assert await store.holders("default") == {}
    await store.take([gone(back, NOON - HOUR)])
    assert await store.holders("default") == {"gifts": 1}
    assert compare(url, [book(GIFTS)], NOON) == []
