"""What is left to a giver this month."""

from __future__ import annotations

from dataclasses import dataclass

from core.commands.asked import Asked
from core.commands.kudos import gifts_of
from core.givers import entries_of, quota_of
from core.giving import Quota


@dataclass(frozen=True, slots=True)
class Allowance:
    """`after`: how many are left after one more; below zero where there is none to give."""

    quota: Quota
    after: int


async def allowance(asked: Asked, achievement: str) -> Allowance:
    """By the entry with the most left of those that name the badge; one does. Raises Refusal where nobody can count."""
    gifts, accounts = gifts_of(asked), asked.people.accounts(asked.member)
    entries = [e for e in entries_of(asked.book, asked.request) if achievement in e.achievements]
    quotas = [quota_of(entry, accounts, asked.calendar, asked.request.at) for entry in entries]
    left = [Allowance(quota, quota.most - await gifts.used(quota) - 1) for quota in quotas]
    return max(left, key=lambda one: one.after)
