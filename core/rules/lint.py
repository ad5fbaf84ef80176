"""What the grammar allows and still makes no sense: R2 to R11 and R21 of the language, each with its remedy."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from core.rules.boards import board_faults
from core.rules.book import RuleBook
from core.rules.conditions import Condition
from core.rules.connectors import connector_faults
from core.rules.faults import Fault, coded
from core.rules.givers import giver_faults
from core.rules.locations import Path
from core.rules.ranks import level_number
from core.rules.reach import reach_faults
from core.rules.references import reference_faults
from core.rules.rewards import reward_faults
from core.rules.shape import shape_faults
from core.rules.teams import team_faults
from core.rules.webhooks import webhook_faults

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def lint(
    book: RuleBook,
    signals: Collection[str] = (),
    achievements: Collection[str] = (),
    broken: Collection[Path] = (),
) -> Iterator[Fault]:
    """Every error of a book. `signals`, `achievements`: ids that exist beside those in the book.

    `broken`: rules of which a key could not be read. Only the names in them are looked at: what is missing in
    such a rule is no second fault.
    """
    for section, name, rule in rules_of(book):
        if not _ID.fullmatch(name):
            text = "an id has letters, digits, _ and -; what members see goes into name"
            yield Fault((section, name), text)
        if (section, name) not in broken:
            together = getattr(rule, "for_", "member") != "member"
            for path, condition in conditions_of((section, name), rule):
                yield from coded("R2", shape_faults(path, condition))
                yield from reach_faults(path, condition, together=together)
    yield from reference_faults(book, signals, achievements)
    yield from _level_faults(book)
    yield from (
        Fault(path, text, code=code) for path, text, code in connector_faults(book.connectors, book.types.known)
    )
    webhooks = webhook_faults(book.webhooks, {*book.achievements, *achievements})
    yield from (Fault(path, text, code=code) for path, text, code in webhooks)
    known, named = {*book.signals, *signals}, {*book.achievements, *achievements}
    boards = board_faults(book.boards, book.seasons, known, named, book.achievements, bool(book.scores))
    yield from (Fault(path, text, code=code) for path, text, code in boards)
    givers = giver_faults(book.givers, {*book.achievements, *achievements})
    yield from (Fault(path, text, code=code) for path, text, code in givers)
    rewards = reward_faults(book.rewards, book.shelf, lambda written: level_number(book, written))
    yield from (Fault(path, text, code=code) for path, text, code in rewards)
    yield from (Fault(path, text, code=code) for path, text, code in team_faults(book.teams))


def lint_new(book: RuleBook, known: Collection[str], now: int) -> Iterator[Fault]:
    """R11 for achievements that are not in force yet: nobody could earn what is over already.

    `known`: ids of those that are. `now`: UTC microseconds. Never asked in a replay.
    """
    today = book.community.calendar.day(now)
    for name, rule in book.achievements.items():
        if name not in known and rule.until is not None and rule.until.toordinal() < today:
            text = f"a new rule that ended on {rule.until} is never earned; write a later day, or leave until out"
            yield Fault(("achievement", name, "until"), text, code="R11")


def rules_of(book: RuleBook) -> Iterator[tuple[str, str, object]]:
    """Every rule with its section and id."""
    yield from (("signal", name, rule) for name, rule in book.signals.items())
    yield from (("achievement", name, rule) for name, rule in book.achievements.items())
    yield from (("score", name, rule) for name, rule in book.scores.items())


def conditions_of(path: Path, rule: object) -> Iterator[tuple[Path, object]]:
    """A rule and, below it, the parts of `all` and `any`, each with its path."""
    yield path, rule
    if isinstance(rule, Condition):
        for key, parts in (("all", rule.all_), ("any", rule.any_)):
            for number, part in enumerate(parts or ()):
                yield from conditions_of((*path, key, number), part)


def _level_faults(book: RuleBook) -> Iterator[Fault]:
    for number in range(1, len(book.levels)):
        if book.levels[number].at <= book.levels[number - 1].at:
            text = "levels must rise; write a number above the level before"
            yield Fault(("level", number, "at"), text, code="R5")
