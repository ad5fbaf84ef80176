"""A grant that takes two people: the card that waits for the second moderator, and what they answer."""

from __future__ import annotations

from itertools import combinations

from core.badges import name_of
from core.cards import Button, Card, Section, Text, line
from core.claim_cards import mention
from core.commands.asked import Asked
from core.commands.kudos import gifts_of
from core.commands.moderation import SOURCE, Case, done, statement
from core.effects import rooms_of_book
from core.events import WITHDRAW, Account, Fact, Statement, Value
from core.giving import Notice, Quota, Say
from core.language import fill
from core.records import PersonRow
from core.requests import Answer
from core.two_people import DAYS, PROPOSED, run_out_at, takes_two, waits
from core.wanted import GRANT


def propose(asked: Asked, case: Case, achievement: str, by: PersonRow, quota: Quota | None = None) -> Answer:
    """Instead of the grant, within the quota of a giver. Raises Refusal where no second moderator would read it."""
    t = asked.t
    if not rooms_of_book(asked.book, "moderators"):
        text = t.gettext(
            "This badge takes two moderators, and they have no channel. Name one in [channels] of the book."
        )
        raise asked.refuse(text)
    facts: dict[str, Value] = {"achievement": achievement, **case.said}
    made = statement(asked, PROPOSED, "proposal", case, facts, asked.request.account)
    card = _card(asked, case, achievement, by, made.id)
    text = t.gettext("{badge} takes two moderators: another one is asked in your channel, for {n} days.")
    if quota is not None:
        text = t.gettext("{badge} takes two people: the moderators are asked for their yes, for {n} days.")
    shown = done(text.format(badge=name_of(asked.book, achievement), n=DAYS))
    notices = (Notice(made.id, case.person.account, card),)
    return Answer(shown, changes=(Say(made, quota, alive=False, notices=notices),))


async def confirm(asked: Asked) -> Answer:
    """The second moderator's yes: the grant, with both names."""
    fact = await _open(asked)
    first, target = fact.actor or "", fact.target or ""
    facts = {name: value for name, value in fact.facts.items() if name != "proof"}
    reason = str(facts.get("reason", "")) or None
    proof = {"proof": fact.facts["proof"]} if "proof" in fact.facts else {}
    made = Statement(
        SOURCE,
        f"grant:{fact.id}",
        asked.request.at,
        GRANT,
        actor=first,
        target=target,
        facts={**facts, **proof},
        reason=reason,
        by=asked.request.account,
    )
    text = asked.aloud.gettext("Confirmed by {second}, proposed by {first}: {name} receives {badge}.")
    shown = done(text.format(**await _names(asked, fact)))
    yes = Say(made, alive=False, apart=(first, asked.request.account, target))
    return Answer(shown, private=False, changes=(_closed(asked, fact, "confirmed"), yes))


async def decline(asked: Asked) -> Answer:
    """Their no. The person is told nothing."""
    fact = await _open(asked)
    text = asked.aloud.gettext("Declined by {second}, proposed by {first}: {name} does not receive {badge}.")
    shown = done(text.format(**await _names(asked, fact)))
    return Answer(shown, private=False, changes=(_closed(asked, fact, "declined"),))


async def seconded(asked: Asked, id_: str, made: Statement, achievement: str) -> Answer | str | None:
    """For what waits elsewhere, as a claim: None where one person is enough; the first moderator's account where this
    is the second; else the answer to the first. Raises Refusal for the first one again."""
    if not takes_two(asked.book, achievement):
        return None
    fact, t = await first_yes(asked, id_, achievement), asked.t
    if fact is not None and waits(fact, asked.request.at) and fact.actor:
        if asked.is_own(fact.actor):
            raise asked.refuse(t.gettext("You said yes already: another moderator must, too."))
        await _refuse_linked(asked, fact.actor, *((fact.target,) if fact.target else ()))
        return fact.actor
    text = t.gettext("Noted. This badge takes two moderators: another one must approve it, too.")
    over = () if fact is None else (_run_out(fact),)
    return Answer(done(text), changes=(*over, Say(made)))


async def first_yes(asked: Asked, id_: str, achievement: str) -> Fact | None:
    """What a first moderator said about it, though its time may be over."""
    return await gifts_of(asked).fact(SOURCE, id_) if takes_two(asked.book, achievement) else None


async def _open(asked: Asked) -> Fact:
    """The proposal on the button, for a moderator who is neither the first nor the person."""
    t = asked.t
    fact = await gifts_of(asked).fact(SOURCE, asked.pressed or "")
    if fact is None or fact.type != PROPOSED:
        raise asked.refuse(t.gettext("That is decided already."))
    if not waits(fact, asked.request.at):
        raise asked.refuse(t.gettext("That waited for more than {n} days. Propose it anew.").format(n=DAYS))
    if fact.actor is None or asked.is_own(fact.actor):
        raise asked.refuse(t.gettext("You proposed it yourself: another moderator decides."))
    if fact.target is None or asked.is_own(fact.target):
        raise asked.refuse(t.gettext("Not for yourself: ask another moderator."))
    await _refuse_linked(asked, fact.actor, fact.target)
    if not (await asked.records.choice(asked.people.member(fact.target))).tracked:
        name = (await asked.person(fact.target)).name
        raise asked.refuse(t.gettext("{name} opted out, so nothing is recorded about them.").format(name=name))
    return fact


async def _refuse_linked(asked: Asked, *involved: Account) -> None:
    """Accounts that were ever linked are one person. Raises Refusal where two of those involved are, whoever asks among
    them."""
    for one, other in combinations((asked.request.account, *involved), 2):
        if await gifts_of(asked).ever_linked(one, other):
            text = asked.t.gettext("The accounts of {one} and {other} were linked: for this, both count as one person.")
            names = {"one": (await asked.person(one)).name, "other": (await asked.person(other)).name}
            raise asked.refuse(text.format(**names))


async def _names(asked: Asked, fact: Fact) -> dict[str, str]:
    return {
        "first": (await asked.person(fact.actor or "")).name,
        "second": (await asked.person(asked.request.account)).name,
        "name": (await asked.person(fact.target or "")).name,
        "badge": name_of(asked.book, str(fact.facts.get("achievement", ""))),
    }


async def over(asked: Asked, id_: str, achievement: str, how: str) -> tuple[Say, ...]:
    """Ends the first yes of this id, where there is one."""
    fact = await first_yes(asked, id_, achievement)
    return () if fact is None else (_closed(asked, fact, how),)


def _closed(asked: Asked, fact: Fact, how: str) -> Say:
    at = max(asked.request.at, fact.at)
    back = Statement(fact.source, fact.id, at, op=WITHDRAW, reason=how, by=asked.request.account)
    return Say(back, alive=True)


def _run_out(fact: Fact) -> Say:
    """Ends a yes that waited too long, so that another one begins anew."""
    return Say(Statement(fact.source, fact.id, run_out_at(fact) - 1, op=WITHDRAW, reason="nobody confirmed it"))


def _card(asked: Asked, case: Case, achievement: str, by: PersonRow, id_: str) -> Card:
    t = asked.aloud
    names = {case.person.account: case.person.name, by.account: by.name}
    head = fill(
        t.gettext("{by} wants to give {badge} to {person}: {reason}"),
        by=mention(by.account, names),
        badge=Text(name_of(asked.book, achievement), bold=True),
        person=mention(case.person.account, names),
        reason=case.reason,
    )
    more = t.gettext("It takes a second moderator. After {n} days without an answer nothing happens.").format(n=DAYS)
    buttons = (
        Button("grant-confirm", t.gettext("Confirm"), id_, "primary"),
        Button("grant-decline", t.gettext("Decline"), id_),
    )
    return Card((Section((head, line(more))),), line(t.gettext("A second moderator is asked")), buttons=buttons)
