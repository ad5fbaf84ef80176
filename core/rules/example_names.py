"""Names that examples use: achievements of the book, events of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from core.catalogue import nearest
from core.rules.book import RuleBook
from core.rules.examples import Example
from core.rules.faults import Fault
from core.rules.locations import Path


def example_faults(
    examples: tuple[Example, ...], book: RuleBook, achievements: Collection[str] = ()
) -> Iterator[Fault]:
    """Names that the book does not have, withdrawals of nothing, two examples of one name.

    `achievements`: ids that exist beside those in the book, where some could not be read.
    """
    names: set[str] = set()
    for n, example in enumerate(examples):
        if example.name in names:
            yield Fault(("example", n, "name"), f'two examples are called "{example.name}"; rename one')
        names.add(example.name)
        for key, written in _named(example):
            name = written.partition(" ")[0]
            if name in book.achievements or name not in achievements:
                yield from _unknown(("example", n, key), name, book)
        yield from _withdrawn(n, example)


def _named(example: Example) -> Iterator[tuple[str, str]]:
    yield from (("achievement", name) for name in example.achievement)
    for key in ("earned", "not_earned", "pending", "lapsed", "progress"):
        for names in getattr(example, key).values():
            yield from ((key, name) for name in names)


def _unknown(path: Path, name: str, book: RuleBook) -> Iterator[Fault]:
    rule = book.achievements.get(name)
    if rule is None:
        near = nearest(name, book.achievements)
        remedy = f'Did you mean "{near}"?' if near else "Write the id of one, as in [achievement.helper]"
        yield Fault(path, f'no achievement is called "{name}". {remedy}')
    elif not rule.on or rule.status == "shadow":
        yield Fault(path, f'"{name}" touches nobody as long as it is switched off or in shadow')


def _withdrawn(n: int, example: Example) -> Iterator[Fault]:
    ids = {event.id for event in example.events if event.id is not None}
    for number, event in enumerate(example.events):
        if event.withdraw is not None and not any(_fits(event.withdraw, id_) for id_ in ids):
            text = f'no event here has id = "{event.withdraw}"; give the one you mean that id'
            yield Fault(("example", n, "events", number), text)


def _fits(withdrawn: str, id_: str) -> bool:
    """Whether an id with placeholders may stand for the withdrawn one."""
    if withdrawn == id_:
        return True
    start, end = id_.partition("{")[0], id_.rpartition("}")[2]
    return "{" in id_ and withdrawn.startswith(start) and withdrawn.endswith(end)
