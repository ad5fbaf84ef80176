"""The block for a newsletter: who is in it, and that names stay names."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from adapters.mail import blocks, cards
from core.cards import Card, Link, Mention, Section, Text, line
from core.newsletter import Block, Contributor, block, week_named
from core.records import ChoiceRow, DigestFacts, StandingRow
from core.texts import ISOLATES
from tests.core.test_digests import BERLIN, END, START, award, facts, person
from tests.village import BOOK, book

NAMED = ChoiceRow(named=True)
SCORED = BOOK.replace("[score.helpful]", '[score.helpful]\nname = "Helpful answers"')


def names(found: DigestFacts, text: str = SCORED) -> list[tuple[str, tuple[str, ...]]]:
    return [(p.name, p.reasons) for p in block(found, book(text)).people]


def scored(*rows: tuple[str, int], choice: ChoiceRow = NAMED, **more: object) -> DigestFacts:
    helpers = tuple(StandingRow(person(name, **more), amount, choice) for name, amount in rows)
    thanks = {h.person.account: ("helpful",) for h in helpers}
    return DigestFacts(START, END, helpers=helpers, thanks=thanks)


def test_people_are_named_with_their_reasons_in_the_order_of_the_alphabet() -> None:
    assert names(scored(("Mei", 90), ("Amira", 1))) == [
        ("Amira", ("Helpful answers",)),
        ("Mei", ("Helpful answers",)),
    ]
    assert names(facts(award("Jonas", choice=NAMED), award("Lena"))) == [("Jonas", ("Trusted helper",))]


@pytest.mark.parametrize(
    "choice",
    [
        ChoiceRow(),
        ChoiceRow(named=True, hidden=True),
        ChoiceRow(named=True, anonymous=True),
        ChoiceRow(named=True, tracked=False),
        ChoiceRow("private", named=True),
    ],
)
def test_nobody_is_named_who_did_not_agree_or_hides(choice: ChoiceRow) -> None:
    assert names(scored(("Amira", 5), choice=choice)) == []
    assert names(facts(award("Amira", choice=choice))) == []


@pytest.mark.parametrize("made", [{"bot": True}, {"present": False}, {"roles": ("Staff",)}])
def test_bots_leavers_and_staff_are_left_out(made: dict[str, object]) -> None:
    assert names(scored(("Amira", 5), **made)) == []


def test_only_the_ten_with_the_most_are_named() -> None:
    found = names(scored(*((f"P{n:02}", n) for n in range(1, 15))))
    assert [name for name, _ in found] == [f"P{n:02}" for n in range(5, 15)]


EVIL = "<script>alert(1)</script>\n# [x](javascript:y) **b** & <!channel> @everyone"
ODD = Block("Thanks & more", (Contributor(EVIL, ("a<b>", "c_d_")), Contributor("Mei", ())))


def test_names_are_no_html() -> None:
    text = blocks.as_html(ODD)
    tags: list[str] = []

    class Seen(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            tags.append(tag)

    Seen().feed(text)
    assert tags == ["h3", "ul", "li", "strong", "bdi", "li", "strong", "bdi"]
    assert "Thanks &amp; more" in text


def test_names_are_no_markdown() -> None:
    lines = blocks.as_markdown(ODD).splitlines()
    assert lines[0] == r"### Thanks \& more"
    assert len(lines) == 4
    assert r"\<script\>alert\(1\)\<\/script\> \# \[x\]\(javascript\:y\) \*\*b\*\* \&" in lines[2]
    assert lines[3] == "- **Mei**"


def test_a_card_in_a_mail_is_text_and_html_without_markup_of_people() -> None:
    card = Card(
        (
            Section(
                (line(Mention("slack:T1/U1", EVIL), Text(" did it ", bold=True), Link("javascript:z", "here")),), "A"
            ),
        ),
        line("This\nweek"),
    )
    assert cards.subject(card) == "This week"
    assert "<script" not in cards.as_html(card)
    assert "href" not in cards.as_html(card)
    assert cards.as_text(card).startswith(f"This week\n\nA:\n  {ISOLATES[0]}<script>alert(1)</script> # ")


def test_weeks_are_found_by_their_name() -> None:
    assert week_named("2026-W11", BERLIN, "monday", "09:00")[1:] == (START, END)
    for name in ("2026-W01", "2026-W53", "2025-W52"):
        for day in ("monday", "thursday", "sunday"):
            assert week_named(name, BERLIN, day, "09:00").name == name
