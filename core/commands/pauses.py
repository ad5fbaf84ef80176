"""Pauses and freezes that moderators said: shown where no day was typed, and taken back."""

from __future__ import annotations

from collections.abc import Sequence

from core.announcements import LONGEST_ARGUMENT
from core.badges import name_of
from core.cards import Button, Card, Section, Text, line
from core.commands.asked import Asked
from core.commands.kudos import gifts_of
from core.commands.moderation import SOURCE, Case, done
from core.events import WITHDRAW, Fact, Statement
from core.giving import Say
from core.plan import FROZEN, PAUSED
from core.requests import Answer

MOST_SHOWN = 10
UNDO = "pause-undo"


async def listed(asked: Asked, case: Case) -> Answer | None:
    """Those of this person, the latest days first, each with a button that takes it back; None where there is none."""
    found = await _of(asked, case) if asked.gifts is not None else []
    if not found:
        return None
    t = asked.t
    lines = tuple((Text(_said(asked, fact)),) for fact in found[:MOST_SHOWN])
    title = line(t.gettext("Pauses and freezes of {name}").format(name=case.person.name))
    buttons = tuple(b for fact in found[:MOST_SHOWN] if (b := undo(asked, fact.id, _said(asked, fact))) is not None)
    return asked.answer(Card((Section(lines),), title, buttons=buttons))


def undo(asked: Asked, id_: str, what: str) -> Button | None:
    """None where the id is too long for a button; no platform's is."""
    label = asked.t.gettext("Take back: {what}").format(what=what)
    return Button(UNDO, label[:75], id_) if len(id_) <= LONGEST_ARGUMENT else None


async def take_back(asked: Asked) -> Answer:
    """The button: as if it had never been said."""
    t, fact = asked.t, await gifts_of(asked).fact(SOURCE, asked.pressed or "")
    if fact is None or fact.type not in (PAUSED, FROZEN) or fact.target is None:
        raise asked.refuse(t.gettext("That was taken back already."))
    if asked.is_own(fact.target):
        raise asked.refuse(t.gettext("Not for yourself: ask another moderator."))
    at = max(asked.request.at, fact.at)
    back = Statement(fact.source, fact.id, at, op=WITHDRAW, reason="taken back", by=asked.request.account)
    name = (await asked.person(fact.target)).name
    text = t.gettext("Taken back for {name}: {what}. Their streaks are as if it had never been said.")
    shown = done(text.format(name=name, what=_said(asked, fact)))
    return Answer(shown, replace=True, changes=(Say(back, alive=True),))


async def _of(asked: Asked, case: Case) -> Sequence[Fact]:
    gifts, accounts = gifts_of(asked), asked.people.accounts(asked.people.member(case.person.account))
    whole = dict.fromkeys((case.person.account, *accounts))
    found = [f for account in whole for kind in (PAUSED, FROZEN) for f in await gifts.about(account, kind)]
    return sorted((f for f in found if f.source == SOURCE), key=_first_day, reverse=True)


def _first_day(fact: Fact) -> tuple[str, str]:
    return str(fact.facts.get("from") or fact.facts.get("day") or ""), fact.id


def _said(asked: Asked, fact: Fact) -> str:
    t, facts = asked.t, fact.facts
    if fact.type == PAUSED:
        return t.gettext("pause from {first} to {last}").format(first=facts.get("from"), last=facts.get("until"))
    badge = facts.get("achievement")
    if isinstance(badge, str):
        return t.gettext("freeze of {day} for {badge}").format(day=facts.get("day"), badge=name_of(asked.book, badge))
    return t.gettext("freeze of {day}").format(day=facts.get("day"))
