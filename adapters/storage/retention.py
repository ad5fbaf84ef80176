"""Deletes what is older than a community keeps and no rule needs, in small transactions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from adapters.storage.history import SqlHistory
from adapters.storage.transactions import SqlTransaction
from core.events import body, resolve
from core.indexing import former_places
from core.retention import Needs, Said, Thinning, thinning

MOST = 2_000
"""Rows that one transaction looks at, and changes, at most, so that nobody waits long to write. What is said about one
fact is never cut in two."""
# The first statement about each fact of which all are old. The last row of the log stays: the next one counts from it.
_OLD = """
SELECT f.seq, f.source, f.id FROM statement f
WHERE f.community = ? AND f.seq > ? AND f.seq <= ? AND f.at < ? AND NOT EXISTS (
    SELECT 1 FROM statement o WHERE o.community = f.community AND o.source = f.source AND o.id = f.id
    AND (o.seq < f.seq OR o.at >= ? OR o.seq = (SELECT MAX(seq) FROM statement))
) ORDER BY f.seq
"""
_END = "SELECT COALESCE(MAX(seq), 0) FROM (SELECT seq FROM statement WHERE seq > ? ORDER BY seq LIMIT ?)"
_ALL = 1 << 62
# In these ?1 is the community, ?2 the limit, ?3 how many rows at most.
_SENT = "community = ?1 AND state IN ('sent', 'failed') AND COALESCE(done_at, created_at) < ?2"
# Of a review, a claim, an appeal the row stays without its card: it keeps them from being posted once more.
_ONCE = "(cause GLOB 'review:*' OR cause GLOB 'claim:*' OR cause GLOB 'appeal:*')"
_CARDS = f"{_SENT} AND {_ONCE} AND card IS NOT NULL"
_OURS = {
    "ignored": "community = ?1 AND at < ?2",
    "inbox": "community = ?1 AND state = 'done' AND due_at < ?2",
    "outbox": f"{_SENT} AND NOT {_ONCE}",
    "stay": "community = ?1 AND seen_at < ?2",
}
_SHARED = {"request_seen": "at < ?2", "guess": "at < ?2"}
_DELETE = "DELETE FROM {0} WHERE rowid IN (SELECT rowid FROM {0} WHERE {1} LIMIT ?3)"
_BLANK = f"UPDATE outbox SET card = NULL WHERE id IN (SELECT id FROM outbox WHERE {_CARDS} LIMIT ?3)"  # noqa: S608 - our own words, no values


@dataclass(slots=True)
class Tally:
    """What goes. `gone`: statements by type; `thinned`: statements that stay with fewer facts, by type; `dropped`: how
    many facts those lose; `beside`: rows of other tables, by name."""

    gone: Counter[str] = field(default_factory=Counter)
    thinned: Counter[str] = field(default_factory=Counter)
    dropped: int = 0
    beside: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Count something more."""
        self.gone += other.gone
        self.thinned += other.thinned
        self.dropped += other.dropped
        self.beside += other.beside

    def __bool__(self) -> bool:
        return bool(self.gone or self.thinned or self.beside)


@dataclass(frozen=True, slots=True)
class Share:
    """What one transaction did. `after`: the place in the log from which to go on, None at its end."""

    after: int | None
    tally: Tally


def step(tx: SqlTransaction, needs: Needs, limit: int, after: int) -> Share:
    """Let go of what is old behind a place in the log. `limit`: UTC microseconds; what is from then or later stays."""
    tally, rows, end = Tally(), 0, _end(tx, after)
    with _wiping(tx):
        for first, said, found in _old(tx, needs, limit, after, end):
            size = len(found.gone) + len(found.thinned)
            if rows and rows + size > MOST:
                return Share(first - 1, tally)
            _carry_out(tx, said, found)
            rows += size
            tally.add(_counted(found))
    return Share(_next(tx, end), tally)


def preview(history: SqlHistory, needs: Needs, limit: int, after: int) -> Share:
    """What `step` would do; nothing changes."""
    tally, end = Tally(), _end(history, after)
    for _, _, found in _old(history, needs, limit, after, end):
        tally.add(_counted(found))
    return Share(_next(history, end), tally)


def step_beside(tx: SqlTransaction, limit: int, *, shared: bool) -> Tally:
    """Let go of old rows of other tables, so many as one transaction may; nothing where none is left. `shared`: also of
    those that belong to no community."""
    tally, left = Tally(), MOST
    asks = [(name, _DELETE.format(name, where)) for name, where in _beside(shared=shared)]
    with _wiping(tx):
        for name, query in (*asks, ("outbox", _BLANK)):
            changed = tx.many(query, [(tx.community, limit, left)]) if left else 0
            tally.beside += Counter({name: changed})
            left -= changed
    return tally


def preview_beside(history: SqlHistory, limit: int, *, shared: bool) -> Tally:
    """What `step_beside` would do until nothing is left."""
    tally = Tally()
    for name, where in (*_beside(shared=shared), ("outbox", _CARDS)):
        query = f"SELECT COUNT(*) FROM {name} WHERE {where}"  # noqa: S608 - our own words, no values
        tally.beside += Counter({name: int(history.rows(query, (history.community, limit))[0][0])})
    return tally


def _beside(*, shared: bool) -> list[tuple[str, str]]:
    return list((_OURS | _SHARED if shared else _OURS).items())


def _old(history: SqlHistory, needs: Needs, limit: int, after: int, end: int) -> Iterator[tuple[int, Said, Thinning]]:
    """The facts that may go or lose something, each with its first place in the log, which lies in (after, end]."""
    rows = history.rows(_OLD, (history.community, after, end, limit, limit))
    said = history.statements([(row[1], row[2]) for row in rows], _ALL)
    for first, source, id_ in rows:
        there = said[source, id_]
        found = thinning(there, needs)
        if found is not None:
            yield first, there, found


def _end(history: SqlHistory, after: int) -> int:
    """Where the stretch of the log behind `after` ends that one transaction looks at."""
    return int(history.rows(_END, (after, MOST))[0][0])


def _next(history: SqlHistory, end: int) -> int | None:
    return end if history.rows("SELECT 1 FROM statement WHERE seq > ? LIMIT 1", (end,)) and end else None


def _carry_out(tx: SqlTransaction, said: Said, found: Thinning) -> None:
    live = resolve(said) if found.gone else None
    if live is not None:
        tx.unplace(former_places(live))
    tx.many("DELETE FROM statement WHERE seq = ?", [(seq,) for seq in found.gone])
    tx.many("UPDATE statement SET body = ? WHERE seq = ?", [(body(s), seq) for seq, s in found.thinned.items()])


def _counted(found: Thinning) -> Tally:
    return Tally(+Counter({found.type: len(found.gone)}), +Counter({found.type: len(found.thinned)}), found.dropped)


@contextmanager
def _wiping(tx: SqlTransaction) -> Iterator[None]:
    """What is deleted meanwhile is overwritten in the file."""
    before = int(tx.rows("PRAGMA secure_delete", ())[0][0])
    tx.rows("PRAGMA secure_delete=ON", ())
    try:
        yield
    finally:
        tx.rows(f"PRAGMA secure_delete={before}", ())
