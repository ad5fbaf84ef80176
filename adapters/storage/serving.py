"""What must be known of a community before it is served: who was touched by hand, who opted out, what rules changed."""

from __future__ import annotations

import json

from adapters.storage.transactions import SqlTransaction
from core.choices import note_choice
from core.plan import CHOICE, GRANT, REVOCATION
from core.recounting import rebuild
from core.rules.book import RuleBook
from core.rules.fingerprint import fingerprint
from core.serving import Served

_CHOOSERS = "SELECT DISTINCT account FROM party WHERE community = ? AND type = ?"
_RULES = "SELECT rule, fingerprint FROM rule WHERE community = ?"
_PAID = """
SELECT a.id, a.member, a.achievement, COALESCE((SELECT SUM(points) FROM ledger l WHERE l.award = a.id), 0)
FROM award a WHERE a.community = ? AND a.state = 'awarded'
"""
_NEW_RULE = "INSERT INTO rule (community, rule, fingerprint, since) VALUES (?, ?, ?, ?)"


def bring_up_to_date(tx: SqlTransaction, served: Served, now: int) -> int:
    """Returns how many members were recounted because a rule changed; awards found that way are not announced."""
    tx.first_start(now)
    remember(tx, served)
    current = fingerprints(served.plan.book)
    stored = {row[0]: row[1] for row in tx.all(_RULES, (served.plan.community,))}
    if current == stored:
        return 0
    tx.many("DELETE FROM rule WHERE community = ?", [(served.plan.community,)])
    tx.many(_NEW_RULE, [(served.plan.community, rule, mark, now) for rule, mark in current.items()])
    tx.many("DELETE FROM score WHERE community = ?", [(served.plan.community,)])
    everybody = {served.people.member(account) for account in tx.everybody()}
    recounted = rebuild(tx, served, sorted(everybody), now)
    _pay_the_difference(tx, served, now)
    return recounted


def _pay_the_difference(tx: SqlTransaction, served: Served, now: int) -> None:
    """Awards are worth what the book says now: the ledger gets an entry for what was paid too little or too much."""
    rules = served.plan.wanted
    owed = []
    for award, member, achievement, paid in tx.all(_PAID, (served.plan.community,)):
        worth = rules[achievement].rule.points if achievement in rules else paid
        if worth != paid:
            owed.append((member, award, worth - paid, now, "revalued"))
    if owed:
        tx.pay(owed)


def fingerprints(book: RuleBook) -> dict[str, str]:
    """What is counted, rule by rule, and what of the community's facts counts at all."""
    c = book.community
    marks = {
        f"achievement:{n}": f"{fingerprint(book, n)} {a.status} {a.points}"
        for n, a in book.achievements.items()
        if a.on
    }
    marks |= {f"signal:{name}": fingerprint(book, name, "signal") for name in book.signals}
    marks |= {f"score:{name}": fingerprint(book, name, "score") for name in book.scores}
    scope = [sorted(c.ignore_channels), sorted(c.only_channels), c.count_private]
    return {**marks, "community": json.dumps([c.timezone, c.day_starts, c.week_starts, scope])}


def remember(tx: SqlTransaction, served: Served) -> None:
    """Who opted out and when, and whom a moderator touched, as the log has it now."""
    served.people.silent.clear()
    served.by_hand.clear()
    for row in tx.all(_CHOOSERS, (served.plan.community, CHOICE)):
        note_choice(tx, served, served.people.member(row[0]))
    for type_ in (GRANT, REVOCATION):
        accounts = [row[0] for row in tx.all(_CHOOSERS, (served.plan.community, type_))]
        for fact in tx.facts(accounts, [type_]) if accounts else ():
            if fact.target is not None:
                served.by_hand.add((served.people.member(fact.target), str(fact.facts.get("achievement"))))
