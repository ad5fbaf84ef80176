"""The last year of an export as statements: texts became facts on the way, and the file is not kept."""

from __future__ import annotations

import time
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from adapters.imports.slack_export import SlackExport, open_export
from adapters.imports.slack_export.archive import UnreadableFile
from core.events import Account, Statement
from core.ports import Person

YEAR = 365 * 24 * 3600 * 1_000_000  # microseconds
MOST_FILES = 100_000
MOST_UNPACKED = 2_000_000_000  # bytes
MOST_TIMES = 200  # unpacked to packed; real exports stay below thirty
SMALL = 20_000_000  # bytes unpacked that are let through however well they were packed
MOST_STATEMENTS = 500_000
READ_WITHIN = 60.0  # seconds
POSTS = ("message.posted", "thread.replied")


@dataclass(frozen=True, slots=True)
class History:
    """`messages`: counted ones of the year. `marks`: how often each reaction was given. `since`, `until`: the year, in
    UTC microseconds. `older`: statements before it, which were left out."""

    source: str
    people: Mapping[Account, Person]
    statements: tuple[Statement, ...]
    since: int
    until: int
    messages: int
    answers: int
    writers: int
    older: int
    marks: Counter[str]
    skipped: Mapping[str, int]
    broken: tuple[str, ...]

    def name(self, account: Account) -> str:
        """What somebody is called; who is not listed, by id."""
        person = self.people.get(account)
        return person.name if person is not None else account.rpartition("/")[2]


def read_history(file: Path, clock: Callable[[], float] = time.monotonic) -> History:
    """Raises UnreadableFile, whose text is for the person who dropped it. `clock`: seconds, for the time limit."""
    _refuse_bombs(file)
    with open_export(file) as export:
        statements = _statements(export, clock() + READ_WITHIN, clock)
        return _year(export, statements)


def _refuse_bombs(file: Path) -> None:
    """Nothing is unpacked beyond what the directory says, so its sums are a limit."""
    try:
        with zipfile.ZipFile(file) as opened:
            sizes = [entry.file_size for entry in opened.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise UnreadableFile("This is no zip file. Give the export as Slack made it, not unpacked.") from None
    unpacked = sum(sizes)
    if len(sizes) > MOST_FILES or unpacked > MOST_UNPACKED:
        raise UnreadableFile("This export is too large for the page. `plaudit import slack-export` reads it.")
    if unpacked > SMALL and unpacked > MOST_TIMES * file.stat().st_size:
        raise UnreadableFile("This file unpacks to far more than any export would. It is left alone.")


def _statements(export: SlackExport, until: float, clock: Callable[[], float]) -> list[Statement]:
    found: list[Statement] = []
    for day in export.days():
        found += day
        if len(found) > MOST_STATEMENTS:
            raise UnreadableFile("This export is too large for the page. `plaudit import slack-export` reads it.")
        if clock() > until:
            raise UnreadableFile("Reading this export takes too long here. `plaudit import slack-export` reads it.")
    return found


def _year(export: SlackExport, statements: list[Statement]) -> History:
    if not statements:
        raise UnreadableFile("There is no message in this export that somebody wrote in a channel.")
    until = max(s.at for s in statements)
    since = until - YEAR
    kept = tuple(s for s in statements if s.at > since)
    said = {(s.id, s.type): s.actor for s in kept if s.type in POSTS and s.facts.get("bot") is not True}
    given = {s.id: str(s.facts["emoji"]) for s in kept if s.type == "reaction.added"}
    return History(
        source=export.source,
        people={person.account: person for person in export.people},
        statements=kept,
        since=since,
        until=until,
        messages=len(said),
        answers=sum(type_ == "thread.replied" for _, type_ in said),
        writers=len(set(said.values())),
        older=len(statements) - len(kept),
        marks=Counter(given.values()),
        skipped=dict(export.report.skipped),
        broken=tuple(export.report.broken),
    )
