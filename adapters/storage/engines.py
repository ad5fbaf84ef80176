"""The connection that writes to SQLite, in a thread of its own. Reads have theirs in records.py."""

from __future__ import annotations

import sqlite3

import sqlalchemy as sa

from core.errors import ConfigurationError

BUSY_SECONDS = 2.0


def database_file(url: str) -> str:
    """The file that a `sqlite+aiosqlite:///file` address names. Raises ConfigurationError for any other database."""
    parsed = sa.engine.make_url(url)
    if not parsed.drivername.startswith("sqlite") or not parsed.database or parsed.database == ":memory:":
        raise ConfigurationError(
            "PLAUDIT_DATABASE_URL: this version keeps its data in an SQLite file; write sqlite+aiosqlite:///plaudit.db"
        )
    return parsed.database


def journal(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """WAL, but not where the library has the WAL-reset fault (3.7.0 to 3.51.2, fixed also in 3.50.7 and 3.44.6)."""
    fixed = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    return "WAL" if fixed else "DELETE"


def write_engine(url: str) -> sa.Engine:
    """For one writing thread: explicit transactions, every commit on disk."""
    engine = sa.create_engine(
        f"sqlite:///{database_file(url)}",
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False},
        poolclass=sa.StaticPool,
        isolation_level="AUTOCOMMIT",
    )
    sa.event.listen(engine, "connect", _prepare)
    return engine


def _prepare(raw: sqlite3.Connection, _record: object) -> None:
    # A file that others have open keeps its journal mode: switching it under them loses writes.
    if raw.execute("PRAGMA page_count").fetchone()[0] == 0:
        raw.execute(f"PRAGMA journal_mode={journal()}")
    raw.execute("PRAGMA synchronous=FULL")
    raw.execute("PRAGMA foreign_keys=ON")
    raw.execute("PRAGMA cache_size=-65536")
    raw.execute("PRAGMA temp_store=MEMORY")


def driver(connection: sa.Connection) -> sqlite3.Connection:
    """The driver's own connection under one of `write_engine`."""
    raw = connection.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        raise TypeError("only the writing thread has a connection of sqlite3 itself")
    return raw
