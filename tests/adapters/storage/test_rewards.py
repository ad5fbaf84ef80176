"""The ledger with rewards in it: two bots on one file, accounts that are one person, replay, tampering, erasure."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from adapters.storage.departures import depart
from adapters.storage.exporting import collect
from adapters.storage.history import SqlHistory
from adapters.storage.store import open_store
from bot.desk import FrontDesk
from bot.verification import compare
from core.events import WITHDRAW, Statement
from core.plan import compile_plan
from core.replay import Log, replay
from tests.adapters.storage.said import NOON, TEAM, book
from tests.bot.office import Office
from tests.bot.shopping import BOOK, Counter, shop

OTHER = "discord:2"


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    async with shop(tmp_path) as counter:
        yield counter


def linked(at: int = NOON) -> Statement:
    return Statement("moderator", "link:1", at, "member.linked", actor=f"{TEAM}/A", target=f"{OTHER}/B", by=f"{TEAM}/N")


def parted() -> Statement:
    return Statement("moderator", "link:1", NOON, op=WITHDRAW, by=f"{TEAM}/N")


async def test_two_bots_on_one_file_give_nobody_more_than_there_is(counter: Counter) -> None:
    people = "ABCDEFGH"
    for who in people:
        await counter.earn(who, 2)
    store = await open_store(counter.office.url, [book(BOOK)], counter.office.clock)
    office = counter.office
    second = Counter(Office(office.url, store, office.clock, FrontDesk(store), office.codes, BOOK), 1_000)
    desks = [counter, second]
    questions = {who: await desks[n % 2].question(who, "mug") for n, who in enumerate(people)}
    # Everybody says yes at both.
    asked = [d.said(who, "rewards-yes", argument=q) for who, q in questions.items() for d in desks]
    said = await asyncio.gather(*asked)
    await store.close()
    assert sum("Done: Mug" in text for text in said) == 4  # two people, each told by both
    assert sorted(map(counter.balance, people)) == [0, 0, *[200] * 6]


async def test_linked_accounts_share_a_balance_and_parting_is_exact(counter: Counter) -> None:
    await counter.earn("A", 1)
    await counter.earn("B", 2, source=OTHER)
    assert "It takes 100 points more." in await counter.question("A", "mug")
    await counter.office.store.take([linked()])
    assert "Done: Mug" in await counter.redeem("B", "mug", source=OTHER)
    assert "You have 100 points." in await counter.said("A", "rewards")
    assert "taken back" not in await counter.said("A", "rewards", choice="history")
    assert counter.office.differences() == []
    await counter.office.store.take([parted()])
    assert "You have 100 points" in await counter.said("A", "rewards")
    assert sum(points for points, _ in counter.ledger("B", OTHER)) == 0


async def test_a_replay_of_the_log_gives_the_same_balances(counter: Counter) -> None:
    await counter.earn("A", 4)
    await counter.earn("J", 5)
    for who, reward in (("A", "mug"), ("J", "ticket"), ("J", "mug")):
        await counter.redeem(who, reward)
    await counter.said("N", "rewards-declined", "manager", about="2", reason="No")
    log = Log(compile_plan(book(BOOK)), counter.office.clock())
    said = await counter.office.store.look(lambda db: list(SqlHistory(db, "default").log()))
    for statement in reversed(said):  # the order does not matter
        log.take(statement)
    assert replay(log.plan, log).points == {f"{TEAM}/A": 200, f"{TEAM}/J": 300}


async def test_what_others_than_we_say_of_rewards_gives_nobody_points(counter: Counter) -> None:
    facts = {"price": 5_000, "reward": "mug"}
    await counter.office.store.take(
        [Statement("desk:acme", "reward:9:refunded", NOON, "reward.refunded", target=f"{TEAM}/A", facts=facts)]
    )
    assert "You have 0 points." in await counter.said("A", "rewards")
    assert counter.office.differences() == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE ledger SET points = -100 WHERE award IS NULL", "entry 3 or what stood before it"),
        ("DELETE FROM ledger WHERE award IS NULL", "reward 1 is stored as open for slack:T1/A with 0 points"),
        ("UPDATE payout SET state = 'refunded'", "reward 1 is stored as refunded"),
        ("DELETE FROM payout", "is about a reward that nobody redeemed"),
    ],
)
async def test_verify_finds_what_somebody_changed(counter: Counter, change: str, told: str) -> None:
    await counter.earn("A", 2)
    await counter.redeem("A", "mug")
    found = changed(counter.office.url, change, counter.office.clock())
    assert any(told in line for line in found), found


def changed(url: str, change: str, now: int) -> list[str]:
    """What is found in a copy of the file to which somebody did this."""
    copy = f"{url}.copy"
    source, target = (u.removeprefix("sqlite+aiosqlite:///") for u in (url, copy))
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)
        there.execute(change)
        there.commit()
    return compare(copy, [book(BOOK)], now)


async def test_erasure_keeps_the_books_and_takes_the_person_out(counter: Counter) -> None:
    await counter.earn("A", 3)
    await counter.redeem("A", "ticket")
    await counter.said("N", "rewards-declined", "manager", about="1", reason="Amira knows why")
    held = await counter.office.store.look(lambda db: collect(db, "default", [f"{TEAM}/A"]))
    assert [row["name"] for row in held["payout"]] == ["Ticket"]
    await depart(counter.office.store, f"{TEAM}/A")
    dump = "\n".join(counter.office.dump())
    assert "slack:T1/A'" not in dump
    assert "knows why" not in dump
    assert counter.office.rows("SELECT price, state, reason FROM payout") == [(300, "declined", None)]


async def test_what_an_erased_person_left_open_can_be_closed_and_nobody_is_told(counter: Counter) -> None:
    await counter.earn("A", 3)
    await counter.redeem("A", "mug")
    await depart(counter.office.store, f"{TEAM}/A")
    await counter.manage("rewards-refund")
    assert "Refunded: Mug" in await counter.said("N", "rewards-refunded", "manager", about="1", reason="Gone")
    assert counter.states() == ["refunded"]
    assert counter.cards("reward:1:refunded:told") == []


HERE = BOOK.replace("[community]", '[community]\nid = "here"\nsources = ["slack:T1", "discord:2"]')
THERE = BOOK.replace("[community]", '[community]\nid = "there"\nsources = ["slack:T2"]')


async def test_two_communities_have_their_own_shelves_numbers_and_months(tmp_path: Path) -> None:
    async with shop(tmp_path, HERE) as counter:
        office, people = counter.office, "AB"
        both = await open_store(office.url, [book(HERE), book(THERE)], office.clock)
        second = Counter(Office(office.url, both, office.clock, FrontDesk(both), office.codes, HERE), 1_000)
        for who in people:
            await second.earn(who, 2)
            await second.earn(who, 2, source="slack:T2")
            assert "Done: Mug" in await second.redeem(who, "mug")
            assert "Done: Mug" in await second.redeem(who, "mug", source="slack:T2")
        found = compare(office.url, [book(HERE), book(THERE)], office.clock())
        await both.close()
    assert found == []
    query = "SELECT community, id, account FROM payout ORDER BY community, id"
    assert office.rows(query) == [
        ("here", 1, "slack:T1/A"),
        ("here", 2, "slack:T1/B"),
        ("there", 1, "slack:T2/A"),
        ("there", 2, "slack:T2/B"),
    ]


def joined(account: str, number: int) -> Statement:
    id_, first = f"link:{number}", f"{TEAM}/A"
    return Statement("moderator", id_, NOON, "member.linked", actor=first, target=f"{OTHER}/{account}", by=first)


async def test_points_are_spent_once_however_many_accounts_come_and_go(tmp_path: Path) -> None:
    async with shop(tmp_path, BOOK + '[reward.pin]\nname = "Pin"\nprice = 100\nper_person = 1\n') as counter:
        await counter.earn("A", 2)
        for number, account in enumerate("XYZ"):
            link = joined(account, number)
            await counter.office.store.take([link])
            await counter.redeem(account, "mug", source=OTHER)
            await counter.office.store.take([Statement(link.source, link.id, NOON, op=WITHDRAW, by=link.by)])
        assert counter.states() == ["open"]
        assert "You have 0 points." in await counter.said("A", "rewards")
        await counter.said("N", "rewards-refunded", "manager", about="1", reason="Gone")
        assert "You have 200 points." in await counter.said("A", "rewards")
        link = joined("W", 9)
        await counter.office.store.take([link])
        assert "Done: Pin" in await counter.redeem("W", "pin", source=OTHER)
        await counter.office.store.take([Statement(link.source, link.id, NOON, op=WITHDRAW, by=link.by)])
        assert "You have 100 points." in await counter.said("A", "rewards")
        assert "Done" not in await counter.redeem("A", "pin")  # one for each person


async def test_what_a_former_account_of_a_manager_redeemed_is_dealt_with_by_another(counter: Counter) -> None:
    await counter.earn("A", 3)
    await counter.office.store.take([linked()])
    await counter.redeem("B", "ticket", source=OTHER)
    await counter.office.store.take([parted()])
    assert "another manager" in await counter.manage("rewards-approve", who="A")
    assert "Approved" in await counter.manage("rewards-approve")


async def test_all_that_waits_is_counted(tmp_path: Path) -> None:
    async with shop(tmp_path, BOOK + '[reward.pin]\nname = "Pin"\nprice = 1\n') as counter:
        await counter.earn("A", 1)
        for _ in range(22):
            await counter.redeem("A", "pin")
        assert "21 more wait behind it." in await counter.said("N", "rewards-waiting", "manager")
