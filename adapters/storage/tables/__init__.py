"""Every table. The log (`statement`) and the ledger are append-only; what else says who has what can be rebuilt.

Times are UTC microseconds. Every table carries the community, and every unique key includes it.
"""

from __future__ import annotations

from adapters.storage.tables.audit import act
from adapters.storage.tables.base import metadata
from adapters.storage.tables.books import book, rule
from adapters.storage.tables.claims import appeal, claim
from adapters.storage.tables.codes import code, confirmation, guess, link, redemption
from adapters.storage.tables.deliveries import notebook, outbox, run
from adapters.storage.tables.erasure import erasure, identity
from adapters.storage.tables.findings import finding
from adapters.storage.tables.holdings import award, ledger, level, progress, score, wake
from adapters.storage.tables.links import link_code, link_mail, match, stranger
from adapters.storage.tables.log import ignored, inbox, party, request_seen, statement
from adapters.storage.tables.people import account, choice

__all__ = [
    "account",
    "act",
    "appeal",
    "award",
    "book",
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
    "progress",
    "redemption",
    "request_seen",
    "rule",
    "run",
    "score",
    "statement",
    "stranger",
    "wake",
]
