"""Two communities in one process: with and without the other, everything about the one is the same, in every table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from adapters.storage import tables
from adapters.storage.store import Store, open_store
from adapters.storage.upgrade import upgrade
from bot.verification import compare
from core.events import Statement
from core.ports import Person
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import HOUR, NOON, book
from tests.adapters.storage.test_taking_back import CHAIN
from tests.properties.storyteller import Storyteller

ACTS = ("post", "react", "thread", "ticket", "join", "opt_out", "moderate", "link", "pause", "team")
HERE = CHAIN.replace("[community]", '[community]\nid = "here"\nsources = ["slack:T1", "discord:9"]')
THERE = CHAIN.replace("[community]", '[community]\nid = "there"\nsources = ["slack:T2"]')
NUMBERS = frozenset({"id", "seq", "award", "token", "hash"})
"""Counted over the whole file, or random: they name rows and say nothing."""


def history(seed: int) -> list[Statement]:
    teller = Storyteller(Random(seed), ACTS, NOON - 40 * 24 * HOUR)  # noqa: S311 - a history, no secret
    told = [teller.tell() for _ in range(120)]
    return [*told, *(teller.withdrawn(s) for s in told[::9])]


def moved(said: Iterable[Statement]) -> list[Statement]:
    """The same, as it would happen in the other community."""

    def there(account: str | None) -> str | None:
        return None if account is None else account.replace("slack:T1", "slack:T2").replace("discord:9", "slack:T2")

    return [
        replace(
            s,
            source=str(there(s.source)),
            actor=there(s.actor),
            author=there(s.author),
            target=there(s.target),
            participants=tuple(str(there(a)) for a in s.participants),
            by=there(s.by),
        )
        for s in said
    ]


async def live(file: Path, clock: Clock, here: Sequence[Statement], there: Sequence[Statement]) -> dict[str, object]:
    """What the tables hold of the one community, after both lived side by side."""
    url = f"sqlite+aiosqlite:///{file}"
    upgrade(url)
    clock.now = NOON
    books = [book(HERE), book(THERE)]
    store = await open_store(url, books, clock)
    await store.meet([Person("slack:T1/X", "Xenia"), *([Person("slack:T2/X", "Xaver")] if there else [])])
    for one, other in zip_longest(_batches(here), _batches(there), fillvalue=[]):
        await store.take([*one, *other])
        clock.now += HOUR
        await store.settle()
    read = await _asked(store)
    await store.close()
    assert compare(url, books, clock.now) == []
    return {**_rows(file), "asked": read}


def _batches(said: Sequence[Statement]) -> list[list[Statement]]:
    return [list(said[i : i + 10]) for i in range(0, 140, 10)]


async def _asked(store: Store) -> list[object]:
    records = store.records("here")
    awards = await records.awards("slack:T1/X")
    return [await records.standings(0, 10**6), await records.people(["slack:T1/X", "slack:T2/X"]), len(awards)]


def _rows(file: Path) -> dict[str, object]:
    found: dict[str, object] = {}
    with closing(sqlite3.connect(file)) as db:
        for table in tables.metadata.sorted_tables:
            if "community" in table.c:
                names = ", ".join(f'"{c.name}"' for c in table.c if _says_something(table, c))
                query = f"SELECT {names} FROM {table.name} WHERE community = 'here'"  # noqa: S608 - our own names
                found[table.name] = sorted(map(repr, db.execute(query)))
    return found


def _says_something(table: sa.Table, column: sa.Column[object]) -> bool:
    return column.name not in NUMBERS or (column.name == "id" and table.name == "statement")


@pytest.mark.parametrize("seed", range(3))
async def test_the_other_community_changes_nothing(tmp_path: Path, clock: Clock, seed: int) -> None:
    here, there = history(seed), moved(history(seed + 100))
    alone = await live(tmp_path / "alone.db", clock, here, [])
    both = await live(tmp_path / "both.db", clock, here, there)
    assert alone["award"]
    assert both == alone
