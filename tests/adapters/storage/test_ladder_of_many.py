"""A changed ladder for many people: page by page, and in the end as if everybody had been counted one by one."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from adapters.storage.departures import depart
from adapters.storage.engines import database_file
from adapters.storage.store import Store
from bot.bookkeeper import Bookkeeper
from bot.verification import compare
from core.ladder import PAGE
from tests.adapters.storage.conftest import Open
from tests.adapters.storage.said import HEAD, NOON, TEAM, book, post
from tests.adapters.storage.test_versions import proposed, taken_up

SCORED = f"""{HEAD}
[achievement.pick]
name = "Pick"
manual = "moderator"
[score.posts]
when = "message.posted"
give = 1
"""
LADDER = """
[[level]]
name = "Newcomer"
at = 1
[[level]]
name = "Regular"
at = 30
gives_role = "regular"
[[level]]
name = "Guide"
at = 40
needs = ["pick"]
"""
MANY = 2 * PAGE + 100
AMOUNTS: Mapping[str, int] = {f"{TEAM}/U{n:05}": n * 7919 % 61 for n in range(MANY)}
PICKED = [member for n, member in enumerate(AMOUNTS) if n % 7 == 0]
_AWARD = """
INSERT INTO award (community, member, achievement, version, tier, occurrence, state, kept, earned_at, due_at, evidence,
since, decided_at) VALUES ('default', ?, 'pick', 1, '', '', 'awarded', 0, 1, 1, 1, 1, 1)
"""


def naive(member: str) -> set[str]:
    rungs = {"Newcomer": 1, "Regular": 30, **({"Guide": 40} if member in PICKED else {})}
    return {name for name, at in rungs.items() if AMOUNTS[member] >= at}


def fill(url: str) -> None:
    """Everybody has scored, over two days."""
    with closing(sqlite3.connect(database_file(url))) as db, db:
        rows = [(739_000 + day, m, n // 2 + day * (n % 2)) for m, n in AMOUNTS.items() for day in (0, 1)]
        db.executemany("INSERT INTO score VALUES ('default', ?, ?, 'posts', ?)", rows)
        db.executemany(_AWARD, [(m,) for m in PICKED])


def stored(url: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for member, name in _rows(url, "SELECT member, name FROM level"):
        found.setdefault(str(member), set()).add(str(name))
    return found


def wanted() -> dict[str, set[str]]:
    return {member: names for member in AMOUNTS if (names := naive(member))}


def role_changes(url: str) -> set[str]:
    return {str(row[0]) for row in _rows(url, "SELECT destination FROM outbox WHERE kind = 'roles'")}


def _rows(url: str, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database_file(url))) as db:
        return db.execute(query).fetchall()


async def test_at_the_start_everybody_holds_what_counting_one_by_one_gives(opened: Open, url: str) -> None:
    await (await opened(SCORED)).close()
    fill(url)
    await opened(SCORED + LADDER)
    assert stored(url) == wanted()
    assert role_changes(url) == set()


async def test_while_the_bot_works_others_write_between_the_pages(opened: Open, url: str) -> None:
    store = await many(opened, url)
    await taken_up(store, await proposed(store, SCORED + LADDER))
    assert len(stored(url)) < PAGE
    assert [line for line in compare(url, [book(SCORED + LADDER)], NOON) if "level" in line] == []
    climbing = asyncio.ensure_future(store.climb("default"))
    await store.take([post(1, "V")])
    assert f"{TEAM}/V" in stored(url)
    await climbing
    del (there := stored(url))[f"{TEAM}/V"]
    assert there == wanted()
    assert role_changes(url) == {m for m, names in wanted().items() if "Regular" in names}


async def test_where_the_bot_stops_meanwhile_the_next_start_brings_the_rest(opened: Open, url: str) -> None:
    store = await many(opened, url)
    await taken_up(store, await proposed(store, SCORED + LADDER))
    await store.close()
    for _ in range(2):
        await (await opened(SCORED + LADDER)).close()
        assert stored(url) == wanted()
        assert role_changes(url) == {m for m, names in wanted().items() if "Regular" in names}


async def test_where_whom_it_has_just_come_to_is_erased_the_others_still_get_theirs(opened: Open, url: str) -> None:
    store = await many(opened, url)
    await taken_up(store, await proposed(store, SCORED + LADDER))
    [(last,)] = _rows(url, "SELECT value FROM notebook WHERE key LIKE 'ladder%'")
    await depart(store, str(last))
    assert _rows(url, "SELECT value FROM notebook WHERE key LIKE 'ladder%'") == [("",)]
    await store.climb("default")
    assert stored(url).items() >= {m: names for m, names in wanted().items() if m != last}.items()


async def test_whoever_takes_a_book_up_goes_on_until_everybody_was_looked_at(
    opened: Open, url: str, tmp_path: Path
) -> None:
    store = await many(opened, url)
    (rules := tmp_path / "rules.toml").write_text(SCORED)
    await proposed(store, SCORED + LADDER)
    await Bookkeeper(store, rules).look()
    assert stored(url) == wanted()
    assert _rows(url, "SELECT * FROM notebook WHERE key LIKE 'ladder%'") == []


async def test_without_levels_in_the_book_nobody_holds_one(opened: Open, url: str) -> None:
    store = await opened(SCORED + LADDER)
    await store.take([post(1)])
    assert stored(url) == {f"{TEAM}/A": {"Newcomer"}}
    await taken_up(store, await proposed(store, SCORED))
    assert stored(url) == {}
    assert compare(url, [book(SCORED)], NOON) == []


async def many(opened: Open, url: str) -> Store:
    store = await opened(SCORED)
    fill(url)
    return store
