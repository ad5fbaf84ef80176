"""Which book a community is served by: at the start, after `plaudit apply`, and when another process changed it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa
import structlog

from adapters.storage import books, erasure, rulings
from adapters.storage.books import StoredBook
from adapters.storage.challenges import extended, read_challenges
from adapters.storage.history import SqlHistory, as_json
from adapters.storage.ladders import wait_after, waiting_after
from adapters.storage.regrading import pay_the_difference, recheck, roles_held, send_role_changes
from adapters.storage.transactions import SqlTransaction
from core.challenge_rules import explained
from core.choices import note_choice, note_deafness, note_life
from core.effects import Telling
from core.erasure import farewell
from core.errors import ConfigurationError
from core.events import Account
from core.indexing import extra_places
from core.ladder import climb_all, climb_on
from core.languages import preload
from core.linking import note_links
from core.pipeline import ingest
from core.plan import CHOICE, FROZEN, PAUSED, REVOCATION, ZONE, compile_plan
from core.recounting import rebuild
from core.rules.book import RuleBook
from core.rules.findings import BookRefused, Finding
from core.rules.loading import load
from core.rules.versions import Editions, raised, rule_changed, version_findings
from core.serving import Mode, Served
from core.wanted import GRANT

log = structlog.get_logger(__name__)
_CHOOSERS = "SELECT DISTINCT account FROM party WHERE community = ? AND type = ?"
_THERE = """
SELECT account, MAX(at) FROM party WHERE community = ? AND account IN (SELECT value FROM json_each(?)) GROUP BY account
"""
_QUIET = Mode(announce=False, roles=False)
LATE = "the bot started before it was taken up; run plaudit apply again"
OUTDATED = "another book came into force meanwhile; run plaudit apply again to see what would change now"


def findings(history: SqlHistory, book: RuleBook) -> list[Finding]:
    """What keeps a book from coming into force (R8)."""
    return explained(version_findings(book, rulings.editions_in_force(history)), book, read_challenges(history))


def begin(db: sa.Connection, served: Iterable[Served], now: int) -> None:
    """Serve these communities by the books that were read from their files: all, or none. Raises BookRefused."""
    served = list(served)
    again = erasure.catch_up(db)
    for community in served:
        name = community.plan.community
        if members := bring_up_to_date(SqlTransaction(db, name), community, now):
            log.info("rules have changed: members were recounted", community=name, members=members)
    part_from(db, served, again, now)


def part_from(db: sa.Connection, served: Iterable[Served], names: Collection[Account], now: int) -> None:
    """Accounts have become these pseudonyms: read what was remembered anew, and let nothing count for them any more."""
    for community in served if names else ():
        tx = SqlTransaction(db, community.plan.community)
        community.memory.clear()
        community.touches.doubt()
        recall(tx, community)
        here = tx.rows(_THERE, (community.plan.community, as_json(names)))
        # After everything that is known of them, also what a clock that goes ahead has dated.
        ingest(tx, community, [farewell(name, max(now, last + 1)) for name, last in here], now, _QUIET)


def bring_up_to_date(tx: SqlTransaction, served: Served, now: int) -> int:
    """Serve by the book that was read from the file. Returns how many members were recounted because a rule changed;
    awards found that way are not announced, and give no role. Raises BookRefused."""
    tx.first_start(now)
    if (book := extended(tx, served.plan.book)) is not served.plan.book:
        served.become(Served(compile_plan(book)))
    if found := findings(tx, served.plan.book):
        raise BookRefused(*found)
    books.refuse(tx, LATE, now)
    recall(tx, served)
    recounted = _put_in_force(tx, served, now)
    _climb_before_anything(tx, served, now)
    current, text = books.in_force(tx), served.plan.book.written.text
    if text and (current is None or current.text != text):
        served.revision = books.enter(tx, text, now)
    else:
        served.revision = current.revision if current else 0
    return recounted


def take_up(tx: SqlTransaction, served: Served, proposal: StoredBook, now: int) -> int:
    """Serve by a proposed book from now on; roles go with what it finds. Returns how many members were recounted.

    Raises ConfigurationError for one that cannot come into force; then nothing has changed.
    """
    current = books.in_force(tx)
    if current is None or current.revision != proposal.base:
        raise ConfigurationError(OUTDATED)
    book = extended(tx, load(proposal.text, served.plan.book.written.file))
    if found := findings(tx, book):
        raise BookRefused(*found)
    recounted = _switch(tx, served, Served(compile_plan(book), revision=proposal.revision), now)
    books.enforce(tx, proposal.revision, now)
    return recounted


def take_challenges_up(tx: SqlTransaction, served: Served, now: int, *, begun: bool) -> None:
    """Serve by the same text and the challenges as the log has them now. Not `begun`: what changed counts from a day on
    that is still to come, so nobody has to be counted anew."""
    fresh = Served(compile_plan(extended(tx, served.plan.book)), revision=books.renew(tx, now))
    if begun:
        _switch(tx, served, fresh, now)
        return
    recall(tx, fresh)
    known = rulings.editions_in_force(tx)
    rulings.write(tx, rulings.of_book(fresh.plan.book, rulings.read(tx), now))
    _say(tx, fresh, known, now)
    served.become(fresh)


def _switch(tx: SqlTransaction, served: Served, fresh: Served, now: int) -> int:
    """From one book to another; roles go with what it finds."""
    recall(tx, fresh)
    held = roles_held(tx, served.plan.book)
    recounted = _put_in_force(tx, fresh, now)
    send_role_changes(tx, fresh, held, f"rules:{fresh.revision}", now)
    wait_after(tx, "")
    climb_further(tx, fresh, now)
    served.become(fresh)
    return recounted


def climb_further(tx: SqlTransaction, served: Served, now: int) -> bool:
    """Bring a changed ladder to some more people. False where nobody waits for it any more."""
    after = waiting_after(tx)
    if after is None:
        return False
    after = climb_on(tx, served, after, _of_a_new_book(served, now))
    wait_after(tx, after)
    return after is not None


def _climb_before_anything(tx: SqlTransaction, served: Served, now: int) -> None:
    """At the start, all at once. Roles only where this was begun with a new book, and stopped."""
    begun = waiting_after(tx) is not None
    climb_all(tx, served, _of_a_new_book(served, now) if begun else Telling(now, announce=False, roles=False))
    wait_after(tx, None)


def _of_a_new_book(served: Served, now: int) -> Telling:
    return Telling(now, accounts=served.people.groups, announce=False)


def remember(tx: SqlTransaction, served: Served) -> None:
    """What may have changed while this process did not look: the book in force, who opted out, whom a moderator
    touched."""
    _follow(tx, served)
    recall(tx, served)


def recall(tx: SqlTransaction, served: Served) -> None:
    """Who opted out and when, and whom a moderator touched, as the log has it now."""
    preload(served.plan.book.community.language)
    served.people.opt_in = served.plan.book.community.opt_in
    served.people.silent.clear()
    served.people.languages.clear()
    served.people.lives.clear()
    served.by_hand.clear()
    served.erased = erasure.read_erased(tx)
    note_links(tx, served)
    note_deafness(tx, served)
    for type_ in (ZONE, PAUSED, FROZEN):
        for row in tx.rows(_CHOOSERS, (served.plan.community, type_)):
            note_life(tx, served, served.people.member(row[0]))
    for row in tx.rows(_CHOOSERS, (served.plan.community, CHOICE)):
        note_choice(tx, served, served.people.member(row[0]))
    for type_ in (GRANT, REVOCATION):
        accounts = [row[0] for row in tx.rows(_CHOOSERS, (served.plan.community, type_))]
        for fact in tx.facts(accounts, [type_]) if accounts else ():
            if fact.target is not None:
                served.by_hand.add((served.people.member(fact.target), str(fact.facts.get("achievement"))))


def _follow(tx: SqlTransaction, served: Served) -> None:
    """Another process put a book into force, or the commit that did so here failed."""
    current = books.in_force(tx) if served.revision is not None else None
    if current is not None and current.revision != served.revision and current.text:
        book = extended(tx, load(current.text, served.plan.book.written.file))
        served.become(Served(compile_plan(book), revision=current.revision))


def _put_in_force(tx: SqlTransaction, served: Served, now: int) -> int:
    """Note what each rule is now, and decide everything again where one has changed."""
    book = served.plan.book
    before = rulings.read(tx)
    current = rulings.of_book(book, before, now)
    if _counts(current) == _counts(before):
        return 0
    known = rulings.editions_in_force(tx)
    rulings.write(tx, current)
    _say(tx, served, known, now)
    tx.many("DELETE FROM score WHERE community = ?", [(tx.community,)])
    tx.place(extra_places(tx.live(served.plan.open | served.plan.things), served.plan))
    everybody = {served.people.member(account) for account in tx.everybody()}
    recounted = rebuild(tx, served, sorted(everybody), now)
    recheck(tx, served, _rechecked(book, known), now)
    pay_the_difference(tx, served, now)
    return recounted


def _counts(found: rulings.Rulings) -> dict[str, tuple[object, ...]]:
    return {name: ruling.counts for name, ruling in found.items()}


def _say(tx: SqlTransaction, served: Served, known: Editions, now: int) -> None:
    """Tell the log of every raised version, and of what is new and begins only now."""
    if not rulings.has_history(tx):
        return
    book = served.plan.book
    begun = [n for n, rule in book.achievements.items() if n not in known and rule.progress == "reset"]
    said = [rule_changed(book, name, now) for name in (*raised(book, known), *begun)]
    if said:
        ingest(tx, served, said, now, _QUIET)


def _rechecked(book: RuleBook, known: Editions) -> Collection[str]:
    return {name for name in raised(book, known) if book.achievements[name].existing == "recheck"}
