"""Zones that a platform tells reach the log: once, where a rule goes by them, and never over somebody's own choice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage.store import Store, open_store
from bot.verification import compare
from bot.zonekeeper import Zonekeeper
from core.events import Statement
from core.ports import Person
from core.times import read_time, write_time
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import HEAD, HOUR, NOON, TEAM, book, post
from tests.databases import fresh

EVENING = read_time("2026-03-10T14:30:00Z")  # 15:30 in Berlin, 23:30 in Tokyo
OWN = HEAD + '[achievement.late]\nname = "Late"\nwhen = "message.posted"\nwhere.hour = 23\ntimezone = "member"\n'
BACK = '[achievement.back]\nname = "Back"\nwhen = "message.posted"\nafter_absence = "3 days"\n'
MINUTE = HOUR // 60


class Hall:
    """A process on one file, with what the platform says of A and B."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock, self.keeper = store, clock, Zonekeeper(store)

    async def told(self, zone: str | None, user: str = "A", **more: bool) -> None:
        """The platform says where somebody lives, and a minute goes by."""
        await self.store.meet([Person(f"{TEAM}/{user}", user, timezone=zone, **more)])
        self.clock.now += MINUTE
        await self.keeper.tick()

    async def said(self) -> list[tuple[str, str, str]]:
        zone = "CAST(body AS TEXT) ->> '$.facts.timezone'"
        query = f"SELECT id, at, {zone} FROM statement WHERE id LIKE 'zone:%' ORDER BY seq"  # noqa: S608 - from here
        rows = await self.store.look(lambda db: db.exec_driver_sql(query).all())
        return [(row[0], write_time(row[1]), row[2]) for row in rows]

    async def awards(self) -> list[str]:
        query = "SELECT achievement FROM award WHERE state = 'awarded'"
        return list(await self.store.look(lambda db: db.exec_driver_sql(query).scalars().all()))


@pytest.fixture
def rules() -> str:
    return OWN


@pytest.fixture
async def hall(tmp_path: Path, rules: str) -> AsyncIterator[Hall]:
    url = fresh(tmp_path)
    clock = Clock()
    store = await open_store(url, [book(rules)], clock)
    yield Hall(store, clock)
    await store.settle()
    assert compare(url, [book(rules)], clock()) == []
    await store.close()


async def test_the_first_zone_holds_for_what_was_before(hall: Hall) -> None:
    await hall.store.take([post(1, at=EVENING)])
    assert await hall.awards() == []
    await hall.told("Asia/Tokyo")
    assert await hall.said() == [("zone:A/0", "1970-01-01T00:00:00Z", "Asia/Tokyo")]
    assert await hall.awards() == ["late"]


async def test_who_moves_has_a_new_zone_from_then_on(hall: Hall) -> None:
    await hall.told("Asia/Tokyo")
    await hall.told("Asia/Tokyo")
    await hall.told("Europe/Berlin")
    moved = write_time(hall.clock())
    await hall.told("Europe/Berlin")
    assert (await hall.said())[1:] == [("zone:A/1", moved, "Europe/Berlin")]
    await hall.store.take([post(1, at=EVENING)])
    assert await hall.awards() == ["late"]


async def test_a_restart_says_nothing_again(hall: Hall) -> None:
    await hall.told("Asia/Tokyo")
    hall.keeper = Zonekeeper(hall.store)
    await hall.told("Asia/Tokyo")
    assert len(await hall.said()) == 1


async def test_what_somebody_chose_is_left_alone(hall: Hall) -> None:
    account, facts = f"{TEAM}/A", {"timezone": "Asia/Tokyo", "chosen": True}
    chosen = Statement(TEAM, "zone:mine", NOON, "member.zone_set", actor=account, facts=facts)
    await hall.store.take([chosen])
    await hall.told("Europe/Berlin")
    assert [name for _, _, name in await hall.said()] == ["Asia/Tokyo"]


@pytest.mark.parametrize(
    ("zone", "more"), [("Mars/Olympus", {}), (None, {}), ("UTC", {"bot": True}), ("UTC", {"present": False})]
)
async def test_of_whom_nothing_is_said(hall: Hall, zone: str | None, more: dict[str, bool]) -> None:
    await hall.told(zone, **more)
    assert await hall.said() == []


async def test_who_opted_out_is_not_spoken_of_until_they_are_back(hall: Hall) -> None:
    for n, tracking in enumerate(("off", "on")):
        facts, at = {"tracking": tracking}, hall.clock()
        await hall.store.take([Statement(TEAM, f"s{n}", at, "member.settings_changed", actor=f"{TEAM}/A", facts=facts)])
        await hall.told("Asia/Tokyo")
        assert len(await hall.said()) == n


@pytest.mark.parametrize("rules", [OWN.replace('timezone = "member"\n', "")])
async def test_nothing_is_said_that_no_rule_asks_for(hall: Hall, rules: str) -> None:
    await hall.told("Asia/Tokyo")
    assert await hall.said() == []


@pytest.mark.parametrize("rules", [OWN + BACK])
async def test_a_zone_is_no_activity(hall: Hall, rules: str) -> None:
    """Dated so long ago, it would make everybody's first message a return."""
    await hall.told("Asia/Tokyo")
    await hall.store.take([post(1, at=NOON)])
    assert await hall.awards() == []
