"""Reads against a real SQLite file."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from adapters.storage.records import read_engine
from core.announcements import Place
from core.records import NO_CHOICE, ChoiceRow, PersonRow, ProgressLine, Records
from tests.village import AMIRA, DAY, JONAS, KOFI, LENA, NOW, Village

TODAY = 739_693


@pytest.fixture
async def village(tmp_path: Path) -> AsyncIterator[Village]:
    here = Village(tmp_path)
    yield here
    await here.close()


def test_it_is_what_the_commands_ask_for(village: Village) -> None:
    records: Records = village.records
    assert records is village.records


async def test_awards_come_the_latest_first_with_their_place(village: Village) -> None:
    place = Place("slack:T1", "C1", "17.5", "17.1", private=True)
    village.award(AMIRA, "first_post", NOW - 2 * DAY, tier="")
    village.award(AMIRA, "trusted_helper", NOW - DAY, place, by="slack:T1/U9", note="well done", tier="Gold")
    village.award(JONAS, "first_post")
    latest, before = await village.records.awards(AMIRA)
    assert (latest.achievement, latest.tier, latest.place, latest.private) == (
        "trusted_helper", "Gold", place, True)  # fmt: skip
    assert (before.achievement, before.tier, before.place, before.private) == ("first_post", None, None, False)
    assert (latest.by, latest.note) == ("slack:T1/U9", "well done")


async def test_awards_of_rules_on_trial_are_not_read(village: Village) -> None:
    village.award(AMIRA, "on_trial", state="shadow")
    assert await village.records.awards(AMIRA) == []


async def test_standings_add_up_the_days_asked_for(village: Village) -> None:
    village.score(AMIRA, 5, TODAY)
    village.score(AMIRA, 2, TODAY - 3, rule="starts")
    village.score(AMIRA, 100, TODAY - 4)
    village.score(JONAS, 100, TODAY + 1)
    village.score(LENA, 0, TODAY)
    rows = await village.records.standings(TODAY - 3, TODAY)
    assert [(r.person.name, r.amount, r.choice) for r in rows] == [("Amira", 7, NO_CHOICE)]


async def test_standings_say_what_decides_who_is_listed(village: Village) -> None:
    village.person(AMIRA, "Amira", bot=True, present=False, roles=["Staff", "Übung"])
    village.chose(AMIRA, "none", hidden=True, tracked=False)
    village.score(AMIRA, 5, TODAY)
    village.score("slack:T1/U99", 4, TODAY)
    rows = {r.amount: r for r in await village.records.standings(TODAY, TODAY)}
    assert rows[5].person == PersonRow(AMIRA, "Amira", True, False, ("Staff", "Übung"))
    assert rows[5].choice == ChoiceRow("none", hidden=True, tracked=False)
    assert rows[4].person == PersonRow("slack:T1/U99", "U99")


async def test_communities_do_not_see_each_other(village: Village) -> None:
    village.score(AMIRA, 5, TODAY, community="others")
    village.award(AMIRA, "first_post", community="others")
    village.person("slack:T1/U77", "Stranger", community="others")
    assert await village.records.standings(TODAY, TODAY) == []
    assert await village.records.awards(AMIRA) == []
    assert await village.records.people(["slack:T1/U77"]) == {}


async def test_somebody_known_in_two_communities_counts_once_and_by_their_name_here(village: Village) -> None:
    village.person(AMIRA, "Amira elsewhere", community="others")
    village.score(AMIRA, 5, TODAY)
    village.award(AMIRA, "first_post")
    rows = await village.records.standings(TODAY, TODAY)
    told = await village.records.digest(NOW - 7 * DAY, NOW, TODAY, TODAY)
    assert [r.person.name for r in rows] == ["Amira"]
    assert [a.person.name for a in told.awards] == ["Amira"]


async def test_more_rows_are_no_more_queries(village: Village) -> None:
    asked: list[str] = []

    def listen(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    for i in range(40):
        village.score(f"slack:T1/X{i}", 5, TODAY)
        village.award(f"slack:T1/X{i}", "first_post")
    sa.event.listen(village.records.engine.sync_engine, "before_cursor_execute", listen)
    facts = await village.records.digest(NOW - 7 * DAY, NOW, TODAY, TODAY)
    assert (len(facts.awards), len(facts.helpers), len(asked)) == (40, 40, 5)


async def test_people_are_found_in_one_go_however_many(village: Village) -> None:
    found = await village.records.people([AMIRA, JONAS, *(f"slack:T1/X{i}" for i in range(1200))])
    assert {a: p.name for a, p in found.items()} == {AMIRA: "Amira", JONAS: "Jonas"}


async def test_a_choice_is_what_holds_for_everybody_until_one_is_made(village: Village) -> None:
    village.chose(JONAS, "digest", hidden=True)
    assert await village.records.choice(AMIRA) == NO_CHOICE
    assert await village.records.choice(JONAS) == ChoiceRow("digest", hidden=True)


async def test_progress_is_asked_of_whoever_keeps_it(village: Village) -> None:
    village.lines[AMIRA] = [ProgressLine("x", 1, 3, "1 of 3")]
    assert await village.records.progress(AMIRA) == village.lines[AMIRA]


async def test_a_digest_holds_what_was_decided_in_its_time(village: Village) -> None:
    start, end = NOW - 7 * DAY, NOW
    village.award(AMIRA, "first_post", start - DAY)
    village.award(AMIRA, "trusted_helper", start)
    village.award(JONAS, "first_post", start - DAY, decided_at=end - 1)
    village.award(LENA, "first_post", end)
    village.award(KOFI, "first_post", end - DAY, state="revoked")
    village.joined(JONAS, start - 3 * DAY)
    village.chose(JONAS, "digest")
    village.score(LENA, 5, TODAY)
    facts = await village.records.digest(start, end, TODAY - 6, TODAY)
    told = [(a.person.name, a.award.achievement, a.first, a.joined, a.choice.announce) for a in facts.awards]
    assert told == [
        ("Jonas", "first_post", True, start - 3 * DAY, "digest"),
        ("Amira", "trusted_helper", False, None, None),
    ]
    assert [h.person.name for h in facts.helpers] == ["Lena"]
    assert (facts.start, facts.end) == (start, end)


async def test_the_engine_cannot_write(village: Village) -> None:
    async with village.records.engine.connect() as connection:
        with pytest.raises(OperationalError, match="readonly"):
            await connection.execute(sa.text("DELETE FROM award"))


async def test_a_file_with_an_odd_name_is_found(tmp_path: Path) -> None:
    odd = tmp_path / "a b%20#1?"
    odd.mkdir()
    here = Village(odd)
    assert set(await here.records.people([AMIRA])) == {AMIRA}
    await here.close()


async def _threads_gone() -> None:
    """A connection that failed leaves its thread to end by itself; the loop must outlive it."""
    async with asyncio.timeout(5):
        while any("_connection_worker_thread" in t.name for t in threading.enumerate()):  # noqa: ASYNC110 # a thread sets no event
            await asyncio.sleep(0.01)


async def test_a_missing_file_is_an_error_and_not_an_empty_database(tmp_path: Path) -> None:
    engine = read_engine(f"sqlite+aiosqlite:///{tmp_path / 'nowhere.db'}")
    with pytest.raises(OperationalError):
        async with engine.connect():
            pass
    await engine.dispose()
    await _threads_gone()
    assert not (tmp_path / "nowhere.db").exists()


async def test_a_digest_names_the_levels_of_its_time(village: Village) -> None:
    village.level(AMIRA, "Regular", NOW - 1)
    village.level(JONAS, "Regular", NOW - 8 * DAY)
    village.level(JONAS, "Newcomer", 0)
    village.chose(AMIRA, hidden=True)
    (found,) = (await village.records.digest(NOW - 7 * DAY, NOW, TODAY, TODAY)).levels
    assert (found.name, found.person.name, found.choice.hidden) == ("Regular", "Amira", True)
