"""`/leaderboard`: a board over a time, as it is now or as it was closed; the first five places and one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core import seasons
from core.badges import name_of
from core.boards import Reading, Window, ended, window
from core.cards import Button, Card, Line, Picture, Section, Span, Text, line, note
from core.commands.asked import Asked, mention
from core.commands.board_choice import Choice, choose, label, switches
from core.commands.board_notes import notes
from core.errors import StillReading
from core.language import fill
from core.leaderboards import MOST_NAMES, Standing, Tied
from core.names import listed
from core.pictures import of_board
from core.privacy import on_boards
from core.records import Shown
from core.requests import Answer


async def answer(asked: Asked) -> Answer:
    choice = choose(asked)
    found = _window(asked, choice)
    if found is None:
        return asked.answer(_not_yet(asked, choice))
    reading = Reading(choice.board, choice.rule, found, asked.calendar, asked.book.community.staff)
    return asked.answer(await _card(asked, choice, found, await _read(asked, choice, reading)))


def _window(asked: Asked, choice: Choice) -> Window | None:
    rule, period, book, now = choice.rule, choice.period, asked.book, asked.request.at
    if choice.last:
        return next(ended(rule, period, book, asked.calendar, now), None)
    return window(rule, period, book, asked.calendar, now, choice.name)


async def _read(asked: Asked, choice: Choice, reading: Reading) -> Shown:
    """A time that is over as it was closed, where it was. Raises Refusal while a large board is being read."""
    try:
        closed = await asked.records.closed_board(reading, asked.member) if reading.window.name else None
        return closed or await asked.records.board(reading, asked.member)
    except StillReading:
        text = asked.t.gettext("This board is being put together. Please ask again in a moment.")
        again = Button("leaderboard", asked.t.gettext("Ask again"), f"{choice.board} {choice.period}".strip())
        raise asked.refuse(text, again) from None


def _not_yet(asked: Asked, choice: Choice) -> Card:
    t, now = asked.t, asked.request.at
    if choice.period != "season" or choice.over:
        return note(t.gettext("There was no such time."), buttons=switches(asked, choice))
    season = asked.book.seasons[choice.rule.season or ""]
    next_ = seasons.coming(season, asked.calendar.day(now))
    begins = t.day(asked.calendar.first_instant(next_.first, "day"), now) if next_ else ""
    text = fill(t.gettext("{season} begins on {day}."), season=season.name, day=begins)
    return note(*text, buttons=switches(asked, choice))


async def _card(asked: Asked, choice: Choice, found: Window, shown: Shown) -> Card:
    t, view = asked.t, shown.view
    own = next((s for s in view.near if s.key == view.key), None)
    top = [_with_reader(tied, own) for tied in view.top]
    lines = tuple(_place(asked, shown, tied) for tied in top)
    nobody = t.gettext("Nobody has scored yet.") if choice.rule.kind == "score" else t.gettext("Nobody is listed yet.")
    sections = [Section(lines or (line(nobody),))]
    if own is None:
        sections.append(Section((line(await _unlisted(asked, choice, shown)),)))
    elif all(tied.place != own.place for tied in view.top):
        near = tuple(_place(asked, shown, Tied(s.place, s.amount, (s,), 1)) for s in view.near)
        sections.append(Section(near, t.gettext("Your place")))
    sections += await _carried(asked, choice, found)
    sections.append(Section(notes(asked, choice, found, shown), small=True))
    title = _title(asked, choice, found)
    picture = _picture(asked, shown, title, top, own) if asked.book.pictures.on else None
    return Card(tuple(sections), title, buttons=switches(asked, choice), picture=picture)


def _picture(asked: Asked, shown: Shown, title: Line, top: Sequence[Tied], own: Standing | None) -> Picture | None:
    """The first places, and the reader's own."""
    beside = [] if own is None or any(tied.place == own.place for tied in top) else [own]
    places = [*top, *(Tied(s.place, s.amount, (s,), 1) for s in beside)]
    return of_board(title, [(p.place, _names(asked, shown, p), p.amount) for p in places], asked.t.number)


def _title(asked: Asked, choice: Choice, found: Window) -> Line:
    when = label(asked, choice.rule, choice.period, choice.last)
    if choice.name:
        when = f"{when} {found.name}" if choice.period == "season" else found.name
    name = choice.rule.name if choice.board else asked.t.gettext("score")
    return line(f"{when} · {name}")


def _with_reader(tied: Tied, own: Standing | None) -> Tied:
    """The reader first among those who share a place."""
    if own is None or own.place != tied.place:
        return tied
    others = [s for s in tied.shown if s.key != own.key]
    return replace(tied, shown=(own, *others)[:MOST_NAMES])


def _place(asked: Asked, shown: Shown, tied: Tied) -> Line:
    """As "1. Amira, Jonas · 25": everybody of one place on one line."""
    return (Text(f"{tied.place}. "), *_names(asked, shown, tied), Text(f" · {asked.t.number(tied.amount)}"))


def _names(asked: Asked, shown: Shown, tied: Tied) -> Line:
    people = [_who(asked, shown, standing) for standing in tied.shown]
    return listed(people, asked.t, tied.count - len(people))


def _who(asked: Asked, shown: Shown, standing: Standing) -> Span:
    t = asked.t
    person = shown.people.get(standing.key)
    if standing.key == asked.member:
        return Text(t.gettext("you"), bold=True)
    if person is None:  # a team
        mine = standing.key == shown.view.key
        return Text(t.gettext("{team} (yours)").format(team=standing.key) if mine else standing.key, bold=mine)
    return Text(t.gettext("Someone")) if standing.anonymous else mention(person)


async def _unlisted(asked: Asked, choice: Choice, shown: Shown) -> str:
    """Why the reader has no place, without shame."""
    t = asked.t
    if choice.rule.for_ == "team":
        return t.gettext("You are in no team.") if not shown.view.key else t.gettext("Your team has no place here yet.")
    why = await _left_out(asked)
    if why is not None:
        return f"{why} {_own(asked, choice, shown)}" if shown.closed is None else why
    if shown.closed is not None:
        return t.gettext("You had no place in this time.")
    if choice.rule.newcomers and shown.view.own > 0:
        return f"{t.gettext('You were here before.')} {_own(asked, choice, shown)}"
    if choice.rule.kind == "score":
        return t.gettext("You have no score in this time yet.")
    return t.gettext("You have no place in this time yet.")


def _own(asked: Asked, choice: Choice, shown: Shown) -> str:
    t = asked.t
    score, other = t.gettext("Your own score: {amount}."), t.gettext("Your own number: {amount}.")
    return (score if choice.rule.kind == "score" else other).format(amount=t.number(shown.view.own))


async def _left_out(asked: Asked) -> str | None:
    """What is said to those who hide, and to staff."""
    t = asked.t
    choice, person = await asked.records.choice(asked.member), await asked.person(asked.member)
    if not choice.tracked or choice.hidden:
        return t.gettext("You are hidden from boards.")
    if not on_boards(replace(person, present=True), choice, asked.book.community.staff):
        return t.gettext("Staff are left out of boards.")
    return None


async def _carried(asked: Asked, choice: Choice, found: Window) -> Sequence[Section]:
    """Badges from before a season that members bring along."""
    t, book = asked.t, asked.book
    carry = book.seasons[choice.rule.season].carry if choice.rule.season else ()
    if not carry:
        return []
    begins = found.start(asked.calendar)
    awards = await asked.records.awards(asked.member)
    held = {a.achievement for a in awards if a.state == "awarded" and a.earned_at < begins}
    names = [name_of(book, name) for name in carry if name in held]
    text = t.gettext("You bring along: {badges}.")
    return [Section((fill(text, badges=t.listed(names)),))] if names else []
