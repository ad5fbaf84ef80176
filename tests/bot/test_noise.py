"""A noisy hour in real channels: within the budget, nothing lost, nothing said twice, also by several processes."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage.cards import read_card
from adapters.storage.store import Store, open_store
from adapters.terminal.cards import render
from bot.schedule import Schedule
from core.times import read_time
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import HEAD, HOUR, SECOND, by_hand, chose, gone, post
from tests.adapters.storage.said import book as read
from tests.databases import fresh

START = read_time("2026-03-18T09:00:00Z")  # a Wednesday, ten in Berlin
MONDAY = read_time("2026-03-23T08:00:00Z")  # nine in Berlin
MINUTE = 60 * SECOND
FIRST = """
[achievement.first]
name = "First"
when = "message.posted"
announce = "channel"
if_undone = "revoke"
"""
CHANNELS = '[channels]\ndigest = { slack = "C9" }\n'
BOOK = HEAD + CHANNELS + "[noise]\n" + FIRST


class Town:
    """Two processes on one file, of which the second only ticks."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.url, self.clock = url, clock
        self.stores: list[Store] = []
        self.schedules: list[Schedule] = []

    async def opens(self, text: str) -> None:
        for _ in range(2):
            self.stores.append(await open_store(self.url, [read(text)], self.clock))
            self.schedules.append(Schedule(self.stores[-1], lambda: ["slack:T1"], dict))

    async def tick(self) -> None:
        for schedule in self.schedules:
            await schedule._noisekeeper.tick()

    async def posts(self, n: int, who: str | None = None, **facts: str) -> None:
        await self.stores[0].take([post(n, who or f"U{n}", at=self.clock.now, **facts)])

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.url.removeprefix("sqlite+aiosqlite:///")) as db:
            return db.execute(query).fetchall()

    def messages(self, channel: str = "C1") -> list[tuple[int, str]]:
        """When, and the card as text."""
        found = self.rows("SELECT created_at, card, destination FROM outbox WHERE kind = 'card' ORDER BY id")
        return [(at, render(read_card(card))) for at, card, to in found if json.loads(to)["channel"] == channel]  # type: ignore[arg-type, misc] # columns

    def states(self) -> Counter[object]:
        return Counter(row[0] for row in self.rows("SELECT state FROM announcement"))


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    town = Town(fresh(tmp_path), Clock(START))
    yield town
    for store in town.stores:
        await store.close()


async def test_five_hundred_awards_in_an_hour_make_six_messages_and_the_digest_tells_the_rest(town: Town) -> None:
    await town.opens(BOOK)
    for first in range(0, 500, 10):
        await town.stores[0].take([post(n, f"U{n}", at=town.clock.now) for n in range(first, first + 10)])
        await town.tick()
        town.clock.now += HOUR // 50
    for _ in range(12):
        town.clock.now += 10 * MINUTE
        await town.tick()
    said = town.messages()
    assert all(sum(at - HOUR < other <= at for other, _ in said) <= 6 for at, _ in said)
    assert len(said) >= 6
    named = [n for n in range(500) if any(f"U{n}" in card.replace(",", " ").split() for _, card in _plain(said))]
    held = {
        row[0]
        for row in town.rows(
            "SELECT a.member FROM announcement n JOIN award a ON a.id = n.award WHERE n.state = 'digest'"
        )
    }
    assert len(named) + len(held) == 500
    assert held.isdisjoint(f"slack:T1/U{n}" for n in named)
    town.clock.now = MONDAY
    for schedule in town.schedules:
        await schedule.post_digest("default")
    [(_, digest)] = town.messages("C9")
    assert "and 488 more" in digest  # twelve are named; nobody is missing
    assert town.states() == {"told": len(named), "weekly": len(held)}


def _plain(said: list[tuple[int, str]]) -> list[tuple[int, str]]:
    return [(at, card.replace("@", "").replace(":", " ")) for at, card in said]


async def test_a_burst_is_one_message_and_a_single_one_stays_where_it_was_earned(town: Town) -> None:
    await town.opens(BOOK.replace('announce = "channel"', 'announce = "thread"'))
    for n, who in enumerate(("Amira", "Jonas", "Lena")):
        await town.posts(n, who)
        town.clock.now += MINUTE
    await town.tick()
    assert [card.partition("\n")[0] for _, card in town.messages()] == ["@Amira earned First."]
    town.clock.now = START + 10 * MINUTE
    await town.tick()
    await town.tick()
    assert [card.partition("\n")[0] for _, card in town.messages()][1:] == ["Two people earned First: Jonas, Lena"]
    town.clock.now += MINUTE
    await town.posts(9, "Mei")
    town.clock.now += 10 * MINUTE
    await town.tick()
    [(to,)] = town.rows("SELECT destination FROM outbox ORDER BY id DESC LIMIT 1")
    assert (json.loads(str(to))["kind"], json.loads(str(to))["message"]) == ("thread", "9")


async def test_what_is_undone_or_silenced_while_it_waits_is_not_said(town: Town) -> None:
    await town.opens(BOOK)
    for n, who in enumerate(("Amira", "Jonas", "Lena", "Mei", "Kofi")):
        await town.posts(n, who)
    await town.stores[0].take([gone(post(1, "Jonas", at=START), START + 1)])
    await town.stores[0].take(
        [chose("Lena", START + 1, announce="private"), chose("Mei", START + 1, announce="digest")]
    )
    town.clock.now += 10 * MINUTE
    await town.tick()
    said = [card.partition("\n")[0] for _, card in town.messages() if "earned" in card]
    assert said == ["@Amira earned First.", "@Kofi earned First."]
    assert town.states() == {"told": 2, "dropped": 2, "digest": 1}


async def test_private_notes_and_other_channels_do_not_count(town: Town) -> None:
    await town.opens(BOOK.replace("[noise]", "[noise]\nper_channel_hour = 1"))
    await town.stores[0].take([chose("Jonas", START - 1, announce="private")])
    for n, (who, channel) in enumerate((("Jonas", "C1"), ("Lena", "C2"), ("Amira", "C1"))):
        where = {"message": f"message:{channel}/{n}", "channel_id": channel}
        await town.posts(n, who, **where)
    await town.tick()
    assert [len(town.messages(channel)) for channel in ("C1", "C2")] == [2, 1]


async def test_at_night_everybody_waits_for_the_morning(town: Town) -> None:
    await town.opens(BOOK)
    town.clock.now = read_time("2026-03-18T22:30:00Z")
    for n in range(3):
        await town.posts(n)
    await town.tick()
    assert town.messages() == []
    town.clock.now = read_time("2026-03-19T07:00:00Z")
    await town.tick()
    assert [card.partition(":")[0] for _, card in town.messages()] == ["Three people earned First"]


async def test_what_a_digest_missed_is_in_the_next_one(town: Town) -> None:
    """The bot was away over two digests; what was held back before is told as soon as there is one again."""
    await town.opens(BOOK.replace("[noise]", "[noise]\nper_channel_hour = 1"))
    for n, who in enumerate(("Amira", "Jonas")):
        await town.posts(n, who)
    assert town.states() == {"told": 1, "digest": 1}
    town.clock.now = MONDAY + 16 * 24 * HOUR
    for schedule in town.schedules:
        await schedule.post_digest("default")
    [(_, digest)] = town.messages("C9")
    assert "Jonas" in digest
    assert town.states() == {"told": 1, "weekly": 1}


async def test_what_the_digest_says_on_another_platform_only_waits_here(town: Town) -> None:
    await town.opens(BOOK.replace('slack = "C9"', 'discord = "9"').replace("[noise]", "[noise]\nper_channel_hour = 1"))
    for n, who in enumerate(("Amira", "Jonas")):
        await town.posts(n, who)
    assert town.states() == {"told": 1, "waiting": 1}
    town.clock.now += HOUR
    await town.tick()
    assert town.states() == {"told": 2}


async def test_without_the_table_everything_is_said_at_once(town: Town) -> None:
    await town.opens(HEAD + CHANNELS + FIRST)
    for n in range(9):
        await town.posts(n)
    assert len(town.messages()) == 9
    assert town.states() == {}


async def test_what_waits_when_the_table_goes_is_said(town: Town) -> None:
    await town.opens(BOOK)
    for n in range(4):
        await town.posts(n)
    town.clock.now += 10 * MINUTE
    store = await open_store(town.url, [read(HEAD + CHANNELS + FIRST)], town.clock)
    town.stores.append(store)
    await Schedule(store, lambda: ["slack:T1"], dict)._noisekeeper.tick()
    assert len(town.messages()) == 2


async def test_what_is_given_by_hand_counts_too(town: Town) -> None:
    manual = FIRST.replace('when = "message.posted"', 'manual = "moderator"').replace('if_undone = "revoke"\n', "")
    rooms = CHANNELS + 'announcements = { slack = "C7" }\n'
    await town.opens(HEAD + rooms + "[noise]\n" + manual)
    for who in ("Amira", "Jonas", "Lena"):
        await town.stores[0].take([by_hand("grant.made", "first", who, town.clock.now)])
    assert len(town.messages("C7")) == 1
    town.clock.now += 10 * MINUTE
    await town.tick()
    assert len(town.messages("C7")) == 2


async def test_what_was_told_a_month_ago_is_let_go(town: Town) -> None:
    await town.opens(BOOK)
    await town.posts(1)
    await town.tick()
    town.clock.now += 31 * 24 * HOUR
    await town.posts(2)
    await town.tick()
    assert town.states() == {"told": 1}
