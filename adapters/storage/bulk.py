"""Reads for many decisions at once: who is who, who holds what, and what batches said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from adapters.storage.history import SqlHistory
from core.awards import batch_of
from core.bulk import DEEDS, World, beginning
from core.events import Account, Fact, Statement, resolve
from core.serving import Served

_PEOPLE = "SELECT account, name, bot FROM account WHERE community = ?"
_UNTRACKED = "SELECT member FROM choice WHERE community = ? AND NOT tracked"
_HELD = """
SELECT member, achievement, COUNT(*) FROM award
WHERE community = ? AND state IN ('awarded', 'pending') GROUP BY member, achievement
"""
# Ids are compared by their beginning, so that the index serves.
_IDS = "SELECT DISTINCT id FROM statement WHERE community = ? AND source = 'moderator' AND id >= ? AND id < ?"
_ALL = 1 << 62


@dataclass(frozen=True, slots=True)
class Batch:
    """`lines`: how many it said; `standing`: how many of them nobody took back. `at`: when the first took place."""

    name: str
    type: str
    lines: int
    standing: int
    at: int


def world(history: SqlHistory, served: Served, batch: str, now: int) -> World:
    """Everything that the lines of a batch are judged by."""
    accounts: dict[str, list[Account]] = {}
    names: dict[Account, str] = {}
    bots: set[Account] = set()
    for account, name, bot in history.rows(_PEOPLE, (history.community,)):
        accounts.setdefault(str(name).casefold(), []).append(account)
        names[account] = name
        bots |= {account} if bot else set()
    untracked = frozenset(row[0] for row in history.rows(_UNTRACKED, (history.community,)))
    held = {(row[0], row[1]): int(row[2]) for row in history.rows(_HELD, (history.community,))}
    said = {id_: fact is not None for id_, fact in _said(history, f"bulk:{batch}/").items()}
    book, people = served.plan.book, served.people
    return World(book, people, now, accounts, names, frozenset(bots), untracked, held, said)


def standing(history: SqlHistory, batch: str) -> list[Fact]:
    """What a batch said and nobody took back. None at all: there is no such batch, or nothing of it is left."""
    found = _said(history, f"bulk:{batch}/").values()
    return [fact for fact in found if fact is not None and batch_of(fact) == batch]


def alone(history: SqlHistory) -> list[Fact]:
    """What the operator decided one by one and nobody took back, the latest first."""
    found = [f for deed in DEEDS for f in _said(history, beginning(deed)).values() if f is not None]
    return sorted(found, key=lambda f: (-f.at, f.id))


def batches(history: SqlHistory) -> list[Batch]:
    """Every batch, the latest first."""
    found: dict[str, list[tuple[Statement, bool]]] = {}
    for said in _statements(history, "bulk:").values():
        first = min((s for _, s in said if s.type is not None), key=lambda s: s.at)
        found.setdefault(batch_of(first), []).append((first, resolve(said) is not None))
    rows = [_batch(name, lines) for name, lines in found.items()]
    return sorted(rows, key=lambda b: (-b.at, b.name))


def _batch(name: str, lines: list[tuple[Statement, bool]]) -> Batch:
    alive = sum(live for _, live in lines)
    return Batch(name, lines[0][0].type or "", len(lines), alive, min(s.at for s, _ in lines))


def _said(history: SqlHistory, beginning: str) -> dict[str, Fact | None]:
    return {id_: resolve(said) for id_, said in _statements(history, beginning).items()}


def _statements(history: SqlHistory, beginning: str) -> dict[str, list[tuple[int, Statement]]]:
    end = beginning[:-1] + chr(ord(beginning[-1]) + 1)
    ids = [row[0] for row in history.rows(_IDS, (history.community, beginning, end))]
    return {key[1]: list(said) for key, said in _by_fact(history, ids)}


def _by_fact(history: SqlHistory, ids: Iterable[str]) -> Iterable[tuple[tuple[str, str], list[tuple[int, Statement]]]]:
    found = history.statements([("moderator", id_) for id_ in ids], _ALL)
    return [(key, list(said)) for key, said in found.items()]
