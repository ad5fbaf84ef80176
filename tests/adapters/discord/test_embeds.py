"""Cards as Discord messages: never over a limit, never a ping or a mark-up out of somebody's name."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.embeds import Rendered, render
from adapters.discord.markdown import clean, escape, line_text
from core.cards import Button, Card, Channel, Link, Mention, Section, Text, Time, line, note
from core.language import ENGLISH
from core.languages import speak

HERE = "discord:9"
NASTY = [
    "@everyone",
    "@here",
    "<@123>",
    "<@&123>",
    "<#123>",
    "<!channel>",
    "<script>alert(1)</script>",
    "**bold** _it_ ~~gone~~ ||spoiler|| `code` ```block```",
    "[click](https://evil.example)",
    "https://evil.example",
    "# heading",
    "- list",
    "> quote",
    "1. one",
    "\u202egnp.exe\u202c",
    "a\u200b\u2060\ufeffb",
    "line\nbreak\r\n# two",
    "<t:0:R>",
    "</why:123>",
    "<a:wave:123>",
]


def everything(shown: Rendered) -> str:
    parts = [shown.content, shown.embed and shown.embed.title, shown.embed and shown.embed.description]
    return "\n".join([*(p for p in parts if p), *(press.label for press in shown.presses)])


@pytest.mark.parametrize("name", NASTY)
def test_what_people_type_is_shown_and_does_nothing(name: str) -> None:
    mention = Mention("slack:T1/U1", name)
    card = Card(
        (Section((line(Text(name), " ", mention),), heading=name),), (Text(name),), buttons=(Button("why", name),)
    )
    text = everything(render(card, HERE))
    described = render(card, HERE).embed
    assert described is not None
    assert described.description is not None
    assert not re.search(r"(?<!\\)<[@#!/a-z]", described.description)
    assert "@everyone" not in described.description
    assert "@here" not in described.description
    assert not re.search(r"(?<!\\)\[.*(?<!\\)\]\(", described.description)
    assert "https:" not in described.description
    assert not any(c in text for c in "\u202e\u202c\u2060\ufeff\r")
    assert render(card, HERE).pings == ()
    for row in described.description.split("\n"):
        assert not re.match(r"\s*(#|>|- |\d+\. )", row)


def test_nothing_pings_but_the_person_the_card_means() -> None:
    quiet = render(note(Mention(f"{HERE}/7", "Ann")), HERE)
    assert quiet.content == "**<@7>**"
    assert quiet.allowed_mentions.to_dict() == {"parse": [], "replied_user": False, "users": []} or quiet.pings == ()
    loud = render(note(Mention(f"{HERE}/7", "Ann", ping=True), Mention("discord:1/8", "Bob", ping=True)), HERE)
    assert loud.pings == (7,)


def test_spans_are_written_as_discord_shows_them() -> None:
    spans = line(
        Text("Trusted helper", bold=True),
        Text(" is ", italic=True),
        Mention("slack:T1/U1", "Ann_B", bold=False),
        Channel(HERE, "55", "general"),
        Channel("slack:T1", "C1", "general", "1700000000.000100"),
        Channel(HERE, "55", "#a](b", "77", "66"),
        Channel(HERE, "55", "#a", "../77"),
        Time(1_800_000_000_000_000, "some day"),
        Time(1_800_000_000_000_000, "some day", style="datetime"),
        Link("https://example.org/a(b)", "docs"),
        Link("javascript:alert(1)", "no link"),
    )
    assert line_text(spans, HERE) == (
        "**Trusted helper** *is* Ann\\_B<#55>#general"
        "[#a\\]\\(b](https://discord.com/channels/9/55/77)<#55>"
        "<t:1800000000:D><t:1800000000:f>"
        "[docs](https://example.org/a%28b%29)no link"
    )


def test_a_single_line_is_said_and_more_is_framed() -> None:
    said = render(Card((Section((line("well done"),)),), emoji="ring_buoy", tone="award"), HERE)
    assert (said.content, said.embed) == ("🛟 well done", None)
    sections = (Section((line("one"), line("two")), heading="Earned"), Section((line("small print"),), small=True))
    framed = render(Card(sections, title=line("Badges"), emoji="party"), HERE, {"party": "<:party:5>"})
    assert framed.embed is not None
    assert framed.embed.title == "<:party:5> Badges"
    assert framed.embed.description == "**Earned**\none\ntwo\n\n-# small print"


def test_a_long_card_is_cut_at_a_line_and_says_so() -> None:
    rows = tuple(line(f"row {n} " + "x" * 90) for n in range(100))
    card = Card((Section(rows),))
    for t, said in ((ENGLISH, r"-# … and \d+ more lines"), (speak("ja"), r"-# … ほか\d+行"), (None, "-# …")):
        shown = render(card, HERE, t=t)
        assert shown.embed is not None
        assert re.fullmatch(said, (shown.embed.description or "").split("\n")[-1])


texts = st.text(max_size=400) | st.sampled_from(NASTY) | st.text(min_size=1800, max_size=5000)
spans = st.one_of(
    st.builds(Text, texts, st.booleans(), st.booleans()),
    st.builds(Mention, st.sampled_from([f"{HERE}/7", f"{HERE}/x", "slack:T1/U1"]), texts, st.booleans(), st.booleans()),
    st.builds(Channel, st.sampled_from([HERE, "slack:T1"]), st.sampled_from(["55", "C1"]), texts),
    st.builds(Time, st.integers(0, 2**52), texts),
    st.builds(Link, st.sampled_from(["https://example.org/" + "y" * 3000, "ftp://x", "https://e.org"]), texts),
)
lines = st.lists(spans, max_size=4).map(tuple)
sections = st.builds(Section, st.lists(lines, max_size=5).map(tuple), st.none() | texts, st.booleans())
buttons = st.builds(Button, st.sampled_from(["why", "achievements"]), texts, st.text("abc:1", max_size=80))
cards = st.builds(
    Card,
    st.lists(sections, max_size=4).map(tuple),
    st.none() | lines,
    st.none() | st.sampled_from(["tada", "party", "unknown"]),
    st.lists(buttons, max_size=30).map(tuple),
    st.sampled_from(["plain", "award", "quiet", "error"]),
)


@settings(max_examples=80, deadline=None)
@given(cards)
def test_no_card_goes_over_a_limit(card: Card) -> None:
    shown = render(card, HERE)
    assert shown.content or shown.embed
    assert len(shown.content or "") <= 2000
    if shown.embed is not None:
        assert shown.embed.description
        assert len(shown.embed.title or "") <= 256
        assert len(shown.embed.description) <= 4096
        assert len(shown.embed) <= 6000
    ids = [press.custom_id for press in shown.presses]
    assert len(ids) == len(set(ids)) <= 25
    assert all(0 < len(press.label) <= 80 and len(press.custom_id) <= 100 for press in shown.presses)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_discords_own_unescaping_gives_the_text_back(text: str) -> None:
    shown = re.sub(r"\\([^a-zA-Z0-9\s])", r"\1", escape(text)).replace("\u200b", "")
    assert shown == clean(text)
    assert not re.search(r"@(everyone|here|[!&]?\d)", escape(text))
