"""The files of rule books: found by community, replaced whole, and brought to what the database has in force."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import structlog

from adapters.storage import books
from adapters.storage.books import StoredBook, mark_of
from adapters.storage.proposals import writing
from adapters.storage.reading import reading
from adapters.storage.transactions import SqlTransaction
from bot.books import book_files, read_book, read_books
from bot.settings import Settings
from core.errors import ConfigurationError
from core.rules.book import RuleBook

Outcome = Literal["written", "there already", "edited since"]
_MARK = "\ufeff"
log = structlog.get_logger(__name__)


def books_to_serve(settings: Settings) -> tuple[RuleBook, ...]:
    """The books of the files, after what an interrupted `plaudit apply` left undone is done. Raises ConfigurationError
    with every fault of every file."""
    for community in _unwritten(settings.database_url):
        with writing(settings.database_url) as begin:
            outcome = hand_over(begin(community), settings.rules)
        log.info("an interrupted apply is finished: the new book is in force", community=community, file=outcome)
    return read_books(settings.rules)


def hand_over(tx: SqlTransaction, rules: Path) -> Outcome | None:
    """Bring the file to what is in force, if that is still to be done. Raises ConfigurationError where it cannot be
    written; then it is still to be done."""
    stored = books.in_force(tx)
    if stored is None or stored.replaces is None:
        return None
    outcome = _bring(file_of(rules, tx.community), stored)
    books.written(tx, stored.revision)
    return outcome


def file_of(rules: Path, community: str) -> Path:
    """The file with the book of a community. Raises ConfigurationError if a folder has none."""
    if not rules.is_dir():
        return rules
    for file in book_files(rules):
        with contextlib.suppress(ConfigurationError):
            if read_book(file).community.id == community:
                return file
    raise ConfigurationError(f'{rules}: holds no book of the community "{community}"; put one there and start the bot')


def text_of(file: Path) -> str:
    """What the file says, empty if there is none. Raises ConfigurationError if it cannot be read."""
    try:
        return file.read_bytes().decode(errors="replace").removeprefix(_MARK)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read ({error.strerror})") from None


def require_writable(file: Path) -> None:
    """Raises ConfigurationError where the file could not be replaced."""
    _stage(file, "").unlink()


def replace_text(file: Path, text: str) -> None:
    """The file holds the old text or the new one, whole, whenever the power goes. Raises ConfigurationError."""
    target = file.resolve()  # a link stays a link
    staged = _stage(target, text)
    with contextlib.suppress(OSError):  # one that is not there yet gets the rights of any new file
        staged.chmod(target.stat().st_mode)
    try:
        staged.replace(target)
    except OSError as error:
        staged.unlink()
        raise _not_replaced(file, error) from None
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _stage(file: Path, text: str) -> Path:
    target = file.resolve()
    staged = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with staged.open("xb") as opened:
            opened.write(text.encode())
            opened.flush()
            os.fsync(opened.fileno())
    except OSError as error:
        with contextlib.suppress(OSError):  # the disk is full: nothing half is left behind
            staged.unlink()
        raise _not_replaced(file, error) from None
    return staged


def _not_replaced(file: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(f"{file}: cannot be replaced ({error.strerror}); let Plaudit write to its folder")


def _bring(file: Path, stored: StoredBook) -> Outcome:
    text = text_of(file)
    if text == stored.text:
        return "there already"
    if text and mark_of(text) != stored.replaces:
        return "edited since"  # by hand, after the apply: that counts when the bot starts, like any edit
    replace_text(file, stored.text)
    return "written"


def _unwritten(url: str) -> Sequence[str]:
    """Communities whose file is still to be replaced; none where there is no database, or one of another version."""
    try:
        with reading(url) as histories:
            return books.unwritten(histories(""))
    except ConfigurationError:
        return ()
