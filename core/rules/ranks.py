"""Names of levels and of awards that rules look back at: `who.level`, and `where.achievement` of engine events."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from core.catalogue import nearest
from core.rules.book import RuleBook
from core.rules.conditions import Achievement
from core.rules.faults import Fault
from core.rules.locations import Path

_OF_AWARDS = frozenset({"achievement.earned", "points.earned"})


def rank_faults(book: RuleBook, achievements: Collection[str]) -> Iterator[Fault]:
    """`achievements`: ids that exist, also those of rules that could not be read."""
    for name, rule in book.achievements.items():
        yield from _level_faults(("achievement", name), rule, book)
        if rule.when and set(rule.when) <= _OF_AWARDS:
            yield from _award_faults(("achievement", name), rule, achievements)


def level_number(book: RuleBook, written: int | str) -> int | None:
    """Which level a number (from 1) or a name means, counted from 0; None if there is none."""
    if isinstance(written, int):
        return written - 1 if 0 < written <= len(book.levels) else None
    return next((n for n, level in enumerate(book.levels) if level.name == written), None)


def _level_faults(path: Path, rule: Achievement, book: RuleBook) -> Iterator[Fault]:
    written = rule.who.level if rule.who else None
    if written is None or level_number(book, written) is not None:
        return
    if not book.levels:
        text = "there are no levels; add [[level]] tables, or leave who.level out"
    elif isinstance(written, int):
        text = f"there is no level {written}; write a number from 1 to {len(book.levels)}"
    else:
        names = [level.name for level in book.levels]
        near = nearest(written, names)
        remedy = f'Did you mean "{near}"?' if near else f"Write one of {', '.join(names)}"
        text = f'no level is called "{written}". {remedy}'
    yield Fault((*path, "who", "level"), text)


def _award_faults(path: Path, rule: Achievement, achievements: Collection[str]) -> Iterator[Fault]:
    for f in rule.where:
        if f.fact != "achievement" or f.comparison not in ("equal", "one_of", "not"):
            continue
        for name in f.value if isinstance(f.value, tuple) else (f.value,):
            if isinstance(name, str) and name not in achievements:
                near = nearest(name, achievements)
                remedy = f'Did you mean "{near}"?' if near else "Write the id of one"
                yield Fault((*path, "where", "achievement"), f'no achievement is called "{name}". {remedy}')
