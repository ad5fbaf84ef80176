"""`/plaudit privacy`: what is tracked and why, made from the live rules, and what one can do about it."""

from __future__ import annotations

from dataclasses import replace

from core.cards import Button, Card, Line, Section, Text, line, note
from core.commands.asked import Asked
from core.plan import compile_plan
from core.requests import Answer
from core.tracking import Tracked, tracked

MOST_KINDS = 8
MOST_NAMES = 5
JOIN = "join"


async def answer(asked: Asked) -> Answer:
    if (asked.pressed or asked.argument("choice")) == JOIN:
        return replace(asked.answer(_back(asked)), deed="join")
    t = asked.t
    sections = (
        Section(_kinds(asked), t.gettext("What counts, and for what")),
        Section(_kept(asked), t.gettext("What is kept")),
        Section(_seen(asked), t.gettext("Who sees it")),
    )
    return asked.answer(Card(sections, line(t.gettext("What Plaudit knows about you")), buttons=_buttons(asked)))


def erased(asked: Asked) -> Answer:
    """For somebody who was erased: nothing is kept, and they may come back."""
    text = asked.t.gettext("You were erased. Nothing you do is kept or counted, and nothing old comes back.")
    return asked.answer(note(text, buttons=(Button("privacy", asked.t.gettext("Count me in again"), JOIN, "primary"),)))


def _kinds(asked: Asked) -> tuple[Line, ...]:
    kinds = tracked(compile_plan(asked.book))
    lines = [_kind(asked, kind) for kind in kinds[:MOST_KINDS]]
    if (more := len(kinds) - MOST_KINDS) > 0:
        lines.append(line(asked.t.counted("and {n} more kind of event", "and {n} more kinds of events", more)))
    return tuple(lines) or (line(asked.t.gettext("No rule is in force, so nothing counts.")),)


def _kind(asked: Asked, kind: Tracked) -> Line:
    """As "message.posted (channel, length): First post, Regular. So that newcomers are seen"."""
    facts = f" ({asked.t.listed(kind.facts)})" if kind.facts else ""
    uses = [*kind.uses[:MOST_NAMES], *(["…"] if len(kind.uses) > MOST_NAMES else [])]
    purposes = f" · {asked.t.listed(kind.purposes)}" if kind.purposes else ""
    return (Text(kind.type, bold=True), Text(f"{facts}: {asked.t.listed(uses)}{purposes}"))


def _kept(asked: Asked) -> tuple[Line, ...]:
    t, sources = asked.t, asked.book.community.sources
    where = t.listed(sources) if sources else t.gettext("every place that is connected here")
    keep = asked.book.community.keep
    until = t.gettext("It is kept until you erase it, with your name and your badges.")
    if keep is not None:
        aged = t.gettext("After {time}, what no badge needs is deleted; the rest is kept until you erase it.")
        until = aged.format(time=keep)
    return (
        line(t.gettext("That something happened, when, where and between whom; never what was written.")),
        line(t.gettext("It comes from {sources}.").format(sources=where)),
        line(until),
    )


def _seen(asked: Asked) -> tuple[Line, ...]:
    t = asked.t
    mailed = t.gettext("The weekly digest goes by e-mail, too, with the same names.")
    return (
        line(t.gettext("Everybody: badges that are announced, and the leaderboard, unless you hide.")),
        *((line(mailed),) if asked.book.digest.mail else ()),
        line(t.gettext("Moderators: why you have a badge or not. You alone: your progress and your settings.")),
        line(t.gettext("You can have all of it as a file, stop the counting, or be erased for good.")),
    )


def _buttons(asked: Asked) -> tuple[Button, ...]:
    t = asked.t
    return (
        Button("settings", t.gettext("Settings")),
        Button("export", t.gettext("Give me my data")),
        Button("erase", t.gettext("Erase me…"), "", "danger"),
    )


def _back(asked: Asked) -> Card:
    t = asked.t
    text = t.gettext("You are counted from now on. What was before stays erased.")
    return note(text, buttons=(Button("achievements", t.gettext("My achievements")),))
