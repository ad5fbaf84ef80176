"""Whom a card names, looked at once more in the commit that sends it: while it was written, somebody may have been
erased, or have chosen not to be shown."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import structlog

from adapters.storage.challenge_boards import rows
from adapters.storage.erasure import read_erased
from adapters.storage.history import SqlHistory
from core.cards import Card, Line, Mention
from core.events import Account
from core.privacy import shows
from core.serving import Served

log = structlog.get_logger(__name__)


def may_go(history: SqlHistory, served: Served, card: Card | None, *, aloud: bool) -> bool:
    """Whether nobody is named who was erased; `aloud`: in front of everybody, so also nobody who does not want it."""
    there = mentioned(card) if card is not None else set()
    members = {served.people.member(account) for account in there} if aloud else set()
    hiding = [m for m, row in rows(history, served, members, {}).items() if not shows(row.choice)]
    if hiding or erased_of(history, there):
        log.info(
            "a card named somebody who must not be named any more: it is written anew", community=history.community
        )
        return False
    return True


def erased_of(history: SqlHistory, accounts: Collection[Account]) -> set[Account]:
    """Those of them who were erased and did not come back."""
    erased = read_erased(history)
    return {account for account in accounts if erased.of(account) is not None} if erased else set()


def mentioned(card: Card) -> set[Account]:
    """Everybody whom a card or its picture names."""
    return {span.account for line in _lines(card) for span in line if isinstance(span, Mention)}


def _lines(card: Card) -> Iterator[Line]:
    yield card.title or ()
    yield from (line for section in card.sections for line in section.lines)
    if card.picture is not None:
        yield card.picture.title
        yield from (row.text for row in card.picture.rows)
