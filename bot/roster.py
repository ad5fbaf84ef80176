"""`plaudit roster import`: teams, joiners and leavers from a CSV file, beside a running bot or without one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.storage import roster as stored
from adapters.storage.beside import Beside, beside
from adapters.storage.transactions import SqlTransaction
from adapters.storage.upgrade import upgrade
from bot.claims import one_book
from bot.settings import Settings
from core.errors import ConfigurationError, PlauditError
from core.events import Account
from core.pipeline import ingest
from core.roster import KINDS, Difference, Move, difference, is_roster
from core.roster_rows import Fault, Known, Row, read_rows, resolve
from core.rules.community import SOURCE
from core.times import write_time

LARGEST = 20_000_000  # bytes of a file


class Refused(PlauditError):
    """A file that is not taken: a line for each fault, with what to write instead."""


@dataclass(frozen=True, slots=True)
class Import:
    """What a file would change. `skipped`: lines that name nobody who is known."""

    found: Difference
    names: dict[Account, str]
    rows: int
    skipped: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operator asked for."""

    file: Path
    source: str
    skip_unknown: bool = False
    community: str | None = None


def compare(settings: Settings, wish: Wish) -> Import:
    """What the file says beyond what is known. Raises Refused, ConfigurationError; changes nothing."""
    return _import(settings, wish, take=False)


def take(settings: Settings, wish: Wish) -> Import:
    """The same, and it is said: all of it, or nothing. Raises Refused, ConfigurationError, StorageUnavailable."""
    return _import(settings, wish, take=True)


def _import(settings: Settings, wish: Wish, *, take: bool) -> Import:
    rows = _rows(wish)
    book, now = one_book(settings, wish.community), time.time_ns() // 1_000
    upgrade(settings.database_url)
    with beside(settings.database_url, book) as here:
        found = _compared(here, wish, rows, now)
        if take and found.found.statements:
            tx = SqlTransaction(here.db, here.served.plan.community)
            ingest(tx, here.served, found.found.statements, now)
        return found


def _rows(wish: Wish) -> list[Row]:
    if not (is_roster(wish.source) and SOURCE.fullmatch(wish.source)):
        raise ConfigurationError(f"--source: begins with {' or '.join(KINDS)}; write roster:hr")
    if wish.file.stat().st_size > LARGEST:
        raise Refused(
            f"{wish.file.name} is larger than {LARGEST // 1_000_000} MB; import it in parts of its own source"
        )
    try:
        text = wish.file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{wish.file.name} is not UTF-8; save it with that encoding") from None
    rows, faults = read_rows(text)
    if faults:
        raise Refused("\n".join(fault_lines(faults)))
    return rows


def _compared(here: Beside, wish: Wish, rows: Sequence[Row], now: int) -> Import:
    community, people = here.served.plan.community, here.served.people
    names = stored.names(here.db, community)
    meant, faults = resolve(rows, Known(names, people))
    if faults and not wish.skip_unknown:
        raise Refused("\n".join([*fault_lines(faults), "Nothing was changed; --skip-unknown leaves these lines out."]))
    log = stored.said_by(here.db, community, wish.source)
    found = difference(wish.source, meant, log, here.served.plan.calendar, now, people)
    return Import(found, names, len(rows), tuple(faults))


def fault_lines(faults: Sequence[Fault]) -> list[str]:
    return [f"line {fault.line}: {fault.text}" for fault in faults]


def preview(made: Import) -> Iterator[str]:
    """For people: who joins, who leaves, who moves."""
    d = made.found
    for heading, accounts in (("Joins", d.joiners), ("Leaves", d.leavers), ("Is back", d.back)):
        yield from (f"{heading}: {_name(made, account)}" for account in accounts)
    yield from (f"Moves: {_moved(made, move)}" for move in d.moves)
    yield from (
        f"Still to come: {_name(made, account)} joins or leaves; import again on that day" for account in d.later
    )
    yield from (f"Left out: {line}" for line in fault_lines(made.skipped))
    if not d.statements:
        yield f"Rows: {made.rows}, and nothing new in them."
    else:
        numbers = f"joining {len(d.joiners)}, leaving {len(d.leavers)}, back {len(d.back)}, moving {len(d.moves)}"
        yield f"Rows: {made.rows}; {numbers}."


def _name(made: Import, account: Account) -> str:
    name = made.names.get(account)
    return f"{name} ({account})" if name else account


def _moved(made: Import, move: Move) -> str:
    before, after = move.before or "no team", move.after or "no team"
    return f"{_name(made, move.account)}: {before} → {after}, {write_time(move.at)}"
