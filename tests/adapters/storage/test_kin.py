"""A link that was a moderator's mistake binds nobody once it is taken back; any other does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.events import WITHDRAW, Statement
from tests.adapters.storage.said import NOON, TEAM, gone, post
from tests.bot.shopping import BOOK, Counter, shop

OTHER = "discord:2"
MODERATOR = f"{TEAM}/N"
PIN = '[reward.pin]\nname = "Pin"\nprice = 100\nper_person = 1\n'


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    async with shop(tmp_path, BOOK + PIN) as counter:
        await counter.earn("A", 1)
        await counter.earn("B", 1, source=OTHER)
        yield counter


async def link(counter: Counter, way: str = "moderator", by: str = MODERATOR, at: int = NOON) -> None:
    people = {"actor": f"{TEAM}/A", "target": f"{OTHER}/B"}
    said = Statement("moderator", "link:1", at, "member.linked", **people, facts={"way": way}, by=by)  # type: ignore[arg-type] # two accounts
    await counter.office.store.take([said])


async def part(counter: Counter, by: str = MODERATOR, at: int = NOON) -> None:
    await counter.office.store.take([Statement("moderator", "link:1", at, op=WITHDRAW, by=by)])


async def test_after_a_mistake_each_has_what_is_for_each_person(counter: Counter) -> None:
    await link(counter)
    await part(counter)
    assert "Done: Pin" in await counter.redeem("B", "pin", source=OTHER)
    assert "Done: Pin" in await counter.redeem("A", "pin")


async def test_after_a_mistake_the_debt_of_one_is_not_the_others(counter: Counter) -> None:
    mistake = post(99, "B", source=OTHER)
    await counter.office.store.take([mistake])
    await link(counter)
    await part(counter)
    await counter.redeem("B", "mug", source=OTHER)
    await counter.office.store.take([gone(mistake, NOON)])
    assert "You have 100 points." in await counter.said("A", "rewards")


async def test_it_binds_where_something_was_redeemed_meanwhile(counter: Counter) -> None:
    await link(counter)
    assert "Done: Pin" in await counter.redeem("B", "pin", source=OTHER)
    await part(counter)
    assert "You have had as many" in await counter.question("A", "pin")


async def test_it_binds_where_it_was_made_again_and_used(counter: Counter) -> None:
    await link(counter)
    await part(counter)
    await link(counter, at=NOON + 1)
    await counter.redeem("B", "mug", source=OTHER)
    await part(counter, at=NOON + 1)
    assert "You have 0 points" in await counter.said("A", "rewards")


@pytest.mark.parametrize(
    ("way", "made_by", "parted_by"),
    [
        ("chat", MODERATOR, MODERATOR),
        ("moderator", f"{OTHER}/B", MODERATOR),
        ("moderator", MODERATOR, f"{TEAM}/A"),
    ],
)
async def test_it_binds_where_they_had_a_hand_in_it(counter: Counter, way: str, made_by: str, parted_by: str) -> None:
    await link(counter, way, made_by)
    await part(counter, parted_by)
    assert "Done: Pin" in await counter.redeem("B", "pin", source=OTHER)
    assert "You have had as many" in await counter.question("A", "pin")


async def test_who_has_less_because_of_a_former_account_reads_why(counter: Counter) -> None:
    await link(counter, "chat")
    await counter.redeem("B", "mug", source=OTHER)
    await part(counter)
    for choice in ("", "history"):
        said = await counter.said("A", "rewards", choice=choice)
        assert "You have 0 points.\nKept back for an account that was linked with yours" in said
        assert "redeemed more than it has: 100 points." in said
    assert "Kept back" not in await counter.said("C", "rewards")
