"""`plaudit claims …`: claims by the operator, beside a running bot or without one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence

from adapters.storage.beside import beside, looking
from adapters.storage.claim_changes import Changer
from adapters.storage.claims import names_of, read_claim, waiting
from adapters.storage.upgrade import upgrade
from bot.books import read_books
from bot.settings import Settings
from core.claim_cards import title_of
from core.claims import Claim, Decide
from core.commands.claim_decisions import approval, gives, refusal
from core.errors import ConfigurationError, PlauditError
from core.events import Account
from core.rules.book import RuleBook
from core.times import write_time
from core.two_people import takes_two

OPERATOR = "operator"  # who decided, in the log: nobody of the community
MOST = 1_000


class Undecided(PlauditError):
    """A claim that is not open, or that there is not."""


def one_book(settings: Settings, community: str | None) -> RuleBook:
    """The book of a community; without a name the only one. Raises ConfigurationError."""
    books = {book.community.id: book for book in read_books(settings.rules)}
    if community is None and len(books) == 1:
        return next(iter(books.values()))
    if community is None or community not in books:
        raise ConfigurationError(f"name the community with --community: {', '.join(sorted(books))}")
    return books[community]


def look(settings: Settings, community: str | None) -> tuple[RuleBook, list[Claim], dict[Account, str]]:
    """Open claims, the oldest first, and the names of the people."""
    book = one_book(settings, community)
    with looking(settings.database_url, book.community.id) as db:
        found = waiting(db, book.community.id, MOST)
        return book, found, names_of(db, book.community.id, {c.account for c in found})


def as_lines(book: RuleBook, found: Sequence[Claim], names: dict[Account, str]) -> list[str]:
    if not found:
        return ["No claim waits for a decision."]
    return [_line(book, claim, names) for claim in found]


def as_json(book: RuleBook, found: Sequence[Claim], names: dict[Account, str]) -> str:
    rows = [
        {
            "claim": c.id,
            "account": c.account,
            "name": names.get(c.account),
            "what": title_of(book, c),
            "at": write_time(c.at),
            "opened_at": write_time(c.opened_at),
            "proof": c.proof,
            "note": c.note,
            "proposed_by": c.machine.source if c.machine else None,
        }
        for c in found
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False)


def decide(settings: Settings, community: str | None, numbers: Iterable[int], reason: str, *, approve: bool) -> int:
    """Decide on these claims: all of them, or none. Returns how many. Raises Undecided."""
    book, now = one_book(settings, community), time.time_ns() // 1_000
    upgrade(settings.database_url)
    with beside(settings.database_url, book) as here:
        changes: list[Decide] = []
        for number in dict.fromkeys(numbers):
            claim = read_claim(here.db, book.community.id, number)
            if claim is None or claim.state != "open":
                raise Undecided(f"claim {number} is not open; plaudit claims list shows those that are")
            if approve and takes_two(here.served.plan.book, gives(claim)):
                raise Undecided(f"claim {number} takes two moderators; they approve it in the chat")
            changes.append(_decision(claim, now, reason, approve=approve))
        if not Changer(here.db, here.served, now).carry_out(changes):
            raise Undecided("somebody else decided on one of these just now; nothing was changed")
        return len(changes)


def _decision(claim: Claim, now: int, reason: str, *, approve: bool) -> Decide:
    return approval(claim, OPERATOR, now, reason or None) if approve else refusal(claim, OPERATOR, now, reason)


def _line(book: RuleBook, claim: Claim, names: dict[Account, str]) -> str:
    who = names.get(claim.account, claim.account)
    source = f", proposed by {claim.machine.source}" if claim.machine else ""
    extra = "".join(f"\n      {part}" for part in (claim.note, claim.proof) if part)
    return f"{claim.id:>4}  {who}: {title_of(book, claim)}, {write_time(claim.at)[:10]}{source}{extra}"
