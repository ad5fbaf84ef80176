"""Books that a command proposes, beside a running bot or without one: no event loop, each write one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from adapters.storage import books, rulings
from adapters.storage.books import StoredBook
from adapters.storage.engines import driver, write_engine
from adapters.storage.reading import reading
from adapters.storage.serving import take_up
from adapters.storage.transactions import SqlTransaction
from core.errors import StorageUnavailable
from core.plan import compile_plan
from core.rules.loading import load
from core.serving import Served

Begin = Callable[[str], SqlTransaction]


@contextmanager
def writing(url: str) -> Iterator[Begin]:
    """Gives the transaction of a community; all is committed at the end, or nothing after an error.

    Raises StorageUnavailable while another program writes.
    """
    engine = write_engine(url)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield lambda community: SqlTransaction(connection, community)
                connection.exec_driver_sql("COMMIT")
            finally:
                if driver(connection).in_transaction:
                    connection.exec_driver_sql("ROLLBACK")
    except (sa.exc.OperationalError, sqlite3.OperationalError) as error:
        said = getattr(error, "orig", None) or error
        raise StorageUnavailable(f"the database does not take it now ({said}); try again") from error
    finally:
        engine.dispose()


def propose(url: str, community: str, text: str, base: int, replaces: str, now: int) -> int:
    """Ask for a book to be taken up. `base`: the revision that it was compared with; `replaces`: `mark_of` its file's
    present text. Returns its revision."""
    with writing(url) as begin:
        return books.propose(begin(community), text, base, replaces, now)


def withdraw(url: str, community: str, number: int, reason: str, now: int) -> None:
    """Take a proposal back. One that is in force already stays."""
    with writing(url) as begin:
        books.refuse(begin(community), reason, now, number)


def revision(url: str, community: str, number: int) -> StoredBook:
    """One revision, as it stands now."""
    with reading(url) as histories:
        return books.revision(histories(community), number)


def take_up_here(url: str, community: str, number: int, now: int) -> None:
    """What a running bot does with a proposal, by this process. Nothing if somebody else was faster.

    Raises StorageUnavailable while another program writes, ConfigurationError for a book that cannot come into force.
    """
    with writing(url) as begin:
        tx = begin(community)
        proposal = books.revision(tx, number)
        if proposal.state == "proposed":
            before = rulings.book_in_force(tx) or load(proposal.text, "the new book")
            take_up(tx, Served(compile_plan(before)), proposal, now)
