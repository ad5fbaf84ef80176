"""When to look at an award again although nothing happened: what lapses, what time served opens, what closes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.court import EVERYBODY
from core.evaluation import Evaluation
from core.members import Member
from core.plan import Plan
from core.ports import Transaction
from core.rules.conditions import Achievement

Alarm = tuple[Member, str, int]


def set_alarms(tx: Transaction, evaluation: Evaluation, judged: Mapping[str, Iterable[Member]]) -> None:
    """Note when what was judged now will be another without a new event."""
    rows: list[Alarm] = [(EVERYBODY, name, at) for name, at in sorted(evaluation.outcome.closings)]
    for name, members in judged.items():
        wanted = evaluation.plan.wanted.get(name)
        if wanted is not None and wanted.rule.top is not None:
            rows.append((EVERYBODY, name, _next_closing(evaluation.plan, wanted.rule, evaluation.now)))
        if wanted is None or not may_turn(wanted.rule):
            continue
        for member in members:
            rows += [(member, name, at) for at in evaluation.judgement(member).turns(name)]
    if rows:
        tx.wake(rows)


def may_turn(rule: Achievement) -> bool:
    """Can an award of this rule come or go by time alone?"""
    return rule.lasts != "forever" or any(tier.member_for for tier in (rule.tiers or {}).values())


def _next_closing(plan: Plan, rule: Achievement, now: int) -> int:
    calendar, period = plan.calendar, rule.in_one or "month"
    return calendar.first_instant(calendar.period(calendar.day(now), period) + 1, period)
