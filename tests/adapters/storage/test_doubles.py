"""What a person does once counts once for accounts that are linked, in either order, and for each when they part."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.verification import compare
from core.claim_codes import Code, redeemed
from core.events import Statement, Value
from core.tracked_links import TrackedLink, visited
from tests.adapters.storage.conftest import Clock, Open
from tests.adapters.storage.said import DAY, HEAD, HOUR, NOON, SECOND, TEAM, book, gone

A, B, C = f"{TEAM}/A", "discord:2/B", f"{TEAM}/C"
TEXT = f"""{HEAD}
sources = ["slack:T1", "discord:2"]
[achievement.twice]
name = "Twice"
when = ["code.claimed", "link.visited", "action.validated"]
goal = 2
if_undone = "revoke"
points = 3
[achievement.together]
name = "Together"
when = ["code.claimed", "link.visited", "action.validated"]
for = "community"
goal = 3
if_undone = "revoke"
[achievement.thanks]
name = "Thanks"
manual = "moderator"
repeat = true
[score.there]
when = ["code.claimed", "link.visited", "action.validated"]
give = 5
"""
CODE = Code("fair", "code.claimed", None, 10, 0, NOON - DAY, NOON + DAY)
GIVEN = Code("prize", "code.claimed", "thanks", 10, 0, NOON - DAY, NOON + DAY)
LINK = TrackedLink("default", "talk", "abcdefgh", "https://example.org")
JOINED = Statement(TEAM, "link:A:B", NOON, "member.linked", actor=A, target=B, by="engine")
Say = Callable[[str, int], Statement]


def code(account: str, at: int) -> Statement:
    return redeemed(CODE, account, at)


def prize(account: str, at: int) -> Statement:
    return redeemed(GIVEN, account, at)


def link(account: str, at: int) -> Statement:
    return visited(LINK, account, 740_000, at)


def claim(account: str, at: int, proof: str | None = None, type_: str = "action.validated") -> Statement:
    number = {A: 1, B: 2, C: 3}[account]
    facts: dict[str, Value] = {"claim": number, "kind": "talk", "achievement": "thanks"}
    facts |= {} if proof is None else {"proof": proof}
    id_ = f"claim:{number}"
    return Statement("moderator", id_, at, type_, actor=account, target=account, facts=facts, by=C)


def gift(account: str, at: int) -> Statement:
    return claim(account, at, "https://example.org/photo", "grant.made")


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Any]:
    with closing(sqlite3.connect(tmp_path / "plaudit.db")) as db:
        yield lambda query: db.execute(query).fetchall()


HELD = "SELECT member, achievement FROM award WHERE state = 'awarded' ORDER BY 1, 2"
SCORES = "SELECT member, SUM(amount) FROM score GROUP BY member HAVING SUM(amount) <> 0 ORDER BY 1"


@pytest.mark.parametrize("say", [code, link, claim])
@pytest.mark.parametrize("order", ["used first", "linked first", "between", "all at once"])
async def test_it_counts_once_for_a_member_and_for_each_when_they_part(
    opened: Open, url: str, rows: Any, clock: Clock, say: Say, order: str
) -> None:
    store = await opened(TEXT)
    first, second = say(A, NOON - HOUR), say(B, NOON - HOUR + SECOND)
    turns = {
        "used first": [[first, second], [JOINED]],
        "linked first": [[JOINED], [second], [first]],
        "between": [[second], [JOINED], [first]],
        "all at once": [[second, JOINED, first]],
    }
    for said in turns[order]:
        await store.take(said)
    assert rows(SCORES) == [(A, 5)]
    assert rows(HELD) == []
    assert compare(url, [book(TEXT)], clock()) == []
    await store.take([say(C, NOON - HOUR)])  # together it is two, not three
    assert rows(HELD) == []
    clock.now += SECOND
    await store.take([gone(JOINED, clock.now)])
    assert rows(SCORES) == [(B, 5), (A, 5), (C, 5)]
    assert rows(HELD) == [(B, "together"), (A, "together"), (C, "together")]
    assert compare(url, [book(TEXT)], clock()) == []


@pytest.mark.parametrize("say", [prize, gift])
async def test_what_is_given_by_hand_is_given_once(opened: Open, url: str, rows: Any, clock: Clock, say: Say) -> None:
    store = await opened(TEXT)
    await store.take([say(A, NOON - HOUR), say(B, NOON - HOUR + SECOND)])
    assert rows(HELD) == [(B, "thanks"), (A, "thanks")]
    await store.take([JOINED])
    assert rows(HELD) == [(A, "thanks")]
    assert compare(url, [book(TEXT)], clock()) == []
    clock.now += SECOND
    await store.take([gone(JOINED, clock.now)])
    assert rows(HELD) == [(B, "thanks"), (A, "thanks")]
    assert compare(url, [book(TEXT)], clock()) == []


async def test_when_the_one_that_counts_is_taken_back_the_other_counts(
    opened: Open, url: str, rows: Any, clock: Clock
) -> None:
    store = await opened(TEXT)
    first, second = claim(A, NOON - HOUR), claim(B, NOON - HOUR + SECOND)
    await store.take([first, second, JOINED])
    clock.now += SECOND
    assert (await store.take([replace(gone(first, clock.now), by=C)])).new == 1
    assert rows(SCORES) == [(A, 5)]
    assert compare(url, [book(TEXT)], clock()) == []
    assert (await store.take([replace(gone(second, clock.now), by=C)])).new == 1
    assert rows(SCORES) == []
    assert compare(url, [book(TEXT)], clock()) == []


async def test_what_differs_counts_each_time(opened: Open, url: str, rows: Any, clock: Clock) -> None:
    store = await opened(TEXT)
    other = claim(B, NOON - HOUR, "https://example.org/other")
    await store.take([claim(A, NOON - HOUR), other, code(A, NOON - HOUR), link(B, NOON - HOUR), JOINED])
    assert rows(SCORES) == [(A, 20)]
    assert rows(HELD) == [(A, "together"), (A, "twice")]
    assert compare(url, [book(TEXT)], clock()) == []
