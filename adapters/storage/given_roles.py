"""The roles that a member should have: by their awards and by the levels they hold."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from adapters.storage.history import as_json
from core.events import Account
from core.members import Member
from core.rules.book import RuleBook

_AWARDS = """
SELECT DISTINCT a.achievement FROM json_each(?) j CROSS JOIN award a ON a.community = ? AND a.member = j.value
WHERE a.state = 'awarded' AND (a.member = ? OR a.kept)
"""
_LEFT = """
SELECT EXISTS (SELECT 1 FROM json_each(?) j CROSS JOIN party p ON p.community = ? AND p.account = j.value
AND p.type = 'member.left')
"""
_LEVELS = "SELECT name FROM level WHERE community = ? AND member = ?"


def given_roles(db: sa.Connection, book: RuleBook, member: Member, accounts: Iterable[Account] = ()) -> frozenset[str]:
    """Their names as the book's rules write them; none for somebody who left. `accounts`: all of the member's."""
    key, everywhere = (book.community.id, member), {member, *accounts}
    if db.exec_driver_sql(_LEFT, (as_json(sorted(everywhere)), book.community.id)).scalar_one():
        return frozenset()
    awards = set(db.exec_driver_sql(_AWARDS, (as_json(everywhere), *key)).scalars())
    levels = set(db.exec_driver_sql(_LEVELS, key).scalars())
    given = [rule.gives_role for name, rule in book.achievements.items() if name in awards]
    given += [level.gives_role for level in book.levels if level.name in levels]
    return frozenset(role for role in given if role is not None)
