"""R23: what the last ninety days say about a rule. Nobody would have earned it, or nearly everybody."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping

from core.catalogue import CLOCK
from core.rules.advice.sources import achievements_on, sources_on
from core.rules.book import RuleBook
from core.rules.conditions import Achievement, Counting, Source
from core.rules.durations import Duration
from core.rules.faults import Fault, advice

DAYS = 90
FEWEST_PEOPLE = 10  # below it, a share of the members says nothing
MOST_EARNED = 0.8
_LONG_PERIODS = {"month": 31, "quarter": 92, "year": 366}
_CLOCK = frozenset(CLOCK)


def history_advice(book: RuleBook, earned: Mapping[str, Collection[str]], active: int) -> Iterator[Fault]:
    """`earned`: by achievement, the members to whom a replay of only the last ninety days gives it. `active`: how many
    members did something in that time. Rules that take longer by themselves are not asked."""
    if active < FEWEST_PEOPLE:
        return
    slow = {path[1] for path, source in sources_on(book) if path[0] == "achievement" and _takes_longer(source)}
    for path, rule in achievements_on(book):
        members = len(earned.get(str(path[1]), ()))
        if rule.status == "shadow" or rule.manual is not None or rule.for_ != "member":
            continue
        if members == 0 and path[1] not in slow and not _by_date(rule):
            text = f"nobody would have earned it in the last {DAYS} days"
            yield advice("R23", path, f"{text}; lower the goal, or look whether its types and where ever come true")
        if members > active * MOST_EARNED:
            text = f"{members} of {active} active members would have earned it in the last {DAYS} days, so it says"
            yield advice("R23", path, f'{text} little; raise the goal, or tell it quietly: announce = "private"')


def _takes_longer(source: Source) -> bool:
    """Whether ninety days can be too few for it, however busy people are."""
    if source.streak is not None and isinstance(source, Counting):
        return _longest(source) * _LONG_PERIODS.get(source.streak, 7 if source.streak == "week" else 1) > DAYS
    frame = getattr(source, "in_one", None)
    if frame in ("quarter", "year") or _CLOCK & set(source.when):
        return True
    spans = [getattr(source, name, None) for name in ("within", "after_absence")]
    return any(isinstance(span, Duration) and span.seconds > DAYS * 86_400 // 2 for span in spans)


def _longest(source: Counting) -> float:
    tiers = source.tiers if isinstance(source, Achievement) else None
    if tiers:
        return float(min(tier.goal for tier in tiers.values()))
    return math.inf if isinstance(source.goal, str) else float(source.goal)


def _by_date(rule: Achievement) -> bool:
    """Whether the calendar, the time of membership or another badge decides when it can be earned."""
    waits = rule.who is not None or any(tier.member_for for tier in (rule.tiers or {}).values())
    dated = rule.from_ or rule.until or rule.season or rule.retired
    return bool(waits or dated or rule.needs or rule.top)
