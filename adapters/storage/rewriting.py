"""Puts pseudonyms in the place of accounts and names, in every table there is; new tables are covered by themselves."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
import sqlalchemy as sa

from adapters.storage import tables
from adapters.storage.cards import unnamed
from adapters.storage.ladders import LADDER
from adapters.storage.transactions import LONGEST_PLAIN
from core.erasure import REDACTED, SOMEBODY, Renaming, user_of
from core.errors import MalformedStatement
from core.events import ASSERT, accounts, content, digest, plain, statement_from
from core.exact_json import decode, decode_exactly

Row = dict[str, Any]
CONFIGURATION = frozenset({"book", "rule", "code", "link", "erasure"})
"""Tables that hold what managers wrote, or marks: nothing in them speaks of members."""
_SEALED = frozenset({"hash", "mark", "token"})
_FREE = frozenset({"note", "reason", "why", "question", "answer", "explanation", "card", "error", "who"})
"""Columns in people's own words: a name may stand there although the row is about somebody else."""
_OWN_WORDS = frozenset({"note", "why", "question", "answer", "explanation", "proof"})
"""Of these nothing is left where the row is about the person."""
_TIES = """
SELECT community, source, id, at FROM statement WHERE op = 'assert'
GROUP BY community, source, id, at HAVING COUNT(*) > 1
"""
_TIED = "SELECT seq, body FROM statement WHERE community = ? AND source = ? AND id = ? AND op = 'assert' AND at = ?"
_IDS = "SELECT DISTINCT id FROM statement WHERE source = ? AND instr(id, ?) AND instr(CAST(body AS TEXT), ?)"
_BATCHED = """
SELECT DISTINCT id FROM statement
WHERE source = 'moderator' AND id >= 'bulk:' AND id < 'bulk;' AND instr(CAST(body AS TEXT), ?) ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Hand:
    """Everything that rewriting a row needs. `needles`: a row without any of them is left alone."""

    renaming: Renaming
    everywhere: Callable[[str], str]
    words: Callable[[str], str]
    needles: tuple[bytes, ...]

    def about(self, row: Mapping[str, Any]) -> bool:
        """Is the row about the person?"""
        return any(row.get(name) in self.renaming.accounts for name in ("member", "account"))


def rewrite(db: sa.Connection, renaming: Renaming) -> int:
    """Returns how many rows were changed or deleted."""
    renaming = replace(renaming, names=_spellings(renaming.names), ids=_ids(db, renaming))
    users = [user_of(account) for account in renaming.accounts]
    needles = tuple(text.encode() for text in (*users, *renaming.names) if text)
    hand = Hand(renaming, renaming.everywhere(), renaming.words(), needles)
    _drop_what_lost(db, renaming)
    return sum(_rewrite(db, t, hand) for t in tables.metadata.sorted_tables if t.name not in CONFIGURATION)


def _drop_what_lost(db: sa.Connection, renaming: Renaming) -> None:
    """Of two assertions of one moment the greater content speaks, and a pseudonym may be greater than the account was.
    The one that does not speak goes, so that it does not begin to."""
    for tie in db.exec_driver_sql(_TIES).all():
        rows = db.exec_driver_sql(_TIED, tuple(tie)).all()
        said = {row[0]: statement_from(tie[1], tie[2], ASSERT, tie[3], row[1]) for row in rows}
        if any(a in renaming.accounts for s in said.values() for a in accounts(s)):
            speaks = max(said, key=lambda seq: (content(said[seq]), -seq))
            db.exec_driver_sql("DELETE FROM statement WHERE seq = ?", [(seq,) for seq in said if seq != speaks])


def _spellings(names: Sequence[str]) -> tuple[str, ...]:
    """Each name also as JSON writes it."""
    written = [s for n in names for s in (n, orjson.dumps(n).decode()[1:-1], json.dumps(n)[1:-1])]
    return tuple(dict.fromkeys(written))


def _ids(db: sa.Connection, renaming: Renaming) -> dict[str, str]:
    """Ids of facts that name a person by what may be an everyday word elsewhere, as `review:repo#3:alice`."""
    found: dict[str, str] = {}
    for account in renaming.accounts:
        source = account.partition("/")[0]
        rename = renaming.within(source)
        for row in db.exec_driver_sql(_IDS, (source, user_of(account), account)):
            found[row[0]] = rename(row[0])
        found |= _batched(db, account, user_of(renaming.accounts[account]))
    return {old: new for old, new in found.items() if old != new}


def _batched(db: sa.Connection, account: str, user: str) -> dict[str, str]:
    """Ids of what batches said about somebody: they end with a mark that was made of the account, by which it could be
    tried."""
    rows = db.exec_driver_sql(_BATCHED, (f'"target":{orjson.dumps(account).decode()}',)).all()
    return {row[0]: f"{row[0].rpartition('/')[0]}/{user}-{number}" for number, row in enumerate(rows)}


def _rewrite(db: sa.Connection, table: sa.Table, hand: Hand) -> int:
    changed = 0
    keys = list(table.primary_key.columns)
    for row in list(_candidates(db, table, hand.needles)):
        new = _changed(table.name, row, hand)
        here = sa.and_(*(key == row[key.name] for key in keys))
        if new is None:
            db.execute(sa.delete(table).where(here))
        elif new != row:
            db.execute(sa.update(table).where(here).values({k: v for k, v in new.items() if v != row[k]}))
        changed += new != row
    return changed


def _candidates(db: sa.Connection, table: sa.Table, needles: tuple[bytes, ...]) -> Iterator[Row]:
    """Rows that may name the person."""
    texts = [c for c in table.columns if _is_text(c) and c.name not in _SEALED]
    if not texts:
        return
    wanted = sa.select(table)
    if table.name != "progress":  # its states are packed: each has to be looked into
        found = [sa.func.instr(sa.cast(c, sa.LargeBinary), needle) > 0 for c in texts for needle in needles]
        wanted = wanted.where(sa.or_(*found))
    for row in map(dict, db.execute(wanted).mappings()):
        if table.name != "progress" or _in_progress(row, needles):
            yield row


def _is_text(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.Text | sa.LargeBinary)


def _in_progress(row: Mapping[str, Any], needles: tuple[bytes, ...]) -> bool:
    there = b"\n".join((row["member"].encode(), row["thing"].encode(), _unpacked(row["state"])))
    return any(needle in there for needle in needles)


def _changed(name: str, row: Row, hand: Hand) -> Row | None:
    """The row as it is to be; None where it is to go."""
    new = {column: _renamed(column, value, hand) for column, value in row.items()}
    special = _SPECIAL.get(name)
    if new == row or special is None:
        return new
    if hand.about(row):
        new |= {column: "" if row[column] is not None else None for column in _OWN_WORDS & row.keys()}
    return special(row, new, hand)


def _renamed(column: str, value: Any, hand: Hand) -> Any:
    if column in _SEALED or not isinstance(value, str | bytes):
        return value
    if isinstance(value, str):
        return _rewritten(column, value, hand)
    plain = _unpacked(value)
    new = _rewritten(column, plain.decode(errors="surrogateescape"), hand).encode(errors="surrogateescape")
    if new == plain:
        return value
    return _packed(new) if column == "state" else new


def _rewritten(column: str, text: str, hand: Hand) -> str:
    """JSON stays JSON: only its texts are looked into, for a number may look like somebody's id."""
    free = column in _FREE

    def one(plain_text: str) -> str:
        renamed = hand.everywhere(plain_text)
        return hand.words(renamed) if free else renamed

    return _texts(text, one)


def _texts(text: str, change: Callable[[str], str]) -> str:
    if text[:1] not in ("{", "["):
        return change(text)
    try:
        data = decode_exactly(text)
    except MalformedStatement:
        return change(text)
    changed = _inside(data, change)
    return text if changed == data else orjson.dumps(changed, default=plain).decode()


def _inside(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return _texts(value, change)
    if isinstance(value, list):
        return [_inside(inner, change) for inner in value]
    if isinstance(value, dict):
        return {_texts(name, change): _inside(inner, change) for name, inner in value.items()}
    return value


def _unpacked(value: bytes) -> bytes:
    return zlib.decompress(value) if value.startswith(b"\x78\x01") else value


def _packed(value: bytes) -> bytes:
    return zlib.compress(value, 1) if len(value) > LONGEST_PLAIN else value


# ---- what is more than a new name


def _gone(_row: Row, _new: Row, _hand: Hand) -> Row | None:
    return None


def _plain(_row: Row, new: Row, _hand: Hand) -> Row | None:
    return new


def _account(row: Row, new: Row, hand: Hand) -> Row | None:
    """Nobody of this name is here."""
    if not hand.about(row):
        return new
    return new | {"name": SOMEBODY, "present": False, "timezone": None, "roles": "[]"}


def _statement(_row: Row, new: Row, hand: Hand) -> Row | None:
    """What the log says, with a hash that nobody can try accounts against."""
    body = decode(new["body"])
    text = _redacted(body, hand)
    return new | {"body": text, "hash": digest(text)}


def _redacted(body: dict[str, Any], hand: Hand) -> bytes:
    pseudonyms = set(hand.renaming.accounts.values())
    concerned = not pseudonyms.isdisjoint({body.get("actor"), body.get("target"), body.get("author")})
    for holder in (body, body.get("facts", {})):
        for name in ("reason", "note", "proof"):
            if name in holder and isinstance(holder[name], str):
                holder[name] = REDACTED if concerned and holder is not body else hand.words(holder[name])
    return orjson.dumps(body, default=plain, option=orjson.OPT_SORT_KEYS)


def _inbox(row: Row, new: Row, hand: Hand) -> Row | None:
    """What waits stays if it is somebody else's."""
    line = decode(new["statement"])
    if row["state"] == "done" or line.get("actor") in hand.renaming.accounts.values():
        return None
    return new | {"hash": digest(new["statement"])}


def _outbox(row: Row, new: Row, hand: Hand) -> Row | None:
    """What was sent is forgotten; what is about the person is not sent; what names them among others waits unnamed."""
    if row["state"] in ("sent", "failed"):
        return new | {"card": None, "receipt": None}
    if any(new[column] != row[column] for column in ("cause", "destination")):
        return new | {"card": None, "state": "failed", "error": "somebody was erased"}
    if row["kind"] != "card":
        return new
    return new | {"card": unnamed(new["card"], set(hand.renaming.accounts.values()))}


def _claim(row: Row, new: Row, hand: Hand) -> Row | None:
    """Nobody has to decide any more on what the person said; what was decided stays."""
    return None if row["state"] == "open" and hand.about(row) else new


def _payout(row: Row, new: Row, hand: Hand) -> Row | None:
    """What was redeemed stays in the books; why somebody said no, and where it was asked, does not."""
    return new | {"reason": None, "channel": None} if hand.about(row) else new


def _act(row: Row, new: Row, hand: Hand) -> Row | None:
    """What was done to whom stays in the trail, why it was does not."""
    return new | {"reason": ""} if row["about"] in hand.renaming.accounts else new


def _stay(row: Row, new: Row, hand: Hand) -> Row | None:
    """Nobody is followed any more who asked to be forgotten."""
    return None if hand.about(row) else new


def _notebook(row: Row, new: Row, _hand: Hand) -> Row | None:
    """A ladder that has just come to the person begins anew: else it would stop there."""
    return new | {"value": ""} if row["key"].startswith(LADDER) else None


_SPECIAL: Mapping[str, Callable[[Row, Row, Hand], Row | None]] = {
    "account": _account,
    "act": _act,
    "appeal": _claim,
    "award": _plain,
    "challenge_draft": _gone,
    "claim": _claim,
    "ignored": _gone,
    "inbox": _inbox,
    "link_code": _gone,
    "match": _gone,
    "notebook": _notebook,
    "outbox": _outbox,
    "payout": _payout,
    "sign_in": _gone,
    "stay": _stay,
    "statement": _statement,
    "stranger": _gone,
}
