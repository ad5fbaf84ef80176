"""`/kudos @member for …`: thanks in the channel, so many a day; taken back within minutes by a button."""

from __future__ import annotations

from core.cards import Button, note
from core.commands.asked import Asked
from core.events import WITHDRAW, Fact, Statement, Value
from core.giving import KUDOS, Gifts, Notice, Quota, Say
from core.kudos import (
    LONGEST_THANKS,
    MINUTE,
    UNDO_MINUTES,
    known_as,
    kudos_id,
    may_ping,
    taken_back,
    thanks,
    value_named,
)
from core.records import ChoiceRow, PersonRow
from core.requests import SAID, Answer


async def answer(asked: Asked) -> Answer:
    """Raises Refusal for nobody, oneself, a bot, no words, or where the day's kudos are given."""
    person, choice = await _receiver(asked)
    words = _words(asked)
    quota = _today(asked)
    left = quota.most - await gifts_of(asked).used(quota)
    if left < 1:
        raise asked.refuse(_used_up(asked, quota.most))
    giver = await asked.person(asked.request.account)
    pinged = known_as(person.account, person.name, ping=may_ping(choice.announce))
    made = _statement(asked, person, words)
    return Answer(
        _confirmed(asked, person, left - 1, made.id).card,
        said=thanks(known_as(giver.account, giver.name), pinged, words, asked.aloud),
        changes=(Say(made, quota, alive=False),),
    )


async def undo(asked: Asked) -> Answer:
    """Takes kudos back. Raises Refusal for anybody but the giver, and when it is too late."""
    t, now = asked.t, asked.request.at
    id_, _, message = (asked.pressed or "").partition(" ")
    fact = await gifts_of(asked).fact(asked.request.source, id_) if id_ else None
    if fact is None:
        raise asked.refuse(t.gettext("There is nothing to take back any more."))
    if fact.actor is None or not asked.is_own(fact.actor):
        raise asked.refuse(t.gettext("Only whoever gave the kudos can take them back."))
    if now > fact.at + UNDO_MINUTES * MINUTE:
        text = t.gettext("That was more than {n} minutes ago: it stays. If it was a mistake, tell a moderator.")
        raise asked.refuse(text.format(n=UNDO_MINUTES))
    change = await _withdrawal(asked, fact, message)
    return Answer(note(t.gettext("Taken back: it does not count any more.")), replace=True, changes=(change,))


async def _withdrawal(asked: Asked, fact: Fact, message: str) -> Say:
    own = asked.request.account
    back = Statement(fact.source, fact.id, max(asked.request.at, fact.at), op=WITHDRAW, reason="taken back", by=own)
    notices: tuple[Notice, ...] = ()
    if message and asked.request.channel:
        giver = await asked.person(own)
        card = taken_back(known_as(giver.account, giver.name), asked.t)
        notices = (Notice(f"{fact.id}:taken back", own, card, (asked.request.channel, message)),)
    return Say(back, alive=True, notices=notices)


def gifts_of(asked: Asked) -> Gifts:
    """Raises Refusal where nobody keeps what people give each other."""
    if asked.gifts is None:
        raise asked.refuse(asked.t.gettext("That cannot be done here."))
    return asked.gifts


async def refuse_untracked(asked: Asked) -> None:
    """Raises Refusal for somebody who opted out: what they do is not recorded."""
    if not (await asked.records.choice(asked.member)).tracked:
        text = asked.t.gettext("You opted out, so nothing is recorded about you. /plaudit settings changes that.")
        raise asked.refuse(text)


async def _receiver(asked: Asked) -> tuple[PersonRow, ChoiceRow]:
    t = asked.t
    account = asked.named()
    if not account:
        raise asked.refuse(t.gettext("Whom do you want to thank? Write /kudos @name for what they did."))
    if asked.is_own(account):
        raise asked.refuse(t.gettext("Kudos go to somebody else. Whom do you want to thank?"))
    person = await asked.person(account)
    if person.bot:
        raise asked.refuse(t.gettext("{name} is a bot, which is glad without kudos.").format(name=person.name))
    await refuse_untracked(asked)
    choice = await asked.records.choice(asked.people.member(account))
    if not choice.tracked:
        text = t.gettext("{name} opted out, so nothing is recorded about them. A plain message says thank you too.")
        raise asked.refuse(text.format(name=person.name))
    return person, choice


def _words(asked: Asked) -> str:
    words = " ".join(asked.argument("reason").split())
    if not words:
        raise asked.refuse(asked.t.gettext("What for? A few words are enough: /kudos @name for the good answer."))
    if len(words) > LONGEST_THANKS:
        raise asked.refuse(asked.t.gettext("That is long; {n} characters at most.").format(n=LONGEST_THANKS))
    return words


def _today(asked: Asked) -> Quota:
    calendar, request = asked.calendar, asked.request
    start = calendar.first_instant(calendar.day(request.at), "day")
    return Quota(asked.people.accounts(asked.member), {KUDOS: start}, asked.book.kudos.daily)


def _used_up(asked: Asked, most: int) -> str:
    one = "You have given your {n} kudos of today. Tomorrow there is another."
    return asked.t.counted(one, "You have given your {n} kudos of today. Tomorrow there are more.", most)


def _statement(asked: Asked, person: PersonRow, words: str) -> Statement:
    request = asked.request
    facts: dict[str, Value] = {**request.there, "length": len(words)}
    value = value_named(words, asked.book.kudos.values)
    facts |= {"value": value} if value is not None else {}
    id_ = kudos_id(request.id)
    return Statement(request.source, id_, request.at, KUDOS, actor=request.account, target=person.account, facts=facts)


def _confirmed(asked: Asked, person: PersonRow, left: int, id_: str) -> Answer:
    said = asked.t.gettext("Said in the channel: thanks to {name}.").format(name=person.name)
    more = asked.t.counted("You have {n} left today.", "You have {n} left today.", left)
    button = Button("kudos-undo", asked.t.gettext("Take it back"), f"{id_} {SAID}")
    return Answer(note(f"{said} {more}", buttons=(button,)))
