"""`/plaudit help`: what can be asked."""

from __future__ import annotations

from core.cards import Button, Card, Line, Section, Text, line
from core.commands.asked import Asked
from core.requests import Answer


async def answer(asked: Asked) -> Answer:
    t = asked.t
    sections = [Section(_lines(_everybody(asked)))]
    if asked.request.moderator:
        sections.append(Section(_lines(_moderators(asked)), t.gettext("For moderators")))
    buttons = (
        Button("achievements", t.gettext("My achievements")),
        Button("leaderboard", t.gettext("Leaderboard"), ""),
        Button("settings", t.gettext("Settings")),
    )
    title = line(t.gettext("Plaudit notices good work and says so"))
    return asked.answer(Card(tuple(sections), title, buttons=buttons))


def _lines(entries: dict[str, str]) -> tuple[Line, ...]:
    return tuple((Text(command, bold=True), Text(f" · {words}")) for command, words in entries.items())


def _everybody(asked: Asked) -> dict[str, str]:
    t = asked.t
    return {
        "/achievements": t.gettext("what you earned and what is under way; with a name: what others show"),
        "/leaderboard": t.gettext("the score this week, this month or of all time"),
        "/plaudit why NAME": t.gettext("how a badge is earned, and where you stand"),
        "/plaudit why-not NAME": t.gettext("what counted for you, what did not and why, and what is missing"),
        "/claim": t.gettext("say what you did elsewhere, or use a code"),
        "/plaudit link": t.gettext("your accounts here and elsewhere as one person; /plaudit unlink parts them"),
        "/plaudit settings": t.gettext("quieter, hidden, or not counted at all; your time zone"),
        "/plaudit privacy": t.gettext("what is kept about you and why; have it as a file, or be erased"),
    }


def _moderators(asked: Asked) -> dict[str, str]:
    t = asked.t
    return {
        "/plaudit why-not NAME @person": t.gettext("the same about somebody else"),
        "/plaudit grant @person NAME reason": t.gettext("give a badge by hand"),
        "/plaudit revoke @person NAME reason": t.gettext("take one back"),
        "/plaudit validate @person KIND note": t.gettext("vouch for something done elsewhere"),
        "/plaudit confirm @person NAME": t.gettext("say yes to a badge that a rule found"),
        "/plaudit decline @person NAME": t.gettext("say no to one; nobody is told"),
        "/plaudit audit @person": t.gettext("for managers: who did what by hand, and why"),
        "/plaudit people": t.gettext("who somebody is whom only another system knows"),
        "/plaudit claims": t.gettext("what people say they did elsewhere, and nobody has decided on"),
        "/plaudit pause @person FROM UNTIL": t.gettext("days that break no streak, as on a holiday"),
        "/plaudit freeze @person DAY NAME": t.gettext("one day that breaks no streak, or not this one"),
    }
