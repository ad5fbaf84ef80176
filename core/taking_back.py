"""What people take back by hand, and what the member reads about it."""

from __future__ import annotations

from collections.abc import Sequence

from core.awards import of_a_batch
from core.changes import Change
from core.members import Member, People
from core.plan import REVOCATION, Plan
from core.wanted import GRANT

WITHDRAWN = "something it rested on was withdrawn"


def taken_by_hand(changes: Sequence[Change], plan: Plan, people: People) -> dict[tuple[Member, str], str]:
    """Why, by member and achievement: such awards go however long they were held."""
    return {**_undone(changes, plan, people), **_reasons(changes, people)}


def _undone(changes: Sequence[Change], plan: Plan, people: People) -> dict[tuple[Member, str], str]:
    """Awards that are given once and that a batch gave which was taken back: they go, whatever they were dated."""
    facts = (c.before for c in changes if c.before is not None and c.after is None and c.before.type == GRANT)
    found = ((people.member(str(f.target)), str(f.facts.get("achievement"))) for f in facts if of_a_batch(f))
    return {key: WITHDRAWN for key in found if key[1] in plan.wanted and not plan.wanted[key[1]].rule.repeats}


def _reasons(changes: Sequence[Change], people: People) -> dict[tuple[Member, str], str]:
    """What moderators said who took something back in this batch, from whichever account of the member they named."""
    found: dict[tuple[Member, str], str] = {}
    for fact in (c.after for c in changes if c.after is not None and c.after.type == REVOCATION):
        said = fact.facts.get("note") or fact.facts.get("reason")
        key = (people.member(str(fact.target)), str(fact.facts.get("achievement")))
        found[key] = f"a moderator says: {said}" if said else "a moderator took it back"
    return found
