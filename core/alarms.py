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
    rows: list[Alarm] = []
    for name, members in judged.items():
        wanted = evaluation.plan.wanted.get(name)
        if wanted is None or not may_turn(wanted.rule):
            continue
        for member in members:
            rows += [(member, name, at) for at in evaluation.judgement(member).turns(name)]
    if rows:
        tx.wake(rows)


def may_turn(rule: Achievement) -> bool:
    """Can an award of this rule come or go by time alone?"""
    return rule.lasts != "forever" or any(tier.member_for for tier in (rule.tiers or {}).values())


def watch_closings(tx: Transaction, plan: Plan, now: int) -> None:
    """Rankings are decided when their period closes."""
    rows: list[Alarm] = []
    for wanted in plan.wanted.values():
        period = wanted.rule.in_one
        if wanted.rule.top is not None and period is not None:
            calendar = plan.calendar
            today = calendar.period(calendar.day(now), period)
            rows.append((EVERYBODY, wanted.id, calendar.first_instant(today + 1, period)))
    if rows:
        tx.wake(rows)
