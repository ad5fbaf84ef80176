"""`/claim`: a member says what they did elsewhere, and answers what moderators ask about it."""

from __future__ import annotations

import datetime as dt

from core.cards import note
from core.claims import LONGEST_NOTE, MOST_OPEN, OTHER, Claim, Claims, Open, Reply
from core.commands.asked import Asked
from core.commands.claim_choices import Choice, choice_of, claimable
from core.commands.moderation import LONGEST_PROOF, read_proof
from core.commands.pause import typed_day
from core.forms import LONGEST_VALUE, MOST_OPTIONS, Field, Form, Option
from core.requests import Answer

OLDEST = 366  # days
_NOON = dt.time(12)


async def answer(asked: Asked) -> Answer:
    """Opens the form. Raises Refusal for somebody who opted out, or has enough claims open."""
    await _refuse_too_many(asked)
    return form(asked, _form(asked), asked.t.gettext("Write /claim in a channel: here I cannot open a form."))


async def send(asked: Asked) -> Answer:
    """The form comes back. Raises Refusal where something is missing or wrong."""
    await _refuse_too_many(asked)
    choice = choice_of(asked.book, asked.argument("what"))
    if choice is None:
        raise asked.refuse(asked.t.gettext("That can be claimed no longer. Write /claim again."))
    claim = Claim(
        0,
        asked.request.account,
        asked.member,
        choice.achievement,
        choice.kind,
        choice.by_hand,
        _moment(asked),
        asked.request.at,
        read_proof(asked),
        _note(asked, choice),
        asked.request.channel,
    )
    text = asked.t.gettext("Your claim is with the moderators. I tell you here what they say; nothing else to do.")
    return Answer(note(text), changes=(Open(claim),))


async def reply(asked: Asked) -> Answer:
    """Opens the form for the answer to a question."""
    claim = await _own(asked, asked.pressed or "")
    label = asked.t.gettext("Your answer")
    fields = (Field("text", label, "text", most=LONGEST_NOTE, hint=(claim.question or "")[:LONGEST_VALUE]),)
    made = Form("claim-replied", asked.t.gettext("Your answer"), asked.t.gettext("Send"), fields, str(claim.id))
    return form(asked, made, asked.t.gettext("I cannot open a form here. Press the button in a channel."))


async def replied(asked: Asked) -> Answer:
    claim = await _own(asked, asked.argument("about"))
    said = asked.t.gettext("Thank you. The moderators see your answer now.")
    return Answer(note(said), changes=(Reply(claim.id, words(asked, "text")),))


def form(asked: Asked, wanted: Form, otherwise: str) -> Answer:
    """A window; `otherwise` is said where none can be opened."""
    return Answer(note(otherwise, tone="error"), form=wanted)


def claims_of(asked: Asked) -> Claims:
    """Raises Refusal where nobody keeps claims."""
    if asked.claims is None:
        raise asked.refuse(asked.t.gettext("Claims are not taken here."))
    return asked.claims


async def claim_of(asked: Asked, number: str) -> Claim:
    """The claim of that number. Raises Refusal where there is none."""
    found = await claims_of(asked).claim(int(number)) if number.isdecimal() and len(number) < 10 else None
    if found is None:
        raise asked.refuse(asked.t.gettext("I know no such claim."))
    return found


def words(asked: Asked, name: str, most: int = LONGEST_NOTE) -> str:
    """What was written in a field, in one line. Raises Refusal for nothing, or for too much."""
    written = " ".join(asked.argument(name).split())
    if not written:
        raise asked.refuse(asked.t.gettext("Please write a few words."))
    if len(written) > most:
        raise asked.refuse(asked.t.gettext("That is long; {n} characters at most.").format(n=most))
    return written


async def _own(asked: Asked, number: str) -> Claim:
    claim = await claim_of(asked, number)
    if not asked.is_own(claim.account):
        raise asked.refuse(asked.t.gettext("Only whoever made the claim can answer."))
    if claim.state != "open" or not claim.question:
        raise asked.refuse(asked.t.gettext("There is nothing to answer any more: the moderators have decided."))
    return claim


async def _refuse_too_many(asked: Asked) -> None:
    t, claims = asked.t, claims_of(asked)
    if not (await asked.records.choice(asked.member)).tracked:
        text = t.gettext("You opted out, so nothing is recorded about you. /plaudit settings changes that.")
        raise asked.refuse(text)
    if await claims.open_of(asked.people.accounts(asked.member)) >= MOST_OPEN:
        text = t.gettext(
            "Three claims of yours are with the moderators already. As soon as one is decided, send the next."
        )
        raise asked.refuse(text)


def _form(asked: Asked) -> Form:
    t = asked.t
    today = dt.date.fromordinal(asked.calendar.day(asked.request.at)).isoformat()
    fields = (
        Field("what", t.gettext("What is it for?"), "choice", tuple(_options(asked))),
        Field("day", t.gettext("When was it?"), "day", hint=today, most=10),
        Field("proof", t.gettext("A link as proof"), "line", required=False, most=LONGEST_PROOF, hint="https://"),
        Field(
            "note", t.gettext("What happened"), "text", required=False, most=LONGEST_NOTE, hint=_only_moderators(asked)
        ),
    )
    return Form("claim-send", t.gettext("What you did elsewhere"), t.gettext("Send"), fields)


def _only_moderators(asked: Asked) -> str:
    return asked.t.gettext("A few words, which only moderators read")


def _options(asked: Asked) -> list[Option]:
    """The first by name that fit into a form; something else comes last."""
    named = sorted((_label(asked, c), c.key) for c in claimable(asked.book) if len(c.key) <= LONGEST_VALUE)
    found = [Option(key, label) for label, key in named[: MOST_OPTIONS - 1]]
    return [*found, Option(OTHER, asked.t.gettext("Something else"))]


def _label(asked: Asked, choice: Choice) -> str:
    name = asked.book.achievements[choice.achievement or ""].name
    return f"{name} ({choice.kind})" if choice.kind not in ("", OTHER) else name


def _moment(asked: Asked) -> int:
    """Noon of the day that was claimed, or now where that is still to come."""
    day, today = typed_day(asked, "day"), asked.calendar.day(asked.request.at)
    if day.toordinal() > today:
        raise asked.refuse(asked.t.gettext("That day is still to come. Send the claim when it is over."))
    if today - day.toordinal() > OLDEST:
        raise asked.refuse(asked.t.gettext("That is more than a year ago. Ask a moderator directly."))
    return min(asked.calendar.instant(dt.datetime.combine(day, _NOON)), asked.request.at)


def _note(asked: Asked, choice: Choice) -> str | None:
    if not asked.argument("note"):
        if choice.achievement is None:
            raise asked.refuse(asked.t.gettext("Please say in a few words what happened."))
        return None
    return words(asked, "note")
