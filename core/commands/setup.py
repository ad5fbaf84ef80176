"""`/plaudit setup`: channels, moderators, first rules, the digest's day, from the chat."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from core import setup_cards
from core.calendar import zone
from core.cards import Button, Card, note
from core.commands.asked import Asked
from core.commands.claim import form
from core.forms import MOST_OPTIONS, Field, Form, Option
from core.members import NO_LIFE
from core.requests import Answer
from core.rules.book import RuleBook
from core.rules.community import CLOCK, Platform
from core.rules.editing import NotEdited
from core.rules.findings import BookRefused
from core.rules.grammar import Weekday
from core.rules.loading import load
from core.setups import QUIET_DAYS, Answers, KeepAnswers, PutBook, Setups, answers_of, book_text, is_waiting

MOST_NAME = 80


async def answer(asked: Asked) -> Answer:
    """What holds now, and the way to the form."""
    if (kept := await _setups(asked).answers(asked.request.source)) is not None:
        return await _preview(asked, kept, patient=True)
    return Answer(setup_cards.now(asked.book, answers_of(asked.book, _platform(asked)), asked.t))


def not_yet(asked: Asked) -> Card:
    """What somebody reads who would have something said in a channel before."""
    text = asked.t.gettext("I am not set up here yet, so I say nothing in channels. An admin can write /plaudit setup.")
    return note(text, tone="error")


async def fill(asked: Asked) -> Answer:
    """Opens the first form."""
    t, kept = asked.t, await _answers(asked)
    role = "@moderators" if _platform(asked) == "slack" else "Moderator"
    fields = [
        _name(t.gettext("Channel for new badges"), "announcements", kept.announcements, "#wins"),
        _name(t.gettext("Channel for the weekly digest"), "digest", kept.digest, "#general"),
        _name(t.gettext("Channel for moderators"), "moderators", kept.moderators, "#mods"),
        _name(t.gettext("Who moderates"), "staff", kept.staff, role),
    ]
    if is_waiting(asked.book):
        first = _setups(asked).templates()
        options = tuple(Option(name, f"{_title(name)}: {text}"[:MOST_NAME]) for name, text in first.items())
        chosen = kept.template or next(iter(first))
        fields.append(Field("template", t.gettext("First rules"), "choice", options[:MOST_OPTIONS], value=chosen))
    made = Form("setup-filled", t.gettext("Set Plaudit up"), t.gettext("Preview"), tuple(fields))
    return form(asked, made, t.gettext("I cannot open a form here. Press the button in a channel."))


async def filled(asked: Asked) -> Answer:
    """The first form comes back: a private preview."""
    kept = await _answers(asked)
    names = {name: _typed(asked, name) for name in ("announcements", "digest", "moderators", "staff")}
    template = asked.argument("template") if is_waiting(asked.book) else ""
    if is_waiting(asked.book) and template not in _setups(asked).templates():
        raise asked.refuse(asked.t.gettext("First rules: choose which ones."))
    return await _preview(asked, replace(kept, **names, template=template), keep=True)


async def more(asked: Asked) -> Answer:
    """Opens the second form."""
    t, kept = asked.t, await _answers(asked)
    days = tuple(Option(day, setup_cards.weekday(day, t)) for day in get_args(Weekday))
    fields = (
        Field("day", t.gettext("Day of the digest"), "choice", days, value=kept.day),
        Field("time", t.gettext("Time of the digest"), most=5, value=kept.time, hint="09:00"),
        Field("zone", t.gettext("Time zone"), most=40, value=kept.zone, hint="Europe/Lisbon"),
    )
    made = Form("setup-timed", t.gettext("Day and time zone"), t.gettext("Preview"), fields)
    return form(asked, made, t.gettext("I cannot open a form here. Press the button in a channel."))


async def timed(asked: Asked) -> Answer:
    """The second form comes back. Raises Refusal naming the field that is wrong."""
    t, kept = asked.t, await _answers(asked)
    day, time = asked.argument("day"), asked.argument("time")
    if day not in get_args(Weekday):
        raise asked.refuse(t.gettext("Day of the digest: choose one."))
    if not CLOCK.fullmatch(time):
        raise asked.refuse(t.gettext("Time of the digest: write it as 09:00."))
    try:
        where = zone(asked.argument("zone")).key
    except ValueError as error:
        raise asked.refuse(f"{t.gettext('Time zone')}: {error}") from None
    return await _preview(asked, replace(kept, day=day, time=time, zone=where), keep=True)


async def look(asked: Asked) -> Answer:
    """The preview once more, with more time to count."""
    return await _preview(asked, await _answers(asked), patient=True)


async def start(asked: Asked) -> Answer:
    """Puts the book into force. Raises Refusal where that cannot be, saying why."""
    setups, kept = _setups(asked), await _answers(asked)
    if await setups.answers(asked.request.source) is None:
        raise asked.refuse(asked.t.gettext("Nothing waits here: it was saved or dropped. Write the command again."))
    base = await setups.base()
    if base.obstacle:
        raise asked.refuse(base.obstacle)
    days = None if not kept.template else base.days + QUIET_DAYS if asked.pressed == "quiet" else 0
    text = _text(asked, kept, days)
    if fault := await setups.fault(text):
        raise asked.refuse(fault)
    source = asked.request.source
    put = PutBook(source, text, base.revision, base.mark, asked.request.account)
    reads_text = _reads(asked, text)
    card = setup_cards.started(quiet=bool(days), new=bool(kept.template), reads_text=reads_text, t=asked.t)
    return Answer(card, replace=True, changes=(put, KeepAnswers(source, None)))


async def drop(asked: Asked) -> Answer:
    """Forgets what was filled in."""
    card = note(asked.t.gettext("Dropped. Everything stays as it is."))
    return Answer(card, replace=True, changes=(KeepAnswers(asked.request.source, None),))


async def _preview(asked: Asked, kept: Answers, *, keep: bool = False, patient: bool = False) -> Answer:
    setups, t, source = _setups(asked), asked.t, asked.request.source
    text = _text(asked, kept, None)
    book = _book(asked, text)
    absent = [
        ref
        for ref, channel in (
            *((kept.channel(use), True) for use in ("announcements", "digest", "moderators")),
            (kept.staff, False),
        )
        if ref and setups.is_there(source, ref, channel=channel) is False
    ]
    foreseen = await setups.foreseen(text, patient=patient) if kept.template else None
    card = setup_cards.preview(kept, book, tuple(dict.fromkeys(absent)), foreseen, t)
    buttons = _buttons(asked, kept)
    if kept.template and foreseen is None:
        buttons = (*buttons, Button("setup-look", t.gettext("Look again")))
    changes = (KeepAnswers(source, kept),) if keep else ()
    return Answer(replace(card, buttons=buttons), replace=not keep, changes=changes)


def _buttons(asked: Asked, kept: Answers) -> tuple[Button, ...]:
    t = asked.t
    go = [Button("setup-start", t.gettext("Save"), "loud", "primary")]
    if kept.template:
        go = [
            Button("setup-start", t.gettext("Start quietly"), "quiet", "primary"),
            Button("setup-start", t.gettext("Start"), "loud"),
        ]
    return (
        *go,
        Button("setup-fill", t.gettext("Change…")),
        Button("setup-more", t.gettext("Day, time, zone…")),
        Button("setup-drop", t.gettext("Drop"), "", "danger"),
    )


async def _answers(asked: Asked) -> Answers:
    """What was filled in, else what the book says."""
    kept = await _setups(asked).answers(asked.request.source)
    zone_here = asked.people.lives.get(asked.member, NO_LIFE).zone(asked.request.at)
    kept = kept or answers_of(asked.book, _platform(asked), zone_here)
    return kept if is_waiting(asked.book) else replace(kept, template="")


def _text(asked: Asked, kept: Answers, quiet_days: int | None) -> str:
    text = _setups(asked).text(kept.template) if kept.template else asked.book.written.text
    try:
        return book_text(text, asked.book, kept, _platform(asked), quiet_days)
    except NotEdited as error:
        said = asked.t.gettext(
            "Your rule book is written in a way that I do not change by myself. Put these lines into it:"
        )
        raise asked.refuse(f"{said}\n{error}") from None


def _book(asked: Asked, text: str) -> RuleBook:
    try:
        return load(text, asked.book.written.file)
    except BookRefused as error:
        raise asked.refuse(str(error)) from None


def _reads(asked: Asked, text: str) -> bool:
    """Whether Discord must be asked for the text of messages from now on."""
    return _platform(asked) == "discord" and _book(asked, text).reads_text and not asked.book.reads_text


def _platform(asked: Asked) -> Platform:
    return "slack" if asked.request.source.startswith("slack:") else "discord"


def _setups(asked: Asked) -> Setups:
    if asked.setups is None:
        raise asked.refuse(asked.t.gettext("I cannot be set up from here."))
    return asked.setups


def _name(label: str, name: str, value: str, hint: str) -> Field:
    return Field(name, label, required=False, most=MOST_NAME, value=value, hint=hint)


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize()


def _typed(asked: Asked, name: str) -> str:
    typed = " ".join(asked.argument(name).split())
    if len(typed) > MOST_NAME or not typed.isprintable():
        raise asked.refuse(asked.t.gettext("A name has at most {n} characters.").format(n=MOST_NAME))
    return typed
