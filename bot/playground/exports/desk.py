"""Takes an export, keeps what it says for as long as the demo runs, and answers what the page asks about it."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

from adapters.imports.slack_export.archive import UnreadableFile
from bot.playground.evidence import facts_behind, shown
from bot.playground.exports.history import History, read_history
from bot.playground.exports.quiet import Care, cares
from bot.playground.exports.results import results
from bot.playground.exports.trial import Trial, Wish, try_out
from core.events import Account

LARGEST = 200_000_000  # bytes of the zip file
UPLOAD_WITHIN = 120.0  # seconds
WORK_WITHIN = 90.0
Json = dict[str, Any]
T = TypeVar("T")


class Refused(Exception):
    """Its text is what the person reads."""


class Busy(Refused):
    """One export or question at a time; that is enough for one page."""

    def __init__(self) -> None:
        super().__init__("An export is being read already. Try again in a moment.")


class Nothing(Refused):
    """No export was dropped, or it was forgotten."""

    def __init__(self) -> None:
        super().__init__("There is no export any more. Drop it again.")


class TooLarge(Refused):
    """`largest`: how many bytes the page takes."""

    def __init__(self, largest: int) -> None:
        super().__init__(f"The page takes exports up to {largest / 1_000_000:g} MB; this one is larger.")


class TrialDesk:
    """At most one export at a time, of `largest` bytes, in memory. The work is done in a thread: the stand-ins go on
    meanwhile."""

    def __init__(self, largest: int = LARGEST) -> None:
        self.largest = largest
        self._history: History | None = None
        self._cares: dict[Account, Care] = {}
        self._trial: Trial | None = None
        self._working = asyncio.Lock()

    async def take(self, body: AsyncIterator[bytes]) -> Json:
        """What the export's last year would have given. Raises Refused."""
        if self._working.locked():
            raise Busy
        async with self._working:
            self.forget()
            with tempfile.TemporaryDirectory(prefix="plaudit-export-") as folder:
                file = Path(folder) / "export.zip"
                await self._receive(body, file)
                self._history = await _in_thread(lambda: _read(file))
            self._cares = cares(self._history.statements)
            return await self._evaluate(self._history, Wish())

    async def ask(self, wish: Wish) -> Json:
        """The same under other numbers. Raises Refused."""
        if self._history is None:
            raise Nothing
        async with self._working:
            if self._history is None:  # forgotten while the one before was answered
                raise Nothing
            return await self._evaluate(self._history, wish)

    async def evidence(self, member: Account, achievement: str, earned_at: int) -> Json:
        """The messages and marks behind a badge. Raises Refused, and LookupError for a badge that is not there."""
        history, trial = self._history, self._trial
        if history is None or trial is None:
            raise Nothing
        async with self._working:
            return await _in_thread(lambda: _evidence(history, trial, member, achievement, earned_at))

    def forget(self) -> None:
        """Nothing of it is left."""
        self._history, self._trial, self._cares = None, None, {}

    async def _receive(self, body: AsyncIterator[bytes], file: Path) -> None:
        try:
            async with asyncio.timeout(UPLOAD_WITHIN):
                await self._write(body, file)
        except TimeoutError:
            raise Refused("The file did not arrive in time. Try again.") from None

    async def _write(self, body: AsyncIterator[bytes], file: Path) -> None:
        size = 0
        with file.open("wb") as out:
            async for piece in body:
                size += len(piece)
                if size > self.largest:
                    raise TooLarge(self.largest)
                out.write(piece)

    async def _evaluate(self, history: History, wish: Wish) -> Json:
        began = time.perf_counter()
        trial = await _in_thread(lambda: try_out(history, wish))
        self._trial = trial
        took = time.perf_counter() - began
        return results(history, trial, self._cares, wish) | {"seconds": round(took, 2)}


def _read(file: Path) -> History:
    try:
        return read_history(file)
    except UnreadableFile as fault:
        words = str(fault).removeprefix(f"{file}: ")
        raise Refused(words[:1].upper() + words[1:]) from None


def _evidence(history: History, trial: Trial, member: Account, achievement: str, earned_at: int) -> Json:
    facts = facts_behind(trial.court(), trial.log, member, achievement, earned_at)
    return shown(trial.book, achievement, facts, history.name) | {"who": history.name(member)}


async def _in_thread(work: Callable[[], T]) -> T:
    try:
        return await asyncio.wait_for(asyncio.to_thread(work), WORK_WITHIN)
    except TimeoutError:
        raise Refused("This takes too long here. `plaudit import slack-export` reads exports of any size.") from None
