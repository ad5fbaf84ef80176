"""After a restart, what somebody else does may be the first thing that touches a member: nothing of theirs is lost."""

from __future__ import annotations

from bot.verification import compare
from core.events import Statement
from tests.adapters.storage.conftest import Clock, Open
from tests.adapters.storage.said import HEAD, NOON, SECOND, TEAM, book, post

RULES = f"""{HEAD}
[signal.bad]
when = "ticket.escalated"
each = "ticket"
[achievement.good]
name = "Good"
when = "ticket.resolved"
goal = 2
unless = "bad"
[achievement.three]
name = "Three"
when = "message.posted"
goal = 3
"""


def ticket(type_: str, by: str, at: int) -> Statement:
    return Statement(TEAM, f"{type_}:T1", at, type_, actor=f"{TEAM}/{by}", facts={"ticket": "T1"})


async def test_a_signal_of_somebody_else_leaves_the_other_counts_alone(opened: Open, url: str, clock: Clock) -> None:
    store = await opened(RULES)
    await store.take([post(0), post(1), ticket("ticket.resolved", "A", NOON - 9 * SECOND)])
    await store.close()
    store = await opened(RULES)
    await store.take([ticket("ticket.escalated", "B", NOON - 8 * SECOND)])
    await store.take([post(2, at=NOON - 7 * SECOND)])
    assert await store.holders("default") == {"three": 1}
    assert compare(url, [book(RULES)], NOON) == []
