"""Managers approve what was redeemed, hand it out, or give the points back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.cards import Section, line, note
from core.commands.asked import Asked
from core.commands.claim import form, words
from core.commands.kudos import gifts_of
from core.commands.moderation import LONGEST_REASON
from core.forms import Field, Form
from core.requests import Answer
from core.reward_cards import review
from core.rewards import BEFORE, Payout, Rewards, Settle, Step

_MOST = 20


async def waiting(asked: Asked) -> Answer:
    """The oldest that nobody has dealt with, with its buttons: one's own only where no other waits."""
    t = asked.t
    found, number = await _kept(asked).waiting(_MOST)
    if not found:
        return asked.answer(note(t.gettext("No reward waits for a manager.")))
    first = await _first_of_others(asked, found)
    people = await asked.records.people(tuple({a for a in (first.account, first.by) if a}))
    card = review(first, asked.book, {account: person.name for account, person in people.items()}, t)
    if (more := number - 1) > 0:
        rest = line(t.counted("{n} more waits behind it.", "{n} more wait behind it.", more))
        card = replace(card, sections=(*card.sections, Section((rest,), small=True)))
    return asked.answer(card)


async def _first_of_others(asked: Asked, found: Sequence[Payout]) -> Payout:
    for payout in found:
        if not await _is_own(asked, payout):
            return payout
    return found[0]


async def _is_own(asked: Asked, payout: Payout) -> bool:
    """Redeemed with an account that they have or had linked."""
    return asked.is_own(payout.account) or await gifts_of(asked).ever_linked(asked.request.account, payout.account)


async def approve(asked: Asked) -> Answer:
    payout = await _at(asked, asked.pressed or "", "approved")
    text = asked.t.gettext("Approved: {what} for {name}. They are told privately; hand it out next.")
    return await _done(asked, payout, "approved", text)


async def handed(asked: Asked) -> Answer:
    payout = await _at(asked, asked.pressed or "", "handed_out")
    text = asked.t.gettext("Noted: {what} was handed out to {name}. They are told privately.")
    return await _done(asked, payout, "handed_out", text)


async def decline(asked: Asked) -> Answer:
    """Opens the form for the reason."""
    payout, t = await _at(asked, asked.pressed or "", "declined"), asked.t
    return _ask(asked, payout, "rewards-declined", t.gettext("Decline a reward"), t.gettext("Decline"))


async def declined(asked: Asked) -> Answer:
    payout = await _at(asked, asked.argument("about"), "declined")
    text = asked.t.gettext("Declined: {what} of {name}. They have their points back, and your reason.")
    return await _done(asked, payout, "declined", text, words(asked, "reason", LONGEST_REASON))


async def refund(asked: Asked) -> Answer:
    """Opens the form for the reason."""
    payout, t = await _at(asked, asked.pressed or "", "refunded"), asked.t
    return _ask(asked, payout, "rewards-refunded", t.gettext("Refund a reward"), t.gettext("Refund"))


async def refunded(asked: Asked) -> Answer:
    payout = await _at(asked, asked.argument("about"), "refunded")
    text = asked.t.gettext("Refunded: {what} of {name}. They have their points back, and your reason.")
    return await _done(asked, payout, "refunded", text, words(asked, "reason", LONGEST_REASON))


def _kept(asked: Asked) -> Rewards:
    """What was redeemed can be dealt with also after the book has no rewards any more. Raises Refusal."""
    if asked.rewards is None:
        raise asked.refuse(asked.t.gettext("This community has no rewards."))
    return asked.rewards


async def _at(asked: Asked, number: str, step: Step) -> Payout:
    """A payout with which this person may do that now. Raises Refusal."""
    t = asked.t
    found = await _kept(asked).payout(int(number)) if number.isdecimal() and len(number) < 10 else None
    if found is None:
        raise asked.refuse(t.gettext("I know no such reward."))
    if await _is_own(asked, found):
        raise asked.refuse(t.gettext("You redeemed this yourself: another manager deals with it."))
    if found.state not in BEFORE[step]:
        raise asked.refuse(await _was_faster(asked, found))
    return found


async def _was_faster(asked: Asked, payout: Payout) -> str:
    t = asked.t
    by = (await asked.person(payout.by)).name if payout.by else ""
    match payout.state:
        case "asked":
            return t.gettext("A manager has to approve it first.")
        case "open":
            return t.gettext("{by} approved this already.").format(by=by) if by else t.gettext("It needs no approval.")
        case "handed out":
            return t.gettext("{by} handed this out already.").format(by=by)
        case "declined":
            return t.gettext("{by} declined this already.").format(by=by)
        case "refunded":
            return t.gettext("{by} gave the points back already.").format(by=by)


def _ask(asked: Asked, payout: Payout, verb: str, title: str, submit: str) -> Answer:
    label = asked.t.gettext("Why? The person will read it.")
    fields = (Field("reason", label, "text", most=LONGEST_REASON),)
    return form(asked, Form(verb, title, submit, fields, str(payout.id)), asked.t.gettext("I cannot open a form here."))


async def _done(asked: Asked, payout: Payout, step: Step, text: str, reason: str | None = None) -> Answer:
    name = (await asked.person(payout.account)).name
    change = Settle(payout.id, step, asked.request.account, reason)
    return Answer(note(text.format(what=payout.name, name=name)), changes=(change,))
