"""Everything that is kept about one person, for that person: other people are numbered, not named."""

from __future__ import annotations

import csv
import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from adapters.storage import tables
from core.erasure import ACCOUNT, Renaming
from core.events import Account
from core.exact_json import decode
from core.times import write_time

Row = dict[str, Any]
BY_CONTENT = {
    "act": ("about", "by"),
    "statement": ("body", "id"),
    "finding": ("people",),
    "inbox": ("statement",),
    "ignored": ("statement",),
    "outbox": ("cause", "destination"),
}
"""Tables whose rows name people inside what they hold, by the columns to look into."""
NOT_PERSONAL = {
    "announcement": "when which award was told in a channel; whose it is, is in award",
    "book": "the rule books, as managers wrote them",
    "code": "codes of the community; who used one is in redemption",
    "confirmation": "words on a page, gone once they are used",
    "erasure": "marks and pseudonyms: they say nothing without the key",
    "guess": "wrong codes of the last minutes, against guessing",
    "link": "links of the community",
    "link_mail": "marks of the mails of the last hour, against too many",
    "notebook": "where the bot left off reading",
    "request_seen": "ids of webhook requests, against repetition",
    "rule": "versions of rules",
    "run": "which jobs were done",
    "snapshot": "which periods of boards are over",
}
_LEFT_OUT = frozenset({"hash", "mark", "browser", "token", "seq", "community", "receipt", "card"})
"""Columns that say nothing about anybody."""
_TIMES = frozenset({"at", "since", "opens", "closes", "expires"})
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_MADE = (2000, 1, 1, 0, 0, 0)
_README = """What Plaudit keeps about you.

plaudit.json holds everything; the CSV files hold the same, one table each. Times are UTC.
Other people are called person-1, person-2 and so on. Plaudit keeps no text of messages.
"""


def collect(db: sa.Connection, community: str, accounts: Sequence[Account]) -> dict[str, list[Row]]:
    """Rows by table, those tables only that hold something."""
    found = {t.name: list(_rows(db, t, community, accounts)) for t in tables.metadata.sorted_tables}
    found = {name: rows for name, rows in found.items() if rows}
    hide = _hiding(found, accounts)
    return {name: [_hidden(row, hide) for row in rows] for name, rows in found.items()}


def _rows(db: sa.Connection, table: sa.Table, community: str, accounts: Sequence[Account]) -> Iterator[Row]:
    owner = next((table.c[name] for name in ("account", "member") if name in table.columns), None)
    if table.name in NOT_PERSONAL or "community" not in table.columns:
        return
    here = sa.select(table).where(table.c.community == community)
    if table.name in BY_CONTENT:
        columns = [sa.cast(table.c[name], sa.LargeBinary) for name in BY_CONTENT[table.name]]
        naming = sa.or_(*(sa.func.instr(c, a.encode()) > 0 for c in columns for a in accounts))
        for row in db.execute(here.where(naming)).mappings():
            if _names(row, BY_CONTENT[table.name], accounts):
                yield _readable(row)
    elif owner is not None:
        yield from (_readable(row) for row in db.execute(here.where(owner.in_(accounts))).mappings())


def _names(row: sa.RowMapping, columns: Sequence[str], accounts: Sequence[Account]) -> bool:
    """Really, and not somebody whose name begins the same."""
    said = {a for name in columns for a in ACCOUNT.findall(_text(row[name]))}
    return not said.isdisjoint(accounts)


def _readable(row: sa.RowMapping) -> Row:
    return {name: _value(name, value) for name, value in row.items() if name not in _LEFT_OUT and value is not None}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return decode(_text(value))
    if isinstance(value, int) and not isinstance(value, bool) and (name in _TIMES or name.endswith("_at")):
        return _time(value)
    return value


def _text(value: bytes | str | None) -> str:
    if isinstance(value, bytes):
        return (zlib.decompress(value) if value.startswith(b"\x78\x01") else value).decode()
    return value or ""


def _time(value: int) -> Any:
    """A moment that a calendar has; others mark what has no date."""
    try:
        return write_time(value)
    except (OverflowError, ValueError):
        return None


def _hiding(found: Mapping[str, list[Row]], accounts: Sequence[Account]) -> Renaming:
    """Numbers for everybody else who is named somewhere, in the order of their accounts."""
    named = {a for a in ACCOUNT.findall(json.dumps(found, ensure_ascii=False, default=str)) if a not in accounts}
    numbers = {a: f"{a.partition('/')[0]}/person-{n}" for n, a in enumerate(sorted(named), 1)}
    return Renaming(numbers)


def _hidden(row: Row, hide: Renaming) -> Row:
    if not hide.accounts:
        return row
    hidden: Row = json.loads(hide.everywhere()(json.dumps(row, ensure_ascii=False, default=str)))
    return hidden


def as_zip(found: Mapping[str, list[Row]]) -> bytes:
    """JSON and CSV. The same data makes the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "README.txt", _README)
        _put(archive, "plaudit.json", json.dumps(found, indent=1, ensure_ascii=False, default=str))
        for name, rows in found.items():
            _put(archive, f"{name}.csv", _as_csv(rows))
    return held.getvalue()


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, _MADE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text)


def _as_csv(rows: Sequence[Row]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return written.getvalue()


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would calculate gets an apostrophe before it."""
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False, default=str)
    return f"'{value}" if isinstance(value, str) and value.startswith(_DANGEROUS) else value
