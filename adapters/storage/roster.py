"""Who is believed to be where, and which communities the file holds."""

from __future__ import annotations

import json
from collections.abc import Sequence

import sqlalchemy as sa

from core.events import Account, Statement, resolve, statement_from
from core.ports import Person
from core.roster import Log

_PRESENT = """
SELECT account, name, bot, timezone, roles FROM account WHERE community = ? AND present AND account GLOB ? || '/*'
"""
_MEET = """
INSERT INTO account (community, account, name, bot, present, timezone, roles)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, COALESCE(?7, '[]'))
ON CONFLICT (community, account) DO UPDATE SET name = excluded.name, bot = excluded.bot,
present = excluded.present AND NOT EXISTS (SELECT 1 FROM party p WHERE p.community = excluded.community
    AND p.account = excluded.account AND p.type = 'member.left'),
timezone = COALESCE(excluded.timezone, timezone), roles = COALESCE(?7, roles)
"""
_ZONES = """
SELECT account, timezone FROM account WHERE community = ? AND present AND NOT bot AND timezone IS NOT NULL
"""
_COMMUNITIES = "SELECT DISTINCT community FROM run WHERE job = 'first start' ORDER BY community"


def meet(db: sa.Connection, people: Sequence[tuple[str, Person]]) -> None:
    """Remember what platforms say about accounts, each with its community."""
    rows = [(c, p.account, p.name, p.bot, p.present, p.timezone, _written(p.roles)) for c, p in people]
    if rows:
        db.exec_driver_sql(_MEET, rows)


def _written(roles: Sequence[str] | None) -> str | None:
    return None if roles is None else json.dumps(roles)


def present(db: sa.Connection, community: str | None, source: str) -> list[Person]:
    """Whom the platform was last heard to have in this workspace or server."""
    found = db.exec_driver_sql(_PRESENT, (community, source))
    return [Person(r[0], r[1], bool(r[2]), timezone=r[3], roles=tuple(json.loads(r[4]))) for r in found]


def zones(db: sa.Connection, community: str) -> dict[Account, str]:
    """The time zones that platforms tell of the people who are there; Discord tells none."""
    return {row[0]: row[1] for row in db.exec_driver_sql(_ZONES, (community,))}


def communities(db: sa.Connection) -> list[str]:
    """Every community that was ever served from this file."""
    return list(db.exec_driver_sql(_COMMUNITIES).scalars())


_NAMES = "SELECT account, name FROM account WHERE community = ? AND NOT bot"
_SAID_BY = "SELECT seq, id, op, at, body FROM statement WHERE community = ? AND source = ?"


def names(db: sa.Connection, community: str) -> dict[Account, str]:
    """What everybody who is known is called; no bots."""
    return {row[0]: row[1] for row in db.exec_driver_sql(_NAMES, (community,))}


def said_by(db: sa.Connection, community: str, source: str) -> Log:
    """What a roster said so far."""
    found: dict[str, list[tuple[int, Statement]]] = {}
    for seq, id_, op, at, body in db.exec_driver_sql(_SAID_BY, (community, source)):
        found.setdefault(id_, []).append((seq, statement_from(source, id_, op, at, body)))
    live = (resolve(said) for said in found.values())
    last = {id_: max(s.at for _, s in said) for id_, said in found.items()}
    return Log([fact for fact in live if fact is not None], last)
