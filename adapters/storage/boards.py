"""Boards that somebody looks at, kept in memory: the tables are the truth, and whoever was touched is read anew.

A thread of its own reads. The writer tells after each commit whose standing it may have changed; a look reads these
members from the tables before it answers, so it never shows less than what was committed before it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from threading import Event
from typing import TypeVar
from urllib.parse import quote

from adapters.storage import snapshots
from adapters.storage.amounts import PAGE, Amounts, Share
from adapters.storage.engines import database_file
from core.boards import Reading, Snapshot, view
from core.errors import StillReading
from core.leaderboards import Board, View
from core.members import Member, People
from core.plan import Plan
from core.records import Shown
from core.serving import Served

T = TypeVar("T")
MOST_BOARDS = 16  # of one community; what was not looked at for longest goes first
PATIENCE = 2.0  # seconds: a chat waits three
WAIT_S = 10.0


class Live:
    """One board in memory. `stale`: members to be read anew."""

    def __init__(self, amounts: Amounts) -> None:
        self.stale: set[Member] = set()
        self._together = amounts.reading.rule.for_ == "team"
        self._shares: dict[Member, list[Share]] = {}
        self._totals: dict[str, int] = {}
        self.board = Board()
        # One by one, and not sorted at once: sorting a million holds everybody else up.
        for page in amounts.pages():
            for member, shares in amounts.shares(page).items():
                self._learn(member, shares)

    def refresh(self, amounts: Amounts) -> None:
        """Bring it up to the tables. Where these cannot be read, the same members are read the next time."""
        waiting = sorted(self.stale)
        for start in range(0, len(waiting), PAGE):
            for member, shares in amounts.shares(waiting[start : start + PAGE]).items():
                self._learn(member, shares)
        self.stale.clear()

    def _learn(self, member: Member, shares: list[Share]) -> None:
        if self._together:
            self._count(member, shares)
        elif shares:
            self.board.put(*shares[0])
        else:
            self.board.drop(member)

    def _count(self, member: Member, shares: list[Share]) -> None:
        """Take back what a member brought to teams, and add what it is now."""
        before = self._shares.pop(member, [])
        for team, amount, sign in (*((t, a, -1) for t, a, _ in before), *((t, a, 1) for t, a, _ in shares)):
            self._totals[team] = self._totals.get(team, 0) + sign * amount
        if shares:
            self._shares[member] = shares
        for team in {share[0] for share in (*before, *shares)}:
            self.board.put(team, self._totals[team])

    def shown(self, amounts: Amounts, member: Member) -> Shown:
        """As this member reads it."""
        key = amounts.team(member) if self._together else member
        own = self.board.amount(key) or (0 if self._together else amounts.own(member))
        return _shown(amounts, View(self.board.top(), self.board.around(key), own, len(self.board), key))


def _shown(amounts: Amounts, view: View, closed: Snapshot | None = None) -> Shown:
    together = amounts.reading.rule.for_ == "team"
    return Shown(view, {} if together else amounts.people(view.named), closed)


@dataclass(slots=True)
class _Kept:
    """The boards of a community while it is served by this plan."""

    plan: Plan
    live: OrderedDict[Reading, Live] = field(default_factory=OrderedDict)


@dataclass(frozen=True, slots=True)
class OneCommunity:
    """The boards of one community, for those who read its records."""

    boards: Boards
    served: Served

    async def look(self, reading: Reading, member: Member) -> Shown:
        return await self.boards.look(self.served, reading, member)

    async def closed(self, reading: Reading, member: Member) -> Shown | None:
        return await self.boards.closed(self.served, reading, member)


@dataclass(frozen=True, slots=True)
class Glance:
    """The same without a memory, for a file that nobody serves. `file`: as SQLite writes addresses."""

    file: str
    community: str
    known: People

    async def look(self, reading: Reading, member: Member) -> Shown:
        def work() -> Shown:
            with closing(_connect(self.file)) as db:
                amounts = Amounts(db, self.community, reading, self.known)
                return Live(amounts).shown(amounts, member)

        return await asyncio.to_thread(work)

    async def closed(self, reading: Reading, member: Member) -> Shown | None:
        def work() -> Shown | None:
            with closing(_connect(self.file)) as db:
                return _closed(Amounts(db, self.community, reading, self.known), member)

        return await asyncio.to_thread(work)


class Boards:
    """`commit`: returns after everything that was being written when it was called. `patience`: seconds for which
    somebody waits for a board that is not in memory, or for the thread that is reading one."""

    def __init__(self, url: str, commit: Callable[[], Awaitable[object]]) -> None:
        self._url = url
        self._commit = commit
        self.patience = PATIENCE
        self._thread = ThreadPoolExecutor(1, "plaudit-boards")
        self._db: sqlite3.Connection | None = None
        self._ended = Event()
        self._kept: dict[str, _Kept] = {}

    def of(self, served: Served) -> OneCommunity:
        return OneCommunity(self, served)

    async def look(self, served: Served, reading: Reading, member: Member) -> Shown:
        """Raises StillReading where a large board is not in memory yet; it goes on being read."""
        kept = await self._listen(served)
        return await self._patiently(lambda: self._look(kept, served, reading, member))

    async def closed(self, served: Served, reading: Reading, member: Member) -> Shown | None:
        """The stored period of this window as the member reads it; None where it is not closed. Raises StillReading
        where a large board is being read just now."""
        return await self._patiently(lambda: _closed(self._amounts(served, reading), member))

    async def read(self, served: Served, reading: Reading) -> tuple[Board, str]:
        """A board as the tables have it now, past the memory, and its checksum. Raises StillReading at the end."""

        def work() -> tuple[Board, str]:
            amounts = self._amounts(served, reading)
            return Live(amounts).board, amounts.checksum()

        return await self._run(work)

    async def differences(self, served: Served) -> list[str]:
        """Boards in memory that do not say what the tables say: there should be none. Raises StillReading at the
        end."""
        return await self._run(lambda: self._differing(served))

    def close(self) -> None:
        """Let go of the file; of what is being read only the page."""
        self._ended.set()
        self._thread.shutdown(cancel_futures=True)
        if self._db is not None:
            self._db.close()

    async def _patiently(self, work: Callable[[], T]) -> T:
        begun = asyncio.create_task(self._run(work))
        begun.add_done_callback(lambda done: done.cancelled() or done.exception())  # whoever gave up hears of nothing
        try:
            return await asyncio.wait_for(asyncio.shield(begun), self.patience)
        except TimeoutError:
            raise StillReading from None

    async def _run(self, work: Callable[[], T]) -> T:
        """Raises StillReading where it was closed before the work had begun."""
        if self._ended.is_set():
            raise StillReading
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except asyncio.CancelledError:
            own = asyncio.current_task()
            if self._ended.is_set() and (own is None or not own.cancelling()):
                raise StillReading from None
            raise

    async def _listen(self, served: Served) -> _Kept:
        """From now on changes are told. What a transaction changed that began before is committed when this returns."""
        name = served.plan.community
        kept = self._kept.get(name)
        if kept is None or kept.plan is not served.plan:
            kept = _Kept(served.plan)
            served.touches.listening = True
            await self._commit()
            self._kept[name] = kept
        return kept

    def _look(self, kept: _Kept, served: Served, reading: Reading, member: Member) -> Shown:
        self._learn(kept, served)
        amounts = self._amounts(served, reading)
        live = kept.live.get(reading)
        if live is None:
            live = kept.live[reading] = Live(amounts)
        kept.live.move_to_end(reading)
        while len(kept.live) > MOST_BOARDS:
            kept.live.popitem(last=False)
        live.refresh(amounts)
        return live.shown(amounts, member)

    def _learn(self, kept: _Kept, served: Served) -> None:
        touched, doubt = served.touches.take()
        if doubt:
            kept.live.clear()
        names = {*touched, *map(served.people.member, touched)}
        for live in kept.live.values():
            live.stale |= names

    def _differing(self, served: Served) -> list[str]:
        kept = self._kept.get(served.plan.community)
        if kept is None:
            return []
        self._learn(kept, served)
        found = []
        for reading, live in list(kept.live.items()):
            amounts = self._amounts(served, reading)
            live.refresh(amounts)
            stored = Live(amounts).board.amounts()
            self._learn(kept, served)  # whoever was touched meanwhile may differ
            if not live.stale and live.board.amounts() != stored:
                found.append(f"the board {reading.board} ({reading.window.period}) differs from its table")
        return found

    def _amounts(self, served: Served, reading: Reading) -> Amounts:
        if self._db is None:
            self._db = _connect(f"file:{quote(database_file(self._url))}")
        return Amounts(self._db, served.plan.community, reading, served.people, self._ended)


def _closed(amounts: Amounts, member: Member) -> Shown | None:
    """The stored period of the window, as the member reads it."""
    found = snapshots.read(amounts)
    if found is None:
        return None
    key = amounts.team(member) if amounts.reading.rule.for_ == "team" else member
    return _shown(amounts, view(found, key), found)


def _connect(file: str) -> sqlite3.Connection:
    """A connection that can only read, for whichever thread."""
    return sqlite3.connect(f"{file}?mode=ro", uri=True, timeout=WAIT_S, isolation_level=None, check_same_thread=False)
