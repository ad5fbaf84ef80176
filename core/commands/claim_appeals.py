"""A member asks for a second look at a decision, once; a moderator restores what was refused, or keeps it so."""

from __future__ import annotations

from core.cards import note
from core.claims import APPEAL_DECIDED, Appeal, Claim, OpenAppeal, Rule, Ruling
from core.commands.asked import Asked
from core.commands.claim import claim_of, claims_of, form, words
from core.commands.claim_decisions import approval, refuse_untracked
from core.commands.moderation import LONGEST_REASON, SOURCE
from core.commands.second import seconded
from core.events import WITHDRAW, Statement, Value
from core.forms import Field, Form
from core.requests import Answer
from core.two_people import PROPOSED
from core.wanted import GRANT


async def answer(asked: Asked) -> Answer:
    """Opens the form for why."""
    decision, t = asked.pressed or "", asked.t
    await _refuse_odd(asked, decision)
    fields = (Field("text", t.gettext("Why do you see it otherwise?"), "text"),)
    wanted = Form("appeal-send", t.gettext("Ask for a second look"), t.gettext("Send"), fields, decision)
    return form(asked, wanted, t.gettext("I cannot open a form here. Press the button in a channel."))


async def send(asked: Asked) -> Answer:
    decision = asked.argument("about")
    await _refuse_odd(asked, decision)
    request = asked.request
    appeal = Appeal(0, request.account, asked.member, decision, words(asked, "text"), request.at, request.channel)
    text = asked.t.gettext("The moderators will look again. I tell you here what they say.")
    return Answer(note(text), changes=(OpenAppeal(appeal),))


async def restore(asked: Asked) -> Answer:
    t = asked.t
    return await _why(asked, "appeal-restored", t.gettext("Restore it"), t.gettext("Restore"))


async def keep(asked: Asked) -> Answer:
    t = asked.t
    return await _why(asked, "appeal-kept", t.gettext("Keep it as it is"), t.gettext("Keep"))


async def restored(asked: Asked) -> Answer:
    """What was refused counts after all; where the badge takes two moderators, after the second one's yes."""
    appeal = await _open_appeal(asked, asked.argument("about"))
    await refuse_untracked(asked, appeal)
    reason = words(asked, "reason", LONGEST_REASON)
    following = await _restoring(asked, appeal, reason)
    badge = next((str(s.facts["achievement"]) for s in following if s.type == GRANT), "")
    support = _statement(asked, appeal, PROPOSED, "proposal", {"achievement": badge}, reason)
    first = await seconded(asked, support.id, support, badge)
    if isinstance(first, Answer):
        return first
    said = asked.t.gettext("Restored. {name} is told privately, with your reason.")
    return await _ruled(asked, appeal, "restored", reason, said, *following)


async def kept(asked: Asked) -> Answer:
    appeal = await _open_appeal(asked, asked.argument("about"))
    reason = words(asked, "reason", LONGEST_REASON)
    said = asked.t.gettext("Kept as it is. {name} is told privately, with your reason.")
    return await _ruled(asked, appeal, "kept", reason, said)


async def _refuse_odd(asked: Asked, decision: str) -> None:
    """Raises Refusal for a decision that is not the person's, or that was looked at again already."""
    kind, _, rest = decision.partition(":")
    if kind == "claim":
        claim = await claim_of(asked, rest)
        if not asked.is_own(claim.account) or claim.state != "declined" or rest != str(claim.id):
            raise asked.refuse(asked.t.gettext("This claim is not yours, or was not declined."))
    elif kind != "award" or not await _taken(asked, decision):
        raise asked.refuse(
            asked.t.gettext("There is nothing to look at again: the badge was not taken from you, or is back.")
        )
    if await claims_of(asked).appealed(asked.people.accounts(asked.member), decision) is not None:
        raise asked.refuse(asked.t.gettext("The moderators look, or have looked, at this a second time already."))


async def _taken(asked: Asked, decision: str) -> bool:
    """Whether the member lost that badge at that moment, and has not got it back."""
    achievement, _, moment = decision.removeprefix("award:").rpartition(":")
    awards = await asked.records.awards(asked.member)
    return any(a.achievement == achievement and a.state == "revoked" and str(a.decided_at) == moment for a in awards)


async def _why(asked: Asked, verb: str, title: str, submit: str) -> Answer:
    appeal = await _open_appeal(asked, asked.pressed or "")
    fields = (Field("reason", asked.t.gettext("Why? The person will read it."), "text", most=LONGEST_REASON),)
    wanted = Form(verb, title, submit, fields, str(appeal.id))
    return form(asked, wanted, asked.t.gettext("I cannot open a form here."))


async def _open_appeal(asked: Asked, number: str) -> Appeal:
    """Raises Refusal where this person may not decide on it, or somebody did."""
    t = asked.t
    if not asked.request.moderator:
        raise asked.refuse(t.gettext("Only moderators can do that. If something is wrong, tell one of them."))
    appeal = await claims_of(asked).appeal(int(number)) if number.isdecimal() and len(number) < 10 else None
    if appeal is None:
        raise asked.refuse(t.gettext("I know no such request."))
    if asked.is_own(appeal.account) or asked.is_own(appeal.member):
        raise asked.refuse(t.gettext("This request is your own: another moderator decides on it."))
    if appeal.state != "open":
        by = (await asked.person(appeal.by or "")).name
        raise asked.refuse(t.gettext("{by} has decided on this already.").format(by=by))
    return appeal


async def _restoring(asked: Asked, appeal: Appeal, reason: str) -> list[Statement]:
    if appeal.claim is not None:
        claim: Claim = await claim_of(asked, str(appeal.claim))
        return [approval(claim, asked.request.account, asked.request.at, reason).statement]
    accounts = asked.people.accounts(asked.people.member(appeal.account))
    taken = await claims_of(asked).revocation(accounts, appeal.achievement)
    if taken is not None:  # the moderator's word is withdrawn, and the badge stands on its own facts again
        by = asked.request.account
        at = max(asked.request.at, taken.at)
        return [Statement(SOURCE, taken.id, at, op=WITHDRAW, reason=reason, by=by)]
    return [_statement(asked, appeal, GRANT, "grant", {"achievement": appeal.achievement, "reason": reason}, reason)]


async def _ruled(asked: Asked, appeal: Appeal, ruling: Ruling, reason: str, said: str, *more: Statement) -> Answer:
    facts: dict[str, Value] = {"appeal": appeal.id, "decision": appeal.decision, "ruling": ruling}
    decided = _statement(asked, appeal, APPEAL_DECIDED, "decided", facts, reason)
    change = Rule(appeal.id, ruling, asked.request.account, reason, (decided, *more))
    name = (await asked.person(appeal.account)).name
    return Answer(note(said.format(name=name)), changes=(change,))


def _statement(asked: Asked, appeal: Appeal, type_: str, name: str, facts: dict[str, Value], reason: str) -> Statement:
    by = asked.request.account
    return Statement(
        source=SOURCE,
        id=f"appeal:{appeal.id}:{name}",
        at=asked.request.at,
        type=type_,
        actor=by,
        target=appeal.account,
        facts=facts,
        reason=reason,
        by=by,
    )
