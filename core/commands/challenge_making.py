"""Making a challenge: two forms, a preview, the start; and changing one before it begins."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from core import challenge_cards, challenge_choices
from core.cards import Button, Card, Section, Text, note
from core.challenge_rules import faults, id_of, own_ids, parsed, rule_text
from core.challenges import Challenge, Draft, Forget, Keep, Put, Wish, changed, made
from core.commands.asked import Asked
from core.commands.challenge import challenge_of, challenges_of, may_change
from core.commands.challenge_checks import chosen, points, refuse_odd, roles, today, whole
from core.commands.claim import form
from core.commands.pause import typed_day
from core.forms import Field, Form
from core.language import fill
from core.requests import Answer
from core.texts import clean

LONGEST_NAME = 60
MOST_GOAL = 100_000
CHANGE, TEMPLATE = "c:", "t:"


async def new(asked: Asked) -> Answer:
    """Opens the form, filled in from a template where one is named. Raises Refusal for a template nobody knows."""
    words = asked.argument("name")
    template = challenge_choices.template_named(words)
    if words and template is None:
        names = asked.t.listed(f"“{name}”" for name in challenge_choices.TEMPLATES)
        raise asked.refuse(asked.t.gettext("There are these templates: {names}.").format(names=names))
    wish = challenge_choices.blank(today(asked), template)
    return _open(asked, wish, f"{TEMPLATE}{template.name}" if template is not None else "")


async def refill(asked: Asked) -> Answer:
    """Opens the first form again: for a draft, or for a challenge that has not begun."""
    about = asked.pressed or ""
    return _open(asked, (await _base(asked, about)).wish, about)


async def filled(asked: Asked) -> Answer:
    """The first form comes back: a private preview. Raises Refusal naming the field that is wrong."""
    draft = await _base(asked, asked.argument("about"))
    wish = replace(
        draft.wish,
        name=_name(asked),
        what=chosen(asked, "what", {o.value for o in challenge_choices.whats(asked.book, draft.wish.what, asked.t)}),
        goal=whole(asked, asked.argument("goal"), asked.t.gettext("How many"), 1, MOST_GOAL),
        first=typed_day(asked, "first"),
        last=typed_day(asked, "last"),
        channel=draft.wish.channel or f"{asked.request.source}/{asked.request.channel or ''}",
    )
    return await _preview(asked, replace(draft, wish=wish), keep=True)


async def more(asked: Asked) -> Answer:
    """Opens the second form."""
    draft, t = await _draft(asked, asked.pressed or ""), asked.t
    wish = draft.wish
    eaches = challenge_choices.eaches(t, wish.what)
    fields = (
        Field("each", t.gettext("Which of them count"), "choice", tuple(eaches), value=wish.each or "*"),
        Field("whom", t.gettext("Who takes part"), "choice", tuple(challenge_choices.whoms(t)), value=wish.whom),
        Field("points", t.gettext("Points as a reward"), required=False, most=6, value=str(wish.points or "")),
        Field("role", t.gettext("A role as a reward"), "choice", roles(asked), value=wish.role or "*"),
        Field("place", t.gettext("Where to announce"), "choice", tuple(challenge_choices.places(t)), value=wish.place),
    )
    made_ = Form("challenge-rounded", wish.name[:24], t.gettext("Preview"), fields, draft.id)
    return form(asked, made_, t.gettext("I cannot open a form here. Press the button in a channel."))


async def rounded(asked: Asked) -> Answer:
    """The second form comes back."""
    draft, t = await _draft(asked, asked.argument("about")), asked.t
    eaches = {o.value for o in challenge_choices.eaches(t, draft.wish.what)}
    wish = replace(
        draft.wish,
        each=chosen(asked, "each", eaches).strip("*"),
        whom=chosen(asked, "whom", {o.value for o in challenge_choices.whoms(t)}),  # type: ignore[arg-type] # of these
        points=points(asked, asked.argument("points") or "0"),
        role=chosen(asked, "role", {o.value for o in roles(asked)}).strip("*"),
        place=chosen(asked, "place", {o.value for o in challenge_choices.places(t)}),  # type: ignore[arg-type] # of these
    )
    return await _preview(asked, replace(draft, wish=wish), keep=True)


async def look(asked: Asked) -> Answer:
    """The preview once more."""
    return await _preview(asked, await _draft(asked, asked.pressed or ""), keep=False)


async def start(asked: Asked) -> Answer:
    """Puts it into force: from now on it is a rule like any other. Raises Refusal where it fits the book no more."""
    draft, now = await _draft(asked, asked.pressed or ""), asked.request.at
    refuse_odd(asked, draft.wish)
    challenge = await _challenge(asked, draft)
    _refuse_faults(asked, draft.wish, challenge.id, challenge.rule)
    t, name = asked.t, Text(draft.wish.name, bold=True)
    if draft.challenge is None:
        said, statement = t.gettext("It is set: {name}. It begins {day}."), made(challenge)
    else:
        said, statement = t.gettext("Changed: {name}. It begins {day}."), changed(challenge, asked.request.account, now)
    day = challenge_cards.first_moment(draft.wish.first, asked.calendar, t)
    card = Card((Section((fill(said, name=name, day=day),)),), buttons=(challenge_cards.look_button(challenge, t),))
    return Answer(card, replace=True, changes=(Put(statement, draft.id),))


async def drop(asked: Asked) -> Answer:
    """Forgets a draft. Nothing was said about it to anybody."""
    draft = await _draft(asked, asked.pressed or "")
    return Answer(note(asked.t.gettext("Dropped. Nobody was told.")), replace=True, changes=(Forget(draft.id),))


# ---- the forms


def _open(asked: Asked, wish: Wish, about: str) -> Answer:
    t = asked.t
    whats = tuple(challenge_choices.whats(asked.book, wish.what, asked.t))
    fields = (
        Field("name", t.gettext("Name"), most=LONGEST_NAME, value=wish.name, hint=t.gettext("Helpful fortnight")),
        Field("what", t.gettext("What counts"), "choice", whats, value=wish.what),
        Field("goal", t.gettext("How many"), most=6, value=str(wish.goal)),
        Field("first", t.gettext("First day"), "day", hint=wish.first.isoformat(), most=10),
        Field("last", t.gettext("Last day"), "day", hint=wish.last.isoformat(), most=10),
    )
    made_ = Form("challenge-filled", t.gettext("A challenge"), t.gettext("Preview"), fields, about)
    return form(asked, made_, t.gettext("Write /challenge new in a channel: here I cannot open a form."))


async def _base(asked: Asked, about: str) -> Draft:
    """What a form goes out from: a draft, a challenge that has not begun, a template, or nothing."""
    fresh = hashlib.sha256(asked.request.id.encode()).hexdigest()[:12]
    account = asked.request.account
    if about.startswith(CHANGE):
        challenge = await _changeable(asked, about.removeprefix(CHANGE))
        return Draft(fresh, account, challenge.wish, challenge.id)
    if about and not about.startswith(TEMPLATE):
        return await _draft(asked, about)
    template = challenge_choices.TEMPLATES.get(about.removeprefix(TEMPLATE))
    return Draft(fresh, account, challenge_choices.blank(today(asked), template))


async def _draft(asked: Asked, id_: str) -> Draft:
    """Raises Refusal where it is gone, or somebody else's."""
    found = await challenges_of(asked).draft(id_)
    if found is None or not asked.is_own(found.account):
        raise asked.refuse(asked.t.gettext("This draft is gone: it was started, dropped or left for two weeks."))
    if found.challenge is not None:
        await _changeable(asked, found.challenge)
    return found


async def _changeable(asked: Asked, id_: str) -> Challenge:
    challenge, t = await challenge_of(asked, id_), asked.t
    if not may_change(asked, challenge):
        raise asked.refuse(t.gettext("Only whoever made it, and moderators, can change it."))
    if challenge.id in own_ids(asked.book):
        raise asked.refuse(t.gettext("It is written in the rule book now. A manager changes it there."))
    state = challenge.state(asked.calendar, asked.request.at)
    if state == "dropped":
        raise asked.refuse(t.gettext("It was dropped before it began: {reason}").format(reason=challenge.reason))
    if state != "coming":
        raise asked.refuse(t.gettext("It has begun, and stays as it is. You can end it early."))
    return challenge


# ---- what was typed


def _name(asked: Asked) -> str:
    name = clean(" ".join(asked.argument("name").split())).strip()
    if not name or len(name) > LONGEST_NAME:
        text = asked.t.gettext("Name: write one of at most {n} characters.")
        raise asked.refuse(text.format(n=LONGEST_NAME))
    return name


# ---- the preview


async def _challenge(asked: Asked, draft: Draft) -> Challenge:
    there, now = await challenges_of(asked).all(), asked.request.at
    if draft.challenge is not None:
        before = there[draft.challenge]
        rule = rule_text(before.id, draft.wish, before.version + 1)
        return replace(before, wish=draft.wish, rule=rule, version=before.version + 1)
    id_ = id_of(draft.wish.name, {*asked.book.achievements, *there, *await challenges_of(asked).retired()})
    return Challenge(id_, draft.wish, rule_text(id_, draft.wish, 1), 1, asked.request.account, now)


async def _preview(asked: Asked, draft: Draft, *, keep: bool) -> Answer:
    wish, book = draft.wish, asked.book
    refuse_odd(asked, wish)
    challenge = await _challenge(asked, draft)
    _refuse_faults(asked, wish, challenge.id, challenge.rule)
    rule = parsed(book, challenge.id, challenge.rule)
    book = book.model_copy(update={"achievements": {**book.achievements, challenge.id: rule}})
    reached = await challenges_of(asked).would_reach(wish, patient=not keep)  # forms are answered at once
    card = challenge_cards.preview(wish, book, challenge.id, reached, asked.calendar, asked.t)
    card = replace(card, buttons=_ways_on(asked, draft, counted=reached is not None))
    return Answer(card, replace=not keep, changes=(Keep(draft),) if keep else ())


def _ways_on(asked: Asked, draft: Draft, *, counted: bool) -> tuple[Button, ...]:
    t = asked.t
    go = t.gettext("Start it") if draft.challenge is None else t.gettext("Change it")
    again = (Button("challenge-draft", t.gettext("Look again"), draft.id),)
    return (
        Button("challenge-start", go, draft.id, "primary"),
        Button("challenge-fill", t.gettext("Change…"), draft.id),
        Button("challenge-more", t.gettext("Reward, people, place…"), draft.id),
        Button("challenge-drop", t.gettext("Drop"), draft.id, "danger"),
        *(() if counted else again),
    )


def _refuse_faults(asked: Asked, wish: Wish, id_: str, rule: str) -> None:
    """The same check that a rule book passes. Raises Refusal that names the field."""
    found = faults(asked.book, id_, rule, asked.request.at)
    if found:
        field = _fields(asked).get(found[0].key.removeprefix(f"achievement.{id_}").strip("."), wish.name)
        raise asked.refuse(f"{field}: {found[0].text}")


def _fields(asked: Asked) -> Mapping[str, str]:
    t = asked.t
    what = t.gettext("What counts")
    return {
        "name": t.gettext("Name"),
        **{"when": what, "credit": what, "distinct": t.gettext("Which of them count")},
        "goal": t.gettext("How many"),
        **{"from": t.gettext("First day"), "until": t.gettext("Last day")},
        **{"points": t.gettext("Points"), "gives_role": t.gettext("A role as a reward")},
    }
