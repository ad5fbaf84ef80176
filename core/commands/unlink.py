"""`/plaudit unlink`: an account becomes a person of its own again; the others stay together."""

from __future__ import annotations

from core import link_cards as cards
from core.commands.asked import Asked, short
from core.commands.link import links_of, names_of
from core.events import Account
from core.link_codes import called, key_of
from core.requests import Answer


async def answer(asked: Asked) -> Answer:
    """Which one, if none was named; then once more."""
    accounts, names = await _linked(asked)
    wanted = asked.pressed or asked.argument("account")
    if not wanted:
        return asked.answer(cards.choice(accounts, names, asked.t))
    leaving = _named(asked, wanted, accounts, names)
    return asked.answer(cards.parting(leaving, names.get(leaving, ""), asked.t))


async def confirm(asked: Asked) -> Answer:
    accounts, names = await _linked(asked)
    leaving = _named(asked, asked.pressed or asked.argument("account"), accounts, names)
    parted = await links_of(asked).part(asked.request.account, leaving)
    if parted is None:
        raise asked.refuse(asked.t.gettext("These are not linked any more."))
    return asked.answer(cards.parted(leaving, names.get(leaving, ""), parted, asked.t))


async def _linked(asked: Asked) -> tuple[list[Account], dict[Account, str]]:
    """All accounts of the person, and their names. Raises Refusal where there is one only."""
    _, accounts = await links_of(asked).members(asked.request.account)
    if len(accounts) < 2:
        raise asked.refuse(asked.t.gettext("This account is linked with no other."))
    return list(accounts), await names_of(asked, accounts)


def _named(asked: Asked, wanted: str, accounts: list[Account], names: dict[Account, str]) -> Account:
    """By the key on a button, the account, its name or its place. Raises Refusal where it is none or several."""
    typed = wanted.lower()
    for name in (key_of, str.lower):
        found = [a for a in accounts if name(a) == typed]
        if len(found) == 1:
            return found[0]
    found = [a for a in accounts if typed in called(a, names.get(a)).lower()]
    if len(found) != 1:
        raise asked.refuse(
            asked.t.gettext("Which account is “{typed}”? Choose it: /plaudit unlink").format(typed=short(wanted))
        )
    return found[0]
