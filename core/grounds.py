"""What an award rests on: the events that moved the progress to its goal."""

from __future__ import annotations

from collections.abc import Iterator

from core.awards import Deserved
from core.court import Court
from core.criteria.combining import leaves, reached
from core.criteria.criterion import Entry
from core.events import Fact
from core.judgement import Judgement
from core.ranking import made_of, values
from core.wanted import Wanted


def grounds(court: Court, j: Judgement, wanted: Wanted, award: Deserved) -> Iterator[Fact]:
    """The events that moved the progress to the goal, newest first; those of others are not told."""
    if award.by is not None or wanted.condition is None:
        return
    facts = {(f.source, f.id): f for c in leaves(wanted.condition) for f, _, _ in j.raw(c)}
    for entry in reversed(_evidence(court, j, wanted, award)):
        if (entry.source, entry.id) in facts:
            yield facts[(entry.source, entry.id)]


def _evidence(court: Court, j: Judgement, wanted: Wanted, award: Deserved) -> list[Entry]:
    if wanted.criterion is not None and wanted.rule.top is not None:
        period = wanted.criterion.period or "month"
        groups = [
            g
            for (_, i), g in values(court, wanted.criterion, j.member).items()
            if court.plan.calendar.name(i, period) == award.period
        ]
        return made_of(wanted.criterion, groups[-1]) if groups else []
    found = [goal for group in _groups(court, wanted) for goal in court.goals(wanted, group)]
    if wanted.rule.for_ == "member" and wanted.condition is not None:
        found = reached(wanted.condition, j.counted, j.axis)
    fit = [(m, e) for m, e in found if m.tier == award.tier and award.period in (None, m.period)]
    exact = [e for m, e in fit if m.key[0] == award.earned_at]
    return (exact or [e for _, e in fit] or [[]])[0]


def _groups(court: Court, wanted: Wanted) -> list[str]:
    return [] if wanted.rule.for_ == "member" else court.groups(wanted)
