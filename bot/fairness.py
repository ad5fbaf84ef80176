"""Once a day: what looks unlike the rest of a community, for its moderators. And `plaudit fairness`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from adapters.storage import fairness as stored
from adapters.storage.fairness import Row
from adapters.storage.history import SqlHistory
from adapters.storage.holdings import names
from adapters.storage.reading import reading
from adapters.storage.rulings import book_in_force
from adapters.storage.store import Store
from adapters.terminal.cards import render
from bot.claims import one_book
from bot.settings import Settings
from core.cards import Card, Section
from core.errors import ConfigurationError
from core.events import Account
from core.fairness import Finding, Told
from core.fairness_cards import harmless, sentence
from core.plan import Plan, compile_plan
from core.ports import Destination
from core.serving import Served
from core.times import write_time

LONGEST = 120.0  # seconds that a look may take
PATIENCE = 20.0  # seconds that somebody in a chat waits for one
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class StoredFindings:
    """core.fairness.Findings of one community."""

    store: Store
    community: str

    async def told(self, number: int) -> Told | None:
        rows = await self.store.look(lambda db: stored.rows(SqlHistory(db, self.community)))
        now = self.store.now()
        return next((Told(row.id, row.people, row.shown.at or now) for row in rows if row.id == number), None)

    async def open(self, now: int) -> list[tuple[int, Finding]]:
        async with asyncio.timeout(PATIENCE):
            found = await asyncio.to_thread(find, self.store.url, self._served.plan, now)
        return await self.store.perform(lambda db: stored.numbered(db, self.community, found))

    async def drop(self, number: int, finding: Finding, by: Account, now: int) -> int:
        return await self.store.perform(lambda db: stored.drop(db, self._served, number, finding, by, now))

    async def call_fine(self, number: int, by: Account, now: int) -> bool:
        return await self.store.perform(lambda db: stored.call_fine(db, self._served.plan, number, by, now))

    @property
    def _served(self) -> Served:
        return self.store.communities.served[self.community]


class Watch:
    """Looks once a day, away from the event loop; what goes wrong is tried again on the next day."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looked: dict[str, str] = {}

    async def post(self, community: str, to: Sequence[Destination]) -> bool:
        """One card at most, after the digest's hour, however many processes try. True if it was this one's turn."""
        plan, now = self._store.communities.served[community].plan, self._store.now()
        today = plan.calendar.name(plan.calendar.day(now), "day")
        hours, minutes = map(int, plan.book.digest.time.split(":"))
        early = plan.calendar.minute(now) < hours * 60 + minutes
        if not to or early or plan.book.fairness.off or self._looked.get(community) == today:
            return False
        self._looked[community] = today
        last = await self._store.last_run(community, stored.JOB)
        if last is not None and last >= today:
            return False
        try:
            async with asyncio.timeout(LONGEST):
                found = await asyncio.to_thread(find, self._store.url, plan, now)
        except (ConfigurationError, TimeoutError) as error:
            log.warning("nobody looked at fairness today", community=community, reason=str(error) or "it took too long")
            return False
        return await self._store.perform(lambda db: stored.report(db, plan, today, found, to, now))


def find(url: str, plan: Plan, now: int) -> list[Finding]:
    """What is worth a look now, by a connection of its own. Raises ConfigurationError."""
    with reading(url) as histories:
        return stored.look(histories(plan.community), plan, now)[0]


# ---- plaudit fairness


@dataclass(frozen=True, slots=True)
class Look:
    """What is worth a look, what moderators were shown of it, and the names of the people."""

    found: list[Finding]
    rows: list[Row]
    names: dict[Account, str]


def look(settings: Settings, community: str | None, now: int) -> Look:
    """Works beside a running bot, and changes nothing. `now`: UTC microseconds."""
    written = one_book(settings, community)
    with reading(settings.database_url) as histories:
        history = histories(written.community.id)
        plan = compile_plan(book_in_force(history) or written)
        found, _ = stored.look(history, plan, now)
        return Look(found, stored.rows(history), names(history))


def as_lines(seen: Look) -> list[str]:
    """For people: who, how many, and why it may be harmless."""
    if not seen.found:
        return ["Nothing looks unlike the rest of the community."]
    lines = []
    for finding in seen.found:
        span = f"{write_time(finding.since)[:10]} to {write_time(finding.until)[:10]}"
        lines.append(f"{_number(seen, finding):<5} {finding.kind:<9} {_state(seen, finding):<7} {span}")
        lines.append(f"      {render(Card((Section((sentence(finding, seen.names),)),)))}")
        lines.append(f"      {harmless(finding)}")
    return [*lines, "Nothing was taken from anybody: these are questions."]


def as_json(seen: Look) -> str:
    """One object; every fact by its source and id."""
    rows = [
        {
            "number": row.id if (row := stored.state_of(seen.rows, f)) else None,
            "kind": f.kind,
            "state": _state(seen, f),
            "people": list(f.people),
            "giver": f.giver,
            "receiver": f.receiver,
            "marks": f.number,
            "expected": f.expected if f.kind == "ring" else None,
            "share": f.share if f.kind == "ring" else None,
            "since": write_time(f.since),
            "until": write_time(f.until),
            "harmless": harmless(f),
            "facts": [{"source": source, "id": id_} for source, id_ in f.facts],
        }
        for f in seen.found
    ]
    return json.dumps({"findings": rows}, indent=2, ensure_ascii=False)


def _number(seen: Look, finding: Finding) -> str:
    row = stored.state_of(seen.rows, finding)
    return "–" if row is None else f"#{row.id}"


def _state(seen: Look, finding: Finding) -> str:
    """new, shown, or fine as long as it has not grown by half."""
    row = stored.state_of(seen.rows, finding)
    if row is None or row.shown.at == stored.NOT_SHOWN:
        return "new"
    return "fine" if row.shown.fine and 2 * finding.size < 3 * row.shown.size else "shown"
