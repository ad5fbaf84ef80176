"""A copy of the database that is whole: taken while the bot works, and put back while it does not.

A backup is the copy and, beside it, a manifest with its checksum. Whatever is interrupted leaves no half file.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from adapters.storage import chain, erasure
from adapters.storage.engines import BUSY_SECONDS, database_file
from adapters.storage.files import OWNER_ONLY, Rows, sync_folder, write_whole
from core.errors import ConfigurationError

PAGES = 4_096
"""Copied at once, before a writer gets its turn."""
PATIENCE = 30.0
"""Seconds after which writers have to wait: whatever changes in between makes the copy begin again."""
_BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `head`: of its ledger."""

    sha256: str
    size: int
    made_at: int
    head: chain.Head

    def written(self) -> bytes:
        ledger = {"entry": self.head.id, "hash": self.head.hash.hex()}
        said = {"sha256": self.sha256, "bytes": self.size, "made_at": self.made_at, "ledger": ledger}
        return json.dumps(said, indent=1).encode() + b"\n"


def manifest_file(copy: Path) -> Path:
    """Where the manifest of a backup is."""
    return copy.with_name(f"{copy.name}.manifest")


def back_up(url: str, copy: Path, now: int) -> Manifest:
    """Copy the database as it is at one moment; works beside a running bot. `now`: UTC microseconds.

    Raises ConfigurationError where there is no database, the copy exists, or what was copied is damaged.
    """
    file = Path(database_file(url))
    if not file.exists():
        raise ConfigurationError(f"{file}: there is no database to back up")
    for there in (copy, manifest_file(copy)):
        if there.exists():
            raise ConfigurationError(f"{there}: is there already; name another file")
    part = copy.with_name(f"{copy.name}.part")
    try:
        _copy(file, part)
        found = _described(part, now)
        part.replace(copy)
        write_whole(manifest_file(copy), found.written())
    except OSError as error:
        raise ConfigurationError(f"{copy}: cannot be written ({error.strerror})") from error
    finally:
        part.unlink(missing_ok=True)
    chain.note(file, found.head)
    return found


def _copy(file: Path, part: Path) -> None:
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY))
    try:
        with closing(_open(file, "ro")) as source, closing(sqlite3.connect(part)) as target:
            _back_up(source, target)
    except sqlite3.Error as error:
        raise ConfigurationError(f"{file}: cannot be copied: {error}") from error
    with part.open("rb+") as stream:
        os.fsync(stream.fileno())
    sync_folder(part)


def _back_up(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """In parts, so that the bot can write meanwhile; after a while in one go."""
    target.execute("PRAGMA journal_mode=OFF")
    until = time.monotonic() + PATIENCE

    def go_on(_status: int, _remaining: int, _total: int) -> None:
        if time.monotonic() > until:
            raise TimeoutError

    try:
        source.backup(target, pages=PAGES, progress=go_on, sleep=0.005)
    except TimeoutError:
        source.backup(target)


def _open(file: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(file))}?mode={mode}", uri=True, timeout=BUSY_SECONDS)


def _described(part: Path, now: int) -> Manifest:
    """Raises ConfigurationError for a damaged copy."""
    with closing(_open(part, "ro")) as db:
        require_sound(_rows(db), part)
        head = chain.head(_rows(db))
    return Manifest(_sha256(part), part.stat().st_size, now, head)


def _rows(db: sqlite3.Connection) -> Rows:
    return lambda query, parameters: db.execute(query, parameters).fetchall()


def require_sound(rows: Rows, file: Path) -> None:
    """Raises ConfigurationError for a damaged database."""
    result = rows("PRAGMA integrity_check", ())[0][0]
    if result != "ok":
        raise ConfigurationError(f"{file}: is damaged ({result}); take an earlier backup")


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_manifest(copy: Path) -> Manifest:
    """Raises ConfigurationError where the backup is not as it was made."""
    if not copy.exists():
        raise ConfigurationError(f"{copy}: there is no such file")
    try:
        said = json.loads(manifest_file(copy).read_text())
        head = chain.Head(int(said["ledger"]["entry"]), bytes.fromhex(said["ledger"]["hash"]))
        found = Manifest(said["sha256"], said["bytes"], said["made_at"], head)
    except (OSError, ValueError, KeyError, TypeError):
        text = f"{manifest_file(copy)}: is missing or cannot be read; a backup is complete only with it"
        raise ConfigurationError(text) from None
    if (copy.stat().st_size, _sha256(copy)) != (found.size, found.sha256):
        raise ConfigurationError(f"{copy}: is not what was backed up (its checksum differs); take another backup")
    return found


@contextmanager
def staged(file: Path, copy: Path) -> Iterator[Path]:
    """A place beside the database where the copy is made ready, with the key and the list of erasures beside it."""
    folder = file.with_suffix(".restoring")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        ready = folder / file.name
        shutil.copyfile(copy, ready)
        ready.chmod(OWNER_ONLY)
        for beside in (erasure.key_file, erasure.journal_file):
            if beside(file).exists():
                shutil.copy2(beside(file), beside(ready))
        yield ready
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_in_place(ready: Path, file: Path) -> None:
    """From here on the restored database is the one; before, nothing has changed."""
    with closing(_open(ready, "rw")) as db:
        head = chain.head(_rows(db))
    with ready.open("rb+") as stream:
        os.fsync(stream.fileno())
    for ending in _BESIDE:  # what an earlier database left unfinished must not be played into this one
        file.with_name(file.name + ending).unlink(missing_ok=True)
    ready.replace(file)
    sync_folder(file)
    chain.note(file, head)
