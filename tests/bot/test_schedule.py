"""What happens by itself: once, however many processes look, and also after a restart or a change of the clocks."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.storage.store import Store, open_store
from bot.arrears import LONGEST
from bot.schedule import Schedule
from core.errors import RetryLater
from core.events import Statement
from core.serving import Mode
from core.times import read_time
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import DAY, HEAD, HOUR, NOON, THREE, book, mark, post
from tests.databases import fresh

WEEKLY = (
    THREE.replace('name = "Three"', 'name = "Three"\nannounce = "digest"\nsettle = "1 day"')
    + '[channels]\ndigest = { slack = "C9", discord = "9" }\n'
)

FIRST = f"""{HEAD}
[channels]
digest = {{ slack = "C9" }}
[achievement.first]
name = "First"
when = "message.posted"
announce = "digest"
"""


class Asked:
    """A platform that is asked for what a payload lacked."""

    def __init__(self, known: Mapping[str, object] | Exception | None) -> None:
        self.known = known
        self.about: list[str] = []

    async def recall(self, statement: Statement) -> Mapping[str, object] | None:
        self.about.append(statement.id)
        if isinstance(self.known, Exception):
            raise self.known
        return self.known


@pytest.fixture
def clock() -> Clock:
    return Clock(read_time("2026-03-18T12:00:00Z"))


class Town:
    """Processes on one file."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.url, self.clock = url, clock
        self.stores: list[Store] = []
        self.book = WEEKLY

    async def process(self, recall: Asked | None = None) -> Schedule:
        store = await open_store(self.url, [book(self.book)], self.clock)
        self.stores.append(store)
        recalls = {} if recall is None else {"slack:T1": recall}
        return Schedule(store, lambda: ["slack:T1", "discord:2"], lambda: recalls)

    def sent(self) -> list[tuple[str, str]]:
        with sqlite3.connect(self.url.removeprefix("sqlite+aiosqlite:///")) as db:
            return db.execute("SELECT cause, source FROM outbox ORDER BY id").fetchall()

    def cards(self, cause: str) -> list[object]:
        with sqlite3.connect(self.url.removeprefix("sqlite+aiosqlite:///")) as db:
            return [json.loads(row[0]) for row in db.execute("SELECT card FROM outbox WHERE cause = ?", (cause,))]


@pytest.fixture
async def town(tmp_path: Path, clock: Clock) -> AsyncIterator[Town]:
    url = fresh(tmp_path)
    town = Town(url, clock)
    yield town
    for store in town.stores:
        await store.close()


async def test_the_digest_is_posted_once_by_many_processes_and_after_restarts(town: Town, clock: Clock) -> None:
    first, second = await town.process(), await town.process()
    await town.stores[0].take([post(n) for n in range(3)])
    await first.tick()
    assert town.sent() == []
    clock.now = read_time("2026-03-23T07:59:59Z")  # Monday 08:59:59 in Berlin
    await asyncio.gather(first.tick(), second.tick())
    assert town.sent() == []
    clock.now += 1_000_000
    await asyncio.gather(*(s.tick() for s in (first, second, first, second)))
    third = await town.process()
    await third.tick()
    assert town.sent() == [("digest:2026-W12", "slack:T1"), ("digest:2026-W12", "discord:2")]


async def test_a_platform_that_is_known_a_moment_later_gets_the_digest_too(town: Town, clock: Clock) -> None:
    known = ["slack:T1"]
    await town.process()
    schedule = Schedule(town.stores[0], lambda: known, dict, all_known=lambda: len(known) == 2)
    await town.stores[0].take([post(n) for n in range(3)])
    clock.now = read_time("2026-03-23T08:00:00Z")  # Monday, nine in Berlin
    await schedule.tick()
    assert town.sent() == []
    known.append("discord:2")
    await schedule.tick()
    assert town.sent() == [("digest:2026-W12", "slack:T1"), ("digest:2026-W12", "discord:2")]


async def test_a_platform_that_stays_away_keeps_the_others_waiting_for_an_hour(town: Town, clock: Clock) -> None:
    await town.process()
    schedule = Schedule(town.stores[0], lambda: ["slack:T1"], dict, all_known=lambda: False)
    await town.stores[0].take([post(n) for n in range(3)])
    clock.now = read_time("2026-03-23T08:00:00Z")
    await schedule.tick()
    clock.now += LONGEST - 1
    await schedule.tick()
    assert town.sent() == []
    clock.now += 1
    await schedule.tick()
    assert town.sent() == [("digest:2026-W12", "slack:T1")]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("monday", "sunday", [{"P1", "P2"}, {"P3", "P4", "P5"}]),
        ("friday", "monday", [{"P1"}, {"P2", "P3", "P4"}, {"P5"}]),
    ],
)
async def test_where_the_day_is_moved_each_badge_is_told_once(
    town: Town, clock: Clock, before: str, after: str, told: list[set[str]]
) -> None:
    earned = {19: "P1", 21: "P2", 24: "P3", 26: "P4", 28: "P5"}  # days of March
    town.book = f'{FIRST}[digest]\nday = "{before}"\n'
    schedule = await town.process()
    for day in range(18, 37):
        clock.now = NOON + (day - 18) * DAY
        if day == 28:
            town.book = town.book.replace(before, after)
            schedule = await town.process()
        await schedule.tick()
        if (who := earned.get(day)) is not None:
            await town.stores[-1].take([post(day, who, at=clock.now)])
    cards = [json.dumps(town.cards(cause)) for cause, source in town.sent() if source == "slack:T1"]
    assert [set(re.findall(r"P\d", card)) for card in cards] == told


@pytest.mark.parametrize(
    ("monday", "utc"),
    [("2026-03-30", "07:00"), ("2026-10-26", "08:00"), ("2026-10-19", "07:00"), ("2027-01-04", "08:00")],
)
async def test_the_digest_comes_at_nine_on_the_wall_in_every_season(
    town: Town, clock: Clock, monday: str, utc: str
) -> None:
    schedule = await town.process()
    due = read_time(f"{monday}T{utc}:00Z")
    clock.now = due - 7 * DAY + 2 * HOUR
    await schedule.tick()
    await town.stores[0].take([post(n, at=due - 3 * DAY + n) for n in range(3)])
    before = len(town.sent())
    clock.now = due - 1
    await schedule.tick()
    assert len(town.sent()) == before
    clock.now = due
    await schedule.tick()
    await schedule.tick()
    assert len(town.sent()) == before + 2


MODERATED = (
    WEEKLY.replace("[channels]", '[channels]\nmoderators = { slack = "C8" }')
    + """
[achievement.trial]
name = "On trial"
when = "message.posted"
status = "shadow"
"""
)


async def test_moderators_get_their_part_once_and_alone(town: Town, clock: Clock) -> None:
    town.book = MODERATED
    first, second = await town.process(), await town.process()
    await town.stores[0].take([post(n) for n in range(3)])
    clock.now = read_time("2026-03-23T08:00:00Z")
    await asyncio.gather(*(s.tick() for s in (first, second, first)))
    assert ("moderators:2026-W12", "slack:T1") in town.sent()
    assert sum(cause.startswith("moderators") for cause, _ in town.sent()) == 1
    cards = [json.dumps(card) for card in town.cards("moderators:2026-W12")]
    assert "On trial would have gone to 1 person this week." in cards[0]
    clock.now += 7 * DAY
    await second.tick()
    assert sum(cause.startswith("moderators") for cause, _ in town.sent()) == 1  # nothing to tell


async def test_a_missed_week_is_not_made_up_for(town: Town, clock: Clock) -> None:
    schedule = await town.process()
    clock.now += 30 * DAY
    await town.stores[0].take([post(n, at=clock.now - 2 * DAY + n) for n in range(3)])
    await schedule.tick()
    await schedule.tick()
    assert len({cause for cause, _ in town.sent()}) <= 1


async def test_an_award_settles_by_itself(town: Town, clock: Clock) -> None:
    schedule = await town.process()
    store = town.stores[0]
    await store.take([post(n, at=NOON + n) for n in range(3)])

    async def state() -> str:
        return str(await store.look(lambda db: db.exec_driver_sql("SELECT state FROM award").scalar_one()))

    clock.now = NOON + 2 + DAY - 1
    await schedule.tick()
    assert await state() == "pending"
    clock.now += 1
    await schedule.tick()
    assert await state() == "awarded"


async def test_what_a_payload_lacked_is_asked_for_once(town: Town) -> None:
    platform = Asked({"post_kind": "reply", "author": "slack:T1/A"})
    schedule = await town.process(platform)
    bare = mark(1, "B", NOON)
    bare = Statement(bare.source, bare.id, bare.at, bare.type, actor=bare.actor, facts={"message": "message:C1/1"})
    await town.stores[0].take([bare], Mode(recall=True))
    await schedule.tick()
    await schedule.tick()
    assert platform.about == [bare.id]
    assert (await town.stores[0].take([bare], Mode(recall=True))).new == 0


async def test_a_busy_platform_is_asked_later(town: Town, clock: Clock) -> None:
    platform = Asked(RetryLater(60))
    schedule = await town.process(platform)
    bare = mark(1, "B", NOON)
    bare = Statement(bare.source, bare.id, bare.at, bare.type, actor=bare.actor, facts={"message": "message:C1/1"})
    await town.stores[0].take([bare], Mode(recall=True))
    for after, times in [(0, 1), (59, 1), (60, 2)]:
        clock.now = NOON + after * 1_000_000
        await schedule.tick()
        assert len(platform.about) == times


async def test_a_part_that_fails_keeps_nobody_from_the_rest(town: Town, clock: Clock) -> None:
    schedule = await town.process(Asked(ZeroDivisionError()))
    bare = mark(1, "B", NOON)
    bare = Statement(bare.source, bare.id, bare.at, bare.type, actor=bare.actor, facts={"message": "message:C1/1"})
    await town.stores[0].take([bare], Mode(recall=True))
    await town.stores[0].take([post(n) for n in range(3)])
    clock.now = read_time("2026-03-23T08:00:00Z")  # Monday, nine in Berlin
    with capture_logs() as logged:
        await schedule.tick()
        await schedule.tick()
    assert town.sent() == [("digest:2026-W12", "slack:T1"), ("digest:2026-W12", "discord:2")]
    assert [entry["part"] for entry in logged if entry["log_level"] == "error"] == ["stamp"]
