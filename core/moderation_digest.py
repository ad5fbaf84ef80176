"""The moderators' part of the weekly digest: what waits for them, rules on trial, rules that went quiet, purposes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.badges import name_of
from core.cards import Card, Line, Mention, Section, Text, line
from core.dead_rules import Quiet
from core.language import ENGLISH, Language
from core.names import listed
from core.participation import Participation, Share
from core.records import PersonRow
from core.rules.book import RuleBook

MOST_NAMES = 8
MOST_LINES = 8


@dataclass(frozen=True, slots=True)
class Waiting:
    """An award that a rule found and nobody has decided on. `tier` "" where there is none."""

    achievement: str
    tier: str
    person: PersonRow


@dataclass(frozen=True, slots=True)
class Backlog:
    """Claims that nobody has decided on. `waiting`: for a moderator, the oldest for `days`; `asked`: for the answer of
    whoever claimed."""

    waiting: int = 0
    days: int = 0
    asked: int = 0


@dataclass(frozen=True, slots=True)
class ModerationFacts:
    """What moderators read about one week. `trials`: how many people each rule on trial would have reached in it;
    `given`: how often each badge was given in it; `rewards`: sentences about this month's budget;
    `participation`: who took part, where it was looked at."""

    waiting: Sequence[Waiting] = ()
    trials: Mapping[str, int] = field(default_factory=dict)
    given: Mapping[str, int] = field(default_factory=dict)
    quiet: Sequence[Quiet] = ()
    rewards: Sequence[str] = ()
    participation: Participation | None = None
    claims: Backlog = Backlog()


def moderation_digest(facts: ModerationFacts, book: RuleBook, t: Language = ENGLISH) -> Card | None:
    """What moderators read, or None where there is nothing for them."""
    decide = t.gettext("Answer with /plaudit confirm or /plaudit decline.")
    sections = [
        _section(_waiting(facts.waiting, book, t), t.gettext("Waiting for you"), decide),
        _section(_claims(facts.claims, t), t.gettext("Claims"), t.gettext("/plaudit claims lists them.")),
        _section(_trials(facts.trials, book, t), t.gettext("In trial")),
        _section([line(_quiet(q, book, t)) for q in facts.quiet], t.gettext("Rules that went quiet")),
        _section(_purposes(facts.given, book, t), t.gettext("What badges were given for")),
        _section([line(sentence) for sentence in facts.rewards], t.gettext("Rewards this month")),
        _section(_participation(facts.participation, t), t.gettext("Who took part")),
    ]
    told = tuple(s for s in sections if s is not None)
    return Card(told, line(t.gettext("For moderators: this week"))) if told else None


def _section(lines: Sequence[Line], heading: str, last: str | None = None) -> Section | None:
    if not lines:
        return None
    return Section((*lines[:MOST_LINES], *((line(last),) if last else ())), heading)


def _waiting(waiting: Iterable[Waiting], book: RuleBook, t: Language) -> list[Line]:
    people: dict[str, dict[PersonRow, None]] = {}
    for w in waiting:
        name = name_of(book, w.achievement)
        people.setdefault(f"{name}: {w.tier}" if w.tier else name, {})[w.person] = None
    return [_named(badge, list(there), t) for badge, there in people.items()]


def _claims(claims: Backlog, t: Language) -> list[Line]:
    lines = []
    if claims.waiting:
        waiting = t.counted("{n} claim waits for you", "{n} claims wait for you", claims.waiting)
        age = _span(claims.days, t) if claims.days else t.gettext("less than a day")
        lines.append(line(t.gettext("{claims}, the oldest for {age}.").format(claims=waiting, age=age)))
    if claims.asked:
        one, many = "{n} claim waits for its person's answer.", "{n} claims wait for their people's answers."
        lines.append(line(t.counted(one, many, claims.asked)))
    return lines


def _named(badge: str, people: Sequence[PersonRow], t: Language) -> Line:
    mentions = [Mention(person.account, person.name, bold=False) for person in people[:MOST_NAMES]]
    return (Text(badge, bold=True), Text(" · "), *listed(mentions, t, len(people) - MOST_NAMES))


def _participation(found: Participation | None, t: Language) -> list[Line]:
    """Numbers only, each beside what is usual here."""
    if found is None or not found.active:
        return []
    here = t.counted("{n} person did something.", "{n} people did something.", found.active)
    usual = t.gettext("Usually: {usual}.").format(usual=round(found.usual)) if found.usual is not None else ""
    lines = [f"{here} {usual}".rstrip()]
    for share, text in (
        (found.returned, t.gettext("Newcomers of the week before who came back: {number} of {all}.")),
        (found.again, t.gettext("People of the week before who were here again: {number} of {all}.")),
    ):
        if share.of:
            told = text.format(number=t.number(share.number), all=t.number(share.of))
            lines.append(f"{told} {_usual(share, t)}".rstrip())
    return [line(told) for told in lines]


def _usual(share: Share, t: Language) -> str:
    return "" if share.usual is None else t.gettext("Usually: {percent} %.").format(percent=round(100 * share.usual))


def _trials(trials: Mapping[str, int], book: RuleBook, t: Language) -> list[Line]:
    lines = []
    for name in (n for n, rule in book.achievements.items() if n in trials and rule.status == "shadow"):
        one, many = "{n} person", "{n} people"
        text = t.gettext("{badge} would have gone to {people} this week.")
        lines.append(line(text.format(badge=name_of(book, name), people=t.counted(one, many, trials[name]))))
    return lines


def _quiet(quiet: Quiet, book: RuleBook, t: Language) -> str:
    silence = _span(quiet.days, t)
    if quiet.what == "unearned":
        text = t.gettext(
            "{badge}: nobody earned it for {silence}, although its events go on. Does its filter still fit?"
        )
        return text.format(badge=name_of(book, quiet.achievement), silence=silence)
    text = t.gettext("{badge}: no {events} for {silence}; one usually comes {often}. Is its source still connected?")
    often = t.gettext("every day") if quiet.usual <= 1 else t.gettext("every {n} days").format(n=round(quiet.usual))
    events = t.gettext(" or ").join(quiet.types)
    return text.format(badge=name_of(book, quiet.achievement), events=events, silence=silence, often=often)


def _span(days: int, t: Language) -> str:
    if days < 3 * 7:
        return t.counted("{n} day", "{n} days", days)
    return t.counted("{n} week", "{n} weeks", days // 7)


def _purposes(given: Mapping[str, int], book: RuleBook, t: Language) -> list[Line]:
    """How often a badge was given for each purpose, the most frequent first; rules without one are left out."""
    sums: dict[str, int] = {}
    for name, number in given.items():
        rule = book.achievements.get(name)
        if rule is not None and rule.purpose and number:
            sums[rule.purpose] = sums.get(rule.purpose, 0) + number
    order = sorted(sums, key=lambda purpose: (-sums[purpose], purpose))
    return [line(Text(t.counted("{n} badge", "{n} badges", sums[p]), bold=True), f" · {p.rstrip('.')}") for p in order]
