"""Cards as text, whatever people call themselves."""

from __future__ import annotations

import pytest

from adapters.terminal.cards import clean, render
from core.cards import Button, Card, Channel, Link, Mention, Section, Text, Time, line, note


def test_a_card_is_title_sections_and_buttons() -> None:
    card = Card(
        (
            Section((line("one", Text(" two", bold=True)),)),
            Section((line("three"),), heading="Under way"),
        ),
        line("Your badges"),
        emoji="ring_buoy",
        buttons=(Button("why", "How it was earned", "x"), Button("settings", "Quieter, please")),
    )
    assert render(card) == (
        ":ring_buoy: Your badges\none two\nUnder way:\n  three\n[How it was earned] [Quieter, please]"
    )


def test_every_span_reads_well_as_text() -> None:
    card = note(
        Mention("slack:T1/U1", "Amira"), " ", Mention("slack:T1/U2", "Jonas", ping=True), " ",
        Channel("slack:T1", "C1", "#help"), " ", Time(0, "1 Jan"), " ", Link("https://x.org/", "proof"), " ",
        Link("https://x.org/", "https://x.org/"),
    )  # fmt: skip
    assert render(card) == "Amira @Jonas #help 1 Jan proof (https://x.org/) https://x.org/"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<!channel> @everyone <script>", "<!channel> @everyone <script>"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("in\u200bvis\u2060i\ufeffble\u00ad", "invisible"),
        ("two\nlines\r\nand\u2028three", "two lines  and three"),
        ("\x1b[31mred\x07", "[31mred"),
        ("Zoë Ünal 李", "Zoë Ünal 李"),
        ("tower" + "\u0301" * 50, "tower" + "\u0301" * 2),
        ("\u200b\u3164", "(no name)"),
        ("\ud800half", "half"),
    ],
)
def test_a_name_cannot_move_hide_or_disguise_anything(name: str, shown: str) -> None:
    assert render(note(Mention("slack:T1/U1", name))) == shown


def test_what_people_typed_is_cleaned_everywhere() -> None:
    bad = "a\u202eb\x1b"
    card = Card(
        (Section((line(Text(bad), Link(bad, bad), Time(0, bad), Channel("s", "c", bad)),), heading=bad),),
        line(bad),
        bad,
        (Button("why", bad),),
    )
    assert "\u202e" not in render(card)
    assert "\x1b" not in render(card)


def test_plain_text_stays_as_it_is() -> None:
    assert clean("1. Amira · 25 ▰▰▱") == "1. Amira · 25 ▰▰▱"
