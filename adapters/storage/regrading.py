"""What a changed book makes of awards that stand: points as they are worth now, roles, and holders who lose theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from adapters.storage.history import as_json
from adapters.storage.transactions import SqlTransaction
from core.awards import Award, Happened
from core.effects import PLATFORMS, Telling, messages
from core.events import Account
from core.members import Member
from core.ports import Outgoing
from core.rules.book import RuleBook
from core.serving import Served

CHANGED = "the rule changed, and this no longer meets it"
_PAID = """
SELECT a.id, a.member, a.achievement, a.tier, COALESCE((
    SELECT SUM(points) FROM ledger l INDEXED BY ledger_award WHERE l.award = a.id), 0)
FROM award a WHERE a.community = ? AND a.state = 'awarded'
"""
_SPENT = "SELECT COALESCE(SUM(points), 0) FROM ledger WHERE award = ?"
_HOLDERS = """
SELECT DISTINCT member FROM award
WHERE community = ? AND state = 'awarded' AND kept AND achievement IN (SELECT value FROM json_each(?))
"""
_HELD = "SELECT DISTINCT member, achievement FROM award WHERE community = ? AND state = 'awarded'"
RolesHeld = frozenset[tuple[Member, str]]


def pay_the_difference(tx: SqlTransaction, served: Served, now: int) -> None:
    """Awards are worth what the book says now: the ledger gets an entry for what was paid too little or too much. What
    the book no longer has keeps its worth."""
    rules = served.plan.wanted
    owed = []
    for award, member, achievement, tier, paid in tx.rows(_PAID, (tx.community,)):
        worth = rules[achievement].points(tier) if achievement in rules else paid
        if worth != paid:
            owed.append((member, award, worth - paid, now, "revalued"))
    if owed:
        tx.pay(owed)


def recheck(tx: SqlTransaction, served: Served, achievements: Collection[str], now: int) -> int:
    """Take back what stands without meeting the rule as it is now. Told privately; returns how many awards went."""
    names = [name for name in achievements if name in served.plan.wanted]
    members = [row[0] for row in tx.rows(_HOLDERS, (tx.community, as_json(names)))] if names else []
    failing = [a for a in tx.awards(members) if a.achievement in names and a.state == "awarded" and a.kept]
    lost = [Happened("revoked", a, _taken(a, now)) for a in failing]
    tx.save_awards(lost)
    tx.pay([row for a in failing for row in _paid_back(tx, a, now)])
    telling = _telling(tx, served, {a.member for a in failing}, now)
    tx.send([m for h in lost for m in messages(h, None, served.plan, telling)])
    return len(lost)


def roles_held(tx: SqlTransaction, book: RuleBook) -> RolesHeld:
    """Who has which role by an award."""
    rules = book.achievements
    rows = [(row[0], rules[row[1]].gives_role) for row in tx.rows(_HELD, (tx.community,)) if row[1] in rules]
    return frozenset((member, role) for member, role in rows if role is not None)


def send_role_changes(tx: SqlTransaction, served: Served, before: RolesHeld, cause: str, now: int) -> None:
    """Bring the roles of everybody whose awards give others than before."""
    changed = sorted({member for member, _ in before ^ roles_held(tx, served.plan.book)})
    ours = served.plan.book.community.sources
    accounts = [
        (a, source) for m in changed for a, source in _on_platforms(served, m) if ours is None or source in ours
    ]
    tx.send([Outgoing(f"{cause}:{account}", source, "roles", account, None, now) for account, source in accounts])


def _taken(award: Award, now: int) -> Award:
    return replace(award, state="revoked", kept=False, decided_at=now, reason=CHANGED)


def _paid_back(tx: SqlTransaction, award: Award, now: int) -> Iterator[tuple[Member, int, int, int, str]]:
    """What was really paid: the rule may be worth something else by now."""
    paid = int(tx.rows(_SPENT, (award.id,))[0][0])
    if paid:
        yield award.member, award.id, -paid, now, "revoked"


def _telling(tx: SqlTransaction, served: Served, members: Collection[Member], now: int) -> Telling:
    quiet = now - tx.first_start(now) < served.plan.book.community.quiet_start.microseconds
    choices = {m: announce if tracked else "none" for m, (announce, _, tracked) in tx.choices(members).items()}
    people, names = served.people, tx.names(members)
    return Telling(now, names=names, choices=choices, accounts=people.groups, quiet=quiet, languages=people.languages)


def _on_platforms(served: Served, member: Member) -> Iterator[tuple[Account, str]]:
    for account in served.people.accounts(member):
        source = account.partition("/")[0]
        if source.partition(":")[0] in PLATFORMS:
            yield account, source
