"""`plaudit import`: history from files into the log, with badges at their true dates and nothing announced."""

from __future__ import annotations

import asyncio
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from adapters.imports.slack_export import Report, SlackExport, open_export
from adapters.storage.store import Store, open_store
from adapters.storage.upgrade import upgrade
from bot.bookfiles import books_to_serve
from bot.settings import Settings
from core.errors import ConfigurationError
from core.events import Account, Statement
from core.rules.book import RuleBook
from core.serving import Mode

BATCH = 2_000  # statements in one transaction
Tick = Callable[[int], None]


@dataclass(slots=True)
class Summary:
    """What an import did. `recognised`: achievement id to number of members, after it."""

    source: str
    people: int
    report: Report
    seconds: float = 0.0
    new: int = 0
    duplicates: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    authors: set[Account] = field(default_factory=set)
    recognised: Mapping[str, int] = field(default_factory=dict)


def import_slack_export(settings: Settings, file: Path, source: str | None, *, grant_roles: bool) -> None:
    """`plaudit import slack-export`: into the database of the settings, which is made if there is none."""
    if source is not None and not re.fullmatch("slack:[A-Z0-9]+", source):
        raise ConfigurationError(f'--source: "{source}" names no Slack workspace; write it as slack:T024BE7LD')
    books = books_to_serve(settings)
    with open_export(file, source) as export:
        upgrade(settings.database_url)
        with _bar(export.files) as tick:
            summary, book = asyncio.run(_import(settings.database_url, books, export, grant_roles, tick))
    print("\n".join(describe(summary, book, grant_roles=grant_roles)))


async def _import(
    url: str, books: Sequence[RuleBook], export: SlackExport, grant_roles: bool, tick: Tick
) -> tuple[Summary, RuleBook]:
    store = await open_store(url, books, now)
    try:
        community = store.communities.of_source(export.source)
        if community is None:
            raise ConfigurationError(
                f"{export.source}: belongs to no community; add it to [community] sources of its rule book"
            )
        book = store.communities.served[community].plan.book
        return await bring_in(export, store, community, tick, grant_roles=grant_roles), book
    finally:
        await store.close()


@contextmanager
def _bar(files: int) -> Iterator[Tick]:
    """A progress bar on standard error, where somebody watches it."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("Reading", total=files)
        yield lambda done: progress.update(task, completed=done)


async def bring_in(
    export: SlackExport, store: Store, community: str, tick: Tick, *, grant_roles: bool = False
) -> Summary:
    """Read the whole export. `tick` hears after each batch how many files are done. Raises StorageUnavailable; what
    was taken before stays, and a second run goes on from there."""
    mode = Mode(announce=False, roles=grant_roles, dated=True)
    began = time.monotonic()
    summary = Summary(export.source, len(export.people), export.report)
    await store.meet(export.people)
    batch: list[Statement] = []
    for day in export.days():
        batch += day
        if len(batch) >= BATCH:
            await _take(store, mode, batch, summary)
            batch = []
            tick(export.report.files)
    await _take(store, mode, batch, summary)
    tick(export.report.files)
    summary.recognised = await store.holders(community)
    summary.seconds = time.monotonic() - began
    return summary


async def _take(store: Store, mode: Mode, batch: Sequence[Statement], summary: Summary) -> None:
    if not batch:
        return
    taken = await store.take(batch, mode)
    summary.new += taken.new
    summary.duplicates += taken.duplicates
    summary.ignored.update(taken.ignored)
    summary.authors.update(s.actor for s in batch if s.actor and s.type in ("message.posted", "thread.replied"))


def describe(summary: Summary, book: RuleBook, *, grant_roles: bool) -> list[str]:
    """The summary in plain lines."""
    report = summary.report
    lines = [
        f"{summary.source}: {report.messages:,} messages by {len(summary.authors):,} people in {report.files:,} "
        f"{'file' if report.files == 1 else 'files'}; {summary.people:,} members known.",
        f"New in the log: {summary.new:,}. There already: {summary.duplicates:,}.",
    ]
    lines += [f"Not counted: {n:,} × {reason}." for reason, n in report.skipped.most_common()]
    lines += [f"Ignored: {n:,} × {reason}." for reason, n in summary.ignored.most_common(10)]
    lines += [f"Broken: {fault}." for fault in report.broken[:20]]
    lines += ["", *_who(summary.recognised, book), ""]
    lines.append(_roles(book, grant_roles=grant_roles))
    lines.append(f"Took {summary.seconds:.1f} s; at most {peak_mb():.0f} MB of memory.")
    return lines


def _who(recognised: Mapping[str, int], book: RuleBook) -> list[str]:
    """By achievement, most members first."""
    if not recognised:
        return ["Nobody would have been recognised by the rules as they are."]
    named = [(n, book.achievements[a].name if a in book.achievements else a) for a, n in recognised.items()]
    width = max(len(name) for _, name in named)
    lines = [
        f"  {name:<{width}}  {n:>6,} {'member' if n == 1 else 'members'}"
        for n, name in sorted(named, key=lambda entry: (-entry[0], entry[1]))
    ]
    return ["Recognised, with the true dates and without telling anybody:", *lines]


def _roles(book: RuleBook, *, grant_roles: bool) -> str:
    if not book.given_roles:
        return "No rule gives a role."
    if grant_roles:
        return "The bot gives the roles that go with these badges when it runs next."
    return "No role was changed; say --grant-roles to give those that go with these badges."


def now() -> int:
    """UTC microseconds."""
    return time.time_ns() // 1_000


def peak_mb() -> float:
    """Most memory this process ever held. The kernel counts in kilobytes, on a Mac in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1_000_000 if sys.platform == "darwin" else 1_000)
