"""Every table. The log (`statement`) and the ledger are append-only; what else says who has what can be rebuilt.

Times are UTC microseconds. Every table carries the community, and every unique key includes it.
"""

from __future__ import annotations

from adapters.storage.tables.base import metadata
from adapters.storage.tables.books import book, rule
from adapters.storage.tables.deliveries import notebook, outbox, run
from adapters.storage.tables.holdings import award, ledger, level, progress, score, wake
from adapters.storage.tables.log import ignored, inbox, party, request_seen, statement
from adapters.storage.tables.people import account, choice

__all__ = [
    "account",
    "award",
    "book",
    "choice",
    "ignored",
    "inbox",
    "ledger",
    "level",
    "metadata",
    "notebook",
    "outbox",
    "party",
    "progress",
    "request_seen",
    "rule",
    "run",
    "score",
    "statement",
    "wake",
]
