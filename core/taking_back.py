"""What people take back by hand, and what the member reads about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.awards import batch_of, occurrence_of
from core.changes import Change
from core.duties import HANDED_BACK
from core.events import Fact
from core.judgement import Judgement
from core.members import Member, People
from core.plan import REVOCATION, Plan
from core.wanted import GRANT

WITHDRAWN = "something it rested on was withdrawn"


@dataclass(frozen=True, slots=True)
class ByHand:
    """`reasons`, by member and achievement: such awards go however long they were held. `undone`: occurrences of those
    that a batch gave which was taken back; they go, whatever they were dated."""

    reasons: Mapping[tuple[Member, str], str]
    undone: frozenset[str]


def taken_by_hand(changes: Sequence[Change], plan: Plan, people: People) -> ByHand:
    """What goes with these changes although it was held for long."""
    undone = _undone(changes)
    once = (f for f in undone if (w := plan.wanted.get(_badge(f))) is not None and not w.rule.repeats)
    given_once = {(people.member(str(f.target)), _badge(f)): WITHDRAWN for f in once}
    return ByHand({**given_once, **_reasons(changes, people)}, frozenset(map(occurrence_of, undone)))


def taken_until(judgement: Judgement, achievement: str) -> int | None:
    """A moderator has taken what the member earned until then (UTC microseconds); None for nothing."""
    return max((f.at for f in judgement.about(REVOCATION, achievement)), default=None)


def _undone(changes: Sequence[Change]) -> list[Fact]:
    """Grants of a batch that was taken back."""
    facts = (c.before for c in changes if c.before is not None and c.after is None)
    return [f for f in facts if f.type == GRANT and batch_of(f)]


def _badge(fact: Fact) -> str:
    return str(fact.facts.get("achievement"))


def _reasons(changes: Sequence[Change], people: People) -> dict[tuple[Member, str], str]:
    """What moderators said who took something back in this batch, from whichever account of the member they named."""
    found: dict[tuple[Member, str], str] = {}
    for fact in (c.after for c in changes if c.after is not None and c.after.type == REVOCATION):
        said = fact.facts.get("note") or fact.facts.get("reason")
        member = people.member(str(fact.target))
        told = f"a moderator says: {said}" if said else "a moderator took it back"
        is_own = fact.actor is not None and people.member(fact.actor) == member
        found[member, _badge(fact)] = HANDED_BACK if is_own else told
    return found
