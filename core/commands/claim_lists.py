"""`/plaudit claims`: what waits for moderators, and approving all of it that is shown."""

from __future__ import annotations

from core.cards import Button, note
from core.claim_cards import MOST_LISTED, listed
from core.claims import Claim
from core.commands.asked import Asked
from core.commands.claim import claims_of
from core.commands.claim_decisions import approval, gives, is_own
from core.requests import Answer
from core.two_people import takes_two


async def answer(asked: Asked) -> Answer:
    _refuse_others(asked)
    waiting = await claims_of(asked).waiting(MOST_LISTED + 1)
    if not waiting:
        return asked.answer(note(asked.t.gettext("No claim waits for a decision.")))
    people = await asked.records.people(tuple({c.account for c in waiting}))
    names = {account: person.name for account, person in people.items()}
    return asked.answer(listed(waiting[:MOST_LISTED], len(waiting) > MOST_LISTED, asked.book, names, asked.t))


async def confirm(asked: Asked) -> Answer:
    """Asks once more before several are approved."""
    claims, t = await _shown(asked), asked.t
    one, many = "Approve {n} claim?", "Approve {n} claims?"
    text = t.counted(one, many, len(claims))
    if len(claims) < len((asked.pressed or "").split(",")):
        text += " " + t.gettext("Your own, what machines propose, what takes two, and what is decided are left out.")
    numbers = ",".join(str(c.id) for c in claims)
    buttons = (
        Button("claims-approve", t.gettext("Approve them"), numbers, "primary"),
        Button("claims", t.gettext("Back")),
    )
    return asked.answer(note(text, buttons=buttons))


async def approve(asked: Asked) -> Answer:
    claims, t = await _shown(asked), asked.t
    text = t.counted(
        "Approved: {n} claim. The person is told privately.",
        "Approved: {n} claims. The people are told privately.",
        len(claims),
    )
    answer = asked.answer(note(text))
    return Answer(
        answer.card,
        replace=answer.replace,
        changes=tuple(approval(c, asked.request.account, asked.request.at) for c in claims),
    )


async def _shown(asked: Asked) -> list[Claim]:
    """Those on the button that this person may decide on. Raises Refusal where there are none."""
    _refuse_others(asked)
    numbers = [int(n) for n in (asked.pressed or "").split(",")[:MOST_LISTED] if n.isdecimal() and len(n) < 10]
    found = [claim for n in numbers if (claim := await claims_of(asked).claim(n)) is not None]
    claims = [c for c in found if c.state == "open" and not is_own(asked, c) and c.machine is None]
    claims = [c for c in claims if not takes_two(asked.book, gives(c))]
    tracked = [c for c in claims if (await asked.records.choice(asked.people.member(c.account))).tracked]
    if not tracked:
        raise asked.refuse(asked.t.gettext("None of these waits for you any more."))
    return tracked


def _refuse_others(asked: Asked) -> None:
    if not asked.request.moderator:
        text = asked.t.gettext("Only moderators can do that. If something is wrong, tell one of them.")
        raise asked.refuse(text)
