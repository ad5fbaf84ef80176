"""`plaudit bulk …`: many decisions by the operator in one commit, beside a running bot or without one."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from adapters.storage import bulk as stored
from adapters.storage.beside import Beside, beside, looking
from adapters.storage.history import SqlHistory
from adapters.storage.transactions import SqlTransaction
from adapters.storage.upgrade import upgrade
from bot.claims import one_book
from bot.settings import Settings
from core.bulk import BulkRefused, Deed, Fate, Line, Row, alone, judge, name_of, on_day, read, undone
from core.events import Fact, Statement
from core.pipeline import ingest
from core.serving import Mode

STEP = 100  # statements between two looks at the progress bar
MOST_SHOWN = 40
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_FATES: dict[Fate, str] = {"new": "new", "already": "nothing to do", "refused": "refused"}
QUIET = Mode(announce=False)
ALOUD = Mode()
Ask = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done with a file. `name` of the batch: what it said is known by it."""

    deed: Deed
    name: str
    lines: Sequence[Line]


def job(deed: Deed, file: Path, name: str | None) -> Job:
    """Raises BulkRefused."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BulkRefused(f"{file}: cannot be read ({type(error).__name__}); save it as UTF-8") from None
    called = (
        name
        or re.sub(r"[^A-Za-z0-9_.-]+", "-", file.stem).strip("-._")
        or hashlib.sha256(text.encode()).hexdigest()[:8]
    )
    if not _NAME.fullmatch(called):
        raise BulkRefused("--name: letters, digits, -, _ and . only, at most 64 of them")
    return Job(deed, called, read(text, deed))


def preview(settings: Settings, community: str | None, wanted: Job, now: int) -> list[Row]:
    """What each line would come to now (UTC microseconds)."""
    book = one_book(settings, community)
    upgrade(settings.database_url)
    with beside(settings.database_url, book) as here:
        return _judged(here, wanted, now)


def carry_out(settings: Settings, community: str | None, wanted: Job, now: int) -> int:
    """Say it, all or nothing. Nobody is told in a channel: the weekly digest names them all; what was taken back is
    told privately. Returns how many lines were new. Raises BulkRefused where one line is refused."""
    book = one_book(settings, community)
    upgrade(settings.database_url)
    with beside(settings.database_url, book) as here:
        rows = _judged(here, wanted, now)
        if any(row.fate == "refused" for row in rows):
            raise BulkRefused("a line is refused, so nothing was changed")
        said = [row.statement for row in rows if row.fate == "new" and row.statement is not None]
        _take(here, said, now, ALOUD if wanted.deed == "revoke" else QUIET)
        return len(said)


def undo(settings: Settings, community: str | None, name: str, now: int) -> int:
    """Take back exactly what this batch said. Returns how many lines. Raises BulkRefused where nothing of it stands."""
    book = one_book(settings, community)
    upgrade(settings.database_url)
    with beside(settings.database_url, book) as here:
        found = stored.standing(_history(here), name)
        if not found:
            raise BulkRefused(f"nothing of a batch {name} stands; plaudit bulk list shows what there is")
        _take(here, undone(found, now), now, QUIET)
        return len(found)


def batches(settings: Settings, community: str | None) -> list[stored.Batch]:
    """Every batch, the latest first."""
    book = one_book(settings, community)
    with looking(settings.database_url, book.community.id) as db:
        return stored.batches(SqlHistory(db, book.community.id))


def one(settings: Settings, community: str | None, deed: Deed, line: Line, now: int) -> Row:
    """One decision of the operator, told as any other. Raises BulkRefused with what speaks against it."""
    book = one_book(settings, community)
    upgrade(settings.database_url)
    with beside(settings.database_url, book) as here:
        (row,) = _judged(here, Job(deed, f"one-{now}", [line]), now)
        if row.fate != "new" or row.statement is None:
            raise BulkRefused(f"{row.who}: {row.why}")
        _take(here, [alone(row.statement, deed, now)], now, ALOUD)
        return row


def undo_one(settings: Settings, community: str | None, name: str, now: int) -> Fact:
    """Take back what the operator decided alone, by the name that was told then. What followed from it is told as any
    other. Raises BulkRefused where nothing of that name stands."""
    book = one_book(settings, community)
    upgrade(settings.database_url)
    with beside(settings.database_url, book) as here:
        found = [fact for fact in stored.alone(_history(here)) if name_of(fact) == name]
        if not found:
            raise BulkRefused(f"nothing called {name} stands; plaudit undo without a name shows what there is")
        _take(here, undone(found, now, "the operator took it back"), now, ALOUD)
        return found[0]


def alone_standing(settings: Settings, community: str | None) -> list[Fact]:
    """What the operator decided one by one and nobody took back, the latest first."""
    book = one_book(settings, community)
    with looking(settings.database_url, book.community.id) as db:
        return stored.alone(SqlHistory(db, book.community.id))


def _history(here: Beside) -> SqlHistory:
    return SqlHistory(here.db, here.served.plan.community)


def _judged(here: Beside, wanted: Job, now: int) -> list[Row]:
    return judge(wanted.lines, wanted.deed, wanted.name, stored.world(_history(here), here.served, wanted.name, now))


def _take(here: Beside, said: Sequence[Statement], now: int, mode: Mode) -> None:
    """One commit, however many; with a bar on standard error, where somebody watches it."""
    tx, console = SqlTransaction(here.db, here.served.plan.community), Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("Deciding", total=len(said))
        for start in range(0, len(said), STEP):
            ingest(tx, here.served, said[start : start + STEP], now, mode)
            progress.update(task, completed=start + STEP)


def summary(rows: Sequence[Row], wanted: Job) -> str:
    """How many of each, in a line."""
    count = Counter(row.fate for row in rows)
    parts = [f"{count[fate]} {words}" for fate, words in _FATES.items() if count[fate]]
    return f"Batch {wanted.name}, {wanted.deed}: {', '.join(parts) or 'no lines'}."


def show(rows: Sequence[Row], wanted: Job) -> None:
    """The table on standard output: what is refused first, then the others as they stand in the file."""
    table = Table("line", "member", "what", "", box=None, pad_edge=False)
    ordered = sorted(rows, key=lambda row: (row.fate != "refused", row.line.number))
    for row in ordered[:MOST_SHOWN]:
        table.add_row(str(row.line.number), row.who, row.what, _said(row))
    console = Console(markup=False, highlight=False, emoji=False)
    console.print(table)
    if len(ordered) > MOST_SHOWN:
        console.print(f"… and {len(ordered) - MOST_SHOWN} more lines")
    console.print(summary(rows, wanted))


def _said(row: Row) -> str:
    return f"{_FATES[row.fate]}: {row.why}" if row.why else _FATES[row.fate]


def as_lines(found: Sequence[stored.Batch]) -> list[str]:
    if not found:
        return ["There is no batch."]
    return [f"{b.name}  {b.type}  {on_day(b.at)}  {b.standing} of {b.lines} lines stand" for b in found]


def as_names(found: Sequence[Fact]) -> list[str]:
    """A line for each: its name, the day, whom and what it is about."""
    if not found:
        return ["There is nothing to take back."]
    things = (fact.facts.get("achievement") or fact.facts.get("kind") for fact in found)
    return [f"{name_of(f)}  {on_day(f.at)}  {f.target}  {thing}" for f, thing in zip(found, things, strict=True)]


def as_json(found: Sequence[stored.Batch]) -> str:
    rows = [
        {"batch": b.name, "type": b.type, "lines": b.lines, "standing": b.standing, "from": on_day(b.at)} for b in found
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False)
