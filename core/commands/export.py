"""`/plaudit export`: everything that is kept about oneself, as a file for oneself alone."""

from __future__ import annotations

from dataclasses import replace

from core.cards import Button, note
from core.commands.asked import Asked
from core.requests import Answer

FILE = "plaudit-data.zip"


async def answer(asked: Asked) -> Answer:
    text = asked.t.gettext("This is all that I keep about you. Other people in it are numbered, not named.")
    card = note(text, buttons=(Button("privacy", asked.t.gettext("What is this?")),))
    return replace(asked.answer(card), deed="export")
