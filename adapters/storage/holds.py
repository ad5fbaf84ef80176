"""Who has the database open: many may work with it at once, but it is replaced only while nobody does."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from adapters.storage.files import OWNER_ONLY
from core.errors import ConfigurationError


def lock_file(file: Path) -> Path:
    """The file whose lock says so. Not the database itself: closing it would drop SQLite's own locks."""
    return file.with_suffix(".lock")


def hold(file: Path) -> IO[bytes]:
    """Say that this process works with the database, until it is closed; the end of the process releases it too.

    Raises ConfigurationError while it is being replaced."""
    try:
        return _lock(file, fcntl.LOCK_SH)
    except BlockingIOError:
        raise ConfigurationError(f"{file}: a backup is just being put in its place; try again in a minute") from None
    except OSError as error:
        raise ConfigurationError(f"{lock_file(file)}: cannot be written ({error.strerror})") from error


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Nobody else has the database open meanwhile. Raises ConfigurationError if somebody has."""
    try:
        held = _lock(file, fcntl.LOCK_EX)
    except BlockingIOError:
        raise ConfigurationError(f"{file}: a bot or another command has it open; stop it first") from None
    try:
        yield
    finally:
        held.close()


def _lock(file: Path, kind: int) -> IO[bytes]:
    held = os.fdopen(os.open(lock_file(file), os.O_RDWR | os.O_CREAT, OWNER_ONLY), "rb")
    try:
        fcntl.flock(held, kind | fcntl.LOCK_NB)
    except OSError:
        held.close()
        raise
    return held
