"""What a challenge counts for people who were there before it, and how many would have reached it."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from adapters.storage.challenge_boards import would_reach
from adapters.storage.history import SqlHistory
from adapters.terminal.cards import render
from bot.challenges import COUNTERS
from core.challenges import Wish
from tests.adapters.storage.said import DAY, HOUR, NOON, gone, mark, post
from tests.bot.office import BOOK, Office, opened
from tests.bot.test_challenge_making import MORE
from tests.bot.test_challenges import DATES, MADE, begin, button

RULES = """
[signal.liked_post]
when = "reaction.added"
credit = "author"
each = "message"
distinct = "actor"
goal = 2
[achievement.liked]
name = "Liked"
when = "liked_post"
[achievement.talker]
name = "Talker"
when = "message.posted"
goal = 3
[score.posts]
when = "message.posted"
give = 1
"""
ID = "busy_fortnight"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """Everybody has a history. At the end the log supports what is stored, scores and progress included."""
    async with opened(tmp_path, BOOK + RULES) as office:
        await office.store.take([post(n, who) for n, who in enumerate(("A", "A", "J", "L"), 1)])
        await office.store.take([mark(1, who, NOON - HOUR) for who in ("J", "L")])
        yield office


async def test_nothing_from_before_its_first_day_counts(office: Office) -> None:
    await begin(office)
    office.clock.now += 5 * DAY
    at = office.clock.now - HOUR
    await office.store.take([post(10 + n, who, at + n) for n, who in enumerate(("A", "J", "J"))])
    assert office.awards("A") == {"liked", "talker"}
    assert office.awards("J") == {"talker", ID}
    late = post(30, "A", NOON - HOUR)
    await office.store.take([late])
    assert ID not in office.awards("A")
    await office.store.take([post(31, "A", at + 9)])
    assert ID in office.awards("A")
    await office.store.take([gone(post(31, "A", at + 9), office.clock.now - 1)])
    assert ID not in office.awards("A")


async def test_what_was_done_today_counts_for_one_that_begins_today(office: Office) -> None:
    await office.store.take([post(10 + n, "J", NOON - HOUR + n) for n in (1, 2)])
    await begin(office, first="2026-03-18")
    assert ID in office.awards("J")
    assert ID not in office.awards("L")


async def test_signals_count_for_people_with_a_history(office: Office) -> None:
    await begin(office, what="liked_post")
    office.clock.now += 5 * DAY
    at = office.clock.now - HOUR
    await office.store.take([post(10 + n, "A", at + n) for n in (1, 2)])
    liked = [mark(10 + n, who, at + 60 + n, object_at="2026-03-23T11:00:00Z") for n in (1, 2) for who in ("J", "L")]
    await office.store.take(liked)
    await office.store.take([mark(2, who, at) for who in ("J", "L")])
    assert office.awards("A") == {"liked", "talker", ID}
    assert (await office.said("A", "challenge", name="busy")).count("\n") > 1


async def test_teams_that_begin_later_count_from_then(office: Office) -> None:
    preview = await office.ask("N", "challenge-filled", **MADE, **DATES)
    about = button(preview, "Start it")
    await office.ask("N", "challenge-rounded", about=about, **{**MORE, "whom": "team"})
    await office.press("N", "challenge-start", about)
    office.clock.now += 5 * DAY
    at = office.clock.now - HOUR
    await office.store.take([post(10 + n, who, at + n, team="Blue") for n, who in enumerate(("A", "L"))])
    assert (ID in office.awards("A"), ID in office.awards("L")) == (True, True)


async def test_who_would_have_reached_it_is_counted_in_each_of_the_last_weeks(office: Office) -> None:
    """Amira twice since yesterday, Lena twice three weeks ago; Jonas once in each of two weeks."""
    said = [post(40 + n, who, NOON - days * DAY) for n, (who, days) in enumerate((("L", 20), ("L", 19), ("J", 9)))]
    await office.store.take(said)
    preview = await office.ask("N", "challenge-filled", **MADE, **DATES)
    assert "In the last month 2 people would have reached this." in render(preview.card)


async def test_a_count_that_takes_too_long_is_given_up(office: Office) -> None:
    served = office.store.communities.served["default"]
    wish = Wish("X", "message.posted", 1, date(2026, 3, 23), date(2026, 3, 29))
    found = [
        await office.store.look(lambda db, s=s: would_reach(SqlHistory(db, "default"), served, wish, NOON, s))  # type: ignore[misc] # bound now
        for s in (-1.0, 5.0)
    ]
    assert found == [None, 3]


@pytest.mark.slow
async def test_a_count_that_has_to_wait_is_left_out_of_the_preview(tmp_path: Path) -> None:
    free = threading.Event()
    held = [COUNTERS.submit(free.wait, 20) for _ in range(4)]
    try:
        async with opened(tmp_path, BOOK) as office:
            preview = await office.ask("N", "challenge-filled", **MADE, **DATES)
            assert button(preview, "Look again")
            free.set()
            again = await office.ask("N", "challenge-draft", argument=button(preview, "Look again"))
            assert "0 people would have reached" in render(again.card)
    finally:
        free.set()
    assert all(h.result() for h in held)
