"""What a rule brings: points that can be collected without end (R24), roles that nobody judged (R25), rewards of which
nobody hears (R30)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from core.catalogue import HAND
from core.rules.advice.sources import achievements_on, again, highest_goal, only_signals
from core.rules.book import RuleBook, conditions, types_named
from core.rules.community import NOWHERE
from core.rules.conditions import Achievement
from core.rules.faults import Fault, advice
from core.rules.locations import Path

_DAY = 86_400


def reward_advice(book: RuleBook) -> Iterator[Fault]:
    yield from _unheard(book)
    for path, rule in achievements_on(book):
        yield from _points(path, rule, book)
        if rule.gives_role is not None and not _judged(book, rule, ()):
            yield _unjudged(path, rule.gives_role, "ask = true, so that a person confirms it")
    for name, score in book.scores.items():
        if score.give > 0 and not only_signals(book, score) and not _capped(score):
            yield _uncapped(("score", name, "give"), "score")
    raw = book.scores and not any(only_signals(book, score) for score in book.scores.values())
    for number, level in enumerate(book.levels):
        if level.gives_role is not None and level.needs is None and raw:
            yield _unjudged(("level", number), level.gives_role, 'needs = ["…"], an achievement that rests on a signal')


def _unheard(book: RuleBook) -> Iterator[Fault]:
    """What is redeemed is told in the moderators' channel, and nowhere else."""
    if book.rewards is not None and book.shelf and book.channels.moderators == NOWHERE:
        text = "nobody hears of what is redeemed, and what needs a yes waits for ever; add [channels] moderators"
        yield advice("R30", ("rewards",), text)


def _points(path: Path, rule: Achievement, book: RuleBook) -> Iterator[Fault]:
    """None is asked for where it would change nothing: one event is enough, or the rule has its own pace."""
    pays = rule.points or any(tier.points for tier in (rule.tiers or {}).values())
    slow = rule.in_one or rule.streak or rule.distinct in ("day", "date") or _cools(rule)
    if not pays or not rule.when or only_signals(book, rule) or slow or _capped(rule):
        return
    if again(rule) or highest_goal(rule) > 1:
        yield _uncapped((*path, "points"), "points")


def _cools(rule: Achievement) -> bool:
    return rule.cooldown is not None and rule.cooldown.seconds >= _DAY


def _capped(rule: object) -> bool:
    limit = getattr(rule, "limit", None)
    return limit is not None and any((limit.per_day, limit.per_week, limit.per_month))


def _uncapped(path: Path, what: str) -> Fault:
    text = f"all of the {what} can be collected in one busy hour; add limit.per_day, or count a signal"
    return advice("R24", path, text)


def _judged(book: RuleBook, rule: Achievement, seen: Collection[str]) -> bool:
    """Whether somebody judged it: a signal's bar, a moderator, or that of an achievement it needs."""
    if rule.manual is not None or rule.ask:
        return True
    if any(name in book.signals or name in HAND for part in conditions(rule) for name in types_named(part)):
        return True
    needed = [name for name in (rule.needs.of if rule.needs else ()) if name in book.achievements and name not in seen]
    return any(_judged(book, book.achievements[name], (*seen, *needed)) for name in needed)


def _unjudged(path: Path, role: str, instead: str) -> Fault:
    text = f'"{role}" is given for activity that nobody judged; count a signal, or add {instead}'
    return advice("R25", (*path, "gives_role"), text)
