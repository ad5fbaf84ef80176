"""A moderator takes back a yes to a claim: what it counted for is undone to the end, and the person is told why."""

from __future__ import annotations

from core.cards import note
from core.claim_cards import title_of
from core.claims import Claim, Decide
from core.commands.asked import Asked
from core.commands.claim import claim_of, form, words
from core.commands.claim_decisions import is_own
from core.commands.moderation import LONGEST_REASON, SOURCE
from core.events import WITHDRAW, Statement
from core.forms import Field, Form
from core.requests import Answer


async def answer(asked: Asked) -> Answer:
    """Opens the form for the reason."""
    claim, t = await _approved(asked, asked.pressed or ""), asked.t
    fields = (Field("reason", t.gettext("Why? The person will read it."), "text", most=LONGEST_REASON),)
    wanted = Form("claim-undone", t.gettext("Take back a yes"), t.gettext("Take it back"), fields, str(claim.id))
    return form(asked, wanted, t.gettext("I cannot open a form here."))


async def undone(asked: Asked) -> Answer:
    claim = await _approved(asked, asked.argument("about"))
    reason = words(asked, "reason", LONGEST_REASON)
    by, at = asked.request.account, max(asked.request.at, claim.decided_at or 0)
    back = Statement(SOURCE, f"claim:{claim.id}", at, op=WITHDRAW, reason=reason, by=by)
    text = asked.t.gettext("Taken back: {what} of {name}. They are told privately, with your reason.")
    name = (await asked.person(claim.account)).name
    change = Decide(claim.id, "declined", by, back, reason, before="approved")
    return Answer(note(text.format(what=title_of(asked.book, claim, asked.t), name=name)), changes=(change,))


async def _approved(asked: Asked, number: str) -> Claim:
    """Raises Refusal for what was not approved, or is the moderator's own."""
    claim, t = await claim_of(asked, number), asked.t
    if claim.state != "approved":
        raise asked.refuse(t.gettext("This claim is not approved: there is nothing to take back."))
    if is_own(asked, claim):
        raise asked.refuse(t.gettext("This claim is your own: another moderator decides on it."))
    return claim
