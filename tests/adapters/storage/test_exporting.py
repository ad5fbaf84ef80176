"""A person gets everything that is kept about them, and nothing about anybody else by name."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from adapters.storage import tables
from adapters.storage.exporting import BY_CONTENT, NOT_PERSONAL, as_zip, collect
from adapters.storage.store import Store
from core.ports import Person
from tests.adapters.storage.conftest import Open
from tests.adapters.storage.said import NOON, TEAM, THREE, by_hand, chose, mark, post

WHO, OTHER = f"{TEAM}/UAMIRA7", f"{TEAM}/UBEN999"
BOOK = f"""{THREE}
[channels]
announcements = {{ slack = "#wins" }}
[achievement.gift]
name = "Gift"
manual = "moderator"
"""


@pytest.fixture
async def store(opened: Open) -> Store:
    made = await opened(BOOK)
    await made.meet([Person(WHO, "=Amira"), Person(OTHER, "Ben")])
    grant = by_hand("grant.made", "gift", "UAMIRA7", NOON)
    said = [*(post(n, "UAMIRA7") for n in range(3)), post(3, "UBEN999"), chose("UAMIRA7", NOON, boards="hidden")]
    marks = [mark(1, "UBEN999", NOON, author="UAMIRA7"), mark(3, "UAMIRA78", NOON, author="UBEN999")]
    await made.take([*said, *marks, replace(grant, facts={**grant.facts, "reason": "-2+3"})])
    return made


async def found(store: Store) -> dict[str, list[dict[str, Any]]]:
    return await store.look(lambda db: collect(db, "default", [WHO]))


async def test_all_that_is_kept_about_the_person_is_there(store: Store) -> None:
    held = await found(store)
    assert held.keys() == {
        *(
            "account",
            "act",
            "award",
            "choice",
            "identity",
            "ledger",
            "outbox",
            "party",
            "progress",
            "score",
            "statement",
        ),
    }
    assert len(held["statement"]) == 6
    assert {row["achievement"]: row["earned_at"] for row in held["award"]} == {
        "three": "2026-03-17T12:00:02Z",
        "gift": "2026-03-18T12:00:00Z",
    }
    assert [row["points"] for row in held["ledger"]] == [2]
    assert held["choice"][0]["hidden"] is True


async def test_other_people_are_numbered(store: Store) -> None:
    said = json.dumps(await found(store))
    assert "UBEN999" not in said
    assert "UAMIRA78" not in said
    assert f"{TEAM}/person-" in said
    assert WHO in said


async def test_the_file_holds_json_and_tables_that_no_spreadsheet_calculates(store: Store) -> None:
    held = await found(store)
    assert as_zip(held) == as_zip(held)
    with zipfile.ZipFile(io.BytesIO(as_zip(held))) as archive:
        assert set(archive.namelist()) == {"README.txt", "plaudit.json", *(f"{name}.csv" for name in held)}
        assert json.loads(archive.read("plaudit.json")) == held
        cells = list(csv.DictReader(io.StringIO(archive.read("account.csv").decode())))
        notes = [row["note"] for row in csv.DictReader(io.StringIO(archive.read("award.csv").decode()))]
    assert cells[0]["name"] == "'=Amira"
    assert "'-2+3" in notes


async def test_somebody_nobody_knows_gets_an_empty_file(store: Store) -> None:
    assert await store.look(lambda db: collect(db, "default", ["slack:T1/U0"])) == {}


def test_every_table_is_exported_or_said_to_hold_nobody() -> None:
    """A new table names its members in `member` or `account`, or is listed with the reason why it need not be."""
    unsaid = [
        t.name
        for t in tables.metadata.sorted_tables
        if t.name not in NOT_PERSONAL
        and t.name not in BY_CONTENT
        and not ("community" in t.columns and {"member", "account"} & set(t.columns.keys()))
    ]
    assert unsaid == []
    assert {*NOT_PERSONAL, *BY_CONTENT} <= set(tables.metadata.tables)
