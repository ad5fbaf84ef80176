"""Names that are read the other way keep their own direction, and a line the one of its card."""

from __future__ import annotations

import pytest

from adapters.discord import embeds
from adapters.mail.cards import as_html
from adapters.slack import blocks
from core.cards import Button, Card, Link, Mention, Section, Text, line
from core.directions import direction
from core.languages import speak
from core.texts import ISOLATES

RIGHT, LEFT = "\N{RIGHT-TO-LEFT MARK}", "\N{LEFT-TO-RIGHT MARK}"
AMAL = "أمل"
AR = speak("ar")
EARNED = Section((line(Text("Helpful answer: ", bold=True), "21"),), heading=AR.gettext("Earned"))
ENGLISH = Card((Section((line(Mention("x:1/2", AMAL), " has a badge"),)),))


def isolated(text: str) -> str:
    return text.join(ISOLATES)


def slack(card: Card) -> list[str]:
    return [part["text"]["text"] for part in blocks.render(card, "slack:T1")[1] if "text" in part]


@pytest.mark.parametrize(
    ("card", "leftwards"),
    [
        (ENGLISH, False),
        (Card((EARNED,)), True),
        (Card((Section((line(isolated("Helpful answer of the week"), " ", AR.gettext("Earned")),)),)), True),
        (Card((Section((line(Text(AMAL * 9, bold=True), " is here"),)),)), False),
        (Card((), buttons=(Button("why", AR.gettext("My settings")),)), True),
        (Card((Section((line("今週"),)),)), False),
        (Card(()), False),
    ],
)
def test_a_card_runs_as_most_of_its_own_words_do_whatever_names_are_in_it(card: Card, leftwards: bool) -> None:
    assert direction(card).leftwards is leftwards


def test_a_line_of_an_arabic_card_that_begins_with_a_latin_name_is_marked_inside_of_what_is_bold() -> None:
    earned = AR.gettext("Earned")
    said = slack(Card((EARNED,), line("Plaudit")))
    assert said == [f"*{RIGHT}Plaudit*", f"*{earned}*\n*{RIGHT}{isolated('Helpful answer')}:* 21"]
    embed = embeds.render(Card((EARNED,), line("Plaudit")), "discord:9").embed
    assert embed is not None
    assert (embed.title, embed.description) == (
        f"{RIGHT}Plaudit",
        f"**{earned}**\n**{RIGHT}{isolated('Helpful answer')}:** 21",
    )


def test_a_line_of_an_english_card_that_begins_with_an_arabic_name_is_marked_too() -> None:
    assert slack(ENGLISH) == [f"*{LEFT}{isolated(AMAL)}* has a badge"]
    assert embeds.render(ENGLISH, "discord:9").content == f"**{LEFT}{isolated(AMAL)}** has a badge"
    assert blocks.text(ENGLISH) == f"{LEFT}{isolated(AMAL)} has a badge"


def test_links_and_names_that_stand_between_isolates_already_get_no_second_pair() -> None:
    way = direction(Card((EARNED,)))
    spans = line(Link("https://ok.example/", "the rule"), Mention("x:1/2", isolated("Kofi")), Mention("x:1/3", AMAL))
    assert [getattr(s, "text", None) or s.name for s in way.held(spans)] == [
        isolated("the rule"),
        isolated("Kofi"),
        AMAL,
    ]


def test_a_card_in_one_direction_stays_as_it_was() -> None:
    card = Card((Section((line(Mention("x:1/2", "Kofi"), " has ", Text("Helpful answer", bold=True)),)),))
    assert slack(card) == ["*Kofi* has *Helpful answer*"]


def test_a_mail_runs_as_its_card_does() -> None:
    assert '<body dir="rtl">' in as_html(Card((EARNED,)))
    assert "<body>" in as_html(ENGLISH)
