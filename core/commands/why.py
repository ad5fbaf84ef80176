"""`/plaudit why`: the rule in plain words, and how it was earned or what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.awards import RUN_OUT
from core.badges import is_over, name_of, shown
from core.cards import Button, Card, Channel, Line, Section, line
from core.commands.asked import Asked, mention
from core.commands.finding import Gone, find
from core.diagnosis import Shown
from core.duties import HANDED_BACK
from core.events import Account
from core.language import fill
from core.losses import because
from core.privacy import is_public
from core.records import HeldAward, ProgressLine
from core.requests import Answer
from core.rules.book import Achievement
from core.rules.explain import Clock, next_step, nothing_yet, progress_text, sentence


async def answer(asked: Asked) -> Answer:
    typed, whose = _wish(asked)
    mine = await asked.records.awards(asked.member)
    among = shown(asked.book, held=_ever(mine))
    if whose and asked.people.member(whose) != asked.member:
        theirs = await _public_awards(asked, whose)
        achievement = find(asked, typed, among | shown(asked.book, held=_ever(theirs)), "why")
        return Answer(await _about_another(asked, achievement, whose, theirs))
    gone = {name: Gone(name_of(asked.book, name)) for name in _ever(mine) - among.keys()}
    achievement = find(asked, typed, {**gone, **among}, "why")
    if achievement in gone:
        return Answer(await _about_gone(asked, achievement, [a for a in mine if a.achievement == achievement]))
    return Answer(await _about_oneself(asked, achievement, [a for a in mine if a.achievement == achievement]))


def _ever(awards: list[HeldAward]) -> set[str]:
    return {a.achievement for a in awards}


def _wish(asked: Asked) -> tuple[str, Account]:
    """What was typed; or the achievement and the person of the button."""
    if asked.pressed is None:
        return asked.argument("achievement"), ""
    achievement, _, account = asked.pressed.rpartition(" ")
    return (achievement, account) if "/" in account and achievement else (asked.pressed, "")


async def _public_awards(asked: Asked, account: Account) -> list[HeldAward]:
    member = asked.people.member(account)
    choice = await asked.records.choice(member)
    return [a for a in await asked.records.awards(member) if is_public(a, choice, asked.book)]


async def _about_another(asked: Asked, achievement: str, account: Account, theirs: list[HeldAward]) -> Card:
    t, lines = asked.t, _rule(asked, achievement)
    awards = [a for a in theirs if a.achievement == achievement]
    if awards:
        head = fill(
            t.gettext("{person} earned it on {date}."),
            person=mention(await asked.person(account)),
            date=t.day(awards[0].earned_at, asked.request.at),
        )
        lines += [head, *await _grounds(asked, awards[0])]
    stand = Button("why", t.gettext("Where do I stand?"), achievement)
    return _card(asked, achievement, lines, _version(asked, achievement, awards), stand)


async def _about_oneself(asked: Asked, achievement: str, awards: list[HeldAward]) -> Card:
    live = [a for a in awards if a.state != "revoked"]
    lines = _rule(asked, achievement)
    if live:
        lines += [_earned(asked, live), *await _grounds(asked, live[0])]
    elif awards:
        lines.append(_taken_back(asked, awards[0]))
    if not awards or _goes_on(asked.book.achievements[achievement], (live or awards)[0]):
        lines += await _not_yet(asked, achievement)
    facts = await _facts(asked, live[0]) if live and live[0].by is None else []
    return _card(asked, achievement, lines, _version(asked, achievement, live), _next(asked, achievement, live), facts)


async def _about_gone(asked: Asked, achievement: str, awards: list[HeldAward]) -> Card:
    """A badge that left the rule book, or is switched off: all that can be said of it stands in the award."""
    t, live = asked.t, [a for a in awards if a.state != "revoked"]
    off = t.gettext("It is switched off at the moment. Whoever has it keeps it.")
    left = t.gettext("It is not in the rule book any more. Whoever has it keeps it.")
    lines = [line(off if achievement in asked.book.achievements else left)]
    lines += [_earned(asked, live), *await _grounds(asked, live[0])] if live else [_taken_back(asked, awards[0])]
    version = t.gettext("Earned under rule version {n}.").format(n=(live or awards)[0].version)
    button = Button("achievements", t.gettext("My achievements"))
    sections = (Section(tuple(lines)), Section((line(version),), small=True))
    return Card(sections, line(name_of(asked.book, achievement)), buttons=(button,))


def _goes_on(rule: Achievement, last: HeldAward) -> bool:
    """Is there anything to do for it, for somebody who has it or had it?"""
    if last.state != "revoked":
        return rule.repeats
    return rule.repeats or last.reason != RUN_OUT or rule.lasts == "while true"  # what ran out is not renewed


def _next(asked: Asked, achievement: str, live: list[HeldAward]) -> Button:
    if live or asked.book.achievements[achievement].manual:
        return Button("achievements", asked.t.gettext("My achievements"))
    return Button("why-not", asked.t.gettext("What counted, and what not?"), achievement)


async def _facts(asked: Asked, award: HeldAward) -> list[Line]:
    """What the latest award rests on, the newest first; nothing for one that was kept although its facts are gone."""
    found = await asked.records.diagnosis(asked.member, award.achievement, own=True, t=asked.t)
    if found is None or not found.awards or found.awards[-1].earned_at != award.earned_at:
        return []
    return [_fact(asked, fact) for fact in found.grounds]


def _fact(asked: Asked, fact: Shown) -> Line:
    """ "17 Mar · post in #help"."""
    head = (asked.t.day(fact.at, asked.request.at), f" · {fact.what}")
    if fact.private:
        return line(*head, asked.t.gettext(" in a private channel"))
    if fact.channel is None:
        return line(*head)
    at = fact.place
    there = Channel(at.source, at.channel, fact.channel, at.message, at.thread) if at.channel else fact.channel
    return line(*head, asked.t.gettext(" in "), there)


def _rule(asked: Asked, achievement: str) -> list[Line]:
    return [line(sentence(asked.book, achievement, asked.t))]


def _earned(asked: Asked, live: list[HeldAward]) -> Line:
    t, last = asked.t, live[0]
    date = t.day(last.earned_at, asked.request.at)
    if last.asked:
        return fill(t.gettext("You reached it on {date}; it is with the moderators."), date=date)
    if last.state == "pending":
        due = t.day(last.due_at, asked.request.at)
        return fill(t.gettext("You reached it on {date}; it is confirmed on {due}."), date=date, due=due)
    if len(live) == 1:
        return fill(t.gettext("You earned it on {date}."), date=date)
    times = t.ngettext("You earned it {n} time, last on {date}.", "You earned it {n} times, last on {date}.", len(live))
    return fill(times, n=t.number(len(live)), date=date)


async def _grounds(asked: Asked, award: HeldAward) -> list[Line]:
    """The evidence, or who gave it and what they said."""
    t, now = asked.t, asked.request.at
    if award.by is not None:
        giver = (await asked.person(award.by)).name
        given = line(t.gettext("Given by {giver}.").format(giver=giver))
        return [given, line(t.gettext("“{note}”").format(note=award.note))] if award.note else [given]
    if award.evidence < 1:
        return []
    first, last = t.date(award.since, now), t.date(award.earned_at, now)
    if first == last:
        return [fill(t.gettext("Counted: {n} ({date})."), n=t.number(award.evidence), date=first)]
    template = t.gettext("Counted: {n} ({first} to {last}).")
    return [fill(template, n=t.number(award.evidence), first=first, last=last)]


def _taken_back(asked: Asked, award: HeldAward) -> Line:
    t, date = asked.t, asked.t.day(award.decided_at, asked.request.at)
    if award.reason == RUN_OUT:
        return fill(t.gettext("You held it until {date}; its time is over."), date=date)
    if not award.reason:
        return fill(t.gettext("It was taken back on {date}."), date=date)
    if award.reason == HANDED_BACK:
        return fill(t.gettext("You handed it back on {date}."), date=date)
    reason = because(award.reason, t).rstrip(".")
    return fill(t.gettext("It was taken back on {date}: {reason}."), date=date, reason=reason)


async def _not_yet(asked: Asked, achievement: str) -> list[Line]:
    """Numbers and what is missing; nothing for what is only given by hand, as the rule says that already."""
    rule = asked.book.achievements[achievement]
    if rule.manual:
        return []
    found = [p for p in await asked.records.progress(asked.member, asked.t) if p.achievement == achievement]
    standing = found[0] if found else await _unlisted(asked, achievement)
    if is_over(rule, asked.calendar.day(asked.request.at)):
        standing = replace(standing, next_step=None)
    # A moderator took it although the numbers are there: to say "1 of 1" would only confuse.
    return _progress(asked, standing) if standing.value < standing.goal else []


async def _unlisted(asked: Asked, achievement: str) -> ProgressLine:
    """Of what is not under way in full: a part may have begun all the same, or all places be taken."""
    found = await asked.records.diagnosis(asked.member, achievement, own=True, t=asked.t)
    if found is None:
        return _nothing(asked, achievement)
    step = None if found.obstacles else found.next_step  # what is in the way comes first; the button tells it
    return ProgressLine(achievement, found.standing.value, found.standing.goal, found.progress, step)


def _nothing(asked: Asked, achievement: str) -> ProgressLine:
    """Where somebody stands for whom nothing was counted yet."""
    book, standing = asked.book, nothing_yet(asked.book, achievement)
    # Who may ask about a secret achievement has held it.
    text = progress_text(book, standing, Clock(asked.request.at, asked.calendar), asked.t, held=True)
    return ProgressLine(achievement, 0, standing.goal, text, next_step(book, standing, asked.t))


def _progress(asked: Asked, progress: ProgressLine) -> list[Line]:
    t = asked.t
    lines = [line(t.gettext("Where you stand: {progress}.").format(progress=progress.text.rstrip(".")))]
    if progress.next_step and progress.next_step not in progress.text:
        lines.append(fill(t.gettext("Next: {step}."), step=progress.next_step.rstrip(".")))
    return lines


def _version(asked: Asked, achievement: str, awards: list[HeldAward]) -> str:
    t, now = asked.t, asked.book.achievements[achievement].version
    if awards and awards[0].version != now:
        text = t.gettext("Earned under rule version {then}; the rule is at version {now} today.")
        return text.format(then=awards[0].version, now=now)
    return t.gettext("Rule version {n}.").format(n=now)


def _card(
    asked: Asked, achievement: str, lines: list[Line], version: str, button: Button, facts: Sequence[Line] = ()
) -> Card:
    name = name_of(asked.book, achievement)
    counted = (Section(tuple(facts), asked.t.gettext("What counted")),) if facts else ()
    sections = (Section(tuple(lines)), *counted, Section((line(version),), small=True))
    emoji = asked.book.achievements[achievement].emoji
    return Card(sections, line(name), emoji=emoji, buttons=(button,))
