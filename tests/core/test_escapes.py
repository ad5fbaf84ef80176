"""Nothing that people read escapes translation: every text is marked, and nothing but data stands outside a mark."""

from __future__ import annotations

import gettext
import re
from dataclasses import replace

import pytest

from core import announcements, bursts, claim_cards, digests, kudos, link_cards, trouble
from core.announcements import Badge
from core.calendar import Calendar
from core.cards import Card, Line, Mention, Text, Time
from core.commands import VERBS
from core.commands.asked import Asked, Refusal
from core.forms import Form
from core.language import Language
from core.records import DigestFacts, ProgressLine
from core.requests import Answer
from core.rules.book import RuleBook
from core.rules.explain import Clock, nothing_yet, progress_text, sentence
from tests.core.commands.conftest import village  # noqa: F401 - a fixture
from tests.village import AMIRA, DAY, JONAS, NAMES, NOW, Village, ask, book

BEGIN, END = "⟦", "⟧"


class Marking(gettext.NullTranslations):
    """A translation into the same words, between marks."""

    def gettext(self, message: str) -> str:
        return marked(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return marked(msgid1 if n == 1 else msgid2)


def marked(text: str) -> str:
    """Only the words: what comes into the places of a text has marks of its own, or is data."""
    return "".join(
        part if part.startswith("{") else f"{BEGIN}{part}{END}" for part in re.split(r"(\{\w*\})", text) if part
    )


MARKING = Language("de", translator=Marking())  # not English: rules are told as parts
BADGE = Badge("first_post", "Erster", "tada", "Helfer")
PERSON = Mention(AMIRA, "Amira")
# Names of the village, of its book and of its connections; days as German writes them.
DATA = {*NAMES.values(), "Slack", "Europe", "Berlin", "English", "Feb", "März"}


def escaped(card: Card) -> list[str]:
    """Words of a card that stand outside of every mark, without what is data."""
    lines = [card.title or (), *(line for section in card.sections for line in section.lines)]
    said = [_plain(line) for line in lines]
    said += [section.heading for section in card.sections if section.heading]
    said += [button.label for button in card.buttons]
    return [word for text in said for word in _outside(text)]


def _plain(line: Line) -> str:
    """Bold texts are names, or labels that carry a mark of their own."""
    texts = [span for span in line if isinstance(span, Text)]
    return "".join(span.text for span in texts if not span.bold or BEGIN in span.text)


def _outside(text: str) -> list[str]:
    inner = re.compile(f"{BEGIN}[^{BEGIN}{END}]*{END}")
    while inner.search(text):
        text = inner.sub(" ", text)
    return [word for word in re.findall(r"[^\W\d_]{2,}", text) if word not in DATA]


def _of_form(form: Form | None) -> list[str]:
    """The same of a window: its title, its button, and the labels of its fields and their options."""
    if form is None:
        return []
    labels = [label for field in form.fields for label in (field.label, *(option.label for option in field.options))]
    names = {rule.name for rule in village_book().achievements.values()}
    return [word for text in (form.title, form.submit, *labels) for word in _outside(text) if text not in names]


def asked(village: Village, verb: str, **arguments: str) -> Asked:  # noqa: F811 - not the fixture
    c = village_book().community
    calendar = Calendar(c.timezone, c.day_starts, c.week_starts)
    request = ask(verb, moderator=True, **arguments)
    return Asked(replace(request, role="admin"), village_book(), village.records, calendar, MARKING)


def village_book() -> RuleBook:
    """Whose badges have numbers for names."""
    return book(BOOK_OF_NUMBERS)


BOOK_OF_NUMBERS = """
rules = 1
[community]
timezone = "Europe/Berlin"
[achievement.a1]
name = "1"
description = "1"
when = "message.posted"
goal = 5
[achievement.a2]
name = "2"
when = "message.posted"
announce = "private"
[achievement.a3]
name = "3"
manual = "moderator"
[score.s]
when = "message.posted"
give = 5
"""
ASKED = [
    ("achievements", {}),
    ("leaderboard", {}),
    ("why", {"achievement": "1"}),
    ("why", {"achievement": "3"}),
    ("why-not", {"achievement": "1"}),
    ("settings", {}),
    ("settings", {"choice": "announce=private"}),
    ("privacy", {}),
    ("erase", {}),
    ("export", {}),
    ("kudos", {}),
    ("kudos", {"member": AMIRA, "reason": "7"}),
    ("grant", {"member": JONAS, "achievement": "3", "reason": "7"}),
    ("revoke", {"member": JONAS, "achievement": "1", "reason": "7"}),
    ("validate", {"member": JONAS, "kind": "7", "reason": "7"}),
    ("pause", {"member": JONAS}),
    ("freeze", {"member": JONAS, "day": "2026-03-01"}),
    ("ban", {}),
    ("audit", {}),
    ("link", {}),
    ("rewards", {}),
    ("challenge", {}),
    ("claim", {}),
    ("nominate", {}),
]


@pytest.mark.parametrize(("verb", "arguments"), ASKED)
async def test_the_card_of_a_command_is_translated_as_a_whole(
    village: Village,  # noqa: F811 - the fixture
    verb: str,
    arguments: dict[str, str],
) -> None:
    village.award(AMIRA, "a2")
    village.score(AMIRA, 5, 739_692)
    village.lines[AMIRA] = [ProgressLine("a1", 3, 5, f"{BEGIN}x{END}")]
    try:
        answer = await VERBS[verb](asked(village, verb, **arguments))
    except Refusal as refusal:
        answer = Answer(refusal.card)
    assert escaped(answer.card) == []
    assert _of_form(answer.form) == []
    assert BEGIN in str(answer.card)


def cards() -> dict[str, Card | None]:
    t = MARKING
    return {
        "awarded": announcements.awarded(BADGE, PERSON, None, t),
        "privately": announcements.earned_privately(BADGE, t=t),
        "granted": announcements.granted(BADGE, PERSON, "Jonas", "7", t),
        "revoked": announcements.revoked(BADGE, "its time", "4", t),
        "run out": announcements.run_out(BADGE, while_true=True, again=False, t=t),
        "burst": bursts.burst({BADGE: [PERSON]}, 2, t),
        "kudos": kudos.thanks(PERSON, Mention(JONAS, "Jonas"), "7", t),
        "claims": claim_cards.reminder(2, NOW - DAY, t),
        "accounts": link_cards.overview([AMIRA], NAMES, "7", t),
        "instructions": link_cards.instructions("7", t, gists=True),
        "sorry": trouble.sorry(t),
        "digest": digests.digest(DigestFacts(NOW - DAY, NOW), village_book(), t),
    }


@pytest.mark.parametrize("name", cards())
def test_a_card_that_is_told_by_itself_is_translated_as_a_whole(name: str) -> None:
    card = cards()[name]
    if name == "revoked":
        assert escaped(card or Card(())) == ["its", "time"]  # what a person wrote
    elif card is not None:
        assert escaped(card) == []


def test_a_rule_and_the_way_to_it_are_told_in_translated_parts_only() -> None:
    there = village_book()
    for name in there.achievements:
        assert _outside(sentence(there, name, MARKING)) == []
        clock = Clock(NOW, Calendar("Europe/Berlin", "00:00", "monday"))
        assert _outside(progress_text(there, nothing_yet(there, name), clock, MARKING, held=True)) == []


def test_a_text_that_nobody_translates_is_found() -> None:
    assert escaped(Card((), (Text("Hello "), Text(f"{BEGIN}you{END}"), Time(NOW, "x")))) == ["Hello"]
