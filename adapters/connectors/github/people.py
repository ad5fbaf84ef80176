"""Who did it: accounts of GitHub by their number, authors of commits by what a commit says of them."""

from __future__ import annotations

import re

from adapters.connectors.forge import Event
from adapters.connectors.payload import Payload
from adapters.connectors.people import email_account
from core.events import Account

_HIDDEN = re.compile(r"(?:(\d{1,18})\+)?([a-z0-9_.-]{1,100}(?:\[bot\])?)@users\.noreply\.github\.com", re.I)
_BOT = "[bot]"


def account(event: Event, holder: Payload, key: str) -> Account | None:
    """The account of the user object at `key`; None for an account that was deleted."""
    user = holder.maybe_object(key)
    if user is None:
        return None
    login = user.short_text("login")
    bot = user.look("type") == "Bot" or login.endswith(_BOT)
    return event.cast.meet(str(user.whole("id")), login, bot)


def commit_author(event: Event, author: Payload) -> Account | None:
    """A commit names people by login and e-mail address; the sender of the push is known by number."""
    return _known(event, author.prose("username"), author.prose("email"))


def co_author(event: Event, address: str) -> Account | None:
    """Whom a trailer names."""
    return _known(event, "", address)


def _known(event: Event, login: str, address: str) -> Account | None:
    return _sender(event, login, address) or _by_number(event, address) or _by_login(event, login, address)


def _sender(event: Event, login: str, address: str) -> Account | None:
    """The account that pushed, if the commit names the same login, or the address that it pushed with."""
    sender, pusher = event.data.maybe_object("sender"), event.data.maybe_object("pusher")
    if sender is None:
        return None
    name = sender.short_text("login").lower()
    same = login.lower() == name
    if pusher is not None and address and pusher.prose("name").lower() == name:
        same = same or (not login and pusher.prose("email").lower() == address.lower())
    return account(event, event.data, "sender") if same else None


def _by_number(event: Event, address: str) -> Account | None:
    """GitHub's own addresses for those who hide theirs hold the number of the account."""
    found = _HIDDEN.fullmatch(address)
    if found is None or found[1] is None:
        return None
    return event.cast.meet(str(int(found[1])), found[2], found[2].endswith(_BOT))


def _by_login(event: Event, login: str, address: str) -> Account | None:
    found = _HIDDEN.fullmatch(address)
    login = login or (found[2] if found else "")
    if 0 < len(login) <= 100 and login.isprintable() and "/" not in login:
        return event.cast.meet(f"@{login.lower()}", login, login.endswith(_BOT))
    return email_account(address)
