"""`/plaudit duties`: who holds a duty or a role through a badge, since when, and until when."""

from __future__ import annotations

from itertools import groupby

from core.badges import name_of
from core.cards import Card, Line, Section, Span, Text, line, note
from core.commands.asked import Asked, mention
from core.duties import Duty, entrusting
from core.requests import Answer

MOST = 40


async def answer(asked: Asked) -> Answer:
    t = asked.t
    if asked.duties is None or not entrusting(asked.book):
        return Answer(note(t.gettext("No badge here opens a duty or a role.")))
    held, number = await asked.duties.first(MOST)
    if not held:
        return Answer(note(t.gettext("Nobody holds a duty or a role through a badge now.")))
    by_badge = groupby(held, key=lambda duty: duty.achievement)
    sections = [_section(asked, name, tuple(duties)) for name, duties in by_badge]
    if more := number - len(held):
        sections.append(Section((line(t.counted("and {n} more", "and {n} more", more)),), small=True))
    how = t.gettext("People hand one back with /plaudit handback; moderators take one with /plaudit revoke.")
    sections.append(Section((line(how),), small=True))
    return Answer(Card(tuple(sections), line(t.gettext("Duties and roles"))))


def _section(asked: Asked, achievement: str, duties: tuple[Duty, ...]) -> Section:
    opened, name = entrusting(asked.book)[achievement], name_of(asked.book, achievement)
    heading = name if opened.casefold() == name.casefold() else f"{name} · {opened}"
    return Section(tuple(_line(asked, duty) for duty in duties), heading)


def _line(asked: Asked, duty: Duty) -> Line:
    t, now = asked.t, asked.request.at
    spans: list[Span] = [mention(duty.person), Text(f" · {t.gettext('since')} "), t.day(duty.since, now)]
    if duty.until is None:
        return (*spans, Text(f" · {t.gettext('no end')}"))
    return (*spans, Text(f" · {t.gettext('until')} "), t.day(duty.until, now))
