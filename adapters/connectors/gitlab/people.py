"""Who did it: accounts of GitLab by their number, authors of commits by what a commit says of them."""

from __future__ import annotations

import re

from adapters.connectors.forge import Event
from adapters.connectors.payload import Payload
from adapters.connectors.people import email_account
from core.events import Account

_HIDDEN = re.compile(r"(\d{1,18})-([\w.-]{1,255})@users\.noreply\.[\w.-]{1,200}", re.I)
_BOT = re.compile(r"(?:project|group)_\d+_bot(?:_\w+)?|ghost|support-bot|alert-bot|GitLab-.*-[Bb]ot")


def user(event: Event) -> Account:
    """Who set the event off."""
    found = event.data.object("user")
    return _meet(event, found.whole("id"), found.short_text("username"), found.maybe_short_text("name"))


def numbered(event: Event, holder: Payload, key: str) -> Account:
    """An account of which only the number is told; its name, if it is the one that set the event off."""
    number, acting = holder.whole(key), event.data.maybe_object("user")
    if acting is not None and acting.look("id") == number:
        return user(event)
    return f"{event.cast.source}/{number}"


def commit_author(event: Event, address: str) -> Account | None:
    """Commits know e-mail addresses only: the pusher's own, GitLab's for those who hide theirs, or any."""
    if address and address.lower() == event.data.prose("user_email").lower():
        return _meet(
            event,
            event.data.whole("user_id"),
            event.data.short_text("user_username"),
            event.data.short_text("user_name"),
        )
    found = _HIDDEN.fullmatch(address)
    return _meet(event, int(found[1]), found[2], None) if found else email_account(address)


def _meet(event: Event, number: int, username: str, name: str | None) -> Account:
    return event.cast.meet(str(number), name or username, _BOT.fullmatch(username) is not None)
