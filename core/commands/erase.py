"""`/plaudit erase`: leave for good. Said twice, because it cannot be undone: a button, then a word typed in full."""

from __future__ import annotations

from dataclasses import replace

from core.cards import Button, Card, Section, line, note
from core.commands.asked import Asked
from core.forms import Field, Form
from core.requests import Answer

WORD = "ERASE"


async def answer(asked: Asked) -> Answer:
    """What would happen, and the button that goes on."""
    t = asked.t
    lines = (
        t.gettext("Your name, your accounts, your settings and what you wrote to moderators are removed."),
        t.gettext("What others earned with you stays theirs; your part in it belongs to nobody."),
        t.gettext("Your badges and points are gone for you. Roles you have stay until a moderator takes them."),
        t.gettext("From then on nothing you do is kept, until you ask to be counted again."),
        t.gettext("This cannot be undone. To have your data first, ask for the file."),
    )
    buttons = (
        Button("erase-confirm", t.gettext("Erase me…"), "", "danger"),
        Button("export", t.gettext("Give me my data")),
        Button("settings", t.gettext("Only stop counting")),
    )
    title = line(t.gettext("Erase everything about you"))
    return asked.answer(Card((Section(tuple(line(text) for text in lines)),), title, buttons=buttons))


async def confirm(asked: Asked) -> Answer:
    """The second question, in a window of its own; where there is none, the word can be typed."""
    t = asked.t
    label = t.gettext("Type {word} to confirm").format(word=WORD)
    form = Form("erase-confirmed", t.gettext("Erase me"), t.gettext("Erase"), (Field("word", label, most=20),))
    text = t.gettext("A window asks you to type {word}. If none opened, try it on another device.").format(word=WORD)
    return Answer(note(text), form=form)


async def confirmed(asked: Asked) -> Answer:
    """The word decides. Raises Refusal for another one."""
    t = asked.t
    if asked.argument("word").upper() != WORD:
        text = t.gettext("Nothing was erased: the word is {word}.").format(word=WORD)
        raise asked.refuse(text, Button("erase-confirm", t.gettext("Try again")))
    card = note(t.gettext("Done. Nothing about you is kept any more. Take care, and thank you for your time here."))
    return replace(Answer(card), deed="erase")
