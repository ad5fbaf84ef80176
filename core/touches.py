"""Whose standing a commit may have changed: noted for those who keep boards in memory, and for nobody else."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from threading import Lock

from core.changes import Change
from core.events import accounts
from core.members import Member, People
from core.plan import CHOICE, LEFT, LINKED, MEMBERSHIP, TEAM

_WHO_IS_LISTED = frozenset({CHOICE, LEFT, LINKED, MEMBERSHIP, TEAM})


class Touches:
    """Written by the thread that commits, read by the one that keeps boards. What is added inside a transaction is
    told after its commit, never before: else somebody could read the old amount and think it the new one."""

    def __init__(self) -> None:
        self.listening = False
        self._lock = Lock()
        self._open: set[Member] = set()
        self._told: set[Member] = set()
        self._doubt = False

    def add(self, members: Iterable[Member]) -> None:
        """Inside a transaction."""
        if self.listening:
            self._open.update(members)

    def publish(self) -> None:
        """After the commit."""
        if self._open:
            told, self._open = self._open, set()
            with self._lock:
                self._told |= told

    def doubt(self) -> None:
        """Nobody knows who was touched: everything is to be read anew."""
        with self._lock:
            self._doubt = True

    def take(self) -> tuple[Collection[Member], bool]:
        """Who was touched since the last time, and whether everything is to be read anew."""
        with self._lock:
            told, doubt = self._told, self._doubt
            self._told, self._doubt = set(), False
        return told, doubt


def eligible_anew(people: People, changes: Iterable[Change]) -> set[Member]:
    """Members of whom these changes say whether a board may list them, or for which team they count."""
    facts = (f for c in changes for f in (c.before, c.after) if f is not None and f.type in _WHO_IS_LISTED)
    named = {account for fact in facts for account in accounts(fact)}
    return named | {people.member(account) for account in named}
