"""The two buttons under a finding: it looks fine, or moderators look closer."""

from __future__ import annotations

from core.badges import name_of
from core.cards import note
from core.commands.asked import Asked
from core.fairness import PERIOD, Findings, Told
from core.fairness_cards import closer
from core.records import HeldAward
from core.requests import Answer


async def fine(asked: Asked) -> Answer:
    """Remembered for these people: it is not shown again before it has grown by half."""
    told, t = await _told(asked), asked.t
    if any(asked.is_own(person) for person in told.people):
        raise asked.refuse(t.gettext("This is about you: another moderator looks at it."))
    if not await _findings(asked).call_fine(told.id, asked.request.account, asked.request.at):
        return Answer(note(t.gettext("Somebody said already that #{id} looks fine.").format(id=told.id)))
    text = t.gettext("Noted: #{id} looks fine. It comes back only if it grows by half.")
    return Answer(note(text.format(id=told.id)))


async def look(asked: Asked) -> Answer:
    """What these people earned in the time that was looked at, each with the way to its reasons."""
    told = await _told(asked)
    found: list[tuple[HeldAward, str]] = []
    for member in told.people:
        awards = await asked.records.awards(member)
        recent = [a for a in awards if a.state != "revoked" and a.earned_at >= told.at - PERIOD]
        found += [(award, name_of(asked.book, award.achievement)) for award in recent]
    people = await asked.records.people(told.people)
    names = {account: person.name for account, person in people.items()}
    return Answer(closer(told.id, found, names, asked.t))


async def _told(asked: Asked) -> Told:
    number = asked.pressed or ""
    found = await _findings(asked).told(int(number)) if number.isdecimal() and len(number) < 10 else None
    if found is None:
        raise asked.refuse(asked.t.gettext("There is no such finding any more."))
    return found


def _findings(asked: Asked) -> Findings:
    """Raises Refusal where nobody keeps findings."""
    if asked.findings is None:
        raise asked.refuse(asked.t.gettext("That cannot be done here."))
    return asked.findings
