"""After a restart, what somebody else does may be the first thing that touches a member: nothing of theirs is lost."""

from __future__ import annotations

import sqlite3

import pytest

from bot.verification import compare
from core.events import Statement
from tests.adapters.storage.conftest import Clock, Open
from tests.adapters.storage.said import HEAD, NOON, SECOND, TEAM, book, gone, post

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


def reasons(url: str) -> list[str | None]:
    """What those are told who lost something."""
    with sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///")) as db:
        return [row[0] for row in db.execute("SELECT reason FROM award WHERE state = 'revoked'")]


@pytest.mark.parametrize("unless", ['"bad"', '"ticket.escalated"', '{ when = "ticket.escalated", match = "object" }'])
async def test_what_is_cancelled_was_not_withdrawn_and_nobody_says_so(
    opened: Open, url: str, clock: Clock, unless: str
) -> None:
    store = await opened(RULES.replace("goal = 2", "goal = 1").replace('"bad"', unless))
    await store.take([ticket("ticket.resolved", "A", NOON - 9 * SECOND)])
    assert await store.holders("default") == {"good": 1}
    await store.take([ticket("ticket.escalated", "B", NOON - 8 * SECOND)])
    assert reasons(url) == ["something it rested on does not count any more"]


async def test_nor_where_a_signal_that_counts_is_cancelled(opened: Open, url: str, clock: Clock) -> None:
    solved = '[signal.solved]\nwhen = "ticket.resolved"\neach = "ticket"\nunless = "ticket.escalated"\n'
    store = await opened(f'{HEAD}{solved}[achievement.solver]\nname = "Solver"\nwhen = "solved"\n')
    await store.take([ticket("ticket.resolved", "A", NOON - 9 * SECOND)])
    assert await store.holders("default") == {"solver": 1}
    await store.take([ticket("ticket.escalated", "B", NOON - 8 * SECOND)])
    assert reasons(url) == ["something it rested on does not count any more"]


async def test_what_was_withdrawn_is_said_so(opened: Open, url: str, clock: Clock) -> None:
    store = await opened(RULES)
    posts = [post(n) for n in range(3)]
    await store.take(posts)
    await store.take([gone(posts[0], NOON)])
    assert reasons(url) == ["something it rested on was withdrawn"]


async def test_a_signal_of_somebody_else_leaves_the_other_counts_alone(opened: Open, url: str, clock: Clock) -> None:
    store = await opened(RULES)
    await store.take([post(0), post(1), ticket("ticket.resolved", "A", NOON - 9 * SECOND)])
    await store.close()
    store = await opened(RULES)
    await store.take([ticket("ticket.escalated", "B", NOON - 8 * SECOND)])
    await store.take([post(2, at=NOON - 7 * SECOND)])
    assert await store.holders("default") == {"three": 1}
    assert compare(url, [book(RULES)], NOON) == []
