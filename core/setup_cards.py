"""What people read while they set Plaudit up."""

from __future__ import annotations

from babel.dates import get_day_names

from core.badges import name_of
from core.cards import Button, Card, Line, Section, Text, line, note
from core.language import Language, fill
from core.rules.book import RuleBook
from core.setups import DAYS, Answers, Foreseen, is_waiting

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_BADGES = 12


def weekday(day: str, t: Language) -> str:
    """A day as people write it."""
    names = get_day_names("wide", locale=t.locale)
    return str(names[_WEEK.index(day)])


def now(book: RuleBook, said: Answers, t: Language) -> Card:
    """What holds already, and what setting up would change."""
    if is_waiting(book):
        text = t.gettext("I am not set up yet: I record what happens, and post nothing. It takes two minutes.")
        return note(text, buttons=(Button("setup-fill", t.gettext("Set me up"), "", "primary"),))
    lines = (*_settings(said, t), _rules(book, t))
    hint = t.gettext("Setting up changes the channels, who moderates, and day and time zone. The rules stay.")
    title = line(t.gettext("What the rule book says"))
    sections = (Section(lines), Section((line(hint),), small=True))
    return Card(sections, title, buttons=(Button("setup-fill", t.gettext("Change…"), "", "primary"),))


def preview(said: Answers, book: RuleBook, absent: tuple[str, ...], foreseen: Foreseen | None, t: Language) -> Card:
    """What it will be, before anything changes. `absent`: channels and roles that the platform does not show."""
    sections = [Section((*_settings(said, t), _rules(book, t)))]
    if absent:
        text = t.gettext("I cannot see {names}. Create it or invite me there; until then nothing is posted there.")
        sections.append(Section((line(text.format(names=t.listed(absent))),)))
    if said.template:
        sections.append(Section(_foreseen(book, foreseen, t)))
    sections.append(Section((line(_outlook(said, t)),), small=True))
    return Card(tuple(sections), line(t.gettext("So it would be")))


def started(*, quiet: bool, new: bool, reads_text: bool, t: Language) -> Card:
    """It is in force."""
    texts = [t.gettext("It is set.")]
    if quiet:
        text = t.gettext("For two weeks new badges are only listed in the digest; /achievements shows people theirs.")
        texts.append(text)
    elif new:
        texts.append(t.gettext("New badges are announced from now on."))
    texts.append(t.gettext("It all stands in the rule book, as if somebody had written it there."))
    if reads_text:
        texts.append(t.gettext("Some rules look at how long messages are: restart me once, so that Discord tells me."))
    return Card((Section(tuple(line(text) for text in texts)),))


def _settings(said: Answers, t: Language) -> tuple[Line, ...]:
    nowhere = t.gettext("nowhere")
    when = t.gettext("{day}, {time} ({zone})").format(day=weekday(said.day, t), time=said.time, zone=said.zone)
    return (
        _labelled(t.gettext("New badges"), said.announcements or nowhere),
        _labelled(t.gettext("Weekly digest"), f"{said.digest or nowhere} · {when}"),
        _labelled(t.gettext("For moderators"), said.moderators or nowhere),
        _labelled(t.gettext("Who moderates"), said.staff or t.gettext("only admins")),
    )


def _labelled(label: str, value: str) -> Line:
    return (Text(label, bold=True), Text(f" · {value}"))


def _rules(book: RuleBook, t: Language) -> Line:
    number = sum(1 for rule in book.achievements.values() if rule.on)
    return _labelled(t.gettext("Rules"), t.counted("{n} badge", "{n} badges", number))


def _foreseen(book: RuleBook, foreseen: Foreseen | None, t: Language) -> tuple[Line, ...]:
    if foreseen is None:
        return (line(t.gettext("I am still counting who would hold what. Look again in a moment.")),)
    most = sorted(foreseen.badges.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_BADGES]
    return (
        line(_people(foreseen.people, t)),
        *(fill("{badge} · {n}", badge=Text(name_of(book, id_), bold=True), n=n) for id_, n in most),
    )


def _people(number: int, t: Language) -> str:
    before = t.gettext("In the last {n} days").format(n=DAYS)
    said = t.counted("{n} person would hold a badge", "{n} people would hold a badge", number)
    return f"{before}, {said}."


def _outlook(said: Answers, t: Language) -> str:
    if not said.template:
        return t.gettext("Nothing changes before you press Save.")
    quietly = t.gettext("Start quietly: for two weeks badges are only listed in the digest.")
    return f"{t.gettext('Nothing is posted before you press one of these.')} {quietly}"
