"""The roles that a member should have: by their awards and by the levels they hold."""

from __future__ import annotations

import sqlalchemy as sa

from core.members import Member
from core.rules.book import RuleBook

_AWARDS = "SELECT DISTINCT achievement FROM award WHERE community = ? AND member = ? AND state = 'awarded'"
_LEVELS = "SELECT name FROM level WHERE community = ? AND member = ?"


def given_roles(db: sa.Connection, book: RuleBook, member: Member) -> frozenset[str]:
    """Their names as the book's rules write them."""
    key = (book.community.id, member)
    awards = set(db.exec_driver_sql(_AWARDS, key).scalars())
    levels = set(db.exec_driver_sql(_LEVELS, key).scalars())
    given = [rule.gives_role for name, rule in book.achievements.items() if name in awards]
    given += [level.gives_role for level in book.levels if level.name in levels]
    return frozenset(role for role in given if role is not None)
