"""Names that a book uses: signals, event types, facts, achievements. Slips, circles, undated signals."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from core.catalogue import FACTS, KNOWN, nearest, slip
from core.rules.book import RuleBook
from core.rules.conditions import Achievement, Condition, Counting, Source
from core.rules.faults import Fault, coded
from core.rules.grammar import Needs
from core.rules.locations import Path
from core.rules.ranks import level_number, rank_faults

Named = tuple[Path, str]


def reference_faults(book: RuleBook, signals: Collection[str], achievements: Collection[str]) -> Iterator[Fault]:
    """`signals`, `achievements`: ids that are known to exist beside those in the book."""
    known_signals = {*book.signals, *signals}
    for path, source in _sources(book):
        for place, name in types_in(path, source):
            yield from coded("R7", _type_faults(place, name, known_signals, book))
        for place, name in facts_in(path, source):
            yield from coded("R7", _fact_faults(place, name))
        yield from coded("R21", _undated(path, source, book))
    yield from coded("R4", _need_faults(book, {*book.achievements, *achievements}))
    yield from coded("R4", rank_faults(book, {*book.achievements, *achievements}))
    yield from coded("R3", _circles(book))


def _sources(book: RuleBook) -> Iterator[tuple[Path, Source]]:
    for section, rules in (
        ("signal", book.signals),
        ("achievement", book.achievements),
        ("score", book.scores),
    ):
        for name, rule in rules.items():
            yield from _with_parts((section, name), rule)


def _with_parts(path: Path, source: Source) -> Iterator[tuple[Path, Source]]:
    yield path, source
    if isinstance(source, Condition):
        for key, parts in (("all", source.all_), ("any", source.any_)):
            for number, part in enumerate(parts or ()):
                yield from _with_parts((*path, key, number), part)


def types_in(path: Path, source: Source) -> Iterator[Named]:
    """Event types and signals that one condition names, each with its place."""
    yield from (((*path, "when"), name) for name in source.when)
    if isinstance(source, Counting) and source.unless:
        yield from (((*path, "unless"), name) for name in source.unless.when)
    if isinstance(source, Condition):
        for number, step in enumerate(source.steps or ()):
            yield from (((*path, "steps", number), name) for name in step.when)


def facts_in(path: Path, source: Source) -> Iterator[Named]:
    """Facts that one condition names, each with its place."""
    yield from (((*path, "where", f.fact), f.fact) for f in source.where)
    for key in ("distinct", "sum", "best", "each", "same"):
        name = getattr(source, key, None)
        if name is not None:
            yield (*path, key), name
    if isinstance(source, Counting) and source.unless:
        yield from (((*path, "unless", "where", f.fact), f.fact) for f in source.unless.where)
    if isinstance(source, Condition):
        for number, step in enumerate(source.steps or ()):
            yield from (((*path, "steps", number, "where", f.fact), f.fact) for f in step.where)


def _type_faults(place: Path, name: str, signals: Collection[str], book: RuleBook) -> Iterator[Fault]:
    if name in signals or name in book.types.known:
        return
    if "." not in name:
        near = nearest(name, {*signals, *KNOWN})
        remedy = f'Did you mean "{near}"?' if near else f"Add [signal.{name}], or write an event type"
        yield Fault(place, f'no signal is called "{name}". {remedy}')
        return
    near = slip(name, KNOWN | set(book.types.known))
    if near:
        text = f'unknown event type "{name}". Did you mean "{near}"? If not, add it to known in [types]'
        yield Fault(place, text)


def _fact_faults(place: Path, name: str) -> Iterator[Fault]:
    near = slip(name, FACTS, shortest=5)
    if near and near.rstrip("s") != name.rstrip("s"):  # a connector may well have a word beside our words
        yield Fault(place, f'unknown fact "{name}". Did you mean "{near}"?')


def _undated(path: Path, source: Source, book: RuleBook) -> Iterator[Fault]:
    """A signal whose date a later mark can move has no fixed place in a period."""
    frame = next((key for key in ("in_one", "within", "streak", "season") if getattr(source, key, None)), None)
    whole = book.achievements.get(str(path[1])) if len(path) > 2 else None
    if frame is None and whole is not None and whole.season:
        frame = "season"
    if frame is None:
        return
    framed = path[:2] if frame == "season" else path
    for place, name in types_in(path, source):
        signal = book.signals.get(name)
        if signal is not None and not signal.dated and place[len(path)] != "unless":
            text = f'signal "{name}" has no date, so {frame} cannot place it; give the signal in_one = "day"'
            yield Fault((*framed, frame), text)


def _need_faults(book: RuleBook, achievements: Collection[str]) -> Iterator[Fault]:
    holders = [(("achievement", name), rule.needs) for name, rule in book.achievements.items()]
    holders += [(("level", number), level.needs) for number, level in enumerate(book.levels)]  # type: ignore[misc] # a path mixes names and numbers
    for path, needs in holders:
        if needs is None:
            continue
        for name in needs.of:
            if name not in achievements:
                near = nearest(name, achievements)
                remedy = f'Did you mean "{near}"?' if near else "Add it, or take it out of the list"
                yield Fault((*path, "needs"), f'no achievement is called "{name}". {remedy}')
        if needs.at_least > len(set(needs.of)):
            text = f"at_least is above the {len(set(needs.of))} achievements of the list"
            yield Fault((*path, "needs"), text)


def _circles(book: RuleBook) -> Iterator[Fault]:
    signals = {name: [n for _, n in types_in((), rule) if n in book.signals] for name, rule in book.signals.items()}
    needs = {name: _needed(rule.needs, book) + _rank_of(rule, book) for name, rule in book.achievements.items()}
    needs |= {_rank(number): _needed(level.needs, book) for number, level in enumerate(book.levels)}
    yield from (Fault(("signal", way[0], "when"), _round(way)) for way in _loops(signals))
    yield from (Fault(("achievement", way[0], _holder((*way, way[0])[1])), _round(way)) for way in _loops(needs))


def _needed(needs: Needs | None, book: RuleBook) -> list[str]:
    return [name for name in (needs.of if needs else ()) if name in book.achievements]


def _rank_of(rule: Achievement, book: RuleBook) -> list[str]:
    """The level that `who` asks for, under a name that no achievement can have."""
    number = level_number(book, rule.who.level) if rule.who and rule.who.level is not None else None
    return [] if number is None else [_rank(number)]


def _rank(number: int) -> str:
    return f"level {number + 1}"


def _holder(used: str) -> str:
    return "who" if used.startswith("level ") else "needs"


def _round(way: list[str]) -> str:
    return f"a circle: {' needs '.join((*way, way[0]))}; take one of them out"


def _loops(uses: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """Each circle once, from the name that stands first in the file."""
    done: set[str] = set()
    for start in uses:
        way = _way_back(start, uses, done)
        if way:
            yield way
            done.update(way)
        done.add(start)


def _way_back(start: str, uses: Mapping[str, list[str]], done: Collection[str]) -> list[str]:
    """The shortest way from a name over what it uses back to itself, or nothing."""
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop(0)
        for name in uses[way[-1]]:
            if name == start:
                return way
            if name not in seen and name not in done:
                seen.add(name)
                ways.append([*way, name])
    return []
