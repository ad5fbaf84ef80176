"""People whom no chat knows: the card that tells moderators of them, and `plaudit people …`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import orjson

from adapters.storage import link_codes, strangers, unions
from adapters.storage.beside import beside
from adapters.storage.discretion import erased_of
from adapters.storage.history import SqlHistory
from adapters.storage.runs import claim_run
from adapters.storage.store import Store
from adapters.storage.transactions import SqlTransaction
from adapters.storage.upgrade import upgrade
from bot.claims import OPERATOR, one_book
from bot.settings import Settings
from core.errors import ConfigurationError, PlauditError
from core.events import Account
from core.languages import ours
from core.likeness import Accuracy, Stranger
from core.link_cards import MOST_SHOWN, unknown
from core.members import in_chat
from core.ports import Destination
from core.rules.book import RuleBook
from core.serving import Served

JOB = "people"
WORTH_TELLING = 5  # facts: with more than so many it is worth a moderator's time
MOST = 500


class NotMatched(PlauditError):
    """Why two accounts did not become one person."""


async def tell_of_strangers(store: Store, community: str, today: str, to: Sequence[Destination]) -> bool:
    """A card about those of whom nothing was told yet, once a day however many processes try."""
    served, now = store.communities.served[community], store.now()
    last = await store.last_run(community, JOB)
    if last is not None and last >= today:
        return False
    found = await store.look(lambda db: _untold(SqlHistory(db, community), served))
    shown = await store.look(lambda db: strangers.with_guesses(SqlHistory(db, community), served, found[:MOST_SHOWN]))
    card = unknown(named(served.plan.book, shown), len(found) - len(shown), ours(served.plan.book))

    named_here = {s.account for s in found} | {s.guess.candidate for s in shown if s.guess is not None}

    def work(db: link_codes.Db) -> bool:
        """The day is over for this also where there is nobody: the log is not searched every second."""
        if erased_of(SqlHistory(db, community), named_here):  # meanwhile: it is written anew at the next tick
            return False
        if not claim_run(SqlTransaction(db, community), JOB, today, now) or not found:
            return False
        strangers.tell(db, community, f"{JOB}:{today}", found, card, to, now)
        return True

    return await store.perform(work)


def named(book: RuleBook, found: Sequence[Stranger]) -> list[Stranger]:
    """Badges by their names."""
    rules = book.achievements
    return [replace(s, badges=tuple(rules[b].name if b in rules else b for b in s.badges)) for s in found]


def _untold(history: SqlHistory, served: Served) -> list[Stranger]:
    return strangers.untold(history, served, WORTH_TELLING)


# ---- the command line


def look(settings: Settings, community: str | None) -> list[Stranger]:
    """Everybody whom no chat knows, those with the most facts first."""
    book = one_book(settings, community)
    upgrade(settings.database_url)
    with beside(settings.database_url, book) as here:
        history = SqlHistory(here.db, book.community.id)
        found = strangers.strangers(history, here.served)[:MOST]
        return named(here.served.plan.book, strangers.with_guesses(history, here.served, found))


def as_lines(found: Sequence[Stranger]) -> Iterator[str]:
    if not found:
        yield "Everybody who is known from elsewhere is known in the chat."
    for s in found:
        brings = f", would bring {', '.join(s.badges)}" if s.badges else ""
        yield f"{s.account}  {s.name}: {s.facts} {'fact' if s.facts == 1 else 'facts'}{brings}"
        if s.guess is not None:
            yield f"      perhaps {s.guess.name}, {s.guess.candidate}: {s.guess.reason} ({s.guess.percent} of 100)"


def as_json(found: Sequence[Stranger]) -> str:
    return orjson.dumps({"people": found}, option=orjson.OPT_INDENT_2).decode()


def match(settings: Settings, community: str | None, account: Account, member: Account, reason: str) -> None:
    """Say that an account, from elsewhere or of the chat, is somebody of the chat. Raises NotMatched."""
    book, now = one_book(settings, community), _now()
    upgrade(settings.database_url)
    with beside(settings.database_url, book) as here:
        _refuse_odd(here.served, SqlHistory(here.db, book.community.id), account, member)
        found = unions.match(here.db, here.served, account, member, OPERATOR, now, reason)
        if found.outcome != "right":
            raise NotMatched(f"{account} and {member} are one person already")


def part(settings: Settings, community: str | None, account: Account, reason: str) -> list[Account]:
    """Say that an account is a person of its own. Returns those it was linked with. Raises NotMatched."""
    book, now = one_book(settings, community), _now()
    upgrade(settings.database_url)
    with beside(settings.database_url, book) as here:
        people = here.served.people
        others = [a for a in people.accounts(people.member(account)) if a != account]
        if not others or unions.part(here.db, here.served, others[0], account, OPERATOR, now, reason) is None:
            raise NotMatched(f"{account} is linked with no other account")
        return others


def reject(settings: Settings, community: str | None, account: Account, member: Account) -> None:
    """Say that it is not this person; it is not suggested again. Raises NotMatched."""
    book, now = one_book(settings, community), _now()
    upgrade(settings.database_url)
    with beside(settings.database_url, book) as here:
        _refuse_odd(here.served, SqlHistory(here.db, book.community.id), account, member)
        strangers.decline(here.db, here.served, account, member, OPERATOR, now)


def accuracy(settings: Settings, community: str | None) -> Accuracy:
    """What became of suggestions."""
    book = one_book(settings, community)
    upgrade(settings.database_url)
    with beside(settings.database_url, book) as here:
        return strangers.accuracy(SqlHistory(here.db, book.community.id))


def _refuse_odd(served: Served, history: SqlHistory, account: Account, member: Account) -> None:
    """Raises ConfigurationError for somebody who is not there, NotMatched for somebody of the chat already."""
    if not in_chat(member) or not strangers.is_known(history, member):
        raise ConfigurationError(
            f"{member}: is nobody of the chats of this community; plaudit people unmatched names some"
        )
    if not strangers.is_known(history, account):
        raise ConfigurationError(f"{account}: nobody is known by this name; plaudit people unmatched lists some")
    theirs = served.people.accounts(served.people.member(account))
    if not in_chat(account) and any(map(in_chat, theirs)) and member not in theirs:
        raise NotMatched(f"{account} is somebody of the chat already: {served.people.member(account)}")


def _now() -> int:
    return time.time_ns() // 1_000
