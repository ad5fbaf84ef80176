"""`plaudit shadow`: what rules on trial would have done, for whoever decides whether they go live."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence

import orjson

from adapters.storage.reading import reading
from adapters.storage.rulings import book_in_force
from adapters.storage.trials import Trial, trials
from bot.books import read_books
from bot.settings import Settings
from core.calendar import zone
from core.language import Language
from core.rules.book import RuleBook
from core.times import write_time

WEEKS = 4
EXAMPLES = 5
Found = Sequence[tuple[RuleBook, Sequence[Trial]]]


def find(settings: Settings) -> Found:
    """By community, the rules on trial in the book that is in force. Needs no running bot and works beside one."""
    now = time.time_ns() // 1_000
    found = []
    with reading(settings.database_url) as histories:
        for written in read_books(settings.rules):
            history = histories(written.community.id)
            book = book_in_force(history) or written
            names = [name for name, rule in book.achievements.items() if rule.on and rule.status == "shadow"]
            found.append((book, trials(history, names, now, WEEKS, EXAMPLES)))
    return found


def as_json(found: Found) -> str:
    """One JSON object: the trials of every community."""
    rows = [_row(book, trial) for book, there in found for trial in there]
    return orjson.dumps({"trials": rows}, option=orjson.OPT_INDENT_2).decode()


def _row(book: RuleBook, trial: Trial) -> dict[str, object]:
    examples = [{"member": e.account, "name": e.name, "earned_at": write_time(e.earned_at)} for e in trial.examples]
    return {
        "community": book.community.id,
        "achievement": trial.achievement,
        "people": trial.people,
        "people_by_week": list(trial.weeks),
        "examples": examples,
    }


def as_lines(found: Found) -> Iterator[str]:
    """For people."""
    if not any(there for _, there in found):
        yield 'No rule is on trial. Write status = "shadow" into one to try it without anybody noticing.'
    for book, there in found:
        for trial in there:
            yield from _told(book, trial)


def _told(book: RuleBook, trial: Trial) -> Iterator[str]:
    t = Language("en", zone(book.community.timezone))
    yield f"{book.achievements[trial.achievement].name} ({trial.achievement})"
    if not trial.people:
        yield "  nobody would have it so far"
        return
    yield f"  {t.counted('{n} person', '{n} people', trial.people)} would have it"
    yield f"  by week, this one first: {_numbers(trial.weeks)}"
    yield f"  lately: {t.listed(f'{e.name} ({t.date(e.earned_at)})' for e in trial.examples)}"


def _numbers(weeks: Iterable[int]) -> str:
    return ", ".join(map(str, weeks))
