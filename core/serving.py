"""A community while it is served: its plan, its people, and what is remembered between two batches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

import orjson

from core.erasure import Erased
from core.events import Account
from core.language import Language
from core.languages import theirs
from core.members import Member, People
from core.plan import Plan
from core.progress import Blob, Blobs, Key
from core.touches import Touches

MOST_BLOBS = 50_000
_KIND = b'"achievement:'


@dataclass(slots=True)
class Memory:
    """Blobs that were read or written, so that the next batch need not read them. Emptied when somebody else wrote."""

    blobs: dict[Key, Blob] = field(default_factory=dict)
    dirty: set[Key] = field(default_factory=set)
    _kept: Blobs | None = None
    _fresh: set[Member] = field(default_factory=set)

    def get(self, key: Key) -> Blob:
        """What is kept under a key. Whom a signal cancels something for is known only while deciding: read then."""
        found = self.blobs.get(key)
        if found is None and self._kept is not None and key[0] not in self._fresh:
            self.load(self._kept, [key])
            found = self.blobs[key]
        elif found is None:
            found = self.blobs[key] = {}
        return found

    def changed(self, key: Key) -> None:
        self.dirty.add(key)

    def clear(self) -> None:
        self.blobs.clear()
        self.dirty.clear()
        self._fresh.clear()
        self._kept = None

    def load(self, tx: Blobs, keys: Iterable[Key]) -> None:
        """Make sure that these are here; what is asked for later is read from there too."""
        self._kept = tx
        missing = [k for k in keys if k not in self.blobs]
        if missing:
            found = tx.blobs(missing)
            self.blobs.update((k, _read(found[k]) if k in found else {}) for k in missing)

    def save(self, tx: Blobs) -> None:
        if self.dirty:
            tx.save_blobs({k: orjson.dumps(self.blobs[k]) for k in self.dirty})
            self.dirty.clear()
        self._fresh.clear()
        if len(self.blobs) > MOST_BLOBS:
            self.blobs.clear()

    def forget(self, member: Member) -> None:
        """What is kept about a member was deleted."""
        self.release(member)
        self._fresh.add(member)

    def release(self, member: Member) -> None:
        """Not needed again soon; what was not written is lost."""
        for key in [k for k in self.blobs if k[0] == member]:
            del self.blobs[key]
        self.dirty = {k for k in self.dirty if k[0] != member}


def _read(written: bytes) -> Blob:
    """As it was saved. In files of earlier versions the keys of achievements have their kind before them."""
    blob: Blob = orjson.loads(written)
    if _KIND in written:
        return {key.removeprefix("achievement:"): state for key, state in blob.items()}
    return blob


@dataclass(slots=True)
class Served:
    """A community that is served: its plan, who is who, what is remembered. `by_hand`: (member, achievement) that a
    moderator touched, which are always judged from the log. `revision`: of its book in the database, None before it
    is known there. `events`: facts that changed since the start; `recounts`: how often the log was asked for them.
    `erased`: who asked to be left out for good. `touches`: whose standing changed, for boards in memory."""

    plan: Plan
    people: People = field(default_factory=People)
    memory: Memory = field(default_factory=Memory)
    by_hand: set[tuple[Member, str]] = field(default_factory=set)
    revision: int | None = None
    events: int = 0
    recounts: int = 0
    erased: Erased = field(default_factory=Erased)
    touches: Touches = field(default_factory=Touches)

    def speaking_to(self, account: Account) -> Language:
        """How whoever has this account is spoken to, where nobody else reads it."""
        return theirs(self.plan.book, self.people.languages, self.people.member(account))

    def become(self, other: Served) -> None:
        """Serve by another book from now on: everybody who holds this sees it at once."""
        for part in fields(self):
            setattr(self, part.name, getattr(other, part.name))


@dataclass(frozen=True, slots=True)
class Mode:
    """`announce`, `roles`: tell people and change roles. `recall`: ask the platform for what the log does not know.
    `dated`: decide at the time the facts happened, as an import does."""

    announce: bool = True
    roles: bool = True
    recall: bool = False
    dated: bool = False


LIVE = Mode()
