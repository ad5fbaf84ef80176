"""Rankings: the first places of each period, once it has closed. Ties share."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from core.awards import Deserved
from core.criteria.criterion import Criterion, Entry, Met, Number
from core.criteria.tally import by_period, measure, number_of, seasons
from core.gating import finished
from core.judgement import Judgement, choose
from core.members import Member
from core.plan import Plan
from core.wanted import Wanted


class Members(Protocol):
    """Everybody who may be ranked; see `core.court.Court`."""

    plan: Plan
    now: int

    def member(self, member: Member) -> Judgement: ...

    def concerned(self, wanted: Wanted) -> list[Member]: ...


def values(court: Members, c: Criterion, member: Member) -> dict[tuple[str, int], list[Entry]]:
    """What makes up a member's value in each season and period of a ranking."""
    judgement = court.member(member)
    found: dict[tuple[str, int], list[Entry]] = {}
    axis = judgement.axis(c)
    for season, entries in seasons(c, judgement.counted(c)).items():
        for index, group in by_period(entries, court.plan.calendar, c.period or "month").items():
            if not axis.barred(index, c.period or "month"):
                found[season, index] = group
    return found


def ranked(court: Members, wanted: Wanted, c: Criterion, places: int) -> dict[Member, list[Deserved]]:
    rows: dict[tuple[str, int], dict[Member, tuple[Number, list[Entry]]]] = {}
    for m in court.concerned(wanted):
        for key, group in values(court, c, m).items():
            if closed(court, c, key[1]):
                rows.setdefault(key, {})[m] = (measure(c, group), group)
    found: dict[Member, list[Deserved]] = {}
    for (season, index), there in sorted(rows.items()):
        for m, (value, group) in sorted(there.items()):
            place = 1 + sum(other > value for other, _ in there.values())
            if value >= c.goal and place <= places:
                d = finished(court.member(m), wanted, placed(court, wanted, c, m, season, index, group))
                if d is not None:
                    found.setdefault(m, []).append(d)
    return {m: choose(wanted, there) for m, there in found.items()}


def closed(court: Members, c: Criterion, index: int) -> bool:
    return court.plan.calendar.first_instant(index + 1, c.period or "month") <= court.now


def placed(
    court: Members, wanted: Wanted, c: Criterion, m: Member, season: str, index: int, group: list[Entry]
) -> Deserved:
    calendar, period = court.plan.calendar, c.period or "month"
    end, name = calendar.first_instant(index + 1, period), calendar.name(index, period)
    evidence = made_of(c, group)
    d = court.member(m).earned(wanted, _met_of(name, evidence), evidence)
    occurrence = "/".join(part for part in (season, name) if part)
    last = max(e.last for e in evidence)
    return replace(d, occurrence=occurrence, period=name, earned_at=end, due_at=max(end, last) + wanted.settle)


def made_of(c: Criterion, group: list[Entry]) -> list[Entry]:
    """All that make up a value: with distinct the first of each, with best the first that has it."""
    if c.best is not None:
        most = max(number_of(e) for e in group)
        return [next(e for e in group if number_of(e) == most)]
    if c.distinct is None:
        return group
    return list({e.value: e for e in reversed(group)}.values())[::-1]


def _met_of(period: str, evidence: list[Entry]) -> Met:
    weight, last = sum(e.weight for e in evidence), max(e.last for e in evidence)
    return Met(period, period, evidence[-1][:3], weight, last, evidence[0].at, "")
