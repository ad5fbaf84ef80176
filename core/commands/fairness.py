"""`/plaudit fairness`: what looks unlike the rest of the community, and what moderators make of it by buttons: it looks
fine, they look closer, or its marks do not count."""

from __future__ import annotations

from core.badges import name_of
from core.cards import note
from core.commands.asked import Asked
from core.commands.kudos import gifts_of
from core.fairness import PERIOD, Finding, Findings, Told
from core.fairness_cards import Numbered, card, closer, sure
from core.records import HeldAward
from core.requests import Answer

MOST_LISTED = 10


async def answer(asked: Asked) -> Answer:
    """What is open now, whether or not it was on a card of the moderators' channel."""
    t = asked.t
    if asked.book.fairness.off:
        raise asked.refuse(t.gettext("The rule book switches this off, by [fairness] off = true."))
    found = await _open(asked)
    if not found:
        return asked.answer(note(t.gettext("Nothing looks unlike the rest of the community.")))
    people = await asked.records.people(sorted({person for n in found for person in n.finding.people}))
    names = {account: person.name for account, person in people.items()}
    return asked.answer(card(found[:MOST_LISTED], max(0, len(found) - MOST_LISTED), names, t))


async def fine(asked: Asked) -> Answer:
    """Remembered for these people: it is not shown again before it has grown by half."""
    told, t = await _judged(asked), asked.t
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


async def drop(asked: Asked) -> Answer:
    """Asks once more."""
    told = await _judged(asked)
    return asked.answer(sure(told.id, await _still_open(asked, told), asked.t))


async def dropped(asked: Asked) -> Answer:
    """The marks count no more."""
    told, t = await _judged(asked), asked.t
    finding = await _still_open(asked, told)
    number = await _findings(asked).drop(told.id, finding, asked.request.account, asked.request.at)
    marks = t.counted("{n} mark does not count any more.", "{n} marks do not count any more.", number)
    return asked.answer(note(f"#{told.id}: {marks}"))


async def _still_open(asked: Asked, told: Told) -> Finding:
    found = next((n.finding for n in await _open(asked) if n.id == told.id), None)
    if found is None:
        raise asked.refuse(asked.t.gettext("There is no such finding any more."))
    return found


async def _open(asked: Asked) -> list[Numbered]:
    try:
        return [Numbered(*found) for found in await _findings(asked).open(asked.request.at)]
    except TimeoutError:
        text = asked.t.gettext("Looking takes longer than you would want to wait. The card of the day has it, too.")
        raise asked.refuse(text) from None


async def _judged(asked: Asked) -> Told:
    """For a moderator whom it is not about, nor any account they were linked with at some time. Raises Refusal."""
    told, me = await _told(asked), asked.request.account
    if any([asked.is_own(person) or await gifts_of(asked).ever_linked(me, person) for person in told.people]):
        raise asked.refuse(asked.t.gettext("This is about you: another moderator looks at it."))
    return told


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
