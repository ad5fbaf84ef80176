"""Erases people from the database, and keeps beside it what is needed so that nothing brings them back.

Beside `plaudit.db`: `plaudit.key` makes the marks by which erased accounts are known, `plaudit.erasures` lists every
erasure by mark and pseudonym. A database that was made before an erasure is brought up to it when it is opened.
"""

from __future__ import annotations

import json
import math
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog

from adapters.storage import tables
from adapters.storage.files import append, database_of, write_whole
from adapters.storage.history import SqlHistory
from adapters.storage.rewriting import CONFIGURATION, rewrite
from core.erasure import KEY_BYTES, Erased, Renaming, mark_of, pseudonym
from core.errors import ConfigurationError
from core.events import Account
from core.passing import in_cohort
from core.plan import Plan

log = structlog.get_logger(__name__)
_LIST = "SELECT mark, pseudonym FROM erasure WHERE NOT lifted"
_ENTER = "INSERT INTO erasure (community, pseudonym, mark, at, lifted, swept) VALUES (?, ?, ?, ?, 0, 0)"
_LIFT = "UPDATE erasure SET lifted = 1 WHERE mark = ? AND NOT lifted"
_NAMES = "SELECT DISTINCT name FROM account WHERE account IN (SELECT value FROM json_each(?))"
_SAID = """
SELECT DISTINCT t.value FROM statement s, json_tree(CAST(s.body AS TEXT)) t
WHERE t.type = 'text' AND t.value GLOB '*:*/*'
"""
SHORTEST_NAME = 2
PAUSE = 60.0  # seconds
UNSWEPT = "unswept"
"""Noted with a connection whose file must be rewritten, so that nothing deleted is left in it, and from when on."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal. `at`: UTC microseconds."""

    community: str
    pseudonym: Account
    mark: bytes
    at: int

    def written(self) -> bytes:
        said = {"community": self.community, "pseudonym": self.pseudonym, "mark": self.mark.hex(), "at": self.at}
        return json.dumps(said).encode()


def key_file(file: Path) -> Path:
    """Where the key of this database is."""
    return file.with_suffix(".key")


def journal_file(file: Path) -> Path:
    """Where the erasures of this database are listed."""
    return file.with_suffix(".erasures")


def file_of(db: sa.Connection) -> Path:
    """The file behind a connection."""
    return database_of(lambda query, parameters: db.exec_driver_sql(query, parameters).all())


def read_key(file: Path) -> bytes:
    """Raises ConfigurationError where it is lost: without it nobody who was erased can be recognised."""
    try:
        return bytes.fromhex(key_file(file).read_text().strip())
    except FileNotFoundError:
        text = f"{key_file(file)}: is missing, and people were erased; put it back from your backup"
        raise ConfigurationError(text) from None


def _key(file: Path) -> bytes:
    """The key; it is made when the first person is erased."""
    if not key_file(file).exists() and not journal_file(file).exists():
        write_whole(key_file(file), secrets.token_bytes(KEY_BYTES).hex().encode() + b"\n")
    return read_key(file)


def read_erased(history: SqlHistory) -> Erased:
    """Who was erased and did not come back. Raises ConfigurationError without the key."""
    rows = history.rows(_LIST, ())
    if not rows:
        return Erased()
    return Erased(read_key(database_of(history.rows)), {bytes(row[0]): row[1] for row in rows})


def erase(
    db: sa.Connection, community: str, accounts: Sequence[Account], words: Iterable[str], plan: Plan, now: int
) -> dict[Account, Account]:
    """Take these accounts out of every table; `words` are further names of the person. Returns their pseudonyms.

    The journal is written first: if the rest fails, the next start does it.
    """
    file = file_of(db)
    key = _key(file)
    found = _new_names(accounts, plan)
    entries = [Entry(community, name, mark_of(key, account), now) for account, name in found.items()]
    for entry in entries:
        append(journal_file(file), entry.written())
    _apply(db, found, entries, words)
    return found


def lift(db: sa.Connection, account: Account, now: int) -> bool:
    """The person asks to be counted again. False if nobody of this account was erased."""
    file = file_of(db)
    if not key_file(file).exists():
        return False
    mark = mark_of(read_key(file), account)
    if db.exec_driver_sql(_LIFT, (mark,)).rowcount == 0:
        return False
    append(journal_file(file), json.dumps({"lifted": mark.hex(), "at": now}).encode())
    return True


def catch_up(db: sa.Connection) -> list[Account]:
    """Do again what the journal lists and this database does not know, as after an old backup was restored. Returns the
    pseudonyms of those who were there."""
    if db.exec_driver_sql("SELECT COUNT(*) FROM erasure WHERE NOT swept").scalar_one():
        db.info[UNSWEPT] = 0.0
    file = file_of(db)
    known = set(db.exec_driver_sql("SELECT pseudonym FROM erasure").scalars())
    missing = [entry for entry in read_journal(file) if entry.pseudonym not in known]
    if not missing:
        return []
    key, by_mark = read_key(file), {entry.mark: entry for entry in missing}
    there = {a: by_mark[mark].pseudonym for a in _everybody(db) if (mark := mark_of(key, a)) in by_mark}
    _apply(db, there, missing, ())
    for mark in _lifted(file):
        db.exec_driver_sql(_LIFT, (mark,))
    log.info("people were erased again", accounts=len(there))
    return sorted(there.values())


def sweep(db: sa.Connection) -> None:
    """Rewrite the file without what was deleted, where that is due. Not inside a transaction; somebody who reads at the
    moment is in its way, and then it is tried again after a later commit."""
    if db.info.get(UNSWEPT, math.inf) > time.monotonic():
        return
    try:
        db.exec_driver_sql("PRAGMA temp_store=FILE")  # a copy of a large database is too much for the memory
        db.exec_driver_sql("VACUUM")
        db.exec_driver_sql("UPDATE erasure SET swept = 1 WHERE NOT swept")
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.exec_driver_sql("PRAGMA temp_store=MEMORY")
    except sa.exc.OperationalError as error:
        log.warning("the file still holds deleted bytes; this is tried again", reason=str(error.orig))
        db.info[UNSWEPT] = time.monotonic() + PAUSE
        return
    del db.info[UNSWEPT]
    file = file_of(db)
    file.with_name(f"{file.name}.before-upgrade").unlink(missing_ok=True)  # a copy from before would bring them back


def read_journal(file: Path) -> list[Entry]:
    """Every erasure, in order. A last line that was cut short was never carried out."""
    return [
        Entry(said["community"], said["pseudonym"], bytes.fromhex(said["mark"]), said["at"])
        for said in _lines(file)
        if "pseudonym" in said
    ]


def _lifted(file: Path) -> list[bytes]:
    """Marks of those whose last word is that they want to be counted again."""
    last: dict[str, bool] = {}
    for said in _lines(file):
        last[said.get("lifted") or said["mark"]] = "lifted" in said
    return [bytes.fromhex(mark) for mark, lifted in last.items() if lifted]


def _lines(file: Path) -> Iterator[Mapping[str, Any]]:
    journal = journal_file(file)
    lines = journal.read_bytes().splitlines(keepends=True) if journal.exists() else []
    return (json.loads(line) for line in lines if line.endswith(b"\n") and line.strip())


def _apply(db: sa.Connection, found: Mapping[Account, Account], entries: Sequence[Entry], words: Iterable[str]) -> None:
    db.exec_driver_sql("PRAGMA secure_delete=ON")
    db.info[UNSWEPT] = 0.0
    names = list(db.exec_driver_sql(_NAMES, (json.dumps(list(found)),)).scalars())
    known = [name for name in (*names, *words) if len(name) >= SHORTEST_NAME]
    if found:
        rewrite(db, Renaming(found, known))
    db.exec_driver_sql(_ENTER, [(e.community, e.pseudonym, e.mark, e.at) for e in entries])


def _new_names(accounts: Sequence[Account], plan: Plan) -> dict[Account, Account]:
    """Pseudonyms in the order of the accounts: of several heads the smallest names the member, and still must."""
    known = sorted(set(accounts))
    return {account: _new_name(account, plan, (place, len(known))) for place, account in enumerate(known)}


def _new_name(account: Account, plan: Plan, place: tuple[int, int] = (0, 1)) -> Account:
    """Random, but in the same cohorts: a rule that is tried out with a share of the members keeps its awards. `place`:
    which of how many; all names of a later one are greater."""
    trials = [wanted for wanted in plan.wanted.values() if wanted.rule.cohort is not None]
    before = [in_cohort(wanted, account) for wanted in trials]
    while True:
        token = secrets.token_hex(8)
        if int(token[:4], 16) * place[1] >> 16 != place[0]:
            continue
        name = pseudonym(account, token)
        if [in_cohort(wanted, name) for wanted in trials] == before:
            return name


def _everybody(db: sa.Connection) -> set[Account]:
    """Every account that any table names."""
    found = set(db.exec_driver_sql(_SAID).scalars())
    for table in tables.metadata.sorted_tables:
        if table.name not in CONFIGURATION:
            for name in {"account", "member", "by"} & set(table.columns.keys()):
                found.update(db.execute(sa.select(table.c[name]).distinct()).scalars())
    return {account for account in found if account and "/" in account}
