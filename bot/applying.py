"""`plaudit apply`: a new book comes into force whole, in the database and in its file, beside a running bot or
without one."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from pathlib import Path

from adapters.storage import books, rulings
from adapters.storage.books import StoredBook, mark_of
from adapters.storage.challenges import extended
from adapters.storage.proposals import propose, revision, take_up_here, withdraw, writing
from adapters.storage.reading import reading
from adapters.storage.serving import findings
from bot.bookfiles import books_to_serve, file_of, hand_over, require_writable, text_of
from bot.books import book_files, clashes, read_book
from bot.comparison import require_in_force, stored
from bot.differences import Differences, compare, gather
from bot.settings import Settings
from core.errors import ConfigurationError, PlauditError, StorageUnavailable
from core.rules.book import RuleBook
from core.rules.findings import BookRefused

FOR_THE_BOT = 2.0  # seconds in which a running bot looks for a proposal; then this process does it
AT_MOST = 600.0  # seconds that somebody else may hold the database, as for a long recount
LOOK_EVERY = 0.1  # seconds
GIVEN_UP = "whoever ran plaudit apply stopped it"


class Refused(PlauditError):
    """The new book did not come into force; the old one still is. The text says why."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A sound book that may come into force. `file`: the one to be replaced, which holds `there` now. `base`: the book
    in force that it was compared with. `differences`: None before there is any history."""

    book: RuleBook
    file: Path
    there: str
    base: StoredBook
    differences: Differences | None

    @property
    def changes_nothing(self) -> bool:
        """It is in force already, and in its file."""
        return self.book.written.text == self.base.text == self.there


def prepare(settings: Settings, new: Path) -> Proposal:
    """Check the new book and compare it with the one in force. Raises ConfigurationError, R8 among others."""
    with contextlib.suppress(BookRefused):  # a spoilt file is told below, where it is the one to be replaced
        books_to_serve(settings)
    book = read_book(new)
    community = book.community.id
    with reading(settings.database_url) as histories:
        history = histories(community)
        base = books.in_force(history)
        if base is None:
            raise ConfigurationError(_unknown(new, community))
        book = extended(history, book)
        if found := findings(history, book):
            raise BookRefused(*found)
        file = _target(settings.rules, book)
        there = _require_unedited(file, book, base)
        old = require_in_force(history) if rulings.has_history(history) else None
        gathered = gather(old, book, stored(history, _now(), in_force=True)) if old is not None else None
    require_writable(file)
    return Proposal(book, file, there, base, compare(gathered) if gathered is not None else None)


def carry_out(settings: Settings, proposal: Proposal, patience: float = FOR_THE_BOT) -> int:
    """Bring it into force: by the running bot, or after `patience` (seconds) by this process. Returns its revision.

    Raises Refused, StorageUnavailable.
    """
    url, community = settings.database_url, proposal.book.community.id
    text, there = proposal.book.written.text, mark_of(proposal.there)
    number = propose(url, community, text, proposal.base.revision, there, _now())
    try:
        outcome = _wait(url, community, number, patience)
    except ConfigurationError as error:
        withdraw(url, community, number, str(error), _now())
        raise Refused(_not_applied(str(error))) from error
    except BaseException:  # Ctrl+C above all: nobody takes it up after this
        withdraw(url, community, number, GIVEN_UP, _now())
        raise
    if outcome.state == "refused":
        raise Refused(_not_applied(outcome.reason or ""))
    with writing(url) as begin:
        hand_over(begin(community), settings.rules)
    return number


def _wait(url: str, community: str, number: int, patience: float) -> StoredBook:
    started = time.monotonic()
    while (found := revision(url, community, number)).state == "proposed":
        waited = time.monotonic() - started
        if waited > AT_MOST:
            raise StorageUnavailable("the database is held by another program; try again when it is free")
        if waited > patience:
            with contextlib.suppress(StorageUnavailable):  # the bot is at it, or somebody else writes
                take_up_here(url, community, number, _now())
        time.sleep(LOOK_EVERY)
    return found


def _target(rules: Path, book: RuleBook) -> Path:
    """The file to be replaced. Raises ConfigurationError where the new book does not fit beside the others."""
    file = file_of(rules, book.community.id)
    if rules.is_dir():
        others = {other: read_book(other) for other in book_files(rules) if other != file}
        if found := clashes({**others, file: book}):
            raise BookRefused(*found)
    return file


def _require_unedited(file: Path, book: RuleBook, base: StoredBook) -> str:
    """What the file says. Raises ConfigurationError where that is in no book of the database and would be lost."""
    there = text_of(file)
    if base.text and there and there not in (base.text, book.written.text):
        raise ConfigurationError(
            f"{file}: holds changes that are not in force, and they would be lost; apply them first "
            f"(plaudit apply {file}), or take them out"
        )
    return there


def _not_applied(reason: str) -> str:
    return f"Not applied, the book in force has not changed: {reason}"


def _unknown(file: Path, community: str) -> str:
    return (
        f'{file}: the database knows no community "{community}"; was its id changed? Write the old one. '
        "For a new community, put the book in place and start the bot"
    )


def _now() -> int:
    return time.time_ns() // 1_000
