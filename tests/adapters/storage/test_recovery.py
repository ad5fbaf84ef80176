"""What catch-up finds again, beside what was heard live; through the real store."""

from __future__ import annotations

from dataclasses import replace

from bot.verification import compare
from core.events import Statement
from tests.adapters.storage.conftest import Open
from tests.adapters.storage.said import DAY, HEAD, HOUR, NOON, book, gone, mark, post

LIKED = f"""{HEAD}
[achievement.liked]
name = "Liked"
when = "reaction.added"
credit = "author"
if_undone = "revoke"
"""
SOON = NOON - DAY + HOUR


def found_again(statement: Statement, at: int | None = None, approximate: bool = False) -> Statement:
    flags = {"recovered": True} | ({"at_is_approximate": True} if approximate else {})
    return replace(statement, at=statement.at if at is None else at, facts={**statement.facts, **flags})


async def test_a_message_that_was_heard_is_no_news(opened: Open, url: str) -> None:
    store = await opened(LIKED)
    await store.take([post(1)])
    assert (await store.take([found_again(post(1))])).duplicates == 1


async def test_a_message_that_was_edited_meanwhile_is_news(opened: Open, url: str) -> None:
    store = await opened(LIKED)
    await store.take([post(1, length=5)])
    taken = await store.take([found_again(post(1, length=5)), found_again(post(1, length=9), NOON)])
    assert (taken.new, taken.duplicates) == (1, 1)


async def test_a_reaction_that_came_back_while_nobody_listened_counts_again(opened: Open, url: str) -> None:
    store = await opened(LIKED)
    live = mark(1, "B", SOON)
    await store.take([post(1), live, gone(live, SOON + HOUR)])
    assert await store.holders("default") == {}
    again = found_again(live, post(1).at, approximate=True)
    assert (await store.take([again])).new == 1
    assert await store.holders("default") == {"liked": 1}
    assert (await store.take([again])).duplicates == 1
    assert compare(url, [book(LIKED)], NOON) == []


async def test_a_reaction_that_was_heard_keeps_its_own_time(opened: Open, url: str) -> None:
    store = await opened(LIKED)
    live = mark(1, "B", SOON)
    await store.take([post(1), live])
    assert (await store.take([found_again(live, post(1).at, approximate=True)])).duplicates == 1
    assert compare(url, [book(LIKED)], NOON) == []


async def test_one_that_was_taken_back_after_it_was_found_stays_away(opened: Open, url: str) -> None:
    store = await opened(LIKED)
    found = found_again(mark(1, "B", SOON), post(1).at, approximate=True)
    await store.take([post(1), found])
    assert await store.holders("default") == {"liked": 1}
    await store.take([gone(found, SOON)])
    assert await store.holders("default") == {}
    assert compare(url, [book(LIKED)], NOON) == []
