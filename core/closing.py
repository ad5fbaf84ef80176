"""What was asked on a card and is decided, however it was decided: the card says by whom, and asks no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core.cards import Line, Span, Text
from core.claim_cards import mention
from core.closings import Closing
from core.events import WITHDRAW, Account, Statement
from core.giving import NOMINATED
from core.language import Language, fill
from core.languages import ours
from core.plan import BANNED, CONFIRMED, DECLINED
from core.ports import Transaction
from core.serving import Served
from core.two_people import PROPOSED, REVIEWED
from core.wanted import GRANT

SOURCE = "moderator"
_DECIDING = frozenset({GRANT, CONFIRMED, DECLINED, BANNED, PROPOSED})
_ENDING = ("proposal:", "nomination:", "ban:")


def close_cards(tx: Transaction, served: Served, new: Sequence[Statement], now: int) -> None:
    """For decisions among new statements."""
    decided = [s for s in new if s.type in _DECIDING or (s.op == WITHDRAW and s.id.startswith(_ENDING))]
    if decided:
        names = tx.names({a for s in decided for a in (s.by, s.actor) if a is not None})
        closings = [closing for s in decided for closing in _closings(tx, served, s, names)]
        if closings:
            tx.close(closings, now)


def _closings(tx: Transaction, served: Served, s: Statement, names: Mapping[Account, str]) -> Iterator[Closing]:
    said = _said(s, names, ours(served.plan.book))
    if s.op == WITHDRAW:
        yield from _ended(tx, s, said)
    elif s.type == BANNED:
        if s.facts.get("marks") is True:
            yield Closing(f"{s.source}/{s.id}:", said)
    elif s.type == PROPOSED:
        if "claim" in s.facts:
            yield Closing(f"claim:{s.facts['claim']}", said, gone=frozenset())
        elif s.id.startswith(REVIEWED) and s.target is not None:
            yield from _reviews(_accounts(served, s.target), s, said, gone=frozenset())
    elif s.source == SOURCE and s.target is not None:
        yield from _about(tx, _accounts(served, s.target), s, said)


def _ended(tx: Transaction, s: Statement, said: Line) -> Iterator[Closing]:
    """A proposal was answered, a nomination taken back, a ban lifted."""
    if s.id.startswith("ban:"):
        yield Closing(f"{s.source}/{s.id}:", said)
    elif s.id.startswith("nomination:"):
        yield Closing(f"{s.id}:", said)
    elif s.source == SOURCE:
        yield Closing(s.id, said)


def _about(tx: Transaction, accounts: Sequence[Account], s: Statement, said: Line) -> Iterator[Closing]:
    """What was asked about this person and this badge."""
    yield from _reviews(accounts, s, said)
    badge = str(s.facts.get("achievement", ""))
    if s.type == GRANT:
        for fact in tx.facts(accounts, [NOMINATED]):
            if fact.target in accounts and fact.facts.get("achievement") == badge:
                yield Closing(f"{fact.id}:", said, again=False)


def _accounts(served: Served, account: Account) -> list[Account]:
    return sorted({account, *served.people.accounts(served.people.member(account))})


def _reviews(
    accounts: Sequence[Account], s: Statement, said: Line, gone: frozenset[str] | None = None
) -> Iterator[Closing]:
    """The cards that ask whether this person shall have this badge."""
    badge = str(s.facts.get("achievement", ""))
    for account in accounts:
        yield Closing(f"review:{account}:{badge}:", said, str(s.facts.get("tier", "")), gone, again=s.type != GRANT)


def _said(s: Statement, names: Mapping[Account, str], t: Language) -> Line:
    by: Span = Text(t.gettext("an operator"))
    if s.by is not None and "/" in s.by:
        by = mention(s.by, names)
    if s.type == GRANT and s.actor is not None and s.by is not None and s.actor != s.by:
        return fill(t.gettext("Given by {first} and {second}."), first=mention(s.actor, names), second=by)
    if s.type == CONFIRMED and s.actor is not None and s.by is not None and s.actor != s.by:
        return fill(t.gettext("Confirmed by {first} and {second}."), first=mention(s.actor, names), second=by)
    return fill(_sentence(s, t), by=by)


def _sentence(s: Statement, t: Language) -> str:
    match s.type or s.reason:
        case "grant.made":
            return t.gettext("Given by {by}.")
        case "award.confirmed" | "confirmed":
            return t.gettext("Confirmed by {by}.")
        case "award.declined" | "declined":
            return t.gettext("Declined by {by}.")
        case "grant.proposed":
            return t.gettext("{by} said yes. It takes another moderator, too.")
        case "member.banned":
            return t.gettext("The marks they gave were taken back by {by}.")
    if s.id.startswith("ban:"):
        return t.gettext("The ban was lifted by {by}.")
    return t.gettext("This was taken back.")
