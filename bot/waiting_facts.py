"""The file in which a client keeps what is not delivered yet. Standard library only."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import IO

try:
    from fcntl import LOCK_EX, LOCK_NB, flock
except ImportError:  # Windows has no such locks: there, a spool must be given to one client only
    flock = None  # type: ignore[assignment]  # the name stays, without the function

REWRITE = 10_000  # delivered lines in the file, before it is written anew without them
Sync = Callable[[int], None]


class InUse(Exception):
    """Another client uses this spool. Give each its own file."""


class WaitingFacts:
    """`file` None: nothing is kept beyond the process. `kept`: what an earlier one could not deliver, in order.

    A line is in the system's hands when `add` returns: it outlives the process, however that ends, but not a power cut
    or a crash of the system in the next seconds. With `sync` (`os.fsync`, which takes a file's number) it is on the
    disk and outlives these, too. Raises InUse, and OSError when the file cannot be opened.
    """

    def __init__(self, file: Path | None, sync: Sync | None = None) -> None:
        self._path = file
        self._sync = sync
        self._file: IO[bytes] | None = None
        self._delivered = 0
        self.kept: list[str] = []
        if file is not None:
            self._file = _locked(file)
            self.kept = _read(self._file)
            _sync_folder(file, sync)  # a file whose name is lost is lost

    @property
    def spooled(self) -> bool:
        """Whether there is a file."""
        return self._file is not None

    def add(self, statement: str) -> None:
        """Raises OSError when it cannot be written: then nothing was said."""
        if self._file is not None:
            _append(self._file, statement.encode() + b"\n", self._sync)

    def done(self, number: int, rest: Collection[str]) -> None:
        """So many more are delivered, and these are not yet."""
        self._delivered += number
        if self._file is None or self._path is None:
            return
        if not rest:
            self._file.truncate(0)
            self._file.seek(0)
        elif self._delivered >= REWRITE:
            self._file = _written_anew(self._path, self._file, rest, self._sync)
        else:
            return
        self._delivered = 0

    def close(self) -> None:
        """The next client may open it."""
        if self._file is not None:
            self._file.close()


def _locked(path: Path) -> IO[bytes]:
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
    if flock is not None:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            file.close()
            raise InUse(f"{path} belongs to another client that is open; give each its own file") from None
    return file


def _read(file: IO[bytes]) -> list[str]:
    """A last line without its end was never promised to anybody: the process ended in the middle of it."""
    whole, end, _ = file.read().rpartition(b"\n")
    file.truncate(len(whole) + len(end))
    file.seek(0, os.SEEK_END)
    return [line for line in whole.decode(errors="replace").split("\n") if _is_json(line)]


def _append(file: IO[bytes], data: bytes, sync: Sync | None) -> None:
    """All of it or nothing: a full disk must not leave half a line before the next one."""
    start = file.tell()
    try:
        while data:
            data = data[file.write(data) :]
        if sync is not None:
            sync(file.fileno())
    except OSError:
        file.truncate(start)
        file.seek(start)
        raise


def _sync_folder(file: Path, sync: Sync | None) -> None:
    if sync is None or os.name == "nt":  # Windows opens no folders, and keeps names by itself
        return
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        sync(folder)
    finally:
        os.close(folder)


def _written_anew(path: Path, old: IO[bytes], lines: Collection[str], sync: Sync | None) -> IO[bytes]:
    """The file with these lines only. It takes the old one's place when it is whole; a crash leaves one of the two."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    new = _locked(beside)
    _append(new, "".join(f"{line}\n" for line in lines).encode(), sync)
    os.replace(beside, path)
    _sync_folder(path, sync)
    old.close()
    return new


def _is_json(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False
