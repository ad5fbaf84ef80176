"""Challenges as the log has them, who takes part, and what is being filled in."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.storage.history import SqlHistory
from core.challenge_rules import with_challenges
from core.challenges import JOINED, SOURCE, TELLING, TOLD, Challenge, Draft, challenges_in, wish_read
from core.events import Account, statement_from
from core.rules.book import RuleBook

_SAID = """
SELECT source, id, op, at, body FROM statement WHERE community = ? AND source = ? AND id >= ? AND id < ?
"""
_AFTER = TELLING[:-1] + chr(ord(TELLING[-1]) + 1)
_DRAFT = "SELECT id, account, wish, challenge FROM challenge_draft WHERE community = ? AND id = ?"
_REACHED = """
SELECT member, MIN(earned_at) FROM award WHERE community = ? AND achievement = ? AND state = 'awarded'
GROUP BY member ORDER BY MIN(earned_at), member
"""
_SEEN = "SELECT DISTINCT period FROM run WHERE community = ? AND job = ?"
STARTED, ENDED = "challenge started", "challenge ended"
"""Jobs that are done once for each challenge."""


def read_challenges(history: SqlHistory) -> dict[str, Challenge]:
    """All by id, the earliest first."""
    rows = history.rows(_SAID, (history.community, SOURCE, TELLING, _AFTER))
    said = (statement_from(*row) for row in rows)
    return challenges_in(s for s in said if s.type in TOLD)


def extended(history: SqlHistory, book: RuleBook) -> RuleBook:
    """The book with the challenges that the log holds. Raises BookRefused where it lacks what an open one needs."""
    found = read_challenges(history)
    return with_challenges(book, found.values()) if found else book


def joined(history: SqlHistory, challenge: str) -> list[Account]:
    """The accounts that take part."""
    facts = history.live([JOINED])
    return sorted(f.target for f in facts if f.target is not None and f.facts.get("challenge") == challenge)


def reached(history: SqlHistory, challenge: str) -> Mapping[str, int]:
    """Members who have it, the first to reach it first, with that time."""
    return {row[0]: int(row[1]) for row in history.rows(_REACHED, (history.community, challenge))}


def read_draft(history: SqlHistory, id_: str) -> Draft | None:
    """What is being filled in."""
    rows = history.rows(_DRAFT, (history.community, id_))
    return None if not rows else Draft(rows[0][0], rows[0][1], wish_read(rows[0][2]), rows[0][3])


def unfinished(history: SqlHistory) -> list[tuple[Challenge, bool]]:
    """Those without results, with whether their start was said."""
    there = [c for c in read_challenges(history).values() if c.result is None and c.rule]
    rows = history.rows(_SEEN, (history.community, STARTED)) if there else ()
    started = {row[0] for row in rows}
    return [(c, c.id in started) for c in there]
