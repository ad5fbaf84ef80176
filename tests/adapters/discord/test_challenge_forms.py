"""Forms that are filled in already, on Discord."""

from __future__ import annotations

from typing import Any

from adapters.discord import forms
from core.forms import Field, Form, Option

FORM = Form(
    "challenge-filled",
    "A challenge",
    "Preview",
    (
        Field("what", "What counts", "choice", (Option("a", "A"), Option("b", "B")), value="b"),
        Field("goal", "How many", value="3"),
        Field("name", "Name"),
    ),
)


async def test_what_was_filled_in_stands_there_again() -> None:
    parts: list[Any] = [part["component"] for part in forms.modal(FORM).to_dict()["components"]]
    assert [o["default"] for o in parts[0]["options"]] == [False, True]
    assert parts[1]["value"] == "3"
    assert "value" not in parts[2]
