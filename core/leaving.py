"""Somebody left by a roster, or is back: who is believed to be here, and their roles. Their history stays."""

from __future__ import annotations

from collections.abc import Iterable

from core.changes import Change
from core.effects import Telling, role_changes
from core.events import Fact, accounts
from core.plan import LEFT
from core.ports import Transaction
from core.serving import Served


def note_leavers(tx: Transaction, served: Served, changes: Iterable[Change]) -> None:
    """Boards and digests go by presence; roles are brought to what they should be."""
    for change in changes:
        fact = change.after or change.before
        if fact is not None and fact.type == LEFT:
            _note(tx, served, fact, gone=change.after is not None)


def _note(tx: Transaction, served: Served, fact: Fact, *, gone: bool) -> None:
    tx.attend(dict.fromkeys(sorted(accounts(fact)), not gone))
    if fact.actor is None or not served.plan.book.given_roles:
        return
    member = served.people.member(fact.actor)
    telling = Telling(fact.at, accounts={member: served.people.accounts(member)})
    cause = f"{'left' if gone else 'back'}:{fact.source}:{fact.id}:{fact.at}"
    tx.send(list(role_changes(cause, member, served.plan, telling)))
