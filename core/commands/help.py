"""`/plaudit help`: what this person can ask."""

from __future__ import annotations

from collections.abc import Iterable

from core.badges import name_of
from core.cards import Button, Card, Line, Section, Text, line
from core.commands.asked import Asked, short
from core.duties import entrusting
from core.givers import entries_of
from core.requests import Answer
from core.rights import may

Entry = tuple[str, str, str]
"""The verb that decides who may, what is typed, and what comes of it."""


async def answer(asked: Asked) -> Answer:
    t = asked.t
    titled = ((None, _everybody(asked)), (t.gettext("For moderators"), _moderators(asked)))
    sections = _unknown(asked)
    sections += [Section(lines, title) for title, entries in titled if (lines := _lines(asked, entries))]
    if not may(asked.request.role, "grant"):
        sections += _given_by(asked)
    buttons = (
        Button("achievements", t.gettext("My achievements")),
        Button("leaderboard", t.gettext("Leaderboard"), ""),
        Button("settings", t.gettext("Settings")),
    )
    title = line(t.gettext("Plaudit notices good work and says so"))
    return asked.answer(Card(tuple(sections), title, buttons=buttons))


def _unknown(asked: Asked) -> list[Section]:
    """Who typed a word that is no command is told so."""
    if not (word := asked.argument("word")):
        return []
    text = asked.t.gettext("No command here is called “{typed}”. This is what you can ask:")
    return [Section((line(text.format(typed=short(word))),))]


def _lines(asked: Asked, entries: Iterable[Entry]) -> tuple[Line, ...]:
    """Only what the person's role may."""
    return tuple(_entry(typed, words) for verb, typed, words in entries if may(asked.request.role, verb))


def _entry(typed: str, words: str) -> Line:
    return Text(typed, bold=True), Text(f" · {words}")


def _given_by(asked: Asked) -> list[Section]:
    """What somebody may give whom `[[givers]]` names, without being a moderator."""
    t, lines = asked.t, []
    for giver in entries_of(asked.book, asked.request):
        badges = t.listed(name_of(asked.book, badge) for badge in giver.achievements)
        monthly = t.counted("{n} a month", "{n} a month", giver.monthly)
        words = t.gettext("give {badges} by hand, {monthly}").format(badges=badges, monthly=monthly)
        lines.append(_entry(_GRANT, words))
    return [Section(tuple(lines), t.gettext("For you to give"))] if lines else []


_GRANT = "/plaudit grant @person NAME reason"


def _everybody(asked: Asked) -> Iterable[Entry]:
    t = asked.t
    own = t.gettext("what you earned and what is under way; with a name: what others show")
    return (
        ("achievements", "/achievements", own),
        ("leaderboard", "/leaderboard", t.gettext("the score this week, this month or of all time")),
        ("kudos", "/kudos @person for WORDS", t.gettext("thank somebody, in front of everybody here")),
        ("challenge", "/challenge", t.gettext("what is under way together, where it stands, and joining")),
        ("challenge-new", "/challenge new", t.gettext("make a challenge")),
        ("why", "/plaudit why NAME", t.gettext("how a badge is earned, and where you stand")),
        ("why-not", "/plaudit why-not NAME", t.gettext("what counted for you, what did not and why, what is missing")),
        ("claim", "/claim", t.gettext("say what you did elsewhere, or use a code")),
        *_rewards(asked),
        *_teams(asked),
        *_duties(asked, "handback", "/plaudit handback NAME", t.gettext("give a badge back, with what it opened")),
        (
            "link",
            "/plaudit link",
            t.gettext("your accounts here and elsewhere as one person; /plaudit unlink parts them"),
        ),
        ("settings", "/plaudit settings", t.gettext("quieter, hidden, or not counted at all; your time zone")),
        ("privacy", "/plaudit privacy", t.gettext("what is kept about you and why; have it as a file, or be erased")),
    )


def _rewards(asked: Asked) -> Iterable[Entry]:
    if asked.book.rewards is not None:
        yield "rewards", "/rewards", asked.t.gettext("what you can have for your points")


def _duties(asked: Asked, *entry: str) -> Iterable[Entry]:
    """Only where a badge opens a duty or a role."""
    if entrusting(asked.book):
        verb, typed, words = entry
        yield verb, typed, words


def _teams(asked: Asked) -> Iterable[Entry]:
    if asked.book.teams:
        yield "team", "/team", asked.t.gettext("your team, which there are, and joining one that is open")


def _moderators(asked: Asked) -> Iterable[Entry]:
    t = asked.t
    days = t.gettext("days that break no streak, as on a holiday; without days: take one back")
    return (
        ("grant", "/plaudit why-not NAME @person", t.gettext("what counted for somebody else")),
        ("grant", _GRANT, t.gettext("give a badge by hand")),
        ("revoke", "/plaudit revoke @person NAME reason", t.gettext("take one back")),
        ("validate", "/plaudit validate @person KIND note", t.gettext("vouch for something done elsewhere")),
        ("confirm", "/plaudit confirm @person NAME", t.gettext("say yes to a badge that a rule found")),
        ("decline", "/plaudit decline @person NAME", t.gettext("say no to one; nobody is told")),
        ("claims", "/plaudit claims", t.gettext("what people say they did elsewhere, and nobody has decided on")),
        ("people", "/plaudit people", t.gettext("who somebody is whom only another system knows")),
        ("fairness", "/plaudit fairness", t.gettext("marks that look unlike the rest of the community")),
        ("pause", "/plaudit pause @person FROM UNTIL", days),
        ("freeze", "/plaudit freeze @person DAY NAME", t.gettext("one day that breaks no streak, or not this one")),
        ("ban", "/plaudit ban @person reason", t.gettext("take back what somebody earned; unban gives it back")),
        *_duties(asked, "duties", "/plaudit duties", t.gettext("who holds a duty or a role through a badge, how long")),
        *([("grant", "/team join NAME @person", t.gettext("move somebody"))] if asked.book.teams else []),
        ("audit", "/plaudit audit @person", t.gettext("who did what by hand, and why")),
        ("setup", "/plaudit setup", t.gettext("channels, who moderates, the digest's day")),
    )
