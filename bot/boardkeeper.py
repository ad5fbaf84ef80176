"""Closes periods of boards once they are over, and says where late facts would have changed one."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from adapters.storage import snapshots
from adapters.storage.store import Store
from bot.arrears import Arrears
from core.boards import Reading, Window, due
from core.errors import StillReading, StorageUnavailable
from core.rules.boards import CALENDAR, BoardRule
from core.serving import Served

HOUR = 3_600_000_000
CATCHING_UP = HOUR // 4
LOOKED_BACK = 35 * 24 * HOUR
"""How long a closed period is compared with what arrives late."""
CLOSES = (*CALENDAR, "season")
log = structlog.get_logger(__name__)


class Boardkeeper:
    """What is due is found in the database each time, and done by whoever stores it first. `since`: when the bot was
    started (UTC microseconds); `caught_up`: whether all is read that it missed. No time is closed for good before."""

    def __init__(self, store: Store, since: int = 0, caught_up: Callable[[], bool] = lambda: True) -> None:
        self._store = store
        self._since = since
        self._arrears = Arrears(caught_up)
        self._hours: dict[str, int] = {}
        self._days: dict[str, int] = {}

    async def tick(self) -> None:
        """Close what is due soon after the start and once an hour; compare once a day."""
        try:
            await self._tick(self._store.now())
        except StorageUnavailable as error:
            log.warning("the boards wait for the database", reason=str(error))
        except StillReading:
            log.debug("the bot stops; what is due is closed after the next start")

    async def _tick(self, now: int) -> None:
        may_close = self._arrears.are_over(now) and now >= self._since + CATCHING_UP
        for community, served in self._store.communities.served.items():
            if self._hours.get(community) != now // HOUR and may_close:
                await self.close(served)
                self._hours[community] = now // HOUR
            day = served.plan.calendar.day(now)
            if self._days.get(community) != day:
                await self.compare(served)
                self._days[community] = day

    async def close(self, served: Served) -> list[tuple[str, Window]]:
        """Store every period that is over for `late_grace`. Returns what was stored here."""
        since = await self._store.first_start(served.plan.community)
        found = []
        for board, rule in served.plan.book.open_boards.items():
            for period in (p for p in rule.periods if p in CLOSES):
                found += [(board, window) for window in await self._close(served, board, rule, period, since)]
        return found

    async def _close(self, served: Served, board: str, rule: BoardRule, period: str, since: int) -> list[Window]:
        plan, now = served.plan, self._store.now()
        name = plan.community
        last = await self._store.look(lambda db: snapshots.last(db, name, board, period))
        windows = due(rule, period, plan.book, plan.calendar, now, last, since)
        kept = []
        for window in windows:  # in order: nothing before the latest one is looked for again
            if not await self._keep(served, _reading(served, board, rule, window)):
                break
            kept.append(window)
        return kept

    async def _keep(self, served: Served, reading: Reading) -> bool:
        found, checksum = await self._store.boards.read(served, reading)
        name, now = served.plan.community, self._store.now()
        return await self._store.perform(lambda db: snapshots.keep(db, name, reading, found, checksum, now))

    async def compare(self, served: Served) -> list[str]:
        """Note once for each closed period that late facts would have changed it. Returns their boards and names."""
        for fault in await self._store.boards.differences(served):
            log.error(fault)
        name, now = served.plan.community, self._store.now()
        closed = await self._store.look(lambda db: snapshots.open_ones(db, name, now - LOOKED_BACK))
        found = []
        for board, window, checksum in closed:
            rule = served.plan.book.open_boards.get(board)
            if rule is None or window.period not in rule.periods:
                continue  # the board has left the book or means something else: there is nothing to compare with
            _, current = await self._store.boards.read(served, _reading(served, board, rule, window))
            if _of(current) == _of(checksum) and current != checksum and await self._note(name, board, window, now):
                found.append(f"{board} {window.name}".strip())
        return found

    async def _note(self, community: str, board: str, window: Window, now: int) -> bool:
        log.info("late facts would have changed a closed board", board=board, period=window.name)
        return await self._store.perform(lambda db: snapshots.note_difference(db, community, board, window, now))


def _of(checksum: str) -> str:
    """What was added up: a board that means something else by now cannot be compared."""
    return checksum.rpartition(": ")[0]


def _reading(served: Served, board: str, rule: BoardRule, window: Window) -> Reading:
    return Reading(board, rule, window, served.plan.calendar, served.plan.book.community.staff)
