"""What counts: volume without quality (R15), text (R16), what people can give themselves or each other (R17, R18),
and values without end (R22)."""

from __future__ import annotations

from collections.abc import Iterator

from core.rules.advice.sources import again, highest_goal, sources_on
from core.rules.book import RuleBook
from core.rules.conditions import Condition, Counting, Source
from core.rules.faults import Fault, advice
from core.rules.filters import OF_TEXT, Filter
from core.rules.locations import Path

MOST_BARE = 20
_VOLUME = frozenset({"message.posted", "thread.started", "thread.replied", "reaction.added"})
_RECEIVED = frozenset(
    {"reaction.added", "reply.marked_helpful", "answer.accepted", "kudos.given", "nomination.made", "poll.voted"}
)
_TEXT = frozenset({"text", "content", "body", "message_text"})
_ENDLESS = frozenset({"message", "id", "object_at", *_TEXT})


def quality_advice(book: RuleBook) -> Iterator[Fault]:
    for path, source in sources_on(book):
        yield from _volume(path, source)
        yield from _texts(path, source)
        yield from _own_hand(path, source)
        yield from _pairs(path, source)
        if isinstance(source, Counting) and source.distinct in _ENDLESS:
            text = f"every {source.distinct} is different, so this only counts them; leave distinct out, or"
            yield advice("R22", (*path, "distinct"), f'{text} count people ("actor"), threads or days')


def _volume(path: Path, source: Source) -> Iterator[Fault]:
    raw = [name for name in source.when if name in _VOLUME]
    barred = source.limit is not None or getattr(source, "distinct", None) is not None
    if not raw or barred or source.credit != "actor" or highest_goal(source) <= MOST_BARE:
        return
    if any(f.fact in ("length", "words") for f in source.where):
        return
    text = f"{raw[0]} counts volume, not quality: people will write more, not better; count a signal instead,"
    yield advice("R15", (*path, "when"), f"{text} or add limit.per_day, where.length or distinct")


def _texts(path: Path, source: Source) -> Iterator[Fault]:
    for place, f in _filters(path, source):
        if f.fact in _TEXT or (f.fact == "message" and f.comparison in OF_TEXT):
            text = "what people write is never stored, so this finds nothing; use length, words, has_link, has_code"
            yield advice("R16", (*place, f.fact), f"{text} or has_question")


def _filters(path: Path, source: Source) -> Iterator[tuple[Path, Filter]]:
    yield from (((*path, "where"), f) for f in source.where)
    if isinstance(source, Counting) and source.unless:
        yield from (((*path, "unless", "where"), f) for f in source.unless.where)
    if isinstance(source, Condition):
        for number, step in enumerate(source.steps or ()):
            yield from (((*path, "steps", number, "where"), f) for f in step.where)


def _own_hand(path: Path, source: Source) -> Iterator[Fault]:
    steps = enumerate(source.steps or ()) if isinstance(source, Condition) else ()
    given = [(path, source.credit, source.self_)]
    given += [((*path, "steps", number), step.credit, step.self_) for number, step in steps]
    for place, credit, oneself in given:
        if oneself and credit in ("author", "target"):
            text = "with self = true members can give this to themselves; leave self out"
            yield advice("R17", (*place, "self"), text)
    if "command.used" in source.when and source.limit is None:
        text = "a command can be typed again and again; add limit.per_day, or count what the command leads to"
        yield advice("R17", (*path, "when"), text)


def _pairs(path: Path, source: Source) -> Iterator[Fault]:
    """One mark that is counted once is no feeding: no bar could change it."""
    received = [name for name in source.when if name in _RECEIVED]
    if not received or source.credit not in ("author", "target"):
        return
    different = getattr(source, "distinct", None) == "actor"
    capped = source.limit is not None and source.limit.per_person is not None
    if not different and not capped and (again(source) or highest_goal(source) > 1):
        text = "two people could give each other all of these; count different people with"
        yield advice("R18", (*path, "when"), f'{text} distinct = "actor", or cap them with limit.per_person')
