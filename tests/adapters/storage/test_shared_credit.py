"""What credits nobody counts for nobody, for all together as for each."""

from __future__ import annotations

import sqlite3

from adapters.storage.engines import database_file
from core.events import Statement
from tests.adapters.storage.conftest import Open

NOON = 1_773_835_200_000_000  # 2026-03-18
TEAM = "slack:T1"
BOOK = """
rules = 1
[achievement.thanks]
name = "Thanks"
when = "reaction.added"
credit = "author"
for = "community"
goal = 2
"""


def mark(n: int, by: str) -> Statement:
    facts = {"message": f"message:C1/{n}", "emoji": "bulb", "post_kind": "post"}
    id_ = f"reaction:C1/{n}/{by}/bulb"
    return Statement(TEAM, id_, NOON + n, "reaction.added", actor=f"{TEAM}/{by}", author=f"{TEAM}/A", facts=facts)


async def test_marks_on_own_messages_bring_the_community_no_further(opened: Open, url: str) -> None:
    store = await opened(BOOK)
    await store.take([mark(1, "A"), mark(2, "A"), mark(3, "B")])
    assert kept(url) == [1]
    await store.take([mark(4, "C")])
    assert kept(url) == []


def kept(url: str) -> list[int]:
    """How far the community is, while it is on its way."""
    with sqlite3.connect(database_file(url)) as db:
        query = "SELECT state ->> '$.thanks.c[0]' FROM progress WHERE member NOT LIKE 'slack:%'"
        return [row[0] for row in db.execute(query) if row[0] is not None]
