"""Has pictures drawn: one at a time, each in a process that ends with it, and that is ended when it takes too long."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path

import orjson
from structlog.typing import FilteringBoundLogger

from adapters.pictures import NO_FONT
from core.cards import Picture, Row, Text
from core.pictures import words

SECONDS = 5.0
LONGEST_TEXT = 200  # characters
LARGEST = 2_000_000  # bytes
_MODULE = "adapters.pictures.child"
_ROOT = Path(__file__).parents[2]
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")
_PASSED_ON_TOO = ("FONTCONFIG_", "XDG_", "PYTHON")


class Painter:
    """`draw` is core.pictures.Draw. `font`: a font file, asked before those that fontconfig finds. `seconds`: how long
    a picture may take, waiting for its turn included."""

    def __init__(self, log: FilteringBoundLogger, font: Path | None = None, seconds: float = SECONDS) -> None:
        self._log = log
        self._font = font
        self._seconds = seconds
        self._turn = asyncio.Semaphore(1)
        self._told: set[str] = set()

    async def draw(self, picture: Picture) -> bytes | None:
        """A PNG file, or None, with the reason in the log once."""
        try:
            async with asyncio.timeout(self._seconds), self._turn:
                return await self._drawn(_sheet(picture, self._font))
        except TimeoutError:
            self._tell(f"it was not drawn within {self._seconds:g} seconds")
        except OSError as error:
            self._tell(f"no process could be started for it ({error.strerror})")
        return None

    async def _drawn(self, sheet: bytes) -> bytes | None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", _MODULE, cwd=_ROOT, env=_environment(), stdin=-1, stdout=-1, stderr=-1
        )
        try:
            drawn, told = await process.communicate(sheet)
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):  # it ended by itself just now
                    process.kill()
                await process.wait()
        if process.returncode == 0 and len(drawn) <= LARGEST:
            return drawn
        font = process.returncode == NO_FONT
        self._tell(told.decode(errors="replace").strip() if font else f"the drawing ended with {process.returncode}")
        return None

    def _tell(self, reason: str) -> None:
        if reason not in self._told:
            self._told.add(reason)
            self._log.warning("a picture was left out", reason=reason)


def _environment() -> dict[str, str]:
    """Nothing of ours: what draws needs no secret."""
    passed = (n for n in os.environ if n in _PASSED_ON or n.startswith(_PASSED_ON_TOO))
    return {name: os.environ[name] for name in passed}


def _sheet(picture: Picture, font: Path | None) -> bytes:
    rows = [_row(row) for row in picture.rows]
    title = words(picture.title)[:LONGEST_TEXT]
    return orjson.dumps({"title": title, "rows": rows, "font": None if font is None else str(font.absolute())})


def _row(row: Row) -> dict[str, object]:
    texts = {name: getattr(row, name)[:LONGEST_TEXT] for name in ("heading", "label", "place", "amount")}
    strong = any(isinstance(span, Text) and span.bold for span in row.text)
    text = words(row.text, isolated=True)[:LONGEST_TEXT]
    return {**texts, "text": text, "share": row.share, "strong": strong}
