"""What a challenge can be about: kinds of events in words, who takes part, and templates that fill most of it in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from core.catalogue import CLOCK, ENGINE, HAND, KEPT, MACHINE, WATCHED
from core.challenges import Wish
from core.forms import LONGEST_VALUE, MOST_OPTIONS, Option
from core.language import ENGLISH, Language
from core.rules.book import RuleBook, Signal
from core.rules.community import Platform
from core.rules.explain.nouns import nouns
from core.rules.explain.words import events

_USUAL = (
    "message.posted,thread.replied",
    "thread.replied",
    "thread.started",
    "reply.marked_helpful:author",
    "kudos.given",
    "kudos.given:target",
    "event.attended",
    "code.claimed",
    "action.validated",
)
_OURS = frozenset({*CLOCK, *ENGINE, *KEPT, *MACHINE, *HAND, "command.used", "member.joined"})
_OTHERS = {"kudos.given": "target", "nomination.made": "target"}
SPRINT, FIRST, RELAY = "helpful replies sprint", "first-timers' week", "team relay"


@dataclass(frozen=True, slots=True)
class Template:
    """A challenge that is mostly filled in: `days` long, from the next Monday on. `wish` has no dates yet."""

    name: str
    days: int
    wish: dict[str, object] = field(default_factory=dict)


TEMPLATES: dict[str, Template] = {
    t.name: t
    for t in (
        Template(SPRINT, 14, {"name": "Helpful fortnight", "what": "reply.marked_helpful:author", "goal": 3}),
        Template(
            FIRST,
            7,
            {"name": "First-timers' week", "what": "message.posted,thread.replied", "goal": 1, "whom": "new"},
        ),
        Template(
            RELAY,
            14,
            {"name": "Team relay", "what": "thread.replied", "goal": 20, "whom": "team"},
        ),
    )
}


def asks(words: str) -> tuple[str, dict[str, str]]:
    """What `/challenge WORDS` asks: verb and arguments. "new" makes one, "archive" shows what was; else a name."""
    first, _, rest = words.strip().partition(" ")
    if first.rstrip(":").casefold() == "new":
        return "challenge-new", {"name": rest.strip(" :")} if rest.strip(" :") else {}
    if words.strip().casefold() == "archive":
        return "challenge-archive", {}
    return "challenge", {"name": words.strip()} if words.strip() else {}


def template_named(words: str) -> Template | None:
    """The one that the words begin to name: "sprint", "first", "relay"."""
    wanted = words.casefold().strip()
    return next((t for name, t in TEMPLATES.items() if wanted and wanted in name), None)


def blank(today: dt.date, template: Template | None = None, channel: str = "") -> Wish:
    """What the form begins with: two weeks from the next Monday on."""
    first = today + dt.timedelta(days=7 - today.weekday())
    days = template.days if template is not None else 14
    wish = Wish("", "", 3, first, first + dt.timedelta(days=days - 1), channel=channel)
    if template is None:
        return wish
    return replace(wish, template=template.name, **template.wish)  # type: ignore[arg-type] # each is what Wish says


def whats(book: RuleBook, now: str = "", t: Language = ENGLISH) -> list[Option]:
    """What can be counted: the book's own signals first, the usual things, then whatever its rules count. `now`: what
    is chosen already, which is always among them."""
    found = {o.value: o for o in _all(book, t) if len(o.value) <= LONGEST_VALUE}
    shown = list(found.values())[:MOST_OPTIONS]
    missing = now in found and now not in {o.value for o in shown}
    return [*shown[:-1], found[now]] if missing else shown


def _all(book: RuleBook, t: Language) -> Iterator[Option]:
    for name, signal in book.signals.items():
        yield Option(name, signal.describe or name.replace("_", " "))
    for what in _USUAL:
        if what in WATCHED - book.types_used():
            continue  # no platform tells of it
        yield Option(what, label(book, what, t))
    for type_ in sorted({*book.types_used(), *book.types.known} - book.signals.keys() - _OURS):
        yield Option(type_, label(book, type_, t))


def label(book: RuleBook, what: str, t: Language = ENGLISH) -> str:
    """What is counted, in words: "helpful marks received"."""
    if what in book.signals:
        return book.signals[what].describe or what.replace("_", " ")
    types, _, credit = what.partition(":")
    signal = Signal.model_validate({"when": types.split(","), "credit": credit or "actor"})
    return nouns(book, signal)[1] if t.is_english else events(book, signal, t)


def by_oneself(book: RuleBook, what: str) -> bool:
    """Whether it counts for whoever does it. A team is stamped for them, and for nobody else."""
    if what in book.signals:
        return book.signals[what].credit == "actor"
    return what.partition(":")[2] in ("", "actor")


def eaches(t: Language, what: str) -> list[Option]:
    """Which of them count: every one, or different days, people, places."""
    types, _, credit = what.partition(":")
    other = _OTHERS.get(types.split(",")[0], "author") if credit in ("", "actor") else "actor"
    return [
        Option("*", t.gettext("every one")),
        Option("day", t.gettext("one a day, on different days")),
        Option(other, t.gettext("one for each person, different people")),
        Option("channel", t.gettext("one in each channel, different channels")),
        Option("thread", t.gettext("one in each thread, different threads")),
    ]


def whoms(t: Language) -> list[Option]:
    """Who takes part."""
    return [
        Option("all", t.gettext("everybody, each for themselves")),
        Option("new", t.gettext("people who came in the last thirty days")),
        Option("team", t.gettext("teams, each together")),
        Option("community", t.gettext("the whole community together")),
    ]


def places(t: Language) -> list[Option]:
    """Where it is announced."""
    return [
        Option("announcements", t.gettext("the channel for announcements")),
        Option("digest", t.gettext("the channel of the digest")),
        Option("here", t.gettext("the channel where you make it")),
    ]


def roles(book: RuleBook, t: Language) -> list[Option]:
    """Roles that a rule or a level of the book gives already: its managers want them to be earned. Not those that
    people give by hand or say yes to, nor those that give rights here."""
    given = [Option(role, role) for role in _earned(book) if len(role) <= LONGEST_VALUE - 1]
    return [Option("*", t.gettext("no role")), *given][:MOST_OPTIONS]


def _earned(book: RuleBook) -> list[str]:
    mighty = set(_mighty(book))
    rules = (a for a in book.achievements.values() if a.on and a.manual is None and not (a.ask or a.two_people))
    given = [a.gives_role for a in rules] + [level.gives_role for level in book.levels]
    there = {role for role in given if role is not None}
    return [role for role in book.given_roles if role in there and role not in mighty]


def _mighty(book: RuleBook) -> Iterator[str]:
    """Roles that make people creators, moderators and so on, or givers, as the book's rules write them."""
    platforms: tuple[Platform, ...] = ("slack", "discord")
    for places in map(book.places, platforms):
        held = {there.lstrip("@").casefold() for there in (*places.rights.values(), *places.givers)}
        yield from (r for r in book.given_roles if places.role(r).lstrip("@").casefold() in held)
