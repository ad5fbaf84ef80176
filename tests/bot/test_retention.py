"""What is older than the book keeps goes at night or by the command line, and the trail and the checks say so."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path

import pytest

from adapters.storage.engines import database_file
from adapters.storage.store import Store, open_store
from bot import retention
from bot.checks import check
from bot.gaps import warnings
from bot.settings import Settings, read
from bot.verification import compare, verify
from core.events import Statement
from core.plan import compile_plan
from core.rules.findings import BookRefused
from core.rules.loading import load
from core.times import read_time, write_time
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import DAY, THREE, book, post
from tests.commands import plaudit
from tests.databases import fresh

KEEPING = THREE.replace('quiet_start = "0 days"', 'quiet_start = "0 days"\nkeep = "90 days"')
NOW = time.time_ns() // 1_000


def vote(n: int, at: int = NOW - 100 * DAY) -> Statement:
    return Statement("slack:T1", f"vote:{n}", at, "poll.voted", actor="slack:T1/A")


SAID = (vote(1), vote(2), *(post(n, at=NOW - 99 * DAY + n, words=3) for n in range(3)), vote(3, NOW))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "rules.toml").write_text(KEEPING)
    return read({"PLAUDIT_RULES": str(tmp_path / "rules.toml"), "PLAUDIT_DATABASE_URL": fresh(tmp_path)}, None)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


async def opened(settings: Settings, clock: Clock, text: str = KEEPING) -> Store:
    store = await open_store(settings.database_url, [load(text, "rules.toml")], clock)
    await store.take(SAID)
    return store


def rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(database_file(settings.database_url)) as db:
        return db.execute(query).fetchall()


TRAIL = 'SELECT "by", about, reason, "after" FROM act WHERE what = \'retention\''
LEFT = "SELECT COUNT(*) FROM statement"


async def test_it_happens_once_on_each_local_day(settings: Settings, clock: Clock) -> None:
    store = await opened(settings, clock)
    await retention.tonight(store)
    assert rows(settings, LEFT) == [(4,)]
    assert rows(settings, TRAIL) == [
        ("clock", "default", "older than 90 days", "deleted 2 statements, 3 facts of 3 others, 0 rows of other tables")
    ]
    assert compare(settings.database_url, [book(KEEPING)], NOW) == []
    await store.take([vote(4)])
    await retention.tonight(store)
    assert rows(settings, LEFT) == [(5,)]
    clock.now += DAY
    await retention.tonight(store)
    assert rows(settings, LEFT) == [(5,)]  # the last statement of the log stays until another comes
    await store.take([vote(5, NOW)])
    clock.now += DAY
    await retention.tonight(store)
    assert rows(settings, LEFT) == [(5,)]
    await store.close()


async def test_a_book_that_says_nothing_keeps_everything(settings: Settings, clock: Clock) -> None:
    store = await opened(settings, clock, THREE)
    await retention.tonight(store)
    assert (await retention.let_go(store, "default", "operator")).limit is None
    assert rows(settings, LEFT) == [(6,)]
    assert rows(settings, TRAIL) == []
    await store.close()


async def test_what_belongs_to_no_community_waits_for_the_longest(settings: Settings, clock: Clock) -> None:
    books = [KEEPING.replace("[community]", f'[community]\nid = "{n}"\nsources = ["slack:{n}"]') for n in ("T1", "T2")]
    longer = books[1].replace("90 days", "1 year")
    store = await open_store(settings.database_url, [book(books[0]), book(longer)], clock)
    rows(settings, "INSERT INTO request_seen (source, delivery, at) VALUES ('github', '1', 0)")
    rows(settings, "UPDATE request_seen SET at = CAST(strftime('%s') AS INTEGER) * 1000000")
    clock.now += 200 * DAY
    await retention.tonight(store)
    assert rows(settings, "SELECT COUNT(*) FROM request_seen") == [(1,)]
    clock.now += 200 * DAY
    await retention.tonight(store)
    assert rows(settings, "SELECT COUNT(*) FROM request_seen") == [(0,)]
    await store.close()


async def test_the_command_counts_first_and_deletes_then(settings: Settings, clock: Clock) -> None:
    await (await opened(settings, clock)).close()
    looked = retention.look(settings, NOW)
    assert rows(settings, LEFT) == [(6,)]
    assert (looked[0].tally.gone, looked[0].tally.thinned) == ({"poll.voted": 2}, {"message.posted": 3})
    done = await retention.carry_out(settings)
    assert done[0].tally == looked[0].tally
    assert rows(settings, LEFT) == [(4,)]
    assert rows(settings, TRAIL)[0][0] == "operator"
    assert verify(settings) == []
    assert retention.as_lines(retention.look(settings, NOW), done=False)[1:] == [
        "  nothing older is there that no rule needs"
    ]


async def test_it_says_what_would_go(settings: Settings, clock: Clock) -> None:
    await (await opened(settings, clock)).close()
    found = retention.look(settings, NOW)
    assert retention.as_lines(found, done=False) == [
        f"default: keeps 90 days, all since {write_time(NOW - 90 * DAY)}",
        "  poll.voted: 2 would go",
        "  message.posted: 3 would be thinned",
    ]
    (told,) = json.loads(retention.as_json(found))
    assert told["deleted"] == {"poll.voted": 2}
    assert (told["thinned"], told["facts"], told["rows"]) == ({"message.posted": 3}, 3, {})


async def test_the_command_line_does_the_same(settings: Settings, clock: Clock, tmp_path: Path) -> None:
    await (await opened(settings, clock)).close()
    named = {"PLAUDIT_DATABASE_URL": settings.database_url}
    told = plaudit(tmp_path, "retention", **named)
    assert (told.code, told.out.splitlines()[1]) == (0, "  poll.voted: 2 gone")
    assert rows(settings, LEFT) == [(4,)]


async def test_a_new_rule_that_needs_what_was_deleted_is_warned_of(settings: Settings, clock: Clock) -> None:
    await (await opened(settings, clock)).close()
    new = KEEPING + '[achievement.voter]\nname = "Voter"\nwhen = "poll.voted"\nwhere.words = { at_least = 2 }\n'
    settings.rules.write_text(new)
    assert warnings(settings, load(new, "rules.toml")) == []
    settings.rules.write_text(KEEPING)
    await retention.carry_out(settings)
    said = (
        "no rule needed poll.voted, words until now, so what is older than 90 days may be deleted and count for nobody"
    )
    assert warnings(settings, load(new, "rules.toml")) == [f"rules.toml: {said}"]
    settings.rules.write_text(new)
    report = check(settings.rules, settings.database_url, NOW)
    assert [found.text for found in report.warnings if found.rule == "R0"] == [said]


@pytest.mark.parametrize("written", ["30 days", "2 months", "0 years", "1 hour"])
def test_what_would_delete_too_much_is_refused(written: str) -> None:
    with pytest.raises(BookRefused, match='keep at least "90 days"'):
        load(KEEPING.replace("90 days", written), "rules.toml")


@pytest.mark.parametrize(
    ("keep", "since"),
    [("2 years", "2024-02-28T12:00:00Z"), ("3 months", "2025-11-28T12:00:00Z"), ("90 days", "2025-11-30T12:00:00Z")],
)
def test_months_and_years_go_by_the_calendar(keep: str, since: str) -> None:
    plan = compile_plan(load(KEEPING.replace("90 days", keep), "rules.toml"))
    now = read_time("2026-02-28T12:00:00Z")
    found = retention.limit_of(plan, now)
    assert found is not None
    assert write_time(found).replace(".000000", "") == since
