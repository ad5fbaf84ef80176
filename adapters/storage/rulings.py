"""What is in force of each rule of a book: by it a changed rule is noticed, and asked for a new version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from adapters.storage import books
from adapters.storage.challenges import extended
from adapters.storage.history import SqlHistory
from adapters.storage.transactions import SqlTransaction
from core.errors import ConfigurationError
from core.rules.boards import counted_signals
from core.rules.book import Achievement, RuleBook
from core.rules.fingerprint import fingerprint
from core.rules.loading import parse
from core.rules.versions import Edition, editions

_READ = "SELECT rule, fingerprint, version, brings, since, left_at FROM rule WHERE community = ?"
_WRITE = """
INSERT INTO rule (community, rule, fingerprint, version, brings, since, left_at) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_ANYTHING = "SELECT 1 FROM statement WHERE community = ? LIMIT 1"
ACHIEVEMENT = "achievement:"


@dataclass(frozen=True, slots=True)
class Ruling:
    """One rule in force. `brings`: what changes awards without a new version. `left_at`: when it left the book."""

    fingerprint: str
    version: int
    brings: str
    since: int
    left_at: int | None = None

    @property
    def counts(self) -> tuple[object, ...]:
        """What must be decided anew where it changes."""
        return self.fingerprint, self.version, self.brings, self.left_at

    def is_of(self, other: Ruling) -> bool:
        """Whether this is the same version of the same rule."""
        return (self.fingerprint, self.version) == (other.fingerprint, other.version)


Rulings = Mapping[str, Ruling]


def read(history: SqlHistory) -> dict[str, Ruling]:
    """What is stored, by `achievement:x`, `signal:x`, `score:x` and `community`."""
    return {row[0]: Ruling(*row[1:]) for row in history.rows(_READ, (history.community,))}


def write(tx: SqlTransaction, rulings: Rulings) -> None:
    """Replace what is stored."""
    tx.many("DELETE FROM rule WHERE community = ?", [(tx.community,)])
    rows = [(r.fingerprint, r.version, r.brings, r.since, r.left_at) for r in rulings.values()]
    tx.many(_WRITE, [(tx.community, name, *row) for name, row in zip(rulings, rows, strict=True)])


def of_book(book: RuleBook, before: Rulings, now: int) -> dict[str, Ruling]:
    """What this book puts into force. An achievement that it does not have any more is retired, not forgotten."""
    found = {**_achievements(book, now), **_others(book, now)}
    kept = {n: r for n, r in before.items() if n.startswith(ACHIEVEMENT) and n not in found}
    retired = {n: r if r.left_at is not None else replace(r, left_at=now) for n, r in kept.items()}
    same = {n: replace(r, since=before[n].since) for n, r in found.items() if n in before and r.is_of(before[n])}
    return {**found, **same, **retired}


def retired(history: SqlHistory) -> set[str]:
    """Achievements that were in force once and are not now."""
    there = read(history).items()
    return {
        name.removeprefix(ACHIEVEMENT) for name, r in there if name.startswith(ACHIEVEMENT) and r.left_at is not None
    }


def editions_in_force(history: SqlHistory) -> dict[str, Edition]:
    """Every achievement that was ever in force, with its version; none before there is any history.

    Those of the book in force are read from its text, so that an update of Plaudit that sees more in a rule is no
    change of the rule.
    """
    if not has_history(history):
        return {}
    stored = {n.removeprefix(ACHIEVEMENT): r for n, r in read(history).items() if n.startswith(ACHIEVEMENT)}
    known = {name: Edition(r.fingerprint, r.version) for name, r in stored.items()}
    book = book_in_force(history)
    return known if book is None else known | editions(book)


def has_history(history: SqlHistory) -> bool:
    """Whether the log holds anything about this community."""
    return bool(history.rows(_ANYTHING, (history.community,)))


def book_in_force(history: SqlHistory) -> RuleBook | None:
    """As its text says, with the challenges; None where there is none, or none that this version can read."""
    stored = books.in_force(history)
    if stored is None or not stored.text:
        return None
    try:
        book = parse(stored.text, "the book in force").read_from(stored.text, "the book in force")
        return extended(history, book)
    except ConfigurationError:
        return None


def _achievements(book: RuleBook, now: int) -> dict[str, Ruling]:
    return {
        ACHIEVEMENT + name: Ruling(fingerprint(book, name), rule.version, _brings(rule), now)
        for name, rule in book.achievements.items()
    }


def _brings(rule: Achievement) -> str:
    tiers = {name: tier.points for name, tier in (rule.tiers or {}).items() if tier.points is not None}
    return json.dumps([rule.on, rule.status, rule.points, tiers, str(rule.retired or "")])


def _others(book: RuleBook, now: int) -> dict[str, Ruling]:
    c = book.community
    found = {f"signal:{name}": Ruling(fingerprint(book, name, "signal"), 0, "", now) for name in book.signals}
    found |= {f"score:{name}": Ruling(fingerprint(book, name, "score"), 0, "", now) for name in book.scores}
    tallies = counted_signals(book.boards)
    found |= {f"board:{name}": Ruling(fingerprint(book, name, "signal"), 0, "", now) for name in tallies}
    scope = [sorted(c.ignore_channels), sorted(c.only_channels), c.count_private, *(["opt_in"] if c.opt_in else [])]
    places = json.dumps([c.timezone, c.day_starts, c.week_starts, scope])
    return {**found, "community": Ruling(places, 0, "", now)}
