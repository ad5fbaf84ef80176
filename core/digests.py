"""The weekly digest: when one is due, and what it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from core.badges import name_of
from core.calendar import Calendar, zone
from core.cards import Card, Line, Mention, Section, Span, Text, line
from core.language import ENGLISH, Language
from core.privacy import is_public, shows
from core.records import ChoiceRow, DigestAward, DigestFacts, PersonRow
from core.rules.book import RuleBook

MOST_NAMES = 12
MOST_BADGES = 6
MOST_LEVELS = 3
_DAY = 24 * 3600 * 1_000_000
NEWCOMER_FOR = 30 * _DAY
OLD_AFTER = 7 * _DAY
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Due(NamedTuple):
    """One week's digest. `name`: the week it begins in, as 2026-W11; [start, end) in UTC microseconds."""

    name: str
    start: int
    end: int


def due_period(
    now: int, calendar: Calendar, day: str, time: str, last: str | None = None, since: int | None = None
) -> Due | None:
    """The latest digest that should have been posted by `now`, or None if that is done.

    A late one is still posted, one that was missed altogether is not made up for: its awards are older than the
    latest week. `day` and `time` ("HH:MM") are local; `last`: the name of the last one posted; `since`: when the
    bot first started (a digest of the time before it is never due). Where the clocks skip the moment, it is due as
    they jump; where they show it twice, the first time.
    """
    end = _latest(now, calendar, day, time)
    start = end - dt.timedelta(days=7)
    week = calendar.period(start.toordinal(), "week")
    due = Due(calendar.name(week, "week"), *(_instant(calendar, moment) for moment in (start, end)))
    done = (last is not None and last >= due.name) or (since is not None and due.end < since)
    return None if done else due


def score_days(due: Due, calendar: Calendar) -> tuple[int, int]:
    """First and last local day (ordinals) whose scores belong to a digest."""
    first = calendar.day(due.start)
    return first, max(first, calendar.day(due.end) - 1)


def _latest(now: int, calendar: Calendar, day: str, time: str) -> dt.datetime:
    """The last moment on the wall's calendar at which a digest was due."""
    today = (_EPOCH + dt.timedelta(microseconds=now)).astimezone(zone(calendar.timezone)).date()
    date = today - dt.timedelta(days=(today.weekday() - _WEEKDAYS.index(day)) % 7)
    moment = dt.datetime.combine(date, dt.time.fromisoformat(time))
    return moment if _instant(calendar, moment) <= now else moment - dt.timedelta(days=7)


def _instant(calendar: Calendar, wall: dt.datetime) -> int:
    return (wall.replace(tzinfo=zone(calendar.timezone)) - _EPOCH) // dt.timedelta(microseconds=1)


def digest(facts: DigestFacts, book: RuleBook, t: Language = ENGLISH) -> Card | None:
    """What the community reads, or None for a week without anything to tell.

    Under fifteen lines. Names follow the alphabet: nobody is ranked. Left out are bots, leavers, people who hide or
    keep their badges to themselves, and whatever came from a private channel.
    """
    public = [a for a in facts.awards if _may_show(a.person, a.choice) and is_public(a.award, a.choice, book)]
    fresh = [a for a in public if a.award.earned_at >= facts.start - OLD_AFTER]
    sections = [
        _section(_beginnings(fresh, facts.start, t)),
        _section(_thanks(facts, book, t)),
        _section(_badges(fresh, book, t), t.gettext("New badges")),
        _section(_levels(facts, book, t), t.gettext("New levels")),
        _section(_from_before([a for a in public if a not in fresh], t)),
    ]
    told = tuple(s for s in sections if s is not None)
    return Card(told, line(t.gettext("This week"))) if told else None


def _section(lines: Sequence[Line], heading: str | None = None) -> Section | None:
    return Section(tuple(lines), heading) if lines else None


def _may_show(person: PersonRow, choice: ChoiceRow) -> bool:
    return person.present and not person.bot and shows(choice)


def _beginnings(awards: Sequence[DigestAward], start: int, t: Language) -> list[Line]:
    """Newcomers, then others with their first badge."""
    first = [a for a in awards if a.first]
    new = [a.person for a in first if a.joined is not None and a.joined >= start - NEWCOMER_FOR]
    others = [a.person for a in first if a.person not in new]
    lines = [
        _named(t.gettext("New here and already talking"), new, t),
        _named(t.gettext("First badge"), others, t),
    ]
    return [told for told in lines if told]


def _thanks(facts: DigestFacts, book: RuleBook, t: Language) -> list[Line]:
    if book.community.count_private:
        return []  # a score does not say which of it came from private channels
    helpers = [h.person for h in facts.helpers if h.amount > 0 and _may_show(h.person, h.choice)]
    thanks = _named(t.gettext("Thank you for helping"), helpers, t)
    return [thanks] if thanks else []


def _badges(awards: Sequence[DigestAward], book: RuleBook, t: Language) -> list[Line]:
    """One line for each badge: those with a role and those given by hand first, then the rarer ones."""
    people: dict[str, list[PersonRow]] = {}
    for a in awards:
        people.setdefault(a.award.achievement, []).append(a.person)

    def weight(achievement: str) -> tuple[bool, int, str]:
        rule = book.achievements[achievement]
        return (not (rule.gives_role or rule.manual), len(people[achievement]), rule.name)

    order = sorted(people, key=weight)
    lines = [_named(name_of(book, i), people[i], t) for i in order[:MOST_BADGES]]
    if more := len(order) - len(lines):
        lines.append(line(t.counted("and {n} other badge", "and {n} other badges", more)))
    return lines


def _levels(facts: DigestFacts, book: RuleBook, t: Language) -> list[Line]:
    """Who came to which level; for each person the highest."""
    if book.community.count_private:
        return []  # as with the thanks: a score does not say where it came from
    rank = {level.name: number for number, level in enumerate(book.levels)}
    reached = [r for r in facts.levels if r.name in rank and _may_show(r.person, r.choice)]
    highest: dict[PersonRow, str] = {}
    for r in sorted(reached, key=lambda r: rank[r.name]):
        highest[r.person] = r.name
    lines = [_named(name, [p for p, n in highest.items() if n == name], t) for name in rank]
    return [told for told in lines if told][-MOST_LEVELS:]


def _from_before(awards: Sequence[DigestAward], t: Language) -> list[Line]:
    """What a new rule or an import found in older history: numbers, no list of names."""
    if not awards:
        return []
    people = t.counted("{n} person", "{n} people", len({a.award.member for a in awards}))
    badges = t.counted("{n} badge", "{n} badges", len(awards))
    told = t.gettext("Found in older history: {badges} for {people}. See /achievements.")
    return [line(told.format(badges=badges, people=people))]


def _named(label: str, people: Iterable[PersonRow], t: Language) -> Line:
    """As "Thank you for helping: Amira, Jonas and 3 more"; empty without people."""
    everybody = sorted(set(people), key=lambda p: (p.name.casefold(), p.account))
    if not everybody:
        return ()
    spans: list[Span] = [Text(f"{label}: ", bold=True)]
    for i, person in enumerate(everybody[:MOST_NAMES]):
        spans += [Text(t.gettext(", "))] if i else []
        spans.append(Mention(person.account, person.name, bold=False))
    if (more := len(everybody) - MOST_NAMES) > 0:
        spans.append(Text(" " + t.counted("and {n} more", "and {n} more", more)))
    return tuple(spans)
