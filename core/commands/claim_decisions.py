"""A moderator approves a claim, declines it, or asks about it."""

from __future__ import annotations

from core.cards import note
from core.claim_cards import title_of
from core.claims import CLAIM_DECLINED, Appeal, Claim, Decide, Question
from core.commands.asked import Asked
from core.commands.claim import claim_of, form, words
from core.commands.moderation import LONGEST_REASON, SOURCE
from core.commands.second import seconded
from core.commands.validate import VALIDATED
from core.events import Account, Statement, Value
from core.forms import Field, Form
from core.requests import Answer
from core.times import write_time
from core.two_people import PROPOSED
from core.wanted import GRANT


async def approve(asked: Asked) -> Answer:
    claim = await open_claim(asked, asked.pressed or asked.argument("claim"))
    await refuse_untracked(asked, claim)
    by, now = asked.request.account, asked.request.at
    first = await seconded(asked, f"proposal:claim:{claim.id}", support(claim, by, now), gives(claim))
    if isinstance(first, Answer):
        return first
    text = asked.t.gettext("Approved: {what} of {name}. They are told privately.")
    change = approval(claim, by, now, first=first)
    return Answer(note(text.format(**await _names(asked, claim))), changes=(change,))


def gives(claim: Claim) -> str:
    """The badge that a yes gives by hand, "" where rules count it."""
    return claim.achievement or "" if claim.by_hand else ""


def support(claim: Claim, by: Account, now: int) -> Statement:
    """The first of two yeses."""
    facts: dict[str, Value] = {"claim": claim.id, "achievement": gives(claim)}
    id_ = f"proposal:claim:{claim.id}"
    return Statement(SOURCE, id_, now, PROPOSED, actor=_actor(by), target=claim.account, facts=facts, by=by)


async def decline(asked: Asked) -> Answer:
    """Opens the form for the reason."""
    claim = await open_claim(asked, asked.pressed or "")
    t = asked.t
    fields = (Field("reason", t.gettext("Why? The person will read it."), "text", most=LONGEST_REASON),)
    wanted = Form("claim-declined", t.gettext("Decline a claim"), t.gettext("Decline"), fields, str(claim.id))
    return form(asked, wanted, t.gettext("I cannot open a form here."))


async def declined(asked: Asked) -> Answer:
    claim = await open_claim(asked, asked.argument("about"))
    reason = words(asked, "reason", LONGEST_REASON)
    text = asked.t.gettext("Declined: {what} of {name}. They are told privately, with your reason.")
    change = refusal(claim, asked.request.account, asked.request.at, reason)
    return Answer(note(text.format(**await _names(asked, claim))), changes=(change,))


async def ask(asked: Asked) -> Answer:
    """Opens the form for the question."""
    claim = await open_claim(asked, asked.pressed or "")
    t = asked.t
    fields = (Field("text", t.gettext("What do you want to know?"), "text"),)
    wanted = Form("claim-asked", t.gettext("Ask about a claim"), t.gettext("Ask"), fields, str(claim.id))
    return form(asked, wanted, t.gettext("I cannot open a form here."))


async def asked_for(asked: Asked) -> Answer:
    """The question goes to the person."""
    claim = await open_claim(asked, asked.argument("about"))
    text = asked.t.gettext("{name} is asked privately. The answer comes onto the card.")
    change = Question(claim.id, words(asked, "text"))
    return Answer(note(text.format(**await _names(asked, claim))), changes=(change,))


async def open_claim(asked: Asked, number: str) -> Claim:
    """A claim that this person may decide on now. Raises Refusal."""
    t = asked.t
    if not asked.request.moderator:
        raise asked.refuse(t.gettext("Only moderators can do that. If something is wrong, tell one of them."))
    claim = await claim_of(asked, number)
    if claim.state != "open":
        raise asked.refuse(await _was_faster(asked, claim))
    if is_own(asked, claim):
        raise asked.refuse(t.gettext("This claim is your own: another moderator decides on it."))
    return claim


def is_own(asked: Asked, claim: Claim) -> bool:
    """Also that of an account which was theirs when it was claimed, and was parted since."""
    return asked.is_own(claim.account) or asked.is_own(claim.member)


async def _was_faster(asked: Asked, claim: Claim) -> str:
    by = (await asked.person(claim.by)).name if claim.by else ""
    text = asked.t.gettext("{by} approved this claim already.")
    if claim.state == "declined":
        text = asked.t.gettext("{by} declined this claim already.")
    return text.format(by=by)


async def refuse_untracked(asked: Asked, about: Claim | Appeal) -> None:
    """Nothing is recorded about somebody who opted out since. Raises Refusal."""
    if not (await asked.records.choice(asked.people.member(about.account))).tracked:
        text = asked.t.gettext("{name} opted out, so nothing is recorded about them.")
        raise asked.refuse(text.format(name=(await asked.person(about.account)).name))


def approval(claim: Claim, by: Account, now: int, reason: str | None = None, first: Account | None = None) -> Decide:
    """A yes: the action counts from when it was done; what is given by hand is given now. `first`: who said yes before,
    where it takes two."""
    facts: dict[str, Value] = {"claim": claim.id, "decided": write_time(now)}
    facts |= {"achievement": claim.achievement} if claim.achievement else {}
    facts |= {"kind": claim.kind} if claim.kind else {}
    facts |= {"proof": claim.proof} if claim.proof else {}
    if claim.machine is not None:
        facts |= {"proposal": claim.machine.statement, "human_approval": True}
        facts |= {"confidence": claim.machine.confidence} if claim.machine.confidence is not None else {}
    made = Statement(
        source=SOURCE,
        id=f"claim:{claim.id}",
        at=now if claim.by_hand else claim.at,
        type=GRANT if claim.by_hand else VALIDATED,
        actor=(first or _actor(by)) if claim.by_hand else claim.account,
        target=claim.account,
        facts=facts,
        reason=reason,
        by=by,
    )
    return Decide(claim.id, "approved", by, made, reason, apart=(first, by) if first else ())


def refusal(claim: Claim, by: Account, now: int, reason: str) -> Decide:
    """A no: its statement counts for nothing, and the log has it."""
    facts: dict[str, Value] = {"claim": claim.id}
    facts |= {"achievement": claim.achievement} if claim.achievement else {}
    facts |= {"kind": claim.kind} if claim.kind else {}
    made = Statement(
        source=SOURCE,
        id=f"claim:{claim.id}:declined",
        at=now,
        type=CLAIM_DECLINED,
        actor=_actor(by),
        target=claim.account,
        facts=facts,
        reason=reason,
        by=by,
    )
    return Decide(claim.id, "declined", by, made, reason)


def _actor(by: Account) -> Account | None:
    """The operator is nobody of the community."""
    return by if "/" in by else None


async def _names(asked: Asked, claim: Claim) -> dict[str, str]:
    return {"what": title_of(asked.book, claim, asked.t), "name": (await asked.person(claim.account)).name}
