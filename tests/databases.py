"""Empty databases for tests: the migrations run once in each process, and every test has a copy."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from adapters.storage.upgrade import upgrade


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "plaudit.db"
        upgrade(f"sqlite+aiosqlite:///{file}")
        return file.read_bytes()


def fresh(folder: Path) -> str:
    """The address of a new database `plaudit.db` in this folder."""
    file = folder / "plaudit.db"
    file.write_bytes(_empty())
    return sa.URL.create("sqlite+aiosqlite", database=str(file)).render_as_string()
