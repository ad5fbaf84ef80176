"""What is said to one member with an award that a team or the community earned together."""

from __future__ import annotations

from core.awards import Happened
from core.effects import Telling
from core.evaluation import Evaluation
from core.languages import theirs
from core.standings import standing


def own_part(h: Happened, evaluation: Evaluation, telling: Telling) -> str | None:
    """As "50 of 50, you did 4". None for what members earn alone, and where a new count has begun already."""
    if h.after is None or h.after.by is not None:
        return None
    wanted = evaluation.plan.wanted.get(h.after.achievement)
    if wanted is None or wanted.rule.for_ == "member":
        return None
    found = standing(evaluation.court, evaluation.judgement(h.after.member), h.after.achievement)
    if found is None or found.own is None or found.value < found.goal:
        return None
    t = theirs(evaluation.plan.book, telling.languages, h.after.member)
    text = t.gettext("{value} of {goal}, you did {own}")
    return text.format(value=t.number(found.goal), goal=t.number(found.goal), own=t.number(found.own))
