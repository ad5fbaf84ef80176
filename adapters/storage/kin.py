"""Accounts that are one person, or were at any time: whoever has two parts them too easily. What one of them spent is
not there a second time for another, and two of them are no two people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from adapters.storage.history import SqlHistory, as_json
from core.events import ASSERT, Account
from core.members import People, join
from core.rewards import REDEEMED
from core.serving import Served
from core.unions import LINK, SOURCE

_LINKS = """
SELECT body FROM statement
WHERE community = ? AND source = ? AND id >= ? AND id < ? AND op = 'assert'
"""
_STORIES = """
SELECT seq, id, op, body FROM statement WHERE community = ? AND source = ? AND id >= ? AND id < ? ORDER BY seq
"""
_REDEEMED = """
SELECT s.seq, s.body FROM party p CROSS JOIN statement s ON s.seq = p.seq WHERE p.community = ? AND p.type = ?
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


def ever_joined(history: SqlHistory) -> People:
    """Who is who by all links that were ever made, also by those that were taken back."""
    said = [orjson.loads(row[0]) for row in history.rows(_LINKS, (history.community, SOURCE, LINK, _AFTER))]
    return join([(s["actor"], s["target"]) for s in said if "actor" in s and "target" in s])


@dataclass(frozen=True, slots=True)
class _Said:
    """One statement about a link. `body`: as the log keeps it."""

    seq: int
    op: str
    body: Mapping[str, Any]


def _bound(history: SqlHistory, ever: People) -> People:
    """As `ever`, without what only moderators joined and parted, while nobody of them redeemed anything: no points of
    one can have gone to another over it."""
    stories: dict[str, list[_Said]] = {}
    for seq, id_, op, body in history.rows(_STORIES, (history.community, SOURCE, LINK, _AFTER)):
        stories.setdefault(id_, []).append(_Said(seq, op, orjson.loads(body)))
    spent = _redemptions(history, ever)
    kept = [said for story in stories.values() if not _left_no_trace(story, ever, spent) for said in story]
    return join([(s.body["actor"], s.body["target"]) for s in kept if "actor" in s.body and "target" in s.body])


def _redemptions(history: SqlHistory, ever: People) -> Mapping[Account, Sequence[int]]:
    """When (by the order of the log) those who were ever one person redeemed something."""
    found: dict[Account, list[int]] = {}
    for seq, body in history.rows(_REDEEMED, (history.community, REDEEMED)):
        found.setdefault(ever.member(orjson.loads(body)["target"]), []).append(seq)
    return found


def _left_no_trace(story: Sequence[_Said], ever: People, spent: Mapping[Account, Sequence[int]]) -> bool:
    """Whether each time the link was made and taken back by somebody else, and in between nobody redeemed anything."""
    own, since = ever.member(next((s.body["actor"] for s in story if "actor" in s.body), "")), 0
    for said in story:
        if said.body.get("by") is None or ever.member(said.body["by"]) == own:
            return False
        if said.op == ASSERT:
            since = since or said.seq
            if said.body.get("facts", {}).get("way") != "moderator":
                return False
        elif since and any(since < seq < said.seq for seq in spent.get(own, ())):
            return False
        else:
            since = 0
    return not since


def parted(history: SqlHistory, accounts: Sequence[Account]) -> list[Account]:
    """Accounts that redeemed something and were linked with these at some time, over however many, and are not now. A
    moderator's mistake that was taken back before it touched anybody's points is none of these links."""
    others = {row[0] for row in history.rows(_OTHERS, (history.community, as_json(accounts)))}
    if not others:
        return []
    ever = ever_joined(history)
    if not (near := _among(ever, accounts, others)):  # of nearly everybody: what was redeemed is many facts to read
        return []
    return sorted(_among(_bound(history, ever), accounts, near))


def _among(people: People, accounts: Sequence[Account], others: set[Account]) -> set[Account]:
    """The others that are one person with one of these accounts."""
    own = {people.member(account) for account in accounts}
    return {account for account in others if people.member(account) in own}


def owed(history: SqlHistory, served: Served, accounts: Sequence[Account]) -> int:
    """Points (0 or less) that these accounts' former companions spent and do not have: they were spent of what is
    here."""
    people = served.people
    groups = {people.member(account): people.accounts(people.member(account)) for account in accounts}
    return sum(min(0, balance(history, group)) for group in groups.values())
