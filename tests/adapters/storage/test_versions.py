"""Versions over a history: what is refused, what the log is told, who keeps and who loses."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic import command

import adapters.storage.upgrade as upgrading
from adapters.storage import books, rulings
from adapters.storage.engines import database_file, write_engine
from adapters.storage.history import SqlHistory
from adapters.storage.rulings import Ruling
from adapters.storage.serving import take_up
from adapters.storage.store import Store
from adapters.storage.transactions import SqlTransaction
from bot.verification import compare
from core.rules.findings import BookRefused
from core.rules.fingerprint import fingerprint
from tests.adapters.storage.conftest import Clock, Open
from tests.adapters.storage.said import DAY, NOON, THREE, book, by_hand, post

HARDER = THREE.replace("goal = 3", "goal = 4")
KEEP = HARDER.replace("goal = 4", "goal = 4\nversion = 2")
RECHECK = KEEP.replace("version = 2", 'version = 2\nexisting = "recheck"')
ROLES = 'goal = 3\ngives_role = "Regulars"'


def rows(url: str, query: str, *parameters: object) -> list[Any]:
    with sqlite3.connect(database_file(url)) as db:
        return db.execute(query, parameters).fetchall()


def contents(url: str) -> list[str]:
    with sqlite3.connect(database_file(url)) as db:
        return list(db.iterdump())


async def held_by_three(opened: Open, rules: str = THREE) -> None:
    """Amira has three posts and the badge; Bela has four."""
    store = await opened(rules)
    await store.take([*(post(n) for n in range(3)), *(post(n, "B") for n in range(3, 7))])
    await store.close()


async def test_a_changed_rule_under_its_old_version_is_refused_and_nothing_is_touched(opened: Open, url: str) -> None:
    await held_by_three(opened)
    before = contents(url)
    with pytest.raises(BookRefused) as refused:
        await opened(HARDER)
    assert [found.rule for found in refused.value.findings] == ["R8"]
    assert "version = 2" in str(refused.value)
    assert contents(url) == before
    store = await opened(THREE)
    assert await store.holders("default") == {"three": 2}


async def test_before_there_is_a_history_nothing_is_refused(opened: Open, url: str) -> None:
    for rules in (THREE, HARDER, THREE):
        await (await opened(rules)).close()
    assert rows(url, "SELECT COUNT(*) FROM statement") == [(0,)]


async def test_a_raised_version_is_told_to_the_log_once(opened: Open, url: str, clock: Clock) -> None:
    await held_by_three(opened)
    clock.now += DAY
    for _ in range(2):
        await (await opened(KEEP)).close()
    (said,) = rows(url, "SELECT id, op, at, json_extract(body, '$.type') FROM statement WHERE source = 'plaudit'")
    assert said == ("rule:three:2", "assert", NOON + DAY, "rule.changed")
    assert compare(url, [book(KEEP)], NOON + DAY) == []


async def test_who_fails_the_new_rule_keeps_the_badge_of_the_old_version(opened: Open, url: str) -> None:
    await held_by_three(opened)
    await opened(KEEP)
    assert rows(url, "SELECT member, state, kept, version FROM award ORDER BY member") == [
        ("slack:T1/A", "awarded", 1, 1),
        ("slack:T1/B", "awarded", 0, 1),
    ]
    assert rows(url, "SELECT member, SUM(points) FROM ledger GROUP BY member") == [("slack:T1/A", 2), ("slack:T1/B", 2)]


async def test_with_recheck_who_fails_loses_it_with_the_reason_and_gives_the_points_back(
    opened: Open, url: str
) -> None:
    await held_by_three(opened)
    told = len(rows(url, "SELECT 1 FROM outbox"))
    await opened(RECHECK.replace("points = 2", "points = 5"))
    lost, kept = rows(url, "SELECT state, kept, reason FROM award ORDER BY member")
    assert lost == ("revoked", 0, "the rule changed, and this no longer meets it")
    assert kept == ("awarded", 0, None)
    assert rows(url, "SELECT SUM(points) FROM ledger GROUP BY member ORDER BY member") == [(0,), (5,)]
    notes = rows(url, "SELECT json_extract(destination, '$.kind') FROM outbox ORDER BY id")[told:]
    assert notes == [("private",)]
    assert compare(url, [book(RECHECK.replace("points = 2", "points = 5"))], NOON) == []


async def test_recheck_also_asks_those_who_kept_it_before(opened: Open, url: str) -> None:
    await held_by_three(opened)
    await (await opened(KEEP)).close()
    store = await opened(RECHECK.replace("version = 2", "version = 3"))
    assert await store.holders("default") == {"three": 1}
    assert compare(url, [book(RECHECK.replace("version = 2", "version = 3"))], NOON) == []


async def test_recheck_leaves_what_a_moderator_gave(opened: Open, url: str) -> None:
    store = await opened(THREE)
    await store.take([post(0), by_hand("grant.made", "three", "C", NOON - DAY)])
    await store.close()
    store = await opened(RECHECK)
    assert await store.holders("default") == {"three": 1}


async def test_a_version_dates_from_when_it_came_into_force(opened: Open, url: str, clock: Clock) -> None:
    await held_by_three(opened)
    clock.now += DAY
    await (await opened(THREE.replace("points = 2", "points = 5"))).close()
    since = "SELECT since FROM rule WHERE rule = 'achievement:three'"
    assert rows(url, since) == [(NOON,)]
    assert rows(url, "SELECT SUM(points) FROM ledger") == [(10,)]
    await (await opened(KEEP)).close()
    assert rows(url, since) == [(NOON + DAY,)]


async def test_a_rule_that_leaves_is_retired_and_nothing_is_paid_back(opened: Open, url: str, clock: Clock) -> None:
    await held_by_three(opened)
    gone = THREE.partition("[achievement.three]")[0] + "[score.posts]" + THREE.partition("[score.posts]")[2]
    clock.now += DAY
    store = await opened(gone)
    assert await store.holders("default") == {"three": 2}
    assert rows(url, "SELECT SUM(points) FROM ledger") == [(4,)]
    assert rows(url, "SELECT left_at FROM rule WHERE rule = 'achievement:three'") == [(NOON + DAY,)]
    assert compare(url, [book(gone)], NOON + DAY) == []
    await store.close()
    with pytest.raises(BookRefused):  # under the same id, and in the same version, it is still what it was
        await opened(HARDER)
    await opened(THREE)
    assert rows(url, "SELECT left_at, version FROM rule WHERE rule = 'achievement:three'") == [(None, 1)]


async def test_one_refused_book_keeps_all_from_being_taken_up(opened: Open, url: str) -> None:
    def of(name: str, text: str) -> str:
        return text.replace("[community]", f'[community]\nid = "{name}"\nsources = ["slack:{name}"]')

    store = await opened(of("a", THREE), of("b", THREE))
    await store.take([post(0, source="slack:a"), post(1, source="slack:b")])
    await store.close()
    before = contents(url)
    with pytest.raises(BookRefused):
        await opened(of("a", KEEP), of("b", HARDER))
    assert contents(url) == before


async def test_a_database_from_before_versions_takes_any_book(opened: Open, tmp_path: Path) -> None:
    address = f"sqlite+aiosqlite:///{tmp_path / 'old.db'}"
    engine = write_engine(address)
    with engine.connect() as connection:
        command.upgrade(upgrading.alembic_config(connection), "0001")
        old = f"{fingerprint(book(THREE), 'three')} active 2"
        connection.exec_driver_sql("INSERT INTO rule VALUES ('default', 'achievement:three', ?, 1)", (old,))
    engine.dispose()
    upgrading.upgrade(address)
    engine = write_engine(address)
    with engine.connect() as connection:
        found = rulings.read(SqlHistory(connection, "default"))
    engine.dispose()
    assert found == {"achievement:three": Ruling(fingerprint(book(THREE), "three"), 0, "", 1)}


# -- while the bot works


async def proposed(store: Store, text: str, base: int | None = None) -> int:
    """A book that `plaudit apply` proposes."""
    in_force = await store.look(lambda db: books.in_force(SqlHistory(db, "default")))
    number = in_force.revision if base is None and in_force is not None else base or 0
    return await store.perform(lambda db: books.propose(SqlTransaction(db, "default"), text, number, "mark", NOON))


async def taken_up(store: Store, number: int) -> int:
    proposal = await store.look(lambda db: books.revision(SqlHistory(db, "default"), number))
    served = store.communities.served["default"]
    return await store.perform(lambda db: take_up(SqlTransaction(db, "default"), served, proposal, NOON))


async def test_a_new_book_is_taken_up_without_a_restart(opened: Open, url: str) -> None:
    store = await opened(THREE)
    await store.take([post(n) for n in range(3)])
    easier = THREE.replace("goal = 3", "goal = 2\nversion = 2")
    assert await taken_up(store, await proposed(store, easier)) == 1
    await store.take([post(3, "B"), post(4, "B")])
    assert await store.holders("default") == {"three": 2}
    assert compare(url, [book(easier)], NOON) == []


async def test_sources_of_the_new_book_are_heard_at_once(opened: Open) -> None:
    store = await opened(THREE.replace("[community]", '[community]\nsources = ["slack:T1"]'))
    assert store.communities.of_source("slack:T9") is None
    wider = THREE.replace("[community]", '[community]\nsources = ["slack:T1", "slack:T9"]')
    await taken_up(store, await proposed(store, wider))
    assert store.communities.of_source("slack:T9") == "default"


async def test_roles_for_finds_in_old_history_go_with_an_applied_book_only(opened: Open, url: str) -> None:
    changes = "SELECT destination FROM outbox WHERE kind = 'roles' ORDER BY destination"
    store = await opened(THREE.replace("goal = 3", "goal = 9"))
    await store.take([post(n) for n in range(3)])
    await store.close()
    restarted = await opened(THREE.replace("goal = 3", ROLES + "\nversion = 2"))
    assert rows(url, changes) == []
    again = THREE.replace("goal = 3", ROLES.replace("3", "2") + "\nversion = 3")
    await taken_up(restarted, await proposed(restarted, again))
    assert rows(url, changes) == []  # nobody holds another role than before
    await taken_up(restarted, await proposed(restarted, again.replace("Regulars", "Friends")))
    assert rows(url, changes) == [("slack:T1/A",)]


async def test_of_two_books_compared_with_the_same_one_the_second_is_told(opened: Open, url: str) -> None:
    store = await opened(THREE)
    await store.take([post(0)])
    first = await proposed(store, KEEP)
    second = await proposed(store, RECHECK)
    await taken_up(store, first)
    with pytest.raises(Exception, match="another book came into force meanwhile"):
        await taken_up(store, second)
    assert rows(url, "SELECT revision FROM book WHERE state = 'in force'") == [(first,)]


async def test_a_book_that_is_refused_leaves_the_old_one_working(opened: Open, url: str) -> None:
    store = await opened(THREE)
    await store.take([post(n) for n in range(2)])
    with pytest.raises(BookRefused):
        await taken_up(store, await proposed(store, HARDER))
    await store.take([post(2)])
    assert await store.holders("default") == {"three": 1}
    assert compare(url, [book(THREE)], NOON) == []


async def test_what_another_process_brought_into_force_decides_from_the_next_commit_on(opened: Open, url: str) -> None:
    one, other = await opened(THREE), await opened(THREE)
    await one.take([post(n) for n in range(2)])
    easier = THREE.replace("goal = 3", "goal = 2\nversion = 2")
    await taken_up(other, await proposed(other, easier))
    await one.take([post(n, "B") for n in range(2, 4)])
    assert await one.holders("default") == {"three": 2}
    assert compare(url, [book(easier)], NOON) == []


async def test_a_proposal_that_nobody_took_up_is_dropped_at_the_next_start(opened: Open, url: str) -> None:
    store = await opened(THREE)
    await proposed(store, KEEP)
    await store.close()
    await opened(THREE)
    ((state, reason),) = rows(url, "SELECT state, reason FROM book WHERE revision = 2")
    assert state == "refused"
    assert "run plaudit apply again" in reason
