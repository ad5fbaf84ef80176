"""Where a member stands toward what they do not hold yet, in numbers and in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from core.court import Court
from core.language import ENGLISH, Language
from core.members import Member
from core.records import ProgressLine
from core.rules.explain import Clock, next_step, progress_text
from core.standing import Standing
from core.standings import standing
from core.wanted import Wanted


def progress_lines(
    court: Court, member: Member, held: Collection[str], t: Language = ENGLISH
) -> Iterator[ProgressLine]:
    """Achievements under way: not in `held` (or repeatable, or with a tier to come), with something counted."""
    for wanted in court.plan.wanted.values():
        if wanted.shadow or (wanted.id in held and not _goes_on(wanted)):
            continue
        found = standing(court, court.member(member), wanted.id)
        if found is not None and found.value > 0:
            yield _line(court, member, found, wanted, t, held=wanted.id in held)


def held_now(court: Court, member: Member) -> set[str]:
    """What the member has or had: not what still settles or waits for a moderator."""
    judgement = court.member(member)
    return {
        name for name in court.plan.wanted if any(d.state(court.now) != "pending" for d in judgement.deserved(name))
    }


def _goes_on(wanted: Wanted) -> bool:
    return wanted.rule.repeats or bool(wanted.rule.tiers)


def _line(court: Court, member: Member, found: Standing, wanted: Wanted, t: Language, *, held: bool) -> ProgressLine:
    book = court.plan.book
    clock = Clock(court.now, court.member(member).sieve.calendar(wanted, court.now))
    text = progress_text(book, found, clock, t, held=held)
    missing = tuple(name for name in found.missing if name not in _secrets(court, wanted))
    return ProgressLine(wanted.id, found.value, found.goal, text, next_step(book, found, t), missing)


def _secrets(court: Court, wanted: Wanted) -> frozenset[str]:
    """Names that nobody may read before they have them. What is missing is not held."""
    rules = court.plan.book.achievements
    return frozenset(rules[name].name for name in wanted.needs if name in rules and rules[name].secret)
