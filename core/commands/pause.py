"""`/plaudit pause @member FROM UNTIL [reason]`: days that break nobody's streak, as on a holiday. Without days: those
that were said, to be taken back."""

from __future__ import annotations

import datetime as dt

from core.commands.asked import Asked, short
from core.commands.moderation import Case, done, open_case, refuse_opted_out, statement
from core.commands.pauses import listed, undo
from core.plan import PAUSED
from core.requests import Answer

LONGEST = 366  # days


async def answer(asked: Asked) -> Answer:
    case = await open_case(asked, reason_needed=False)
    if not asked.argument("from") and not asked.argument("until") and (known := await listed(asked, case)) is not None:
        return known
    refuse_opted_out(asked, case)
    first, last = typed_day(asked, "from"), typed_day(asked, "until")
    _refuse_odd(asked, first, last)
    return _paused(asked, case, first, last)


def _paused(asked: Asked, case: Case, first: dt.date, last: dt.date) -> Answer:
    days = {"from": first.isoformat(), "until": last.isoformat()}
    made = statement(asked, PAUSED, "pause", case, {**days}, case.person.account)
    t = asked.t
    said = t.gettext("Paused: {name}, from {first} to {last}.")
    means = t.gettext("These days break no streak, and what is done on them counts for none. {name} is not told.")
    names = {"name": case.person.name, "first": days["from"], "last": days["until"]}
    shown = done(said.format(**names), means.format(**names), button=undo(asked, made.id, t.gettext("this pause")))
    return Answer(shown, statements=(made,))


def typed_day(asked: Asked, name: str) -> dt.date:
    """The day in that argument. Raises Refusal where there is none, or no date."""
    typed, t = asked.argument(name), asked.t
    if not typed:
        raise asked.refuse(t.gettext("Which days? Write them as 2026-07-01, after the person."))
    try:
        return dt.date.fromisoformat(typed)
    except ValueError:
        text = t.gettext("“{typed}” is no date. Write it as 2026-07-01.")
        raise asked.refuse(text.format(typed=short(typed))) from None


def _refuse_odd(asked: Asked, first: dt.date, last: dt.date) -> None:
    if last < first:
        raise asked.refuse(asked.t.gettext("The last day is before the first one. Write the first day first."))
    if (last - first).days >= LONGEST:
        raise asked.refuse(asked.t.gettext("A pause is a year at most. Write an earlier last day."))
