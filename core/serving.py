"""A community while it is served: its plan, its people, and what is remembered between two batches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import orjson

from core.members import Member, People
from core.plan import Plan
from core.ports import Transaction
from core.progress import Blob, Key

MOST_BLOBS = 50_000


@dataclass(slots=True)
class Memory:
    """Blobs that were read or written, so that the next batch need not read them. Emptied when somebody else wrote."""

    blobs: dict[Key, Blob] = field(default_factory=dict)
    dirty: set[Key] = field(default_factory=set)

    def get(self, key: Key) -> Blob:
        found = self.blobs.get(key)
        if found is None:
            found = self.blobs[key] = {}
        return found

    def changed(self, key: Key) -> None:
        self.dirty.add(key)

    def clear(self) -> None:
        self.blobs.clear()
        self.dirty.clear()

    def load(self, tx: Transaction, keys: Iterable[Key]) -> None:
        """Make sure that these are here."""
        missing = [k for k in keys if k not in self.blobs]
        if missing:
            found = tx.blobs(missing)
            self.blobs.update((k, orjson.loads(found[k]) if k in found else {}) for k in missing)

    def save(self, tx: Transaction) -> None:
        if self.dirty:
            tx.save_blobs({k: orjson.dumps(self.blobs[k]) for k in self.dirty})
            self.dirty.clear()
        if len(self.blobs) > MOST_BLOBS:
            self.blobs.clear()

    def forget(self, member: Member) -> None:
        for key in [k for k in self.blobs if k[0] == member]:
            del self.blobs[key]
        self.dirty = {k for k in self.dirty if k[0] != member}


@dataclass(slots=True)
class Served:
    """A community that is served: its plan, who is who, what is remembered. `by_hand`: (member, achievement) that a
    moderator touched, which are always judged from the log."""

    plan: Plan
    people: People = field(default_factory=People)
    memory: Memory = field(default_factory=Memory)
    by_hand: set[tuple[Member, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Mode:
    """`announce`, `roles`: tell people and change roles. `recall`: ask the platform for what the log does not know.
    `dated`: decide at the time the facts happened, as an import does."""

    announce: bool = True
    roles: bool = True
    recall: bool = False
    dated: bool = False


LIVE = Mode()
