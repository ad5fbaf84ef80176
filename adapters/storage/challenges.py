"""Challenges as the log has them, who takes part, and what is being filled in."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.storage.history import SqlHistory
from core.awards import FactKey
from core.challenge_rules import with_challenges
from core.challenges import CLOSING, JOINING, SOURCE, TELLING, TOLD, Challenge, Draft, challenges_in, wish_read
from core.effects import place_from
from core.events import Account, resolve, statement_from
from core.members import Member
from core.rules.book import RuleBook

_SAID = """
SELECT source, id, op, at, body FROM statement WHERE community = ? AND source = ? AND id >= ? AND id < ?
"""
_IDS = "SELECT DISTINCT id FROM statement WHERE community = ? AND source = ? AND id >= ? AND id < ?"
_ALL = 1 << 62
_DRAFT = "SELECT id, account, wish, challenge FROM challenge_draft WHERE community = ? AND id = ?"
_REACHED = """
SELECT member, earned_at, place FROM award WHERE community = ? AND achievement = ? AND state = 'awarded'
ORDER BY earned_at, member
"""
_SEEN = "SELECT DISTINCT period FROM run WHERE community = ? AND job = ?"
STARTED, ENDED = "challenge started", "challenge ended"
"""Jobs that are done once for each challenge."""


def read_challenges(history: SqlHistory) -> dict[str, Challenge]:
    """All by id, the earliest first."""
    rows = history.rows(_SAID, (history.community, SOURCE, TELLING, _after(TELLING)))
    said = (statement_from(*row) for row in rows)
    return challenges_in(s for s in said if s.type in TOLD)


def extended(history: SqlHistory, book: RuleBook) -> RuleBook:
    """The book with the challenges that the log holds. Raises BookRefused where it lacks what an open one needs."""
    found = read_challenges(history)
    return with_challenges(book, found.values()) if found else book


def joined(history: SqlHistory, challenge: str) -> list[Account]:
    """The accounts that take part, the first to join first."""
    said = history.statements(_keys(history, f"{JOINING}{challenge}:"), _ALL)
    facts = (resolve(there) for there in said.values())
    there = sorted((f.at, f.target) for f in facts if f is not None and f.target is not None)
    return [account for _, account in there]


def reached(history: SqlHistory, challenge: str) -> Mapping[Member, tuple[int, bool]]:
    """Members who have it, the first to reach it first, with that time and whether it was in a private channel."""
    found: dict[Member, tuple[int, bool]] = {}
    for member, earned_at, written in history.rows(_REACHED, (history.community, challenge)):
        place = place_from(written)
        found.setdefault(member, (earned_at, place is not None and place.private))
    return found


def read_draft(history: SqlHistory, id_: str) -> Draft | None:
    """What is being filled in."""
    rows = history.rows(_DRAFT, (history.community, id_))
    return None if not rows else Draft(rows[0][0], rows[0][1], wish_read(rows[0][2]), rows[0][3])


def unfinished(history: SqlHistory) -> list[tuple[Challenge, bool]]:
    """Those without results, with whether their start was said. Asked every second: of those that are over, which
    become many, only ids are read."""
    keys = _keys(history, TELLING)
    over = {id_.removesuffix(CLOSING) for _, id_ in keys if id_.endswith(CLOSING)}
    said = history.statements([key for key in keys if _about(key[1]) not in over], _ALL)
    known = challenges_in(s for told in said.values() for _, s in told if s.type in TOLD)
    there = [c for c in known.values() if c.rule]
    rows = history.rows(_SEEN, (history.community, STARTED)) if there else ()
    started = {row[0] for row in rows}
    return [(c, c.id in started) for c in there]


def _about(id_: str) -> str:
    """As "challenge:spring" of "challenge:spring:2"; the id of a challenge has no colon."""
    return TELLING + id_.removeprefix(TELLING).partition(":")[0]


def _keys(history: SqlHistory, start: str) -> list[FactKey]:
    """Facts whose ids begin so."""
    rows = history.rows(_IDS, (history.community, SOURCE, start, _after(start)))
    return [(SOURCE, row[0]) for row in rows]


def _after(start: str) -> str:
    """What is greater than every id that begins so."""
    return start[:-1] + chr(ord(start[-1]) + 1)
