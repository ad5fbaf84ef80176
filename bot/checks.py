"""`plaudit check`: is the rule book, or every book of the folder, in order? Only errors keep it from use."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from adapters.storage.challenges import extended
from adapters.storage.engines import database_file
from adapters.storage.history import SqlHistory
from adapters.storage.reading import reading
from adapters.storage.rulings import editions_in_force
from adapters.storage.serving import findings
from bot import options
from bot.books import BESIDE, book_files, clashes, read_text
from bot.fixtures import book_of, examples_of
from bot.gaps import gaps
from bot.lookback import lookback
from core.errors import ConfigurationError
from core.rules.book import RuleBook
from core.rules.findings import BookRefused, Finding
from core.rules.loading import Examination, examine, load_examples

HEADING = "Worth a thought:"


@dataclass(slots=True)
class Report:
    """What was found. `note`: why the history was not looked at, where somebody should know."""

    books: dict[Path, RuleBook] = field(default_factory=dict)
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    note: str | None = None

    def add(self, file: Path, found: Examination) -> None:
        self.errors += found.errors
        self.warnings += found.warnings
        if found.book is not None:
            self.books[file] = found.book
            self.errors += _example_errors(file, found.book)

    def as_json(self) -> dict[str, list[dict[str, object]]]:
        return {
            "errors": [found.as_json() for found in self.errors],
            "warnings": [found.as_json() for found in self.warnings],
        }

    def lines(self) -> list[str]:
        """For people: errors first, then warnings, then the books that are in order."""
        found = [_numbered(error) for error in self.errors]
        if self.warnings:
            found += [HEADING, *(f"  {_numbered(warning)}" for warning in self.warnings)]
        verdict = "It can be used as it is." if self.warnings else "All in order."
        found += [] if self.errors else [f"{_describe(book)} {verdict}" for book in _sorted(self.books)]
        return found if self.note is None else [*found, self.note]


def show(path: Path | None, *, as_json: bool, replay: bool) -> bool:
    """Print what is found; whether there are no errors. A named book is also checked where the settings are wrong.

    Raises ConfigurationError where no book is named and the settings are wrong.
    """
    try:
        settings = options.settings()
    except ConfigurationError:
        if path is None:
            raise
        report = check(path, None, 0)
    else:
        report = check(path or settings.rules, settings.database_url, time.time_ns() // 1_000, replay=replay)
    if as_json:
        print(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
    else:
        print("\n".join(report.lines()), file=sys.stderr if report.errors else sys.stdout)
    return not report.errors


def check(path: Path, database: str | None, now: int, *, replay: bool = True) -> Report:
    """Everything to say about these books. `now`: UTC microseconds.

    `database`: its address; where it has a file, the books are compared with what is in force and, with `replay`, with
    what happened lately. None: only what the text says.
    """
    report = Report()
    try:
        for file in [book_of(path)] if path.name.endswith(BESIDE) else book_files(path):
            report.add(file, _examine(file))
    except BookRefused as refused:
        report.errors += refused.findings
    report.errors += clashes(report.books)
    if database is not None and not report.errors and Path(database_file(database)).exists():
        try:
            _compare(report, database, now, replay=replay)
        except ConfigurationError as error:
            report.note = f"The history was not looked at: {error}"
    return report


def _examine(file: Path, known: frozenset[str] | None = None, now: int | None = None) -> Examination:
    try:
        return examine(read_text(file), str(file), known, now)
    except BookRefused as refused:
        return Examination(None, refused.findings)


def _example_errors(file: Path, book: RuleBook) -> Sequence[Finding]:
    """Of the file of examples that may stand beside a book."""
    beside = examples_of(file)
    try:
        if beside.exists():
            load_examples(read_text(beside), str(beside), book)
    except BookRefused as refused:
        return refused.findings
    return ()


def _compare(report: Report, database: str, now: int, *, replay: bool) -> None:
    """With what is in force, and with the last months."""
    with reading(database) as histories:
        for file, book in report.books.items():
            history = histories(book.community.id)
            editions = editions_in_force(history)
            if editions:
                report.errors += [*_refused(history, book), *_examine(file, frozenset(editions), now).errors]
            report.warnings += gaps(book, history)
            if replay:
                report.warnings += lookback(book, history, now)
    report.warnings.sort(key=lambda found: (found.file, found.line or 0))


def _refused(history: SqlHistory, book: RuleBook) -> Sequence[Finding]:
    """What the start would refuse the book for, with the challenges that were made in the chat."""
    try:
        return findings(history, extended(history, book))
    except BookRefused as refused:
        return refused.findings


def _numbered(found: Finding) -> str:
    """With its number behind the first line: what follows is there to be pasted. R0 adds nothing to its text."""
    first, rest = str(found).partition("\n")[::2]
    number = "" if found.rule == "R0" else f" ({found.rule})"
    return f"{first}{number}" + (f"\n{rest}" if rest else "")


def _sorted(books: dict[Path, RuleBook]) -> Sequence[RuleBook]:
    return sorted(books.values(), key=lambda book: book.community.id)


def _describe(book: RuleBook) -> str:
    counts = (
        _count(len(book.achievements), "achievement"),
        _count(len(book.signals), "signal"),
        _count(len(book.scores), "score rule"),
    )
    return f'community "{book.community.id}": {", ".join(counts)}.'


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
