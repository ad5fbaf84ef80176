"""Names in mails and newsletters: they are shown as they are, and do nothing to what stands around them."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

import pytest

from adapters.mail.blocks import as_html as block_html
from adapters.mail.blocks import as_markdown
from adapters.mail.cards import as_html, as_text
from core.cards import Card, Mention, Section, Text, line
from core.newsletter import Block, Contributor
from core.texts import ISOLATES

TURNING, HIDING, RINGING = "a\u202egpj.exe", "a\u200bb", "a\x00b\x07"
FIELDS = ("{{ subscriber.email }}", "{% load x %}", "*|UNSUB|*", "%recipient.name%", "${name}")
ARABIC = "محمد"


def card(name: str) -> Card:
    return Card(
        (Section(((Text("First badge: ", bold=True), Mention("slack:T1/A", name, bold=False)),)),), line("Week")
    )


def block(name: str) -> Block:
    return Block("Thank you", (Contributor(name, ("Posts",)),))


@pytest.mark.parametrize("name", [TURNING, HIDING, RINGING])
def test_no_name_turns_or_hides_anything(name: str) -> None:
    for written in (as_text(card(name)), as_html(card(name)), block_html(block(name)), as_markdown(block(name))):
        assert {c for c in written if unicodedata.category(c) in ("Cc", "Cf")} <= {"\n", *ISOLATES}


@pytest.mark.parametrize("name", FIELDS)
def test_a_name_is_no_field_of_the_newsletters_own_system(name: str) -> None:
    for written in (block_html(block(name)), as_markdown(block(name))):
        assert re.search(r"\{\{|\{%|\*\||\$\{|%\w+[.\w]*%", written) is None
    assert name in unescape(block_html(block(name)))
    assert name in as_markdown(block(name)).replace("\\", "")


def test_a_name_that_runs_to_the_left_keeps_its_direction_to_itself() -> None:
    assert f"First badge: {ARABIC.join(ISOLATES)}\n" in as_text(card(ARABIC))
    assert f"First badge: </strong><bdi>{ARABIC}</bdi>" in as_html(card(ARABIC))
    assert f"<bdi>{ARABIC}</bdi>" in block_html(block(ARABIC))
