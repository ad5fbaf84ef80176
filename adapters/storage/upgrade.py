"""Bring a database file to this version of the tables."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from adapters.storage.engines import database_file, journal
from adapters.storage.files import OWNER_ONLY
from core.errors import ConfigurationError

_HERE = Path(__file__).parent / "migrations"


def alembic_config(connection: sa.Connection | None = None) -> Config:
    """alembic's settings, for this connection."""
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str) -> str:
    """Create or upgrade the database; says what was done. An older file is copied first, beside itself. New files are
    readable by their owner alone.

    Raises ConfigurationError for a file that is no database, or newer than this version.
    """
    file = Path(database_file(url))
    existed = file.exists() and file.stat().st_size > 0
    engine = sa.create_engine(f"sqlite:///{file}", poolclass=sa.NullPool)
    _make_private(file)
    try:
        with engine.connect() as connection:
            return _upgrade(connection, file, existed)
    except (sa.exc.DatabaseError, sqlite3.Error) as error:
        raise ConfigurationError(f"PLAUDIT_DATABASE_URL: {file} cannot be used: {error.__cause__ or error}") from error
    finally:
        engine.dispose()


def require_current(connection: sa.Connection, file: Path) -> None:
    """Raises ConfigurationError if the tables are not those of this version."""
    current = MigrationContext.configure(connection).get_current_revision()
    if current != ScriptDirectory.from_config(alembic_config()).get_current_head():
        _refuse_newer(file, current)
        raise ConfigurationError(f"{file}: is not of this version; run plaudit migrate")


def _upgrade(connection: sa.Connection, file: Path, existed: bool) -> str:
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if not existed:
        connection.exec_driver_sql(f"PRAGMA journal_mode={journal()}")
    current = MigrationContext.configure(connection).get_current_revision()
    if current == head:
        return f"{file}: up to date ({head})"
    _refuse_newer(file, current)
    backup = _back_up(file) if existed and current else None
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # batch mode copies tables; with it on, child rows went too
    connection.commit()
    command.upgrade(alembic_config(connection), "head")
    connection.commit()
    return f"{file}: {'upgraded' if current else 'created'} ({head})" + (f"; backup: {backup}" if backup else "")


def _refuse_newer(file: Path, current: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if current is not None and current not in known:
        raise ConfigurationError(f"{file}: was made by a newer version ({current}); install that one, or use a backup")


def _make_private(file: Path) -> None:
    """Where it is not there yet; what SQLite puts beside it gets the same rights."""
    with suppress(OSError):  # SQLite opens it next, and says why it cannot
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT, OWNER_ONLY))


def _back_up(file: Path) -> Path:
    copy = file.with_name(f"{file.name}.before-upgrade")
    _make_private(copy)
    with sqlite3.connect(file) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    return copy
