"""Every table. The log (`statement`) and the ledger are append-only; what else says who has what can be rebuilt.

Times are UTC microseconds. Every table carries the community, and every unique key includes it.
"""

from __future__ import annotations

from adapters.storage.tables.announcements import announcement
from adapters.storage.tables.audit import act
from adapters.storage.tables.base import metadata
from adapters.storage.tables.boards import snapshot, standing
from adapters.storage.tables.books import book, rule
from adapters.storage.tables.challenges import challenge_draft
from adapters.storage.tables.claims import appeal, claim
from adapters.storage.tables.codes import code, confirmation, guess, link, redemption
from adapters.storage.tables.deliveries import notebook, outbox, run
from adapters.storage.tables.erasure import erasure, identity
from adapters.storage.tables.findings import finding
from adapters.storage.tables.holdings import award, ledger, level, progress, score, wake
from adapters.storage.tables.links import link_code, link_mail, match, stranger
from adapters.storage.tables.log import ignored, inbox, party, request_seen, statement
from adapters.storage.tables.people import account, choice
from adapters.storage.tables.rewards import payout
from adapters.storage.tables.sign_ins import sign_in
from adapters.storage.tables.stays import stay

__all__ = [
    "account",
    "act",
    "announcement",
    "appeal",
    "award",
    "book",
    "challenge_draft",
    "choice",
    "claim",
    "code",
    "confirmation",
    "erasure",
    "finding",
    "guess",
    "identity",
    "ignored",
    "inbox",
    "ledger",
    "level",
    "link",
    "link_code",
    "link_mail",
    "match",
    "metadata",
    "notebook",
    "outbox",
    "party",
    "payout",
    "progress",
    "redemption",
    "request_seen",
    "rule",
    "run",
    "score",
    "sign_in",
    "snapshot",
    "standing",
    "statement",
    "stay",
    "stranger",
    "wake",
]
