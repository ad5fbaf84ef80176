"""Cards as Block Kit: limits, escaping, and nobody pinged by a name."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack import blocks, forms, markup
from bot.playground.slack_server.blocks import problems, view_problems
from core.cards import Button, Card, Channel, Line, Link, Mention, Section, Span, Text, Time, line, note
from core.forms import Field, Form
from core.language import ENGLISH
from core.languages import speak

HOME = "slack:T1"
EVIL = [
    "<!channel>",
    "<!here|x>",
    "<@U1>",
    "<https://evil.example|click>",
    "@everyone",
    "<script>alert(1)</script>",
    "*bold* _it_ ~gone~ `code` ```block```",
    "> quoted",
    "\u202egnp.exe\u202c",
    "ze\u200bro\u2060width\ufeff",
    "&lt;!channel&gt;",
    "a\nb\r\nc",
    "|pipe|",
    "\x00\x07\x1b[31m",
    "x" * 20_000,
]


def shown(card: Card) -> str:
    """All mrkdwn of a card, one line per text."""
    _, made = blocks.render(card, HOME)
    return "\n".join(texts(made))


def texts(made: list[dict[str, Any]]) -> list[str]:
    inner = [part for b in made if b["type"] != "actions" for part in (b.get("text"), *b.get("elements", ()))]
    return [part["text"] for part in inner if part]


@pytest.mark.parametrize("name", EVIL)
@pytest.mark.parametrize("ping", [False, True])
def test_a_name_can_neither_ping_nor_format_nor_hide(name: str, ping: bool) -> None:
    people = Mention("discord:9/77", name, ping=ping, bold=False)
    card = Card(
        (
            Section(
                (line(people, Text(name), Link("https://ok.example", name)),),
            ),
        ),
        title=line(Text(name)),
    )
    text, made = blocks.render(card, HOME)
    for said in (text, *texts(made)):
        assert "<!" not in said
        assert "<@" not in said
        assert not re.search(r"<(?!https://ok\.example\|)", said)
        assert not re.search(r"[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\x00\x07\x1b]", said)
    for said in texts(made)[1:]:
        assert not re.search(r"(?<!\w)[*_~`]\w", said)
    assert problems(made) == []


def test_ampersands_and_angles_are_escaped_once() -> None:
    assert shown(note("Tom & Jerry <3 &lt;")) == "Tom &amp; Jerry &lt;3 &amp;lt;"


def test_underscores_within_words_stay() -> None:
    assert shown(note("first_post and a*b")) == "first_post and a*b"


def test_a_person_of_this_workspace_is_mentioned_only_when_pinged() -> None:
    ours, theirs = Mention("slack:T1/U1", "Amira", ping=True), Mention("discord:9/77", "Ben", ping=True)
    quiet = Mention("slack:T1/U2", "Chen")
    assert shown(note(ours, ", ", theirs, ", ", quiet)) == "<@U1>, *Ben*, *Chen*"


def test_channels_times_and_links_are_shown_as_slack_can() -> None:
    assert shown(note(Channel("slack:T1", "C1", "help"), " ", Channel("discord:9", "8", "help"))) == "<#C1> #help"
    assert shown(note(Time(1_700_000_000_000_000, "14 Nov"))) == "<!date^1700000000^{date_short}|14 Nov>"
    assert shown(note(Link("https://a.example/x?y=1&z=2", "proof"))) == "<https://a.example/x?y=1&amp;z=2|proof>"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "", "no"])
def test_only_web_addresses_become_links(url: str) -> None:
    assert shown(note(Link(url, "proof"))) == "proof"


def test_an_address_cannot_end_the_link_it_stands_in() -> None:
    said = shown(note(Link("https://a.example/>|<!channel>", "x")))
    assert "<!" not in said
    assert said.count(">") == 1


def test_bold_and_italic_leave_blanks_outside() -> None:
    assert shown(note(Text("You are ", bold=True), Text(" here", italic=True))) == "*You are*  _here_"


def test_the_emoji_stands_before_the_first_line() -> None:
    assert shown(Card((Section((line("Done."),)),), emoji="ring_buoy")) == ":ring_buoy: Done."
    titled = Card((Section((line("Done."),)),), title=line("Badge"), emoji="ring_buoy")
    assert shown(titled) == ":ring_buoy: *Badge*\nDone."
    assert "<!" not in shown(Card((Section((line("Done."),)),), emoji="<!here>"))


def test_headings_small_notes_and_buttons_have_their_blocks() -> None:
    card = Card(
        (Section((line("3 of 5"), line("2 of 3")), heading="Under way"), Section((line("Ties share."),), small=True)),
        buttons=(Button("why", "Why?", "first_post", "primary"), Button("settings", "Quieter")),
    )
    text, made = blocks.render(card, HOME)
    assert [b["type"] for b in made] == ["section", "context", "actions"]
    assert made[0]["text"]["text"] == "*Under way*\n3 of 5\n2 of 3"
    first, second = made[2]["elements"]
    assert (first["action_id"], first["value"], first["style"]) == ("plaudit:why:first_post", "first_post", "primary")
    assert "style" not in second
    assert text == "Under way\n3 of 5\n2 of 3\nTies share."


def test_mrkdwn_is_verbatim_so_that_plain_words_become_no_links() -> None:
    _, made = blocks.render(note("#general @here"), HOME)
    assert made[0]["text"]["verbatim"] is True


def test_a_very_long_card_is_shortened_and_says_so_and_keeps_its_buttons() -> None:
    lines = tuple(line(f"{i} ", Mention("slack:T1/U1", "n" * 80)) for i in range(2_000))
    card = Card((Section(lines),), buttons=(Button("more", "More"),))
    text, made = blocks.render(card, HOME, ENGLISH)
    assert problems(made) == []
    assert made[-1]["type"] == "actions"
    assert made[-2]["elements"][0]["text"] == "Shortened: there is more than fits into one message."
    assert blocks.render(card, HOME)[1][-2]["elements"][0]["text"] == "…"  # nobody's language is known
    assert text.endswith("…")
    assert sum(map(len, texts(made))) < 13_000


def test_windows_are_closed_in_the_language_of_whoever_reads_them() -> None:
    form = Form("claim", "Claim", "Send", (Field("what", "What"),))
    for t, close, cancel in ((ENGLISH, "Close", "Cancel"), (speak("ja"), "閉じる", "キャンセル")):
        assert blocks.modal(note("Done"), HOME, t)["close"]["text"] == close
        assert forms.modal(form, None, t)["close"]["text"] == cancel


def test_one_very_long_line_ends_with_an_ellipsis() -> None:
    said = shown(note("& " * 5_000))
    assert said.endswith("…")
    assert re.sub("&amp;", "", said).find("&") == -1


def test_many_buttons_are_put_in_rows_and_twins_are_one() -> None:
    buttons = tuple(Button("why", "Why?", str(i % 40)) for i in range(80))
    _, made = blocks.render(Card((), buttons=buttons), HOME)
    assert [len(b["elements"]) for b in made if b["type"] == "actions"] == [25, 15]
    assert problems(made) == []


def test_an_empty_card_is_still_a_message() -> None:
    text, made = blocks.render(Card(()), HOME)
    assert text == "Plaudit"
    assert problems(made) == []


LONG = [c * n for c in "x&<_ é" for n in (74, 76, 149, 2_790, 2_999, 3_001)]
TEXT = st.one_of(st.text(max_size=12), st.sampled_from(EVIL), st.sampled_from(LONG))
SPAN: st.SearchStrategy[Span] = st.one_of(
    st.builds(Text, TEXT, st.booleans(), st.booleans()),
    st.builds(Mention, st.sampled_from(["slack:T1/U1", "discord:9/7"]), TEXT, st.booleans(), st.booleans()),
    st.builds(Channel, st.sampled_from(["slack:T1", "discord:9"]), st.just("C1"), TEXT),
    st.builds(Time, st.integers(0, 2**51), TEXT, st.sampled_from(["date", "datetime"])),
    st.builds(Link, st.one_of(TEXT, st.just("https://example.org/a")), TEXT),
)
LINE: st.SearchStrategy[Line] = st.lists(SPAN, max_size=4).map(tuple)
SECTION = st.builds(Section, st.lists(LINE, max_size=4).map(tuple), st.none() | TEXT, st.booleans())
BUTTON = st.builds(Button, st.sampled_from(["why", "more"]), TEXT, st.sampled_from(["", "a", "a" * 80, "week:2"]))
CARD = st.builds(
    Card,
    st.lists(SECTION, max_size=4).map(tuple),
    st.none() | LINE,
    st.none() | st.sampled_from(["tada", "+1", "<!channel>", ""]),
    st.lists(BUTTON, max_size=6).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(CARD)
def test_no_card_ever_breaks_a_limit_of_slack(card: Card) -> None:
    text, made = blocks.render(card, HOME)
    assert 1 <= len(text) <= blocks.FALLBACK
    assert problems(made) == []
    assert view_problems(blocks.home(card, HOME)) == []
    assert view_problems(blocks.modal(card, HOME)) == []
    for said in texts(made):
        assert "<!channel" not in said
        assert re.fullmatch(r"[^<>]*(<[^<>]+>[^<>]*)*", said)


@settings(max_examples=100, deadline=None)
@given(LINE, st.integers(20, 400))
def test_a_line_is_cut_to_its_room_and_never_inside_a_mark(spans: Line, most: int) -> None:
    said = markup.line(spans, HOME, most)
    assert len(said) <= most
    assert said.count("<") == said.count(">")
    assert not re.search(r"&(?!amp;|lt;|gt;)", said)
