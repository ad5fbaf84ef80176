"""`plaudit digest block`: the week's thanks for a newsletter, beside a running bot or without one."""

from __future__ import annotations

import asyncio

from adapters.storage.reading import reading
from adapters.storage.records import StoredRecords, read_engine
from adapters.storage.rulings import book_in_force
from bot.claims import one_book
from bot.settings import Settings
from core.diagnosis import Diagnosis
from core.digests import Due, due_period, score_days
from core.errors import ConfigurationError
from core.language import Language
from core.languages import ours
from core.linking import note_links
from core.members import Member
from core.newsletter import Block, block, week_named
from core.plan import compile_plan
from core.records import DigestFacts, ProgressLine
from core.serving import Served


def look(settings: Settings, community: str | None, week: str | None, now: int) -> Block:
    """Of a week by its name, or of the last one whose digest was due by `now` (UTC microseconds)."""
    written = one_book(settings, community)
    with reading(settings.database_url) as histories:
        history = histories(written.community.id)
        served = Served(compile_plan(book_in_force(history) or written))
        note_links(history, served)
    due = _due(served, week, now)
    return block(asyncio.run(_facts(settings.database_url, served, due)), served.plan.book, ours(served.plan.book))


def _due(served: Served, week: str | None, now: int) -> Due:
    plan = served.plan
    day, time = plan.book.digest.day, plan.book.digest.time
    try:
        found = week_named(week, plan.calendar, day, time) if week else due_period(now, plan.calendar, day, time)
    except ValueError as error:
        raise ConfigurationError(f"--week: {error}") from error
    if found is None:  # without a last one there always is one
        raise ConfigurationError("--week: write which one, as 2026-W46")
    return found


async def _facts(url: str, served: Served, due: Due) -> DigestFacts:
    async def standing(_: Member, __: Language) -> list[ProgressLine]:
        return []

    async def examine(_: Member, __: str, ___: bool, ____: Language) -> Diagnosis | None:
        return None

    engine = read_engine(url)
    try:
        records = StoredRecords(engine, served.plan.community, standing, examine, served.people)
        return await records.digest(due.start, due.end, *score_days(due, served.plan.calendar))
    finally:
        await engine.dispose()
