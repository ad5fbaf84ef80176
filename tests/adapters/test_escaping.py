"""What people call themselves is data in everything that is rendered: one corpus, every renderer."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable

import pytest

from adapters.discord import embeds
from adapters.discord import forms as discord_forms
from adapters.slack import blocks
from adapters.slack import forms as slack_forms
from adapters.terminal import cards as terminal
from adapters.web.markup import paragraph
from adapters.web.metrics import Measure, exposition
from adapters.web.sheet import Sheet
from adapters.web.sign_in import asker
from core.cards import Button, Card, Link, Mention, Section, Text, line
from core.forms import Field, Form, Option
from core.language import ENGLISH
from core.sign_ins import Joining
from core.spreadsheet import cell

CORPUS = (
    "<!channel> <!here|x> <@U1> <#C1>",
    "@everyone @here <@123> <@&123> </why:123> <t:0:R>",
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "[click](https://evil.example) <https://evil.example|click>",
    "**bold** _it_ ~gone~ ||spoiler|| `code` ```block```",
    "\u202egnp.exe\u202c a\u200b\u2060\ufeffb",
    "=HYPERLINK(0) +1 -2 @x",
    '"} 1\nplaudit_lies{a="b"} 7 \\',
    "{title} $title ${body} %(x)s",
    "line\nbreak\r\n# two\u2028three",
    "\x00\x07\x1b[31mred",
)
NOTHING = "(?!)"  # matches nothing: what must hold is asserted while rendering
HIDDEN = re.compile("[\u202a-\u202e\u2060-\u2069\ufeff\x00\x07\x1b\r]")


def card(name: str) -> Card:
    people = Mention("matrix:1/7", name, ping=True)
    inner = line(people, Text(name), Link("https://ok.example/", name))
    return Card((Section((inner,), heading=name),), line(Text(name)), buttons=(Button("why", name),))


def form(name: str) -> Form:
    return Form(
        "claim-send", name, name, (Field("kind", name, "choice", (Option("x", name),)), Field("n", name, hint=name))
    )


def slack(name: str) -> str:
    text, made = blocks.render(card(name), "slack:T1")
    formatted = [text, *(p["text"] for b in made for p in (b.get("text"), *b.get("elements", ())) if _is_mrkdwn(p))]
    return "\n".join(formatted)


def _is_mrkdwn(part: object) -> bool:
    return isinstance(part, dict) and part.get("type") == "mrkdwn"


def slack_form(name: str) -> str:
    made = json.dumps(slack_forms.modal(form(name), None))
    assert "mrkdwn" not in made
    return ""


def discord(name: str) -> str:
    shown = embeds.render(card(name), "discord:9")
    assert shown.pings == ()
    return shown.embed.description or "" if shown.embed else shown.content or ""


def discord_form(name: str) -> str:
    made = discord_forms.modal(form(name)).to_dict()
    assert len(made["title"]) <= 45
    return ""


def page(name: str) -> str:
    html = Sheet().html(name, paragraph(asker("{person} in {community}", Joining(name, name))), ENGLISH).body
    return bytes(html).decode()


def spreadsheet(name: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([cell(name), "end"])
    ((first, end),) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert end == "end"
    assert not first.startswith(("=", "+", "-", "@"))
    return ""


def metrics(name: str) -> str:
    lines = exposition([Measure("plaudit_x", "gauge", "So many.", 1, {"rule": name})]).removesuffix("\n").split("\n")
    assert [row.split("{")[0] for row in lines if not row.startswith("#")] == ["plaudit_x"]
    return ""


RENDERERS: dict[str, tuple[Callable[[str], str], str]] = {
    "Slack": (slack, r"<[!@#]|<https?://evil|<script"),
    "Slack form": (slack_form, NOTHING),
    "Discord": (discord, r"(?<!\\)<[@#!/t]|@(everyone|here)|(?<!\\)\]\(https://evil"),
    "Discord form": (discord_form, NOTHING),
    "terminal": (terminal.render, r"\x1b"),
    "page": (page, r"<(script|img)\b|\sonerror=alert\(2\)>|javascript:"),
    "spreadsheet": (spreadsheet, NOTHING),
    "metrics": (metrics, NOTHING),
}


@pytest.mark.parametrize("renderer", RENDERERS)
@pytest.mark.parametrize("name", CORPUS)
def test_a_name_is_never_markup(renderer: str, name: str) -> None:
    render, forbidden = RENDERERS[renderer]
    shown = render(card(name)) if renderer == "terminal" else render(name)  # type: ignore[arg-type] # a card there
    assert not re.search(forbidden, shown)
    if renderer != "page":
        assert not HIDDEN.search(shown)
