"""“Nominate” in the menu of a message: a member says who deserves a badge, and moderators read why."""

from __future__ import annotations

from dataclasses import replace

from core.announcements import LONGEST_ARGUMENT
from core.badges import shown
from core.cards import Button, Card, Section, Text, line, note
from core.claim_cards import mention
from core.commands import grant
from core.commands.asked import Asked
from core.commands.claim import form, words
from core.commands.helpful import about, author_of
from core.commands.kudos import gifts_of, refuse_untracked
from core.events import Account, Statement
from core.forms import LONGEST_VALUE, MOST_OPTIONS, Field, Form, Option
from core.giving import NOMINATED, Notice, Say
from core.language import fill
from core.records import PersonRow
from core.requests import Answer
from core.reviews import argument_of, named_in
from core.rules.book import Achievement

LONGEST_WHY = 200


async def answer(asked: Asked) -> Answer:
    """Opens the form. Raises Refusal for one's own message, or where nothing can be given."""
    t, person = asked.t, await author_of(asked)
    await refuse_untracked(asked)
    options = [Option(id_, rule.name) for id_, rule in _nominable(asked).items() if len(id_) <= LONGEST_VALUE]
    if not options:
        raise asked.refuse(t.gettext("There is no badge here that one can be nominated for."))
    fields = (
        Field("achievement", t.gettext("For which badge?"), "choice", tuple(options[:MOST_OPTIONS])),
        Field("why", t.gettext("Why?"), "text", most=LONGEST_WHY, hint=t.gettext("Only moderators read it")),
    )
    behind = f"{asked.argument('message')} {person.account.partition('/')[2]}"
    wanted = Form("nominate-send", t.gettext("Nominate"), t.gettext("Send"), fields, behind)
    return form(asked, wanted, t.gettext("I cannot open a form here."))


async def send(asked: Asked) -> Answer:
    """The form comes back."""
    asked = _from_form(asked)
    person = await author_of(asked)
    await refuse_untracked(asked)
    among, achievement = _nominable(asked), asked.argument("achievement")
    if achievement not in among:
        raise asked.refuse(asked.t.gettext("There is no such badge any more. Please choose again."))
    why = words(asked, "why", LONGEST_WHY)
    others = await _nominators(asked, person.account, achievement)
    if asked.member in others:
        text = asked.t.gettext("You nominated {name} for {badge} already; the moderators have it.")
        raise asked.refuse(text.format(name=person.name, badge=among[achievement].name))
    made = _statement(asked, person.account, achievement)
    card = await _card(asked, person, achievement, among[achievement], why, len(others) + 1)
    notices = (Notice(f"{made.id}:{asked.request.at}", person.account, card),)
    said = asked.t.gettext("Thank you. The moderators read it; {name} is told nothing until they decide.")
    return Answer(note(said.format(name=person.name)), changes=(Say(made, alive=False, notices=notices),))


async def give(asked: Asked) -> Answer:
    """A moderator's yes, by the button on the card: a grant whose reason is who nominated."""
    achievement, account, _ = named_in(asked.pressed or "")
    who = await _nominators(asked, account, achievement) if account else set()
    if not who:
        raise asked.refuse(asked.t.gettext("The nomination was taken back, or its message deleted. Use grant instead."))
    names = [(await asked.person(member)).name for member in sorted(who)]
    t = asked.aloud
    reason = t.gettext("Nominated by {names}").format(names=t.listed(names))
    arguments = {"member": account, "achievement": achievement, "reason": reason}
    request = replace(asked.request, arguments=arguments)
    return replace(await grant.answer(replace(asked, request=request)), private=False)


def _from_form(asked: Asked) -> Asked:
    message, _, user = asked.argument("about").partition(" ")
    known = {"message": message, "author": f"{asked.request.source}/{user}" if user else ""}
    return replace(asked, request=replace(asked.request, arguments={**asked.arguments, **known}))


def _nominable(asked: Asked) -> dict[str, Achievement]:
    """What is given by hand, or on a moderator's word; where nothing is: every badge. Secret ones stay secret."""
    everything = shown(asked.book)
    by_hand = {i: rule for i, rule in everything.items() if rule.manual is not None or rule.ask}
    return by_hand or everything


async def _nominators(asked: Asked, account: Account, achievement: str) -> set[str]:
    found = await gifts_of(asked).about(account, NOMINATED)
    actors = (f.actor for f in found if f.facts.get("achievement") == achievement)
    return {asked.people.member(actor) for actor in actors if actor is not None}


def _statement(asked: Asked, target: Account, achievement: str) -> Statement:
    request, place = asked.request, asked.argument("message")
    id_ = f"nomination:{place}/{request.account.partition('/')[2]}/{achievement}"
    facts = {**request.there, **about(place), "achievement": achievement}
    return Statement(request.source, id_, request.at, NOMINATED, actor=request.account, target=target, facts=facts)


async def _card(asked: Asked, person: PersonRow, achievement: str, rule: Achievement, why: str, number: int) -> Card:
    t, by = asked.aloud, await asked.person(asked.request.account)
    names = {person.account: person.name, by.account: by.name}
    head = fill(
        t.gettext("{by} nominates {person} for {badge}."),
        by=mention(by.account, names),
        person=mention(person.account, names),
        badge=Text(rule.name, bold=True),
    )
    lines = [head, fill(t.gettext("In their words: “{why}”"), why=why)]
    if number > 1:
        lines.append(line(t.counted("Nominated so far by {n} person.", "Nominated so far by {n} people.", number)))
    argument = argument_of(achievement, person.account, None)
    button = Button("nominate-give", t.gettext("Give it"), argument, "primary")
    buttons = (button,) if len(argument) <= LONGEST_ARGUMENT else ()
    return Card((Section(tuple(lines)),), line(t.gettext("A nomination")), buttons=buttons)
