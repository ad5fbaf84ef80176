"""The weekly digest: when one is due, and what it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from core.badges import name_of, shown
from core.calendar import Calendar, zone
from core.cards import Card, Line, Mention, Section, Text, line
from core.language import ENGLISH, Language, fill
from core.names import by_name, listed
from core.privacy import is_public, on_boards, shows
from core.records import ChoiceRow, DigestAward, DigestFacts, PersonRow, StandingRow
from core.rules.book import RuleBook, conditions

MOST_NAMES = 12
MOST_BADGES = 6
MOST_LEVELS = 2
MOST_LINES = 14
FEWEST_BADGES = 5  # lines, with the heading
MOST_THANKS = 3
MOST_REASONS = 2
MOST_NEAR = 2
TOP = 3
DAY = 24 * 3600 * 1_000_000
NEWCOMER_FOR = 30 * DAY
OLD_AFTER = 7 * DAY
_OPEN = ("thread", "channel", "reaction", "digest")
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
    fresh = [a for a in public if a.held or a.award.earned_at >= facts.start - OLD_AFTER]
    first, rest = _beginnings(fresh, facts.start, t), [*_steady(fresh, book, t), *_changes(facts, book, t)]
    levels, before = _levels(facts, book, t), _from_before([a for a in public if a not in fresh], t)
    near = _near(facts, book, t)
    room = MOST_LINES - 1 - sum(map(len, (first, rest, levels, before, near))) - bool(levels)
    thanks = _thanks(facts, book, t, most=room - FEWEST_BADGES)
    badges = _badges([a for a in fresh if not _is_steady(a, book)], book, t, most=room - len(thanks) - 2)
    sections = [
        _section(first),
        _section(thanks),
        _section(badges, t.gettext("New badges")),
        _section(rest),
        _section(levels, t.gettext("New levels")),
        _section(before),
    ]
    told = [s for s in sections if s is not None]
    told += [s for s in (_section(near),) if s is not None and told]
    return Card(tuple(told), line(t.gettext("This week"))) if told else None


def _section(lines: Sequence[Line], heading: str | None = None) -> Section | None:
    return Section(tuple(lines), heading) if lines else None


def _may_show(person: PersonRow, choice: ChoiceRow) -> bool:
    return person.present and not person.bot and shows(choice)


def _beginnings(awards: Sequence[DigestAward], start: int, t: Language) -> list[Line]:
    """Newcomers, then others with their first badge."""
    first, held = [a for a in awards if a.first], _held(awards)
    new = [a.person for a in first if a.joined is not None and a.joined >= start - NEWCOMER_FOR]
    others = [a.person for a in first if a.person not in new]
    lines = [
        _named(t.gettext("New here and already talking"), new, t, held),
        _named(t.gettext("First badge"), others, t, held),
    ]
    return [told for told in lines if told]


def _thanks(facts: DigestFacts, book: RuleBook, t: Language, most: int) -> list[Line]:
    """A line for each helper, if they are few and it is known what for; else one for all."""
    if book.community.count_private:
        return []  # a score does not say which of it came from private channels
    helpers = [h.person for h in facts.helpers if h.amount > 0 and _may_show(h.person, h.choice)]
    lines = [_thanked(person, facts, book, t) for person in sorted(helpers, key=by_name)]
    if len(lines) <= min(most, MOST_THANKS) and all(lines):
        return lines
    thanks = _named(t.gettext("Thank you for helping"), helpers, t)
    return [thanks] if thanks else []


def _thanked(person: PersonRow, facts: DigestFacts, book: RuleBook, t: Language) -> Line:
    """What one person is thanked for; empty where the book has no words for it."""
    rules = [book.scores[r].name for r in facts.thanks.get(person.account, ()) if r in book.scores]
    named = [name for name in rules if name is not None][:MOST_REASONS]
    if not named:
        return ()
    who = Mention(person.account, person.name, bold=False)
    return (*fill(t.gettext("Thank you, {person}"), person=who), Text(f" · {t.listed(named)}"))


def _is_steady(award: DigestAward, book: RuleBook) -> bool:
    return any(part.streak is not None for part in conditions(book.achievements[award.award.achievement]))


def _steady(awards: Sequence[DigestAward], book: RuleBook, t: Language) -> list[Line]:
    """Who earned a badge for a rhythm they kept. Nobody is told what they might lose."""
    steady = [a for a in awards if _is_steady(a, book)]
    told = _named(t.gettext("Here time and again"), [a.person for a in steady], t, _held(steady))
    return [told] if told else []


def _changes(facts: DigestFacts, book: RuleBook, t: Language) -> list[Line]:
    """Who is new among the first three of the week. Only upwards, only who shows on boards, and without places."""
    if book.community.count_private or not facts.earlier:
        return []
    now, before = (_first_places(rows, book) for rows in (facts.helpers, facts.earlier))
    told = _named(t.gettext("New at the top of the board"), now - before, t)
    return [told] if told else []


def _first_places(rows: Sequence[StandingRow], book: RuleBook) -> set[PersonRow]:
    """Those whose amount is among the three highest; ties share a place."""
    listed = [r for r in rows if on_boards(r.person, r.choice, book.community.staff) and _may_show(r.person, r.choice)]
    highest = sorted({r.amount for r in listed}, reverse=True)[:TOP]
    return {r.person for r in listed if r.amount in highest}


def _near(facts: DigestFacts, book: RuleBook, t: Language) -> list[Line]:
    """Which badges are within reach of how many; whose is told to each of them alone."""
    there = [i for i in facts.near if i in shown(book) and book.achievements[i].announce in _OPEN]
    order = sorted(there, key=lambda i: (-facts.near[i], name_of(book, i)))[:MOST_NEAR]
    if not order:
        return []
    each = t.gettext("{badge} for {people}")
    counts = {i: t.counted("{n} person", "{n} people", facts.near[i]) for i in order}
    told = t.listed(each.format(badge=name_of(book, i), people=counts[i]) for i in order)
    return [line(t.gettext("Within reach: {badges}. /achievements shows yours.").format(badges=told))]


def _badges(awards: Sequence[DigestAward], book: RuleBook, t: Language, most: int) -> list[Line]:
    """One line for each badge: important ones, those with a role and those given by hand first, then the rarer. Where
    there are too many, those that were not said aloud are told rather than others."""
    there: dict[str, list[DigestAward]] = {}
    for a in awards:
        there.setdefault(a.award.achievement, []).append(a)
    people = {achievement: [a.person for a in found] for achievement, found in there.items()}

    def weight(achievement: str) -> tuple[bool, int, str]:
        rule = book.achievements[achievement]
        return (not (rule.importance == "high" or rule.gives_role or rule.manual), len(people[achievement]), rule.name)

    order = sorted(people, key=lambda i: (not _held(there[i]), weight(i)))
    first = sorted(order[: max(1, min(most, MOST_BADGES))], key=weight)
    lines = [_named(name_of(book, i), people[i], t, _held(there[i])) for i in first]
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


def _held(awards: Iterable[DigestAward]) -> set[PersonRow]:
    """Whose award was not said aloud: nobody reads of it but here."""
    return {a.person for a in awards if a.held}


def _named(label: str, people: Iterable[PersonRow], t: Language, foremost: Collection[PersonRow] = ()) -> Line:
    """As "Thank you for helping: Amira, Jonas and 3 more"; empty without people. `foremost`: where not all are named,
    rather these than others."""
    everybody = sorted(set(people), key=lambda person: (person not in foremost, by_name(person)))
    if not everybody:
        return ()
    named = sorted(everybody[:MOST_NAMES], key=by_name)
    mentions = [Mention(person.account, person.name, bold=False) for person in named]
    return (Text(f"{label}: ", bold=True), *listed(mentions, t, len(everybody) - MOST_NAMES))
