"""`/plaudit why-not`: what counted, what did not and for which reason, and what is missing."""

from __future__ import annotations

from core.badges import name_of, shown
from core.cards import Button, Card, Line, Section, line
from core.commands.asked import Asked, mention
from core.commands.finding import find
from core.diagnosis import Diagnosis, not_counted
from core.events import Account
from core.language import fill
from core.members import Member
from core.requests import Answer

MOST_REASONS = 5


async def answer(asked: Asked) -> Answer:
    whose = _whose(asked)
    member = asked.people.member(whose) if whose else asked.member
    if whose:
        await _refuse_opted_out(asked, whose, member)
    held = {a.achievement for a in await asked.records.awards(member)}
    typed = asked.pressed if asked.pressed is not None else asked.argument("achievement")
    achievement = find(asked, typed, shown(asked.book, held=held), "" if whose else "why-not")
    found = await asked.records.diagnosis(member, achievement, own=not whose, t=asked.t)
    if found is None:
        raise asked.refuse(asked.t.gettext("That badge cannot be earned at the moment."))
    lines = [line(found.rule), *(await _standing(asked, found, whose)), *_facts(asked, found), *_missing(asked, found)]
    return Answer(_card(asked, found, lines, own=not whose))


def _whose(asked: Asked) -> Account:
    """The account of somebody else that was named, "" for the person who asks. Raises Refusal where it is nobody's
    business."""
    account = asked.named()
    if not account or asked.people.member(account) == asked.member:
        return ""
    if not asked.request.moderator:
        text = asked.t.gettext("Only moderators can ask that about others. Without a name it is about yourself.")
        raise asked.refuse(text)
    return account


async def _refuse_opted_out(asked: Asked, account: Account, member: Member) -> None:
    if not (await asked.records.choice(member)).tracked:
        text = asked.t.gettext("{name} opted out, so nothing is recorded about them.")
        raise asked.refuse(text.format(name=(await asked.person(account)).name))


async def _standing(asked: Asked, found: Diagnosis, whose: Account) -> list[Line]:
    t = asked.t
    if found.held and not _goes_on(asked, found):
        date = t.day(found.awards[-1].earned_at, asked.request.at)
        if whose:
            person = mention(await asked.person(whose))
            return [fill(t.gettext("{person} has it since {date}: nothing is missing."), person=person, date=date)]
        return [fill(t.gettext("You have it since {date}: nothing is missing."), date=date)]
    progress = found.progress.rstrip(".")
    if whose:  # the words of the progress speak to the member
        person = mention(await asked.person(whose))
        return [fill(t.gettext("{person} reads: “{progress}”."), person=person, progress=progress)]
    return [line(f"{progress[:1].upper()}{progress[1:]}.")]


def _goes_on(asked: Asked, found: Diagnosis) -> bool:
    """Is there more of it to earn?"""
    rule = asked.book.achievements[found.achievement]
    tiers = rule.tiers or {}
    return rule.repeats or not tiers.keys() <= {d.tier for d in found.awards}


def _facts(asked: Asked, found: Diagnosis) -> list[Line]:
    t = asked.t
    if found.held and not _goes_on(asked, found):
        return []
    lines = []
    if found.counted:
        newest, oldest = t.date(found.counted[0].at, found.now), t.date(found.counted[-1].at, found.now)
        since = oldest if len(found.counted) == found.counted_in_all else t.gettext("earlier")
        days = newest if newest == since else t.gettext("{first} to {last}").format(first=since, last=newest)
        lines.append(line(t.gettext("Counted: {n} ({days}).").format(n=t.number(found.counted_in_all), days=days)))
    if found.uncounted:
        reasons = not_counted(found.uncounted[:MOST_REASONS], t)
        rest = sum(group.number for group in found.uncounted[MOST_REASONS:])
        more = t.gettext("; {n} for other reasons").format(n=t.number(rest)) if rest else ""
        lines.append(line(t.gettext("Not counted: {reasons}.").format(reasons=reasons + more)))
    return lines


def _missing(asked: Asked, found: Diagnosis) -> list[Line]:
    t, lines = asked.t, []
    if found.next_step and not (found.held and not _goes_on(asked, found)):
        lines.append(line(t.gettext("Missing: {step}.").format(step=found.next_step.rstrip("."))))
    lines += [line(f"{clause[:1].upper()}{clause[1:]}.") for clause in found.obstacles]
    return lines


def _card(asked: Asked, found: Diagnosis, lines: list[Line], *, own: bool) -> Card:
    t = asked.t
    version = line(t.gettext("Rule version {n}.").format(n=found.version))
    sections = (Section(tuple(lines)), Section((version,), small=True))
    earned = Button("why", t.gettext("How it was earned"), found.achievement)
    buttons = (earned if found.held else Button("achievements", t.gettext("My achievements")),) if own else ()
    emoji = asked.book.achievements[found.achievement].emoji
    return Card(sections, line(name_of(asked.book, found.achievement)), emoji=emoji, buttons=buttons)
