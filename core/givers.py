"""Who gives some badges by hand without being a moderator, and how many a month."""

from __future__ import annotations

from collections.abc import Collection

from core.calendar import Calendar
from core.events import Account
from core.giving import Quota
from core.requests import Request
from core.rules.book import RuleBook
from core.rules.givers import Giver
from core.two_people import PROPOSED, waiting_since
from core.wanted import GRANT


def entries_of(book: RuleBook, request: Request) -> tuple[Giver, ...]:
    """What of `[[givers]]` is about the person who asks. An account is meant itself, without those linked to it."""
    return tuple(giver for giver in book.givers if _means(giver, request))


def quota_of(giver: Giver, accounts: Collection[Account], calendar: Calendar, now: int) -> Quota:
    """What of its badges these accounts gave in the local month of `now`, and what still waits for a second person
    from whichever month: it may yet be given in this one."""
    month = calendar.first_instant(calendar.period(calendar.day(now), "month"), "month")
    since = {GRANT: month, PROPOSED: waiting_since(now)}
    return Quota(tuple(accounts), since, giver.monthly, frozenset(giver.achievements))


def _means(giver: Giver, request: Request) -> bool:
    there = giver.on("slack" if request.source.startswith("slack:") else "discord")
    return giver.account == request.account or (there is not None and there in request.groups)
