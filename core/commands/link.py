"""`/plaudit link`: accounts on several platforms become one person, by codes that only their owner can have seen."""

from __future__ import annotations

from collections.abc import Sequence

from core import link_cards as cards
from core.cards import Button, Card, note
from core.commands.asked import Asked
from core.commands.claim import form
from core.events import Account
from core.forms import Field, Form
from core.link_codes import LONGEST_ADDRESS, Links, called, read_address
from core.link_gists import LONGEST_LINK, gist_id, said
from core.requests import Answer

LONGEST_CODE = 64


async def answer(asked: Asked) -> Answer:
    """Without a code: which accounts are linked, and a new code. With one: whose it is."""
    links = await open_links(asked)
    if typed := asked.argument("code")[:LONGEST_CODE]:
        return await _show(asked, links, typed)
    _, accounts = await links.members(asked.request.account)
    code = await links.code(asked.request.account, "chat", asked.request.channel)
    return asked.answer(cards.overview(accounts, await names_of(asked, accounts), code, asked.t))


async def confirm(asked: Asked) -> Answer:
    links = await open_links(asked)
    found = await links.confirm(asked.request.account, asked.pressed or "")
    if found.outcome != "right":
        return asked.answer(cards.refused(found.outcome, await who(asked, found.other), asked.t))
    return asked.answer(cards.joined(found, asked.t))


async def decline(asked: Asked) -> Answer:
    links = links_of(asked)
    await links.drop(asked.request.account, asked.pressed or "")
    return asked.answer(note(asked.t.gettext("Nothing was linked, and the code is gone.")))


async def email(asked: Asked) -> Answer:
    """Opens the form for the address, unless it was typed."""
    if asked.argument("address"):
        return await mail(asked)
    await open_links(asked)
    t = asked.t
    fields = (Field("address", t.gettext("Your e-mail address"), most=LONGEST_ADDRESS, hint="lena@example.org"),)
    made = Form("link-email-send", t.gettext("Link an address"), t.gettext("Send me a code"), fields)
    return form(asked, made, t.gettext("I cannot open a form here. Press the button in a channel."))


async def mail(asked: Asked) -> Answer:
    """A code goes to the address."""
    links, t = await open_links(asked), asked.t
    address = read_address(asked.argument("address"))
    if address is None:
        raise asked.refuse(t.gettext("This is no e-mail address. Write it as lena@example.org."))
    sent = await links.mail(asked.request.account, address, asked.request.channel)
    if sent == "off":
        raise asked.refuse(t.gettext("No mails are sent from here. An operator can set that up."))
    if sent == "often":
        raise asked.refuse(t.gettext("Three mails went out in the last hour. Look into your mailbox, or try later."))
    text = t.gettext("A mail with a code is on its way. Write /plaudit link and the code here, within 15 minutes.")
    return asked.answer(note(text))


async def forge(asked: Asked) -> Answer:
    """What to post on GitHub or GitLab, or where to sign in."""
    links = await open_links(asked)
    code = await links.code(asked.request.account, "forge", asked.request.channel)
    sign_in, gists = await links.sign_in(asked.request.account), await links.reads_gists()
    return asked.answer(cards.instructions(code, asked.t, sign_in=sign_in, gists=gists))


async def gist(asked: Asked) -> Answer:
    """Opens the form for the address of a gist with the code in it."""
    await open_links(asked)
    t = asked.t
    hint = "https://gist.github.com/lena-k/0123456789abcdef0123"
    fields = (Field("address", t.gettext("The gist's address"), most=LONGEST_LINK, hint=hint),)
    made = Form("link-gist-read", t.gettext("A code in a gist"), t.gettext("Read it"), fields)
    return form(asked, made, t.gettext("I cannot open a form here. Press the button in a channel."))


async def read_gist(asked: Asked) -> Answer:
    """Whoever wrote the code into a gist is shown to whoever asked for it, as when it was posted elsewhere."""
    links, t = await open_links(asked), asked.t
    found = gist_id(asked.argument("address"))
    if found is None:
        raise asked.refuse(t.gettext("This is no gist. Copy its address: https://gist.github.com/lena-k/ and its id."))
    read = await links.read_gist(asked.request.account, found)
    if read.outcome != "right":
        again = Button("link-gist", t.gettext("Another gist…"))
        raise asked.refuse(said(read.outcome, t), again)
    return asked.answer(cards.posted(read.account, read.name, read.token, t))


def links_of(asked: Asked) -> Links:
    """Raises Refusal where nobody keeps links."""
    if asked.links is None:
        raise asked.refuse(asked.t.gettext("Accounts are not linked here."))
    return asked.links


async def open_links(asked: Asked) -> Links:
    """Raises Refusal for somebody of whom nothing is recorded."""
    links = links_of(asked)
    if not (await asked.records.choice(asked.member)).tracked:
        text = asked.t.gettext("You opted out, so nothing is recorded about you. /plaudit settings changes that.")
        raise asked.refuse(text)
    return links


async def names_of(asked: Asked, accounts: Sequence[Account]) -> dict[Account, str]:
    return {account: row.name for account, row in (await asked.records.people(accounts)).items()}


async def who(asked: Asked, account: Account) -> str:
    """As "Lena on Slack"."""
    return called(account, (await asked.person(account)).name) if account else ""


async def _show(asked: Asked, links: Links, typed: str) -> Answer:
    found = await links.show(asked.request.account, typed)
    other = await who(asked, found.other)
    if found.outcome != "right":
        return asked.answer(cards.refused(found.outcome, other, asked.t))
    if found.joined is not None:
        return asked.answer(cards.joined(found.joined, asked.t))
    return asked.answer(await _right(asked, found.token, other))


async def _right(asked: Asked, token: str, other: str) -> Card:
    return cards.question(other, await who(asked, asked.request.account), token, asked.t)
