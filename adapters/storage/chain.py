"""The ledger's chain: each entry carries a hash over the one before and itself, so that a change or a gap shows.

No personal data goes in: a member is a random token. The head is anchored in a file beside the database.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.storage.files import Rows, database_of, write_whole
from adapters.storage.history import SqlHistory
from core.errors import ConfigurationError

FIRST = bytes(32)
_HEAD = "SELECT id, hash FROM ledger ORDER BY id DESC LIMIT 1"
_CHAIN = """
SELECT id, community, token, award, points, at, cause, hash FROM ledger WHERE id > ? ORDER BY id LIMIT 5000
"""
_TOKENS = "SELECT member, token FROM identity WHERE community = ? AND member IN (SELECT value FROM json_each(?))"
APPEND = """
INSERT INTO ledger (id, community, member, award, points, at, cause, token, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
NEW_TOKEN = "INSERT INTO identity (community, member, token) VALUES (?, ?, ?)"  # noqa: S105 - SQL, no password


@dataclass(frozen=True, slots=True)
class Entry:
    """What is hashed of one entry. `at`: UTC microseconds."""

    id: int
    community: str
    token: str
    award: int | None
    points: int
    at: int
    cause: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of the ledger; id 0 where there is none."""

    id: int = 0
    hash: bytes = FIRST


def link(before: bytes, entry: Entry) -> bytes:
    """The hash of an entry that follows one with the hash `before`."""
    e = entry
    written = json.dumps([e.id, e.community, e.token, e.award, e.points, e.at, e.cause], ensure_ascii=False)
    return hashlib.sha256(before + written.encode()).digest()


def head(rows: Rows) -> Head:
    """The end of the chain."""
    found = rows(_HEAD, ())
    return Head(int(found[0][0]), bytes(found[0][1])) if found else Head()


def entries(
    rows: Rows, community: str, paid: Sequence[tuple[str, int | None, int, int, str]]
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Rows for the ledger from (member, award, points, at, cause), and for `identity` of who has no token yet."""
    tokens, strangers = _tokens(rows, community, {row[0] for row in paid})
    last = head(rows)
    chained: list[tuple[Any, ...]] = []
    for member, award, points, at, cause in paid:
        entry = Entry(last.id + 1, community, tokens[member], award, points, at, cause)
        last = Head(entry.id, link(last.hash, entry))
        chained.append((entry.id, community, member, award, points, at, cause, entry.token, last.hash))
    return chained, strangers


def _tokens(rows: Rows, community: str, members: Iterable[str]) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    wanted = sorted(members)
    known = {row[0]: str(row[1]) for row in rows(_TOKENS, (community, json.dumps(wanted)))}
    new = {member: secrets.token_hex(16) for member in wanted if member not in known}
    return known | new, [(community, member, token) for member, token in new.items()]


def faults(history: SqlHistory) -> Iterator[str]:
    """The first entry that is not as it was written, and whether those at the end are missing."""
    anchor = _read_anchor(database_of(history.rows).with_suffix(".anchor"))
    before, last, seen = FIRST, 0, anchor.id == 0
    while rows := history.rows(_CHAIN, (last,)):
        for *fields, hash_ in rows:
            entry = Entry(*fields)
            before, last = link(before, entry), entry.id
            if before != bytes(hash_):
                yield f"the ledger was changed behind the bot's back: entry {entry.id} or what stood before it"
                return
            seen = seen or Head(entry.id, before) == anchor
    if not seen:
        yield f"the ledger was cut or replaced: it had an entry {anchor.id} with another end; its last one is {last}"


def note_head(history: SqlHistory) -> None:
    """Write the head of the chain beside the database: entries cut off behind it are missed from now on."""
    note(database_of(history.rows), head(history.rows))


def note(file: Path, found: Head) -> None:
    """The same for the database `file` and a head that is known."""
    said = json.dumps({"entry": found.id, "hash": found.hash.hex()})
    write_whole(file.with_suffix(".anchor"), f"{said}\n".encode())


def _read_anchor(file: Path) -> Head:
    """The head that was noted last; the beginning where there is no note."""
    if not file.exists():
        return Head()
    try:
        said = json.loads(file.read_text())
        return Head(int(said["entry"]), bytes.fromhex(said["hash"]))
    except (ValueError, KeyError, TypeError):
        raise ConfigurationError(f"{file}: cannot be read; put it back, or remove it and begin anew") from None
