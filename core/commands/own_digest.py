"""What somebody reads who asked for a digest of their own: their week, and what is near. Nothing about others."""

from __future__ import annotations

from core.badges import name_of
from core.cards import Button, Card, Section, Text, line
from core.commands.achievements import bar, under_way
from core.commands.asked import Asked
from core.events import Account
from core.language import fill
from core.languages import theirs
from core.members import People
from core.records import Records
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
    buttons = (
        Button("achievements", t.gettext("My achievements")),
        Button("settings", t.gettext("No digest of my own"), "digest=off"),
    )
    return Card(tuple(sections), line(t.gettext("Your week")), buttons=buttons)
