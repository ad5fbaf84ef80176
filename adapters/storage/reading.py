"""A read-only look at the database for commands that need no event loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from adapters.storage.engines import BUSY_SECONDS, database_file
from adapters.storage.history import SqlHistory
from core.errors import ConfigurationError


@contextmanager
def reading(url: str) -> Iterator[Callable[[str], SqlHistory]]:
    """Gives the history of a community, all as of the same moment. Raises ConfigurationError if there is no file."""
    file = Path(database_file(url))
    if not file.exists():
        raise ConfigurationError(f"{file}: there is no database yet; plaudit run or plaudit import makes one")
    engine = sa.create_engine(
        f"sqlite:///file:{file}?mode=ro&uri=true", connect_args={"timeout": BUSY_SECONDS}, poolclass=sa.NullPool
    )
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield lambda community: SqlHistory(connection, community)
    finally:
        engine.dispose()
