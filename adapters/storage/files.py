"""Small files beside the database: whole or not there, on disk when the call returns, readable by the owner alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

OWNER_ONLY = 0o600
Rows = Callable[[str, tuple[Any, ...]], Sequence[Any]]


def database_of(rows: Rows) -> Path:
    """The file of the database that is asked."""
    return Path(rows("PRAGMA database_list", ())[0][2])


def write_whole(file: Path, content: bytes) -> None:
    """Put a file in place; a crash leaves the old one or the new one."""
    part = file.with_name(f"{file.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(file)
    sync_folder(file)


def append(file: Path, line: bytes) -> None:
    """Add a line to a file that only grows."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWNER_ONLY), "wb") as stream:
        stream.write(line + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    sync_folder(file)


def sync_folder(file: Path) -> None:
    """The name of the file is on disk too."""
    handle = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
