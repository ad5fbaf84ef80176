"""`/plaudit handback NAME`: somebody gives a badge back, and with it what it opened. Asked once more before it goes."""

from __future__ import annotations

from core.announcements import LONGEST_ARGUMENT
from core.badges import name_of, shown
from core.cards import Button, Card, Section, line, note
from core.commands.asked import Asked
from core.commands.finding import find
from core.commands.moderation import SOURCE
from core.duties import HANDED_BACK, entrusting
from core.events import Statement
from core.plan import REVOCATION
from core.records import HeldAward
from core.requests import Answer
from core.wanted import points_of

MOST = 10
CONFIRM = "handback-yes"


async def answer(asked: Asked) -> Answer:
    """Which one, or the question whether it is meant. Raises Refusal for a badge that they do not hold."""
    typed = asked.pressed or asked.argument("achievement")
    if not typed:
        return await _choice(asked)
    achievement = await _own(asked, typed)
    t, rule = asked.t, asked.book.achievements[achievement]
    lines = [line(t.gettext("Hand {badge} back?").format(badge=rule.name))]
    if opened := entrusting(asked.book).get(achievement):
        lines.append(line(t.gettext("What it opens goes with it: {what}.").format(what=opened)))
    awards = [a for a in await asked.records.awards(asked.member) if _is_held(a) and a.achievement == achievement]
    if points := sum(points_of(rule, a.tier or "") for a in awards):
        lines.append(line(t.counted("Its {n} point goes too.", "Its {n} points go too.", points)))
    lines.append(line(t.gettext("Nobody is told. It comes back only if a moderator gives it again.")))
    buttons = (Button(CONFIRM, t.gettext("Hand it back"), achievement, "danger"),)
    return asked.answer(Card((Section(tuple(lines)),), buttons=buttons))


async def confirm(asked: Asked) -> Answer:
    """It goes. Raises Refusal where they hold it no longer."""
    achievement = await _own(asked, asked.pressed or "")
    account = asked.request.account
    said = Statement(
        SOURCE,
        f"handback:{asked.request.id}",
        asked.request.at,
        REVOCATION,
        actor=account,
        target=account,
        facts={"achievement": achievement, "reason": HANDED_BACK},
        reason=HANDED_BACK,
        by=account,
    )
    text = asked.t.gettext("{badge} is handed back. Thank you for the time you held it.")
    card = note(text.format(badge=name_of(asked.book, achievement)))
    return Answer(card, replace=True, statements=(said,))


async def _choice(asked: Asked) -> Answer:
    t, held = asked.t, await _held(asked)
    open_ = [name for name in entrusting(asked.book) if name in held and len(name) <= LONGEST_ARGUMENT]
    if not open_:
        text = t.gettext("You hold no duty and no role through a badge. Another one: /plaudit handback NAME.")
        return Answer(note(text))
    buttons = tuple(Button("handback", name_of(asked.book, name), name) for name in open_[:MOST])
    return Answer(note(t.gettext("Which one do you want to hand back?"), buttons=buttons))


async def _own(asked: Asked, typed: str) -> str:
    held = await _held(asked)
    achievement = find(asked, typed, shown(asked.book, held=held), "handback")
    if achievement not in held or achievement not in asked.book.achievements:
        text = asked.t.gettext("You do not hold {badge}.")
        raise asked.refuse(text.format(badge=name_of(asked.book, achievement)))
    return achievement


async def _held(asked: Asked) -> set[str]:
    return {a.achievement for a in await asked.records.awards(asked.member) if _is_held(a)}


def _is_held(award: HeldAward) -> bool:
    return award.state == "awarded"
