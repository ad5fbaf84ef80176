"""What a rule does to people: too much at once (R13), pressure (R19), unknown givers (R28), no purpose (R29)."""

from __future__ import annotations

from collections.abc import Iterator

from core.rules.advice.sources import achievements_on, sources_on
from core.rules.book import RuleBook
from core.rules.conditions import Achievement, Source
from core.rules.faults import Fault, advice
from core.rules.locations import Path

MOST_ACTIVE = 12
LONGEST_DAYS = 30
_MODERATORS = frozenset({"moderator", "moderators", "Moderator", "Moderators"})


def care_advice(book: RuleBook) -> Iterator[Fault]:
    yield from _crowd(book)
    for path, source in sources_on(book):
        yield from _pressure(path, source)
    for path, rule in achievements_on(book):
        yield from _givers(path, rule, book)
        yield from _purpose(path, rule)


def _crowd(book: RuleBook) -> Iterator[Fault]:
    """Told once, at the first achievement too many."""
    seen = [path for path, rule in achievements_on(book) if rule.status == "active" and not rule.secret]
    if len(seen) > MOST_ACTIVE:
        text = f"{len(seen)} achievements are active at once; people keep about {MOST_ACTIVE} in mind. Switch some"
        yield advice("R13", seen[MOST_ACTIVE], f'{text} off (status = "off"), or make them secret = true')


def _pressure(path: Path, source: Source) -> Iterator[Fault]:
    if source.streak != "day":
        return
    if not getattr(source, "grace", 0):
        text = "a streak of days without a day off puts people under pressure; add grace = 1"
        yield advice("R19", (*path, "streak"), f'{text}, or count weeks: streak = "week"')
    for key, goal in _lengths(path, source):
        if goal > LONGEST_DAYS:
            text = f"{goal} days in a row are a long time to be on duty; write {LONGEST_DAYS} or less"
            yield advice("R19", key, f'{text}, or count weeks: streak = "week"')


def _lengths(path: Path, source: Source) -> Iterator[tuple[Path, float]]:
    if isinstance(source, Achievement) and source.tiers:
        yield from (((*path, "tiers", name), tier.goal) for name, tier in source.tiers.items())  # type: ignore[misc] # a Decimal is a number, too
    elif isinstance(goal := getattr(source, "goal", None), int):
        yield (*path, "goal"), goal


def _givers(path: Path, rule: Achievement, book: RuleBook) -> Iterator[Fault]:
    for role in rule.manual or ():
        if role not in _MODERATORS and role not in book.roles:
            text = f'the book does not say who "{role}" is; add [roles.{_quoted(role)}], or write "moderator"'
            yield advice("R28", (*path, "manual"), text)


def _quoted(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() else f'"{name}"'


def _purpose(path: Path, rule: Achievement) -> Iterator[Fault]:
    pays = rule.points or any(tier.points for tier in (rule.tiers or {}).values())
    if rule.purpose is None and (pays or rule.gives_role is not None):
        what = "a role" if rule.gives_role is not None else "points"
        text = f"it gives {what}: say what for in one sentence, as purpose = "
        yield advice("R29", path, f'{text}"Newcomers get a first answer within a day"')
