"""`plaudit diff`: which books, and over which history."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from adapters.storage import holdings, rulings
from adapters.storage.challenges import extended
from adapters.storage.history import SqlHistory
from adapters.storage.reading import reading
from bot.books import read_book
from bot.differences import Differences, Gathered, History, compare, gather
from bot.settings import Settings
from core.errors import ConfigurationError
from core.replay import Log
from core.rules.book import RuleBook


def diff(settings: Settings, files: Sequence[Path], events: Sequence[Path]) -> Differences:
    """The last file is the new book; before it may stand the old one, else it is the one in force.

    `events`: files of statements; without them the log of the database. Raises ConfigurationError.
    """
    *before, after = files
    return compare(_gathered(settings, read_book(before[0]) if before else None, read_book(after), events))


def _gathered(settings: Settings, old: RuleBook | None, new: RuleBook, events: Sequence[Path]) -> Gathered:
    told = History(partial(_read_files, tuple(events)))
    if events and old is not None:
        return gather(old, new, told)
    with reading(settings.database_url) as histories:
        history = histories(new.community.id)
        here = told if events else stored(history, time.time_ns() // 1_000, in_force=old is None)
        if old is None:  # what was made in the chat goes on under the new book too
            old, new = require_in_force(history), extended(history, new)
        return gather(old, new, here)


def stored(history: SqlHistory, now: int, *, in_force: bool) -> History:
    """What the database holds of a community. `in_force`: compared with the book in force, whose holders count, also
    those by an earlier version."""
    kept = tuple(holdings.kept(history)) if in_force else ()
    return History(partial(_read_log, history), now, kept, holdings.names(history))


def require_in_force(history: SqlHistory) -> RuleBook:
    """The book in force. Raises ConfigurationError where there is none."""
    book = rulings.book_in_force(history)
    if book is None:
        raise ConfigurationError(
            f'the database holds no book of the community "{history.community}"; name the old one too: '
            "plaudit diff OLD NEW"
        )
    return book


def _read_files(files: Sequence[Path], log: Log) -> None:
    for file in files:
        with file.open("rb") as opened:
            log.read(opened)


def _read_log(history: SqlHistory, log: Log) -> None:
    for statement in history.log():
        log.take(statement)
