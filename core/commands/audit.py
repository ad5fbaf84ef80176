"""`/plaudit audit [@member]`: who did what lately, and why. For managers; the command line searches and exports."""

from __future__ import annotations

from core.audit import Act
from core.cards import Card, Line, Section, Text, line, note
from core.commands.asked import Asked, mention
from core.language import fill
from core.records import PersonRow
from core.requests import Answer

MOST = 10


async def answer(asked: Asked) -> Answer:
    t, account = asked.t, asked.named()
    about = asked.people.accounts(asked.people.member(account)) if account else ()
    acts = await asked.records.acts(about, MOST)
    if not acts:
        return asked.answer(note(t.gettext("Nobody did anything here yet that the audit trail would hold.")))
    people = await asked.records.people({a for act in acts for a in (act.by, act.about)})
    lines = tuple(_line(asked, act, people.get(act.by), people.get(act.about)) for act in acts)
    more = line(t.gettext("To search and export all of it: plaudit audit on the command line."))
    return asked.answer(Card((Section(lines), Section((more,))), line(t.gettext("What was done by hand lately"))))


def _line(asked: Asked, act: Act, by: PersonRow | None, about: PersonRow | None) -> Line:
    t = asked.t
    who = mention(by) if by is not None else act.by
    whom = mention(about) if about is not None else act.about
    day = t.day(act.at, asked.request.at)
    said = fill(t.gettext("{day}: {who}, {what}, {whom}"), day=day, who=who, what=act.what, whom=whom)
    change = f" ({act.before} → {act.after})" if act.before or act.after else ""
    reason = f": {act.reason}" if act.reason else ""
    return (*said, Text(f"{change}{reason}"))
