"""What commands want changed about claims, done in one commit: rows, statements, and what is told to whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import sqlalchemy as sa

from adapters.storage.attempts import Late, attempt
from adapters.storage.claims import names_of, open_of, read_appeal, read_claim
from adapters.storage.transactions import SqlTransaction
from core import claim_cards
from core.cards import Card
from core.claims import MOST_OPEN, Appeal, Change, Claim, Decide, Open, OpenAppeal, Question, Reply, Rule
from core.effects import destination_json, moderators_of
from core.events import WITHDRAW, Account, Statement, resolve
from core.languages import ours
from core.pipeline import ingest
from core.ports import Destination, Outgoing
from core.serving import Served

_NEW = """
INSERT INTO claim (community, id, account, member, achievement, kind, by_hand, at, proof, note, channel, state,
    opened_at, proposal, confidence, explanation)
SELECT ?, COALESCE(MAX(id), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ? FROM claim WHERE community = ?
ON CONFLICT DO NOTHING RETURNING id
"""
_DECIDE = """
UPDATE claim SET state = ?, "by" = ?, reason = ?, decided_at = ? WHERE community = ? AND id = ? AND state = ?
"""
_OVERTURN = """
UPDATE claim SET state = 'approved', "by" = ?, reason = ?, decided_at = ?
WHERE community = ? AND id = ? AND state = 'declined'
"""
_ASK = "UPDATE claim SET question = ?, answer = NULL WHERE community = ? AND id = ? AND state = 'open'"
_REPLY = "UPDATE claim SET answer = ? WHERE community = ? AND id = ? AND state = 'open' AND question IS NOT NULL"
_NEW_APPEAL = """
INSERT INTO appeal (community, id, decision, account, member, why, channel, state, opened_at)
SELECT ?, COALESCE(MAX(id), 0) + 1, ?, ?, ?, ?, ?, 'open', ? FROM appeal WHERE community = ?
ON CONFLICT DO NOTHING RETURNING id
"""
_RULE = """
UPDATE appeal SET state = ?, "by" = ?, reason = ?, decided_at = ? WHERE community = ? AND id = ? AND state = 'open'
"""
_ALL = 1 << 62


class Changer:
    """One commit for one community. `now`: UTC microseconds."""

    def __init__(self, db: sa.Connection, served: Served, now: int) -> None:
        self._db = db
        self._served = served
        self._now = now
        self._tx = SqlTransaction(db, served.plan.community)
        self._said: list[Statement] = []
        self._claims: dict[int, None] = {}
        self._appeals: dict[int, None] = {}

    def carry_out(self, changes: Sequence[Change]) -> bool:
        """All of them, or none where one comes too late."""
        if not attempt(self._db, changes, self._note):
            return False
        if self._said:
            ingest(self._tx, self._served, self._said, self._now)
        for change in changes:
            self._tx.send(list(self._told(change)))
        return True

    # ---- rows

    def _note(self, change: Change) -> None:
        """Raises Late. Every row is changed before anything is said: nothing has to be unsaid."""
        match change:
            case Open():
                self._open(change.claim)
            case Decide():
                people = self._served.people
                if len({people.member(account) for account in change.apart}) != len(change.apart):
                    raise Late
                row = (change.state, change.by, change.reason, self._now, self._community, change.claim, change.before)
                self._update(_DECIDE, row)
                self._claims[change.claim] = None
                self._said.append(self._once_more(change.statement))
            case Question():
                self._update(_ASK, (change.text, self._community, change.claim))
                self._claims[change.claim] = None
            case Reply():
                self._update(_REPLY, (change.text, self._community, change.claim))
                self._claims[change.claim] = None
            case OpenAppeal():
                self._open_appeal(change.appeal)
            case Rule():
                self._rule(change)

    @property
    def _community(self) -> str:
        return self._served.plan.community

    def _update(self, query: str, row: tuple[object, ...]) -> None:
        if self._db.exec_driver_sql(query, row).rowcount != 1:
            raise Late

    def _open(self, c: Claim) -> None:
        people = self._served.people
        accounts = people.accounts(people.member(c.account))
        if c.machine is None and open_of(self._db, self._community, accounts) >= MOST_OPEN:
            raise Late
        machine = c.machine
        confidence = str(machine.confidence) if machine is not None and machine.confidence is not None else None
        proposed = (machine.statement if machine else None, confidence, machine.explanation if machine else None)
        row = (c.account, c.member, c.achievement, c.kind, c.by_hand, c.at, c.proof, c.note, c.channel, c.opened_at)
        found = self._db.exec_driver_sql(_NEW, (self._community, *row, *proposed, self._community)).all()
        if not found:
            raise Late
        self._claims[int(found[0][0])] = None

    def _open_appeal(self, a: Appeal) -> None:
        row = (a.decision, a.account, a.member, a.why, a.channel, a.opened_at)
        found = self._db.exec_driver_sql(_NEW_APPEAL, (self._community, *row, self._community)).all()
        if not found:
            raise Late
        self._appeals[int(found[0][0])] = None

    def _rule(self, change: Rule) -> None:
        self._update(_RULE, (change.ruling, change.by, change.reason, self._now, self._community, change.appeal))
        self._appeals[change.appeal] = None
        appeal = read_appeal(self._db, self._community, change.appeal)
        if appeal is not None and appeal.claim is not None and change.ruling == "restored":
            row = (change.by, change.reason, self._now, self._community, appeal.claim)
            self._update(_OVERTURN, row)
            self._claims[appeal.claim] = None
        self._said += map(self._once_more, change.statements)

    def _once_more(self, s: Statement) -> Statement:
        """A yes that was taken back stays so: the one after a second look is a fact of its own."""
        again = replace(s, id=f"{s.id}:again")
        known = self._tx.statements([(one.source, one.id) for one in (s, again)], _ALL)
        if s.op == WITHDRAW:
            return again if resolve(known.get((s.source, again.id), ())) is not None else s
        return again if any(one.op == WITHDRAW for _, one in known.get((s.source, s.id), ())) else s

    # ---- what is told

    def _told(self, change: Change) -> Iterator[Outgoing]:
        for number in self._claims:
            claim = read_claim(self._db, self._community, number)
            if claim is not None:
                yield from self._about_claim(change, claim)
        for number in self._appeals:
            appeal = read_appeal(self._db, self._community, number)
            if appeal is not None:
                yield from self._about_appeal(change, appeal)
        self._claims.clear()
        self._appeals.clear()

    def _about_claim(self, change: Change, claim: Claim) -> Iterator[Outgoing]:
        book, t = self._served.plan.book, self._served.speaking_to(claim.account)
        names = self._names(claim.account, claim.by)
        yield from self._pinned(f"claim:{claim.id}", claim, claim_cards.review(claim, book, names, ours(book)))
        if isinstance(change, Decide | Open) and claim.state != "open" and claim.machine is None:
            back = ":back" if isinstance(change, Decide) and change.before == "approved" else ""
            yield self._whisper(f"claim:{claim.id}:{claim.state}{back}", claim, claim_cards.told(claim, book, t))
        if isinstance(change, Question):
            yield self._whisper(f"claim:{claim.id}:asked:{self._now}", claim, claim_cards.questioned(claim, book, t))

    def _about_appeal(self, change: Change, appeal: Appeal) -> Iterator[Outgoing]:
        book, t = self._served.plan.book, self._served.speaking_to(appeal.account)
        claim = read_claim(self._db, self._community, appeal.claim) if appeal.claim is not None else None
        names = self._names(appeal.account, appeal.by)
        card = claim_cards.second_look(appeal, claim, book, names, ours(book))
        yield from self._pinned(f"appeal:{appeal.id}", appeal, card)
        if isinstance(change, Rule):
            yield self._whisper(f"appeal:{appeal.id}:{appeal.state}", appeal, claim_cards.ruled(appeal, claim, book, t))

    def _pinned(self, cause: str, about: Claim | Appeal, card: Card) -> Iterator[Outgoing]:
        """The card in the moderators' channel."""
        return self._tx.posted.pinned(cause, moderators_of(self._served, about.account), card, self._now)

    def _names(self, *accounts: Account | None) -> dict[Account, str]:
        return names_of(self._db, self._community, [a for a in accounts if a])

    def _whisper(self, cause: str, about: Claim | Appeal, card: Card) -> Outgoing:
        source = about.account.partition("/")[0]
        to = Destination(source, "private", about.channel, account=about.account)
        return Outgoing(cause, source, "card", destination_json(to), card, self._now)
