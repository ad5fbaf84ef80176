"""What both platforms' mark-up becomes on the page."""

import pytest

from bot.playground.views import markdown, mrkdwn
from bot.playground.views.nodes import Known

KNOWN = Known("7", {"7": "Amira", "8": "Kofi"}, {"3": "help"}, {"5": "Trusted helper"})


def slack(text):
    return mrkdwn.parse(text, KNOWN)[0]


def discord(text):
    return markdown.parse(text, KNOWN)[0]


def word(value):
    return {"t": "text", "v": value}


def styled(kind, *inner):
    return {"t": kind, "c": [*inner]}


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        (
            "a *b* _c_ ~d~",
            [word("a "), styled("b", word("b")), word(" "), styled("i", word("c")), word(" "), styled("s", word("d"))],
        ),
        ("2*3*4 snake_case_name", [word("2*3*4 snake_case_name")]),
        ("*a &lt;b&gt; _c_*", [styled("b", word("a <b> "), styled("i", word("c")))]),
        ("<@7>", [{"t": "person", "v": "@Amira", "me": True}]),
        ("<#3|help>", [{"t": "channel", "v": "#help"}]),
        (
            "<!date^1700000000^{date_short}|14 Nov>",
            [{"t": "time", "at": 1_700_000_000, "style": "date", "v": "14 Nov"}],
        ),
        (
            "<https://example.org?a=1&amp;b=2|*x*>",
            [{"t": "link", "href": "https://example.org?a=1&b=2", "c": [styled("b", word("x"))]}],
        ),
        ("<javascript:alert(1)|x>", [styled("span", word("x"))]),
        (":wave: :nobody-knows:", [{"t": "emoji", "v": "👋", "name": "wave"}, word(" "), word(":nobody-knows:")]),
        ("`*a* &amp; b`", [{"t": "code", "v": "*a* & b"}]),
        ("&gt; said", [styled("quote", word("said"))]),
        ("<!channel>", [word("@channel")]),
    ],
)
def test_slack(text, nodes):
    assert slack(text) == nodes


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        (
            "a **b** *c* ~~d~~",
            [word("a "), styled("b", word("b")), word(" "), styled("i", word("c")), word(" "), styled("s", word("d"))],
        ),
        (
            r"\*no\* **a \** b**",
            [word("*"), word("no"), word("*"), word(" "), styled("b", word("a "), word("*"), word("* b"))],
        ),
        (
            "<@8> <@!7>",
            [{"t": "person", "v": "@Kofi", "me": False}, word(" "), {"t": "person", "v": "@Amira", "me": True}],
        ),
        ("<@&5> <#3>", [word("@Trusted helper"), word(" "), {"t": "channel", "v": "#help"}]),
        ("<t:1700000000:D>", [{"t": "time", "at": 1_700_000_000, "style": "date", "v": ""}]),
        ("[x](https://example.org)", [{"t": "link", "href": "https://example.org", "c": [word("x")]}]),
        ("[x](javascript:0)", [styled("span", word("x"))]),
        ("https://example.org", [{"t": "link", "href": "https://example.org", "c": [word("https://example.org")]}]),
        ("-# small print", [styled("small", word("small print"))]),
        ("> said", [styled("quote", word("said"))]),
        ("`**a**`", [{"t": "code", "v": "**a**"}]),
    ],
)
def test_discord(text, nodes):
    assert discord(text) == nodes


@pytest.mark.parametrize("parse", [slack, discord])
def test_deep_nesting_ends(parse):
    assert parse("*_" * 3_000 + "x" + "_*" * 3_000)
