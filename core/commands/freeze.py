"""`/plaudit freeze @member DAY [ACHIEVEMENT]`: one day on which nothing happened breaks no streak, or not this one.
Without a day: those that were said, to be taken back."""

from __future__ import annotations

from core.commands.asked import Asked
from core.commands.finding import find
from core.commands.grant import grantable
from core.commands.moderation import Case, done, open_case, refuse_opted_out, statement
from core.commands.pause import typed_day
from core.commands.pauses import listed, undo
from core.events import Value
from core.plan import FROZEN
from core.requests import Answer
from core.rules.book import Achievement, conditions


async def answer(asked: Asked) -> Answer:
    case = await open_case(asked, reason_needed=False)
    if not asked.argument("day") and (known := await listed(asked, case)) is not None:
        return known
    refuse_opted_out(asked, case)
    facts: dict[str, Value] = {"day": typed_day(asked, "day").isoformat()}
    badge = _badge(asked)
    if badge:
        facts["achievement"] = badge
    made = statement(asked, FROZEN, "freeze", case, facts, case.person.account)
    button = undo(asked, made.id, asked.t.gettext("this freeze"))
    return Answer(done(*_said(asked, case, str(facts["day"]), badge), button=button), statements=(made,))


def _said(asked: Asked, case: Case, day: str, badge: str) -> tuple[str, str]:
    t, name = asked.t, case.person.name
    if badge:
        of = t.gettext("Frozen: {day} does not break the streak of {name} for {badge}.")
        said = of.format(day=day, name=name, badge=asked.book.achievements[badge].name)
    else:
        said = t.gettext("Frozen: {day} breaks no streak of {name}.").format(day=day, name=name)
    return said, t.gettext("What was done on that day counts as ever. {name} is not told.").format(name=name)


def streaks(asked: Asked) -> dict[str, Achievement]:
    """Achievements that go by a streak, by id."""
    return {i: a for i, a in grantable(asked).items() if any(getattr(c, "streak", None) for c in conditions(a))}


def _badge(asked: Asked) -> str:
    """The id of the one streak that is meant, "" for all. Raises Refusal for a badge without a streak."""
    typed = asked.argument("achievement")
    if not typed:
        return ""
    among = grantable(asked)
    found = find(asked, typed, among)
    if found not in streaks(asked):
        text = asked.t.gettext("{badge} has no streak that could break.")
        raise asked.refuse(text.format(badge=among[found].name))
    return found
