"""What one moderator alone does not give: a second one, who is somebody else, says yes within two weeks."""

from __future__ import annotations

from core.events import Fact
from core.rules.book import RuleBook
from core.rules.conditions import Achievement

PROPOSED = "grant.proposed"
REVIEWED = "proposal:review:"  # how the ids begin of first yeses to what a rule found
DAYS = 14
_WAITS = DAYS * 24 * 3600 * 1_000_000  # microseconds


def takes_two(book: RuleBook, achievement: str) -> bool:
    """Whether it is given by hand by two moderators only."""
    rule = book.achievements.get(achievement)
    if rule is None:
        return False
    above = book.moderators.two_people_above
    return rule.two_people or (above is not None and _worth(rule) > above)


def waits(fact: Fact | None, now: int) -> bool:
    """Whether this proposal can still be confirmed."""
    return fact is not None and fact.type == PROPOSED and now < run_out_at(fact)


def waiting_since(now: int) -> int:
    """When the oldest proposal was made that still waits."""
    return now - _WAITS + 1


def run_out_at(proposal: Fact) -> int:
    """When it ends by itself."""
    return proposal.at + _WAITS


def _worth(rule: Achievement) -> int:
    """The most points that one award brings."""
    tiers = (t.points for t in (rule.tiers or {}).values())
    return max(rule.points, *(points for points in tiers if points is not None), 0)
