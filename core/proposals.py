"""What machines propose: an award that nobody gets before a person has said yes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from core.claims import LONGEST_EXPLANATION, PROPOSED, Claim, Machine
from core.errors import PlauditError
from core.events import ASSERT, Statement, Value
from core.members import People
from core.plan import Plan

EXPLANATION = "explanation"


class Unfit(PlauditError):
    """A proposal that is not taken; the text says why."""


def is_proposal(s: Statement) -> bool:
    return s.op == ASSERT and s.type == PROPOSED


def logged(s: Statement) -> Statement:
    """The proposal as the log keeps it: without its explanation, which stands with the claim and can be erased."""
    return replace(s, facts={name: value for name, value in s.facts.items() if name != EXPLANATION})


def claim_of(s: Statement, plan: Plan, people: People, now: int) -> Claim:
    """What moderators decide on. Raises Unfit."""
    if not plan.book.community.proposals:
        raise Unfit("proposals are off; [community] proposals = true takes them")
    achievement = s.facts.get("achievement")
    if not isinstance(achievement, str) or achievement not in plan.wanted:
        raise Unfit("achievement: write the id of an achievement that the rule book has")
    if s.target is None:
        raise Unfit("target: write whom the award is proposed for")
    if not people.tracked(people.member(s.target), now):
        raise Unfit("target: has opted out")
    machine = Machine(f"{s.source} {s.id}", _confidence(s.facts), _explanation(s.facts))
    return Claim(0, s.target, people.member(s.target), achievement, "", True, s.at, now, machine=machine)


def _confidence(facts: Mapping[str, Value]) -> Decimal | None:
    value = facts.get("confidence")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value <= 1:
        raise Unfit("confidence: write a number from 0 to 1, as 0.87")
    return Decimal(value)


def _explanation(facts: Mapping[str, Value]) -> str:
    value = facts.get(EXPLANATION, "")
    if not isinstance(value, str) or len(value) > LONGEST_EXPLANATION:
        raise Unfit(f"explanation: write at most {LONGEST_EXPLANATION} characters")
    return " ".join(value.split())
