"""“Mark as helpful” in the menu of a message: a mark like a reaction, seen by nobody. A second time takes it back."""

from __future__ import annotations

from core.cards import note
from core.commands.asked import Asked
from core.commands.kudos import gifts_of, refuse_untracked
from core.events import WITHDRAW, Account, Statement, message_id
from core.giving import HELPFUL, Say
from core.records import PersonRow
from core.requests import Answer


async def answer(asked: Asked) -> Answer:
    """Raises Refusal for one's own message, or one that no person wrote."""
    t, place = asked.t, asked.argument("message")
    person = await author_of(asked)
    await refuse_untracked(asked)
    request = asked.request
    id_ = f"helpful:{place}/{request.account.partition('/')[2]}"
    if await gifts_of(asked).fact(request.source, id_) is not None:
        back = Statement(request.source, id_, request.at, op=WITHDRAW, reason="taken back", by=request.account)
        return Answer(
            note(t.gettext("Taken back: the mark does not count any more.")), changes=(Say(back, alive=True),)
        )
    made = Statement(
        request.source,
        id_,
        request.at,
        HELPFUL,
        actor=request.account,
        author=person.account,
        facts={**request.there, **about(place)},
    )
    text = t.gettext("Marked as helpful: {name}'s message. The same again takes it back.")
    return Answer(note(text.format(name=person.name)), changes=(Say(made, alive=False),))


async def author_of(asked: Asked) -> PersonRow:
    """Who wrote the message that was chosen. Raises Refusal for oneself, a bot, or no message."""
    t, account = asked.t, asked.argument("author")
    if not asked.argument("message"):
        raise asked.refuse(t.gettext("Open the menu of a message (⋯) and choose it there."))
    if not account:
        raise asked.refuse(t.gettext("No person wrote this message."))
    if asked.is_own(account):
        raise asked.refuse(t.gettext("This message is your own: that is for others to say."))
    return await _tracked_person(asked, account)


async def _tracked_person(asked: Asked, account: Account) -> PersonRow:
    person = await asked.person(account)
    if person.bot:
        raise asked.refuse(asked.t.gettext("No person wrote this message."))
    if not (await asked.records.choice(asked.people.member(account))).tracked:
        text = asked.t.gettext("{name} opted out, so nothing is recorded about them.")
        raise asked.refuse(text.format(name=person.name))
    return person


def about(place: str) -> dict[str, str]:
    """The fact that says which message it is about. `place`: channel/message."""
    channel, _, number = place.partition("/")
    return {"message": message_id(channel, number)}
