"""People whom no chat knows: who they are, who they may be, and what became of suggestions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import sqlalchemy as sa

from adapters.storage.history import SqlHistory, as_json
from adapters.storage.transactions import SqlTransaction
from core.cards import Card
from core.effects import destination_json
from core.erasure import is_pseudonym
from core.events import Account
from core.likeness import Accuracy, Crowd, Known, Stranger, crowd, guess
from core.link_codes import place
from core.members import in_chat
from core.plan import LINKED
from core.ports import Destination, Outgoing
from core.serving import Served

# The bot's own names ("moderator/operator", things after a star) are nobody.
_STRANGERS = """
SELECT p.account, COALESCE(a.name, ''), COUNT(*) FROM party p
LEFT JOIN account a ON a.community = p.community AND a.account = p.account
WHERE p.community = ? AND p.type <> ? AND COALESCE(a.bot, 0) = 0
  AND p.account NOT GLOB 'slack:*' AND p.account NOT GLOB 'discord:*' AND p.account NOT GLOB 'moderator/*'
  AND p.account NOT LIKE '*%' AND p.account LIKE '%/%' {among}
GROUP BY p.account HAVING COUNT(*) > ? ORDER BY COUNT(*) DESC, p.account
"""
_EVERYBODY = _STRANGERS.format(among="")
_AMONG = _STRANGERS.format(among="AND p.account IN (SELECT value FROM json_each(?))")
_BADGES = """
SELECT member, achievement FROM award WHERE community = ? AND state = 'awarded'
  AND member IN (SELECT value FROM json_each(?)) ORDER BY achievement
"""
_CROWD = """
SELECT account, name FROM account WHERE community = ? AND present AND NOT bot
  AND (account GLOB 'slack:*' OR account GLOB 'discord:*') ORDER BY account
"""
_NAMES = "SELECT account, name FROM account WHERE community = ? AND account IN (SELECT value FROM json_each(?))"
_REJECTED = "SELECT account, candidate FROM match WHERE community = ? AND state = 'rejected'"
_NOTE = """
INSERT INTO match (community, account, candidate, state, confidence, "by", at) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (community, account, candidate) DO UPDATE SET state = excluded.state, "by" = excluded."by", at = excluded.at
"""
_COUNTS = "SELECT state, COUNT(*) FROM match WHERE community = ? GROUP BY state"
_KNOWN = """
SELECT 1 FROM account WHERE community = ? AND account = ?
UNION ALL SELECT 1 FROM party WHERE community = ? AND account = ? LIMIT 1
"""
_TOLD = "SELECT account FROM stranger WHERE community = ?"
_TELL = "INSERT INTO stranger (community, account, told_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"


def strangers(
    history: SqlHistory, served: Served, more_than: int = 0, among: Collection[Account] | None = None
) -> list[Stranger]:
    """Those with the most facts first, if they have more than so many. `among`: of these accounts only."""
    if among is None:
        rows = history.rows(_EVERYBODY, (history.community, LINKED, more_than))
    else:
        rows = history.rows(_AMONG, (history.community, LINKED, as_json(among), more_than))
    known = [row for row in rows if not is_pseudonym(row[0]) and not _in_chat(served, row[0])]
    badges = _badges(history, [row[0] for row in known])
    return [Stranger(a, name or a.partition("/")[2], int(n), badges.get(a, ())) for a, name, n in known]


def with_guesses(history: SqlHistory, served: Served, found: Sequence[Stranger]) -> list[Stranger]:
    """Each with who they may be; rejected ones are not suggested again."""
    if not found:
        return []
    among = _crowd(history, served)
    rejected: dict[Account, set[Account]] = {}
    for account, candidate in history.rows(_REJECTED, (history.community,)):
        rejected.setdefault(account, set()).add(candidate)
    return [replace(s, guess=guess(s, among, rejected.get(s.account, ()))) for s in found]


def compare(history: SqlHistory, served: Served, account: Account, other: Account, now: int) -> None:
    """Somebody of the chat links an account by themselves: was that what would have been suggested?"""
    ours, theirs = _sides(served, account, other)
    for stranger in with_guesses(history, served, strangers(history, served, among=theirs)):
        if stranger.guess is not None and in_chat(account):
            state = "agreed" if stranger.guess.candidate in ours else "differed"
            _note(history, stranger, state, account, now)


def decide(history: SqlHistory, served: Served, account: Account, candidate: Account, by: Account, now: int) -> None:
    """A moderator says who somebody is: what was suggested is right or wrong by that."""
    found = with_guesses(history, served, strangers(history, served, among=[account]))
    for stranger in found:
        if stranger.guess is not None:
            same = stranger.guess.candidate in served.people.accounts(served.people.member(candidate))
            _note(history, stranger, "confirmed" if same else "rejected", by, now)


def decline(db: sa.Connection, served: Served, account: Account, candidate: Account, by: Account, now: int) -> None:
    """A moderator says who somebody is not."""
    history = SqlHistory(db, served.plan.community)
    found = with_guesses(history, served, strangers(history, served, among=[account]))
    percent = next((s.guess.percent for s in found if s.guess and s.guess.candidate == candidate), 0)
    _write(history, account, candidate, "rejected", percent, by, now)


def accuracy(history: SqlHistory) -> Accuracy:
    found = Counter({state: int(number) for state, number in history.rows(_COUNTS, (history.community,))})
    return Accuracy(found["confirmed"], found["rejected"], found["agreed"], found["differed"])


def untold(history: SqlHistory, served: Served, more_than: int) -> list[Stranger]:
    """Those of whom moderators were not told yet."""
    told = {row[0] for row in history.rows(_TOLD, (history.community,))}
    return [s for s in strangers(history, served, more_than) if s.account not in told]


def note_told(db: sa.Connection, community: str, found: Sequence[Stranger], now: int) -> None:
    if found:
        db.exec_driver_sql(_TELL, [(community, s.account, now) for s in found])


def _crowd(history: SqlHistory, served: Served) -> Crowd:
    """One account for each person of the chats: the one that names them, where that is here."""
    rows = {row[0]: row[1] for row in history.rows(_CROWD, (history.community,))}
    people = served.people
    first = {people.member(a): a for a in sorted(rows, key=lambda a: a == people.member(a))}
    others = {a for m in first for a in people.accounts(m) if not in_chat(a)}
    names = dict(history.rows(_NAMES, (history.community, as_json(sorted(others))))) if others else {}
    return crowd(Known(a, rows[a], *_elsewhere(served, m, names)) for m, a in first.items())


def _elsewhere(
    served: Served, member: Account, names: dict[Account, str]
) -> tuple[tuple[tuple[str, str], ...], frozenset[str]]:
    linked = [a for a in served.people.accounts(member) if not in_chat(a)]
    addresses = frozenset(a.partition("/")[2] for a in linked if a.startswith("email/"))
    return tuple((place(a), names[a]) for a in linked if a in names), addresses


def _badges(history: SqlHistory, accounts: Sequence[Account]) -> dict[Account, tuple[str, ...]]:
    found: dict[Account, tuple[str, ...]] = {}
    for member, achievement in history.rows(_BADGES, (history.community, as_json(accounts))):
        if achievement not in found.get(member, ()):
            found[member] = (*found.get(member, ()), achievement)
    return found


def _in_chat(served: Served, account: Account) -> bool:
    return any(map(in_chat, served.people.accounts(served.people.member(account))))


def _sides(served: Served, *accounts: Account) -> Iterator[tuple[Account, ...]]:
    return (served.people.accounts(served.people.member(a)) for a in accounts)


def _note(history: SqlHistory, s: Stranger, state: str, by: Account, now: int) -> None:
    if s.guess is not None:
        _write(history, s.account, s.guess.candidate, state, s.guess.percent, by, now)


def _write(
    history: SqlHistory, account: Account, candidate: Account, state: str, percent: int, by: Account, now: int
) -> None:
    history.rows(_NOTE + " RETURNING 1", (history.community, account, candidate, state, percent, by, now))


def tell(
    db: sa.Connection,
    community: str,
    cause: str,
    found: Sequence[Stranger],
    card: Card,
    to: Sequence[Destination],
    now: int,
) -> None:
    """Queue the card; nobody on it or behind it is told of again."""
    note_told(db, community, found, now)
    parcels = [Outgoing(cause, d.source, "card", destination_json(d), card, now) for d in to]
    SqlTransaction(db, community).send(parcels)


def is_known(history: SqlHistory, account: Account) -> bool:
    """Has anybody of this account been met, or done something?"""
    return bool(history.rows(_KNOWN, (history.community, account, history.community, account)))
