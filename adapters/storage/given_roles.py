"""The roles that a member should have: by their awards and by the levels they hold."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from adapters.storage.history import as_json
from core.events import Account
from core.members import Member
from core.rules.book import RuleBook

_AWARDS = """
SELECT DISTINCT achievement FROM award WHERE community = ? AND state = 'awarded'
AND (member = ? OR kept AND member IN (SELECT value FROM json_each(?)))
"""
_LEFT = """
SELECT EXISTS (SELECT 1 FROM json_each(?) j JOIN party p ON p.community = ? AND p.account = j.value
AND p.type = 'member.left')
"""
_LEVELS = "SELECT name FROM level WHERE community = ? AND member = ?"


def given_roles(db: sa.Connection, book: RuleBook, member: Member, accounts: Iterable[Account] = ()) -> frozenset[str]:
    """Their names as the book's rules write them; none for somebody who left. `accounts`: all of the member's."""
    key, everywhere = (book.community.id, member), {member, *accounts}
    if db.exec_driver_sql(_LEFT, (as_json(sorted(everywhere)), book.community.id)).scalar_one():
        return frozenset()
    awards = set(db.exec_driver_sql(_AWARDS, (*key, as_json(everywhere))).scalars())
    levels = set(db.exec_driver_sql(_LEVELS, key).scalars())
    given = [rule.gives_role for name, rule in book.achievements.items() if name in awards]
    given += [level.gives_role for level in book.levels if level.name in levels]
    return frozenset(role for role in given if role is not None)
