"""Old history that no rule needs: what would go, and letting go of it, at night or when somebody asks."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import structlog

from adapters.storage.reading import reading
from adapters.storage.retention import Share, Tally, preview, preview_beside, step, step_beside
from adapters.storage.rulings import book_in_force
from adapters.storage.store import Store, open_store
from adapters.storage.transactions import SqlTransaction
from adapters.storage.upgrade import upgrade
from bot.bookfiles import books_to_serve
from bot.books import read_books
from bot.settings import Settings
from core.audit import Act
from core.errors import StorageUnavailable
from core.plan import Plan, compile_plan
from core.retention import RETENTION, before, needs_of
from core.rules.durations import Duration
from core.sifting import CLOCK
from core.times import write_time

OPERATOR = "operator"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What of one community goes, or would go. `keep`: what its book says; `limit`: UTC microseconds, what is from then
    or later stays. Both None: everything is kept."""

    community: str
    keep: Duration | None
    limit: int | None
    tally: Tally


# ---- by the command line


def look(settings: Settings, now: int) -> list[Found]:
    """What would go now; nothing changes. Works beside a running bot."""
    with reading(settings.database_url) as histories:
        files = read_books(settings.rules)
        plans = [compile_plan(book_in_force(histories(book.community.id)) or book) for book in files]
    return [_look(settings.database_url, plan, plans, now) for plan in plans]


def _look(url: str, plan: Plan, plans: Sequence[Plan], now: int) -> Found:
    limit, tally, after = limit_of(plan, now), Tally(), 0
    while limit is not None:
        with reading(url) as histories:  # not in one go: who reads for long keeps others from writing
            share = preview(histories(plan.community), needs_of(plan), limit, after)
        tally.add(share.tally)
        if share.after is None:
            with reading(url) as histories:
                tally.add(preview_beside(histories(plan.community), limit, shared=_last(plan, plans, now)))
            break
        after = share.after
    return Found(plan.community, plan.book.community.keep, limit, tally)


async def carry_out(settings: Settings) -> list[Found]:
    """Let go of it, beside a running bot or without one. Raises ConfigurationError, StorageUnavailable."""
    books = books_to_serve(settings)
    await asyncio.to_thread(upgrade, settings.database_url)
    store = await open_store(settings.database_url, books, lambda: time.time_ns() // 1_000)
    try:
        return [await let_go(store, community, OPERATOR) for community in store.communities.served]
    finally:
        await store.close()


# ---- by the bot


async def tonight(store: Store) -> None:
    """Once on each local day, for every community whose book says how long it keeps."""
    try:
        for community, served in store.communities.served.items():
            today = served.plan.calendar.name(served.plan.calendar.day(store.now()), "day")
            if served.plan.book.community.keep is not None and await store.run_once(
                community, RETENTION, today, None, ()
            ):
                await let_go(store, community, CLOCK)
    except StorageUnavailable as error:
        log.warning("old history stays for another day", reason=str(error))


async def let_go(store: Store, community: str, by: str) -> Found:
    """In small transactions; what is not done when the bot stops is done the next time. `by`: for the audit trail."""
    served, now, tally = store.communities.served[community], store.now(), Tally()
    limit = limit_of(served.plan, now)
    if limit is not None:
        tally.add(await _of_the_log(store, community, limit))
        shared = _last(served.plan, [other.plan for other in store.communities.served.values()], now)
        tally.add(await _beside(store, community, limit, shared=shared))
    found = Found(community, served.plan.book.community.keep, limit, tally)
    if tally:
        act = Act(now, by, RETENTION, community, f"older than {found.keep}", after=summary(tally))
        await store.perform(lambda db: SqlTransaction(db, community).note_acts([act]))
        log.info("old history is deleted", community=community, what=summary(tally))
    return found


async def _of_the_log(store: Store, community: str, limit: int) -> Tally:
    share = await _share(store, community, limit, 0)
    total = share.tally
    while share.after is not None:
        share = await _share(store, community, limit, share.after)
        total.add(share.tally)
    return total


async def _share(store: Store, community: str, limit: int, after: int) -> Share:
    """One transaction. The book that is in force now says what is needed."""
    served = store.communities.served[community]
    return await store.perform(lambda db: step(SqlTransaction(db, community), needs_of(served.plan), limit, after))


async def _beside(store: Store, community: str, limit: int, *, shared: bool) -> Tally:
    total = Tally()
    while part := await store.perform(lambda db: step_beside(SqlTransaction(db, community), limit, shared=shared)):
        total.add(part)
    return total


def limit_of(plan: Plan, now: int) -> int | None:
    """From when on everything is kept; None: everything is."""
    keep = plan.book.community.keep
    return None if keep is None else before(plan.calendar, now, keep)


def _last(plan: Plan, plans: Sequence[Plan], now: int) -> bool:
    """Does this community keep as long as any other? Then what belongs to none goes with its own."""
    limits = [limit_of(other, now) for other in plans]
    return limit_of(plan, now) == min((-1 if limit is None else limit) for limit in limits)


# ---- in words


def summary(tally: Tally) -> str:
    """One line, for the audit trail."""
    gone, thinned, rows = tally.gone.total(), tally.thinned.total(), tally.beside.total()
    return f"deleted {gone} statements, {tally.dropped} facts of {thinned} others, {rows} rows of other tables"


def as_lines(found: Sequence[Found], *, done: bool) -> list[str]:
    """For people."""
    return [line for part in found for line in _told(part, done=done)]


def _told(found: Found, *, done: bool) -> Iterator[str]:
    name, tally = found.community, found.tally
    if found.limit is None:
        yield f"{name}: keeps everything; the book says nothing else ([community] keep)"
        return
    yield f"{name}: keeps {found.keep}, all since {write_time(found.limit)}"
    if not tally:
        yield "  nothing older is there that no rule needs"
    go, lose = ("gone", "thinned") if done else ("would go", "would be thinned")
    for type_, number in sorted(tally.gone.items()):
        yield f"  {type_}: {number} {go}"
    for type_, number in sorted(tally.thinned.items()):
        yield f"  {type_}: {number} {lose}"
    for table, number in sorted(tally.beside.items()):
        yield f"  {table}: {number} rows {go}"


def as_json(found: Sequence[Found]) -> str:
    """The same for programs."""
    return json.dumps([_plain(part) for part in found], indent=2)


def _plain(found: Found) -> dict[str, object]:
    tally = found.tally
    return {
        "community": found.community,
        "keep": None if found.keep is None else str(found.keep),
        "since": None if found.limit is None else write_time(found.limit),
        "deleted": dict(sorted(tally.gone.items())),
        "thinned": dict(sorted(tally.thinned.items())),
        "facts": tally.dropped,
        "rows": dict(sorted(tally.beside.items())),
    }
