"""A read-only look at the database for commands that need no event loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa

from adapters.storage.engines import BUSY_SECONDS, database_file
from adapters.storage.history import SqlHistory
from adapters.storage.upgrade import require_current
from core.errors import ConfigurationError


@contextmanager
def reading(url: str) -> Iterator[Callable[[str], SqlHistory]]:
    """Gives the history of a community, all as of the same moment.

    Raises ConfigurationError, also inside the block, if there is no file or one that cannot be read.
    """
    file = Path(database_file(url))
    if not file.exists():
        raise ConfigurationError(f"{file}: there is no database yet; plaudit run or plaudit import makes one")
    address = sa.URL.create("sqlite", database=f"file:{quote(str(file))}", query={"mode": "ro", "uri": "true"})
    engine = sa.create_engine(address, connect_args={"timeout": BUSY_SECONDS}, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            require_current(connection, file)
            yield lambda community: SqlHistory(connection, community)
    except sa.exc.DatabaseError as error:
        raise ConfigurationError(f"{file}: cannot be read ({error.orig}); restore a backup if it stays so") from error
    finally:
        engine.dispose()
