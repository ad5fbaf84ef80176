"""What somebody reads who asked for a digest of their own: their week, and what is near. Nothing about others."""

from __future__ import annotations

from collections.abc import Sequence

from core.badges import name_of
from core.cards import Button, Card, Line, Picture, Row, Section, Text, line
from core.commands.achievements import bar, under_way
from core.commands.asked import Asked
from core.events import Account
from core.language import Language, fill
from core.languages import theirs
from core.members import People
from core.records import ProgressLine, Records
from core.requests import Request
from core.rules.book import RuleBook

MOST_BADGES = 6
MOST_STEPS = 3
BOXES = 5


async def own_digest(
    account: Account, book: RuleBook, records: Records, people: People, start: int, end: int
) -> Card | None:
    """About [start, end), UTC microseconds; None for a week without anything to say."""
    language = theirs(book, people.languages, people.member(account))
    request = Request("digest", account.partition("/")[0], account, "achievements", end)
    asked = Asked(request, book, records, book.community.calendar, language, people)
    awards = await records.awards(asked.member)
    fresh = [a for a in awards if a.state == "awarded" and start <= a.decided_at < end]
    names = dict.fromkeys(name_of(book, a.achievement) for a in fresh)
    ahead = (await under_way(asked, awards))[:MOST_STEPS]
    if not fresh and not ahead:
        return None
    t, sections = asked.t, []
    if names:
        sections.append(
            Section(tuple(line(Text(n, bold=True)) for n in [*names][:MOST_BADGES]), t.gettext("New badges"))
        )
    if ahead:
        steps = [
            line(Text(name_of(book, p.achievement), bold=True), f" {bar(p.nearness, BOXES)} {p.text}") for p in ahead
        ]
        sections.append(Section(tuple(steps), t.gettext("Under way")))
        if (step := ahead[0].next_step) and step not in ahead[0].text:
            sections.append(Section((fill(t.gettext("Next: {step}."), step=step.rstrip(".")),)))
    title = line(t.gettext("Your week"))
    picture = _picture(title, [*names][:MOST_BADGES], ahead, book, t) if book.pictures.on else None
    buttons = (
        Button("achievements", t.gettext("My achievements")),
        Button("settings", t.gettext("No digest of my own"), "digest=off"),
    )
    return Card(tuple(sections), title, buttons=buttons, picture=picture)


def _picture(title: Line, badges: Sequence[str], ahead: Sequence[ProgressLine], book: RuleBook, t: Language) -> Picture:
    """The badges, and a bar for each that is under way."""
    new, under = t.gettext("New badges"), t.gettext("Under way")
    earned = (Row(line(name), heading="" if i else new) for i, name in enumerate(badges))
    return Picture(title, (*earned, *(_begun(p, "" if i else under, book, t) for i, p in enumerate(ahead))))


def _begun(progress: ProgressLine, heading: str, book: RuleBook, t: Language) -> Row:
    name, amount = name_of(book, progress.achievement), f"{t.number(progress.value)}/{t.number(progress.goal)}"
    return Row(line(name), heading=heading, amount=amount, share=progress.nearness)
