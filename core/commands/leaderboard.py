"""`/leaderboard`: the score over a week, a month or all time; the first five places and one's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby

from core.badges import in_words
from core.cards import Button, Card, Line, Section, Span, Text, line
from core.commands.asked import Asked, mention
from core.language import fill
from core.leaderboards import PERIODS, Period, Standing, around, days, rank, top
from core.privacy import on_boards
from core.records import StandingRow
from core.requests import Answer
from core.rules.book import ScoreRule
from core.rules.explain import signal_text

MOST_NAMES = 5


async def answer(asked: Asked) -> Answer:
    period = _period(asked)
    if not asked.book.scores:
        raise asked.refuse(asked.t.gettext("This community keeps no score, so there is no board."))
    first, last = days(period, asked.calendar, asked.request.at)
    rows = await asked.records.standings(first, last)
    return asked.answer(await _card(asked, period, rows))


def _period(asked: Asked) -> Period:
    wanted = (asked.pressed or asked.argument("period") or "month").casefold()
    if wanted not in PERIODS:
        text = asked.t.gettext("There is a board for “week”, “month” and “all”. Take one of these.")
        raise asked.refuse(text, *_switches(asked))
    return wanted


async def _card(asked: Asked, period: Period, rows: Sequence[StandingRow]) -> Card:
    t, me = asked.t, asked.member
    board = rank(rows, asked.book.community.staff)
    sections = []
    if board:
        sections.append(Section(tuple(_place(asked, tied) for tied in _tied(top(board)))))
    else:
        sections.append(Section((line(t.gettext("Nobody has scored yet.")),)))
    sections += await _own(asked, board, next((r for r in rows if r.person.account == me), None))
    sections.append(Section(_notes(asked, period), small=True))
    return Card(tuple(sections), _title(asked, period), buttons=_switches(asked, but=period))


def _title(asked: Asked, period: Period) -> Line:
    t = asked.t
    titles = {
        "week": t.gettext("This week · score"),
        "month": t.gettext("This month · score"),
        "all": t.gettext("All time · score"),
    }
    return line(titles[period])


def _tied(board: Iterable[Standing]) -> list[list[Standing]]:
    return [list(tied) for _, tied in groupby(board, key=lambda s: s.place)]


def _place(asked: Asked, tied: Sequence[Standing]) -> Line:
    """As "1. Amira, Jonas · 25": everybody of one place on one line, the reader first."""
    t = asked.t
    people = sorted(tied, key=lambda s: s.person.account != asked.member)
    spans: list[Span] = [Text(f"{tied[0].place}. ")]
    for i, standing in enumerate(people[:MOST_NAMES]):
        spans += [Text(t.gettext(", "))] if i else []
        spans.append(_who(asked, standing))
    if (more := len(people) - MOST_NAMES) > 0:
        spans.append(Text(" " + t.counted("and {n} more", "and {n} more", more)))
    return (*spans, Text(f" · {t.number(tied[0].amount)}"))


def _who(asked: Asked, standing: Standing) -> Span:
    if standing.person.account == asked.member:
        return Text(asked.t.gettext("you"), bold=True)
    if standing.anonymous:
        return Text(asked.t.gettext("Someone"))
    return mention(standing.person)


async def _own(asked: Asked, board: Sequence[Standing], mine: StandingRow | None) -> list[Section]:
    """The reader's own place with both neighbours, or why there is none."""
    t, near = asked.t, around(board, asked.member)
    if near:
        own = next(s for s in near if s.person.account == asked.member)
        if own in top(board):
            return []
        return [Section(tuple(_place(asked, [s]) for s in near), t.gettext("Your place"))]
    return [Section((line(await _unlisted(asked, mine)),))]


async def _unlisted(asked: Asked, mine: StandingRow | None) -> str:
    t = asked.t
    person = mine.person if mine else await asked.person(asked.member)
    choice = mine.choice if mine else await asked.records.choice(asked.member)
    amount = t.number(mine.amount if mine else 0)
    if not (choice.tracked and not choice.hidden):
        return t.gettext("You are hidden from boards. Your own score: {amount}.").format(amount=amount)
    if not on_boards(person, choice, asked.book.community.staff):
        return t.gettext("Staff are left out of boards. Your own score: {amount}.").format(amount=amount)
    return t.gettext("You have no score in this time yet.")


def _notes(asked: Asked, period: Period) -> tuple[Line, ...]:
    t, notes = asked.t, []
    rules = t.listed(_counts(asked, key, rule) for key, rule in asked.book.scores.items())
    notes.append(fill(t.gettext("Score: {rules}."), rules=rules))
    if period != "all":
        notes.append(_window(asked, period))
    tie_rule = t.gettext("Ties share a place: 1, 1, 3. Hidden people, staff, bots and leavers are not listed.")
    return (*notes, line(tie_rule))


def _counts(asked: Asked, key: str, rule: ScoreRule) -> str:
    """As "5 for an answer that three people marked as helpful"."""
    only = rule.when[0] if len(rule.when) == 1 else ""
    words = rule.name or (signal_text(asked.book, only) if only in asked.book.signals else in_words(key))
    return asked.t.gettext("{amount} for {what}").format(amount=rule.give, what=words.rstrip("."))


def _window(asked: Asked, period: Period) -> Line:
    first, last = (dt.date.fromordinal(d) for d in days(period, asked.calendar, asked.request.at))
    text = asked.t.gettext("{first} to {last}; days begin at {time} ({zone}).")
    calendar, t = asked.calendar, asked.t
    dates = {"first": t.written(first), "last": t.written(last)}
    return fill(text, time=calendar.day_starts, zone=calendar.timezone, **dates)


def _switches(asked: Asked, but: Period | None = None) -> tuple[Button, ...]:
    t = asked.t
    labels = {"week": t.gettext("This week"), "month": t.gettext("This month"), "all": t.gettext("All time")}
    return tuple(Button("leaderboard", labels[p], p) for p in PERIODS if p != but)
