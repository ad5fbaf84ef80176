"""Accounts that were one person at any time: what one of them spent is not there a second time for another."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from adapters.storage.history import SqlHistory, as_json
from core.events import Account
from core.members import join
from core.serving import Served
from core.unions import LINK, SOURCE

_LINKS = """
SELECT body FROM statement
WHERE community = ? AND source = ? AND id >= ? AND id < ? AND op = 'assert'
"""
_AFTER = LINK[:-1] + chr(ord(LINK[-1]) + 1)
_OTHERS = """
SELECT DISTINCT account FROM payout WHERE community = ? AND account NOT IN (SELECT value FROM json_each(?))
"""
_BALANCE = """
SELECT COALESCE(SUM(points), 0) FROM ledger WHERE community = ? AND member IN (SELECT value FROM json_each(?))
"""


def balance(history: SqlHistory, accounts: Sequence[Account]) -> int:
    """What the ledger has for these."""
    return int(history.rows(_BALANCE, (history.community, as_json(accounts)))[0][0])


def parted(history: SqlHistory, accounts: Sequence[Account]) -> list[Account]:
    """Accounts that redeemed something and were linked with these at some time, over however many, and are not now."""
    others = {row[0] for row in history.rows(_OTHERS, (history.community, as_json(accounts)))}
    if not others:
        return []
    said = [orjson.loads(row[0]) for row in history.rows(_LINKS, (history.community, SOURCE, LINK, _AFTER))]
    ever = join([(s["actor"], s["target"]) for s in said if "actor" in s and "target" in s])
    own = {ever.member(account) for account in accounts}
    return sorted(account for account in others if ever.member(account) in own)


def owed(history: SqlHistory, served: Served, accounts: Sequence[Account]) -> int:
    """Points (0 or less) that these accounts' former companions spent and do not have: they were spent of what is
    here."""
    people = served.people
    groups = {people.member(account): people.accounts(people.member(account)) for account in accounts}
    return sum(min(0, balance(history, group)) for group in groups.values())
