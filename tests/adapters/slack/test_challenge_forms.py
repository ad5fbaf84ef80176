"""Forms that are filled in already, and what `/challenge` asks, on Slack."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack import commands, forms
from adapters.slack.manifest import manifest
from bot.playground.views.forms import slack_fields
from core.forms import Field, Form, Option

FORM = Form(
    "challenge-filled",
    "A challenge",
    "Preview",
    (
        Field("what", "What counts", "choice", (Option("a", "A"), Option("b", "B")), value="b"),
        Field("role", "Role", "choice", (Option("a", "A"),), value="gone"),
        Field("goal", "How many", value="3"),
        Field("name", "Name"),
    ),
)


def element(number: int) -> dict[str, Any]:
    found: dict[str, Any] = forms.modal(FORM, "C1")["blocks"][number]["element"]
    return found


def test_what_was_filled_in_stands_there_again() -> None:
    assert element(0)["initial_option"] == element(0)["options"][1]
    assert "initial_option" not in element(1)
    assert element(2)["initial_value"] == "3"
    assert "initial_value" not in element(3)
    assert [f["value"] for f in slack_fields(forms.modal(FORM, "C1")["blocks"])] == ["b", "", "3", ""]


@pytest.mark.parametrize(
    ("text", "verb", "arguments"),
    [
        ("", "challenge", {}),
        ("new sprint", "challenge-new", {"name": "sprint"}),
        ("archive", "challenge-archive", {}),
        ("Tom &amp; Jerry", "challenge", {"name": "Tom & Jerry"}),
    ],
)
def test_the_command_asks_what_is_typed(text: str, verb: str, arguments: dict[str, str]) -> None:
    asked = commands.asked("/challenge", text, "slack:T1")
    assert (asked.verb, dict(asked.arguments)) == (verb, arguments)
    mentioned = commands.mentioned(f"<@U9> challenge {text}", "U9", "slack:T1")
    assert mentioned == asked


def test_the_manifest_has_the_command() -> None:
    assert "/challenge" in [c["command"] for c in manifest()["features"]["slash_commands"]]
