"""What moderators read about findings: who, how many, since when, and why it may be harmless."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.cards import Button, Card, Line, Mention, Section, line
from core.events import Account
from core.fairness import Finding
from core.language import ENGLISH, Language, fill
from core.members import Member
from core.names import listed
from core.records import HeldAward

FINE = "fairness-fine"
LOOK = "fairness-look"
DROP = "fairness-drop"
DROPPED = "fairness-dropped"
VERBS = frozenset({FINE, LOOK})
MOST_AWARDS = 10
_LONGEST_ARGUMENT = 85  # a button's verb and argument have 90 characters

Names = Mapping[Account, str]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A finding with the number by which buttons name it."""

    id: int
    finding: Finding


def card(told: Sequence[Numbered], more: int, names: Names, t: Language = ENGLISH) -> Card:
    """The card of one day. `more`: findings that wait for the next days."""
    sections = [Section((sentence(n.finding, names, t), *_notes(n.finding, t)), f"#{n.id}") for n in told]
    last = [t.gettext("Nothing was taken from anybody. These are questions about the last thirty days.")]
    if more:
        last.append(t.counted("{n} more: plaudit fairness shows it.", "{n} more: plaudit fairness shows them.", more))
    sections.append(Section(tuple(line(text) for text in last), small=True))
    buttons = tuple(button for n in told for button in _buttons(n.id, t))
    return Card(tuple(sections), line(t.gettext("Worth a look")), buttons=buttons)


def _buttons(number: int, t: Language) -> tuple[Button, ...]:
    fine, look = t.gettext("#{id}: looks fine"), t.gettext("#{id}: look closer")
    return (
        Button(FINE, fine.format(id=number), str(number)),
        Button(LOOK, look.format(id=number), str(number)),
    )


def sentence(finding: Finding, names: Names, t: Language = ENGLISH) -> Line:
    """Who did what, and how often."""
    if finding.giver is not None and finding.receiver is not None:
        giver, receiver = _mention(finding.giver, names), _mention(finding.receiver, names)
        return fill(_about_two(finding, t), giver=giver, receiver=receiver, n=finding.number)
    people = listed([_mention(member, names) for member in finding.people], t)
    return (*people, *fill(_about_all(finding, t), n=finding.number, expected=f"{finding.expected:g}"))


def _about_two(finding: Finding, t: Language) -> str:
    if finding.kind == "burst":
        return t.gettext("{giver} gave {receiver} {n} marks within minutes.")
    return t.gettext("{giver} is new here, and all {n} marks went to {receiver}.")


def _about_all(finding: Finding, t: Language) -> str:
    if finding.kind == "ring":
        return t.gettext(" gave each other {n} marks. By the community's mix it would be about {expected}.")
    return t.gettext(" came within an hour of each other, and all of them marked the same {n} things.")


def harmless(finding: Finding, t: Language = ENGLISH) -> str:
    """Why there may be nothing behind it."""
    match finding.kind:
        case "ring":
            return t.gettext("It may be harmless: people who work together mark each other's work.")
        case "burst":
            return t.gettext("It may be harmless: somebody read a long thread at once.")
        case "newcomer":
            return t.gettext("It may be harmless: they came for the help of this one person.")
        case "lockstep":
            return t.gettext("It may be harmless: they came together from one event or class.")


def _notes(finding: Finding, t: Language) -> list[Line]:
    text = t.gettext("{facts}, from {since} to {until}.")
    facts = t.counted("{n} fact", "{n} facts", finding.size)
    notes = [line(text.format(facts=facts, since=t.date(finding.since), until=t.date(finding.until)))]
    if finding.kind == "ring":
        share = t.gettext("At least {share} % of what each of them got came from the others.")
        notes.append(line(share.format(share=finding.share)))
    return [*notes, line(harmless(finding, t))]


def closer(number: int, awards: Sequence[tuple[HeldAward, str]], names: Names, t: Language = ENGLISH) -> Card:
    """The awards that these people got in the period, each with the way to its reasons. `awards`: with their names."""
    head = t.gettext("#{id}: what they earned in these days. Each button shows the reasons.")
    lines = [line(head.format(id=number))] if awards else [line(t.gettext("They earned nothing in these days."))]
    buttons = []
    for award, name in awards[:MOST_AWARDS]:
        who = _mention(award.member, names)
        lines.append(fill(t.gettext("{person}: {badge}, {facts}"), person=who, badge=name, facts=_facts(award, t)))
        argument = f"{award.achievement} {award.member}"
        if len(argument) <= _LONGEST_ARGUMENT:
            buttons.append(Button("why", f"{who.name}: {name}"[:70], argument))
    drop = Button(DROP, t.gettext("#{id}: do not count these marks").format(id=number), str(number))
    return Card((Section(tuple(lines)),), buttons=(*buttons, drop))


def sure(number: int, finding: Finding, t: Language = ENGLISH) -> Card:
    """Before the marks count no more."""
    marks = t.counted("{n} mark would count no more.", "{n} marks would count no more.", finding.size)
    means = t.gettext("It is as if they were withdrawn, for good: the rules decide what of it is taken back.")
    anew = t.gettext("A mark that somebody gives anew counts again.")
    buttons = (
        Button(DROPPED, t.gettext("Do not count them"), str(number), "danger"),
        Button("fairness", t.gettext("Back")),
    )
    head = f"#{number}: {marks}"
    return Card((Section((line(head), line(f"{means} {anew}"))),), buttons=buttons)


def called_fine(number: int, by: Mention, t: Language = ENGLISH) -> Line:
    """What stands on the card then."""
    return fill(t.gettext("#{id} looks fine, says {by}."), id=number, by=by)


def marks_dropped(number: int, by: Mention, t: Language = ENGLISH) -> Line:
    """The same for marks that do not count."""
    return fill(t.gettext("#{id}: its marks do not count any more, says {by}."), id=number, by=by)


def _facts(award: HeldAward, t: Language) -> str:
    return t.counted("{n} fact", "{n} facts", award.evidence)


def _mention(member: Member, names: Names) -> Mention:
    return Mention(member, names.get(member) or member.partition("/")[2] or member)
