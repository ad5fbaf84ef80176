"""Forms as both platforms show them: within their limits, and names as names."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from adapters.discord import forms as discord_forms
from adapters.slack import forms as slack_forms
from adapters.slack.payloads import Submitted
from bot.playground.discord_server.limits import check_modal
from bot.playground.slack_server.blocks import view_problems
from core.forms import MOST_OPTIONS, OPENING, RETURNING, Field, Form, Option

HOSTILE = "<!channel> @everyone \u202eevil\n" + "x" * 300
LONG = Form(
    "appeal-restored",
    "A title that is longer than any window has room for",
    "A button longer than that",
    (
        Field("what", HOSTILE, "choice", tuple(Option(f"{n}" + "k" * 70, HOSTILE) for n in range(MOST_OPTIONS))),
        Field("day", "When?", "day", hint="2026-03-18"),
        Field("proof", "Proof", "line", required=False, most=1000, hint="h" * 400),
        Field("note", "Note", "text", hint=HOSTILE),
    ),
    "award:" + "a" * 60,
)


def test_no_form_is_too_long_for_slack() -> None:
    view = slack_forms.modal(LONG, "C1")
    assert view_problems(view) == []
    options = view["blocks"][0]["element"]["options"]
    assert all(len(o["value"]) <= 75 and len(o["text"]["text"]) <= 75 for o in options)
    assert "\n" not in options[0]["text"]["text"]


async def test_no_form_is_too_long_for_discord() -> None:
    made: Any = discord_forms.modal(LONG).to_dict()
    check_modal(made)
    assert made["custom_id"] == f"plaudit:appeal-restored:award:{'a' * 60}"
    parts = made["components"]
    assert all(len(part["label"]) <= 45 for part in parts)
    assert all(len(o["label"]) <= 100 for o in parts[0]["component"]["options"])


def sent(values: dict[str, Any], about: str = "17") -> Submitted:
    metadata = json.dumps({"about": about, "channel": "C1"})
    view = {"callback_id": "plaudit:claim-asked", "private_metadata": metadata, "state": {"values": values}}
    return Submitted.model_validate({"user": {"id": "U1"}, "trigger_id": "T1", "view": view})


@pytest.mark.parametrize(
    ("element", "written"),
    [
        ({"type": "plain_text_input", "value": " words "}, {"f": "words"}),
        ({"type": "plain_text_input", "value": None}, {}),
        ({"type": "datepicker", "selected_date": "2026-03-18"}, {"f": "2026-03-18"}),
        ({"type": "static_select", "selected_option": {"value": "v"}}, {"f": "v"}),
        ({"type": "static_select", "selected_option": None}, {}),
    ],
)
def test_what_slack_sends_back_is_read(element: dict[str, Any], written: dict[str, str]) -> None:
    asked, channel = slack_forms.asked(sent({"f": {"value": element}}))
    assert (asked.verb, asked.arguments, channel) == ("claim-asked", {**written, "about": "17"}, "C1")


def test_what_was_written_is_in_no_text_of_the_payload() -> None:
    told = sent({"f": {"value": {"type": "plain_text_input", "value": "a secret"}}}, about="secret about")
    assert "secret" not in repr(told)
    with pytest.raises(ValidationError) as fault:
        sent({"f": "a secret"})
    assert "secret" not in str(fault.value)


def test_opening_a_form_and_its_coming_back_are_different_verbs() -> None:
    assert OPENING.isdisjoint(RETURNING)
