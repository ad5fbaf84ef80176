"""`plaudit why`: why a member has an achievement, or why not, from the database or from files."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.storage.reading import reading
from adapters.storage.rulings import book_in_force
from bot.books import read_book, read_books
from bot.settings import Settings
from bot.spool import Spool
from core.catalogue import nearest
from core.court import Court
from core.diagnosis import Diagnosis, Shown, diagnose, types_of
from core.errors import ConfigurationError
from core.lines import to_line
from core.plan import compile_plan
from core.replay import Log, longest_settle
from core.rules.book import RuleBook
from core.times import write_time


@dataclass(frozen=True, slots=True)
class Question:
    """`rules`: another book than the one in force. `events`: files of statements; without any, the database's log.
    `until`: what counts as now, UTC microseconds."""

    member: str
    achievement: str
    rules: Path | None = None
    events: tuple[Path, ...] = ()
    until: int | None = None


def explain(settings: Settings, question: Question) -> Diagnosis:
    """Only reads, and works beside a running bot. Raises ConfigurationError where there is nothing to explain."""
    if question.events:
        return _from_files(_book_of(settings, question), question)
    with reading(settings.database_url) as histories:
        book = _book_of(settings, question)
        history = histories(book.community.id)
        book = book if question.rules else book_in_force(history) or book
        now = time.time_ns() // 1_000 if question.until is None else question.until
        return _diagnosis(book, question, (to_line(statement) for statement in history.log()), now)


def _from_files(book: RuleBook, question: Question) -> Diagnosis:
    def lines() -> Iterator[bytes]:
        for file in question.events:
            with file.open("rb") as opened:
                yield from opened

    return _diagnosis(book, question, lines(), question.until)


def _book_of(settings: Settings, question: Question) -> RuleBook:
    """The book named, or the one of the community that the account belongs to."""
    if question.rules is not None and not question.rules.is_dir():
        return read_book(question.rules)
    books = read_books(question.rules or settings.rules)
    source = question.member.partition("/")[0]
    found = [b for b in books if b.community.sources is None or source in b.community.sources]
    if not found:
        raise ConfigurationError(f"{question.member}: belongs to no community of these rule books; write slack:T1/U7")
    return found[0]


def _diagnosis(book: RuleBook, question: Question, lines: Iterator[bytes], now: int | None) -> Diagnosis:
    _require(book, question.achievement)
    log = Log(compile_plan(book), now, Spool())
    log.read(lines)
    people = log.settle()
    court = Court(log.plan, people, log, now if now is not None else (log.latest or 0) + longest_settle(log.plan))
    member = people.member(question.member)
    gone = log.withdrawn(people.accounts(member), types_of(court, question.achievement))
    found = diagnose(court, member, question.achievement, gone, own=False)
    if found is None:
        raise ConfigurationError(f'"{question.achievement}" is switched off in the rule book; nothing counts for it')
    return found


def _require(book: RuleBook, achievement: str) -> None:
    if achievement not in book.achievements:
        near = nearest(achievement, book.achievements)
        remedy = f"Did you mean {near}?" if near else f"There are {', '.join(book.achievements)}"
        raise ConfigurationError(f'{book.written.file}: no achievement is called "{achievement}". {remedy}')


def as_lines(found: Diagnosis, *, missing: bool) -> Iterator[str]:
    """Why they have it; with `missing`, or where they do not, why not (again)."""
    yield f"{found.achievement}, version {found.version}: {found.rule}"
    yield from _awards(found)
    if not missing and found.awards:
        yield from _facts("What counted", found.grounds)
        return
    yield f"Stands at: {found.progress}"
    yield from _facts(f"Counted: {found.counted_in_all}", found.counted)
    yield from _listed("Not counted", [group.text for group in found.uncounted])
    yield from _listed("Missing", [*([found.next_step] if found.next_step else []), *found.obstacles])


def _awards(found: Diagnosis) -> Iterator[str]:
    if not found.awards:
        yield f"{found.member} does not have it"
    for award in found.awards:
        which = " ".join(part for part in (award.tier, award.period) if part)
        by = f", given by {award.by}" if award.by else ""
        state = {"awarded": "has it", "pending": "reached it, not confirmed yet,", "revoked": "had it"}
        name = f"{found.member} {state[award.state(found.now)]}{f' ({which})' if which else ''}"
        yield f"{name} since {_time(award.earned_at)}{by}"


def _facts(head: str, facts: Sequence[Shown]) -> Iterator[str]:
    """Those of private channels were left out before."""
    yield from _listed(head, [f"{_time(f.at)}  {f.what}{f' in {f.channel}' if f.channel else ''}" for f in facts])


def _listed(head: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield head
        yield from (f"  {line}" for line in lines)


def _time(at: int) -> str:
    return f"{write_time(at)[:16].replace('T', ' ')} UTC"
