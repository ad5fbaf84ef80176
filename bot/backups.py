"""`plaudit backup` and `plaudit restore`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from adapters.storage import backups
from adapters.storage.engines import database_file
from adapters.storage.holds import alone
from adapters.storage.reading import reading
from adapters.storage.rulings import book_in_force
from adapters.storage.store import open_store
from adapters.storage.upgrade import upgrade
from bot.books import read_books
from bot.settings import Settings
from bot.verification import compare
from core.errors import ConfigurationError
from core.rules.book import RuleBook


def back_up(settings: Settings, copy: Path) -> str:
    """Copy the database while the bot works; says what was made. Raises ConfigurationError."""
    made = backups.back_up(settings.database_url, copy, _now())
    return f"{copy}: {made.size:,} bytes, SHA-256 {made.sha256}"


def restore(settings: Settings, copy: Path, *, replace: bool) -> list[str]:
    """Put a backup in the place of the database. Returns what `plaudit verify` finds in it; nothing when all is well.

    Who was erased since is erased again before the file is in place. Raises ConfigurationError, with nothing changed.
    """
    file = Path(database_file(settings.database_url))
    if file.exists() and not replace:
        raise ConfigurationError(f"{file}: is there already; add --replace to put the backup in its place")
    with alone(file):
        backups.read_manifest(copy)
        with backups.staged(file, copy) as ready:
            books = _prepare(settings, f"sqlite+aiosqlite:///{ready}", copy)
            backups.put_in_place(ready, file)
    return compare(settings.database_url, books, _now())


def _prepare(settings: Settings, url: str, copy: Path) -> Sequence[RuleBook]:
    """Bring the copy to this version, and take out of it who was erased. Returns the books in force."""
    upgrade(url)
    books = read_books(settings.rules)
    with reading(url) as histories:
        backups.require_sound(histories("").rows, copy)
        books = tuple(book_in_force(histories(book.community.id)) or book for book in books)
    asyncio.run(_open_once(url, books))
    return books


async def _open_once(url: str, books: Sequence[RuleBook]) -> None:
    """Opening does what is left to be done: erasures that this copy does not know."""
    store = await open_store(url, books, _now)
    await store.close()


def _now() -> int:
    return time.time_ns() // 1_000
