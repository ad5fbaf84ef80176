"""What credits nobody counts for nobody, for all together as for each."""

from __future__ import annotations

import sqlite3

from adapters.storage.engines import database_file
from bot.verification import compare
from core.events import Statement
from core.rules.loading import load
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


CROWDS = """
rules = 1
[signal.crowd]
when = "event.attended"
credit = "participants"
self = true
in_one = "day"
[achievement.crowds]
name = "Crowds"
for = "community"
when = "crowd"
goal = 2
if_undone = "revoke"
"""


async def test_the_same_event_of_other_marks_is_looked_at_again(opened: Open, url: str) -> None:
    """Ben was at both meetings, of one moment: without the first, his day and Amira's rest on the same fact."""
    store = await opened(CROWDS)
    first, second = (
        Statement(TEAM, f"meeting:{n}", NOON, "event.attended", actor=f"{TEAM}/{host}", participants=guests)
        for n, host, guests in [(1, "C", (f"{TEAM}/B",)), (2, "D", (f"{TEAM}/A", f"{TEAM}/B"))]
    )
    await store.take([first, second])
    assert evidence(url) == {("slack:T1/A", 2), ("slack:T1/B", 2)}
    await store.take([Statement(TEAM, first.id, NOON, op="withdraw")])
    assert evidence(url) == {("slack:T1/A", 1), ("slack:T1/B", 1)}
    assert compare(url, [load(CROWDS, "rules.toml")], NOON + 1) == []


def evidence(url: str) -> set[tuple[str, int]]:
    with sqlite3.connect(database_file(url)) as db:
        return set(db.execute("SELECT member, evidence FROM award WHERE state = 'awarded'"))


def kept(url: str) -> list[int]:
    """How far the community is, while it is on its way."""
    with sqlite3.connect(database_file(url)) as db:
        query = "SELECT state ->> '$.thanks.c[0]' FROM progress WHERE member NOT LIKE 'slack:%'"
        return [row[0] for row in db.execute(query) if row[0] is not None]
