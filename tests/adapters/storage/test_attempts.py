"""Changes that are done whole, or not at all where somebody else was faster."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.storage.attempts import Late, attempt


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sa.Connection]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.connect() as db:
        db.exec_driver_sql("CREATE TABLE seat (number INTEGER PRIMARY KEY)")
        db.exec_driver_sql("INSERT INTO seat VALUES (0)")
        yield db
    engine.dispose()


def book(db: sa.Connection, *numbers: int) -> bool:
    def take(number: int) -> None:
        if db.exec_driver_sql("INSERT INTO seat VALUES (?) ON CONFLICT DO NOTHING", (number,)).rowcount != 1:
            raise Late

    return attempt(db, numbers, take)


def seats(db: sa.Connection) -> list[int]:
    return list(db.exec_driver_sql("SELECT number FROM seat ORDER BY number").scalars())


def test_all_of_them_are_done(db: sa.Connection) -> None:
    assert book(db, 1, 2)
    assert seats(db) == [0, 1, 2]


def test_one_that_comes_too_late_takes_the_others_back_and_nothing_from_before(db: sa.Connection) -> None:
    assert book(db, 1)
    assert not book(db, 2, 1, 3)
    assert seats(db) == [0, 1]
    assert book(db, 3)
    assert seats(db) == [0, 1, 3]
