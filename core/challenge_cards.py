"""What people read about challenges: the preview, the start, where it stands, the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from babel.dates import format_date

from core.calendar import Calendar
from core.cards import Button, Card, Line, Mention, Section, Text, line
from core.challenges import Challenge, Result, Wish
from core.language import Language, fill
from core.members import Member
from core.names import by_name, listed
from core.privacy import shows
from core.records import StandingRow
from core.rules.book import RuleBook
from core.rules.explain import sentence

MOST_NAMES = 15
MOST_TEAMS = 8
MOST_TOLD = 10
MONTH = 30
_HOUR = 3_600_000_000
_DAY = 24 * _HOUR


def first_moment(day: dt.date, calendar: Calendar, t: Language) -> str:
    """ "Monday 16 March, 00:00 (Berlin)"."""
    return f"{_weekday(day, t)}, {calendar.day_starts} ({city(calendar)})"


def last_moment(day: dt.date, calendar: Calendar, t: Language) -> str:
    """ "Sunday 29 March, 24:00 (Berlin)"; where days begin later, the morning after."""
    if calendar.day_starts == "00:00":
        return f"{_weekday(day, t)}, 24:00 ({city(calendar)})"
    return first_moment(day + dt.timedelta(days=1), calendar, t)


def city(calendar: Calendar) -> str:
    """What people call the zone."""
    return calendar.timezone.rpartition("/")[2].replace("_", " ")


def _weekday(day: dt.date, t: Language) -> str:
    return format_date(day, "EEEE d MMMM", locale=t.locale)


def preview(wish: Wish, book: RuleBook, id_: str, reached: int | None, calendar: Calendar, t: Language) -> Card:
    """What it will be, before it is started: only for whoever makes it. `book` has its rule under `id_`; `reached`: how
    many would have reached it lately, None where that is not known."""
    lines = [
        line(sentence(book, id_, t)),
        line(t.gettext("From {day}").format(day=first_moment(wish.first, calendar, t))),
        line(t.gettext("By {day}").format(day=last_moment(wish.last, calendar, t))),
        *_reward(wish, t),
    ]
    return Card((Section(tuple(lines)), Section((line(_foreseen(wish, reached, t)),))), (Text(wish.name, bold=True),))


def _reward(wish: Wish, t: Language) -> list[Line]:
    parts = [t.counted("{n} point", "{n} points", wish.points)] if wish.points else []
    parts += [t.gettext("the role {role}").format(role=wish.role)] if wish.role else []
    return [line(t.gettext("Reward: {what}").format(what=t.listed(parts)))] if parts else []


def _foreseen(wish: Wish, reached: int | None, t: Language) -> str:
    if reached is None:
        return t.gettext("I am still counting how many would have reached this. Look again in a moment.")
    if (days := (wish.last - wish.first).days + 1) > MONTH:
        before = t.gettext("In the last {n} days").format(n=days)
    else:
        before = t.gettext("In the last month")
    said = t.counted("{n} person would have reached this.", "{n} people would have reached this.", reached)
    return f"{before} {said}"


def started(challenge: Challenge, book: RuleBook, joined: int, calendar: Calendar, t: Language) -> Card:
    """For everybody, at the start."""
    wish = challenge.wish
    people = t.counted("{n} person is in.", "{n} people are in.", joined)
    lines = [
        line(sentence(book, challenge.id, t)),
        line(t.gettext("Until {day}.").format(day=last_moment(wish.last, calendar, t)), f" {people}" if joined else ""),
        *_reward(wish, t),
    ]
    title = fill(t.gettext("Starting now: {name}"), name=Text(wish.name, bold=True))
    return Card((Section(tuple(lines)),), title, buttons=(join_button(challenge, t), look_button(challenge, t)))


def join_button(challenge: Challenge, t: Language) -> Button:
    return Button("challenge-join", t.gettext("Join"), challenge.id, "primary")


def look_button(challenge: Challenge, t: Language) -> Button:
    return Button("challenge", t.gettext("Where it stands"), challenge.id)


def left_of(until: int, now: int, t: Language) -> str:
    """ "4 days left", "5 hours left", "less than an hour left"."""
    left = until - now
    if left >= 2 * _DAY:
        return t.counted("{n} day left", "{n} days left", left // _DAY)
    if left >= _HOUR:
        return t.counted("{n} hour left", "{n} hours left", left // _HOUR)
    return t.gettext("less than an hour left")


def ceremony(challenge: Challenge, result: Result, people: Mapping[Member, StandingRow], t: Language) -> Card:
    """For everybody, at the end, and from the archive. Names follow the alphabet; who does not want to be shown is
    counted only."""
    wish = challenge.wish
    sections = [Section(tuple(_outcome(result, people, t)))]
    if result.teams:
        sections.append(
            Section(tuple(line(f"{name} · {t.number(n)}") for name, n in result.teams[:MOST_TEAMS]), t.gettext("Teams"))
        )
    if challenge.reason:
        early = t.gettext("It ended before its time: {reason}").format(reason=challenge.reason)
        sections.append(Section((line(early),)))
    sections.append(Section((line(t.gettext("Thank you to everybody who took part.")),)))
    return Card(tuple(sections), fill(t.gettext("{name} is over"), name=Text(wish.name, bold=True)))


def _outcome(result: Result, people: Mapping[Member, StandingRow], t: Language) -> Iterable[Line]:
    if not result.reached:
        yield line(t.gettext("Nobody reached it this time."))
        return
    public = [people[m] for m in result.reached if m in people and _named(people[m])]
    if public:
        yield names(t.gettext("Reached by"), public, len(result.reached), t)
    else:
        yield line(t.counted("{n} person reached it.", "{n} people reached it.", len(result.reached)))
    if result.joined:
        of = len(set(result.joined) & set(result.reached))
        text = t.gettext("{n} of {all} who joined.")
        yield line(text.format(n=t.number(of), all=t.number(len(result.joined))))


def _named(row: StandingRow) -> bool:
    return row.person.present and not row.person.bot and shows(row.choice)


def names(label: str, rows: Iterable[StandingRow], of: int, t: Language) -> Line:
    """ "Reached by: Amira, Jonas and 3 more"."""
    people = sorted((r.person for r in rows), key=by_name)[:MOST_NAMES]
    mentions = [Mention(p.account, p.name, bold=False) for p in people]
    return (Text(f"{label}: ", bold=True), *listed(mentions, t, of - len(mentions)))


def digest_lines(challenges: Iterable[Challenge], calendar: Calendar, now: int, t: Language) -> list[Line]:
    """One line in the digest for each that is open or begins within a week: for the first so many."""
    found: list[Line] = []
    for challenge in challenges:
        state, name = challenge.state(calendar, now), Text(challenge.name, bold=True)
        if state == "open":
            day = last_moment(challenge.wish.last, calendar, t)
            found.append(fill(t.gettext("Under way: {name}, until {day}"), name=name, day=day))
        elif state == "coming" and challenge.starts(calendar) - now <= 7 * _DAY:
            found.append(fill(t.gettext("Starting {day}: {name}"), name=name, day=_weekday(challenge.wish.first, t)))
    if (more := len(found) - MOST_TOLD) > 0:
        found[MOST_TOLD:] = [line(t.counted("and {n} more", "and {n} more", more))]
    return found
