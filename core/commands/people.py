"""`/plaudit people`: moderators say who somebody is whom only another system knows."""

from __future__ import annotations

from dataclasses import replace

from core.cards import Button, note
from core.commands.asked import Asked
from core.commands.link import links_of
from core.likeness import Guess, Stranger
from core.link_cards import MOST_SHOWN, unknown
from core.link_codes import called, key_of
from core.requests import Answer

MOST_LOOKED_AT = 200


async def answer(asked: Asked) -> Answer:
    """Those with the most facts; badges by their names."""
    found = await links_of(asked).strangers(MOST_LOOKED_AT)
    if not found:
        return asked.answer(note(asked.t.gettext("Everybody who is known from elsewhere is known in the chat.")))
    shown = [_named(asked, s) for s in found[:MOST_SHOWN]]
    return asked.answer(unknown(shown, len(found) - len(shown), asked.t))


async def match(asked: Asked) -> Answer:
    stranger, guess = await _pair(asked)
    if asked.people.member(guess.candidate) == asked.member:
        raise asked.refuse(
            asked.t.gettext("This is about yourself: another moderator says yes, or /plaudit link proves it.")
        )
    outcome = await links_of(asked).match(asked.request.account, stranger.account, guess.candidate)
    if outcome != "right":
        raise asked.refuse(asked.t.gettext("They are one person already."))
    text = asked.t.gettext("{who} is {name} now. What it did counts for them.")
    return asked.answer(
        note(text.format(who=called(stranger.account, stranger.name), name=guess.name), buttons=_more(asked))
    )


async def reject(asked: Asked) -> Answer:
    stranger, guess = await _pair(asked)
    await links_of(asked).reject(asked.request.account, stranger.account, guess.candidate)
    text = asked.t.gettext("Noted: {who} is not {name}. I do not suggest it again.")
    return asked.answer(
        note(text.format(who=called(stranger.account, stranger.name), name=guess.name), buttons=_more(asked))
    )


async def _pair(asked: Asked) -> tuple[Stranger, Guess]:
    """Who is on the button. Raises Refusal where somebody else was faster."""
    for stranger in await links_of(asked).strangers(MOST_LOOKED_AT):
        guess = stranger.guess
        if guess is not None and f"{key_of(stranger.account)}.{key_of(guess.candidate)}" == asked.pressed:
            return stranger, guess
    raise asked.refuse(asked.t.gettext("This is decided already, or no longer likely."))


def _named(asked: Asked, s: Stranger) -> Stranger:
    rules = asked.book.achievements
    return replace(s, badges=tuple(rules[b].name if b in rules else b for b in s.badges))


def _more(asked: Asked) -> tuple[Button, ...]:
    return (Button("people", asked.t.gettext("Who else?")),)
