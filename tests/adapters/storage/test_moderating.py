"""What is read for moderators: what waits, what is on trial, how much happened in each week."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.activity import activity
from adapters.storage.history import SqlHistory
from adapters.storage.moderating import moderation
from adapters.storage.store import Store
from core.dead_rules import Activity
from core.moderation_digest import ModerationFacts, Waiting
from core.ports import Person
from core.records import PersonRow
from tests.adapters.storage.conftest import Clock, Open
from tests.adapters.storage.said import DAY, HEAD, NOON, by_hand, chose, gone, mark, post

BOOK = f"""{HEAD}
[achievement.asked]
name = "Asked"
when = "message.posted"
ask = true
[achievement.trial]
name = "Trial"
when = "message.posted"
status = "shadow"
[achievement.posted]
name = "Posted"
when = "message.posted"
repeat = true
[achievement.praised]
name = "Praised"
when = "reaction.added"
credit = "author"
"""


async def read(store: Store, start: int, end: int) -> ModerationFacts:
    return await store.look(lambda db: moderation(SqlHistory(db, "default"), start, end, end))


async def week_by_week(store: Store, now: int) -> Activity:
    return await store.look(lambda db: activity(SqlHistory(db, "default"), now))


async def test_what_waits_what_is_on_trial_and_what_was_given(opened: Open, clock: Clock) -> None:
    store = await opened(BOOK)
    await store.meet([Person("slack:T1/A", "Amira"), Person("slack:T1/L", "Left", present=False)])
    await store.take([post(1), post(2), post(3, "B", at=NOON - 8 * DAY), post(4, "L")])
    await store.take([post(5, "O"), chose("O", NOON, tracking="off")])
    facts = await read(store, NOON - 7 * DAY, NOON + 1)
    assert list(facts.waiting) == [
        Waiting("asked", "", PersonRow("slack:T1/B", "B")),
        Waiting("asked", "", PersonRow("slack:T1/A", "Amira")),
    ]
    assert facts.trials == {"trial": 3}  # A, L and O; B's is from before the week
    assert facts.given == {"posted": 5}
    clock.now += 1
    await store.take([by_hand("award.confirmed", "asked", "A", clock.now)])
    assert [w.person.account for w in (await read(store, NOON, clock.now + 1)).waiting] == ["slack:T1/B"]


async def test_an_event_counts_once_in_its_week_however_many_people_it_names(opened: Open) -> None:
    store = await opened(BOOK)
    await store.take([mark(1, "B", NOON - DAY), mark(1, "C", NOON - 7 * DAY), mark(1, "D", NOON - 7 * DAY + 1)])
    found = (await week_by_week(store, NOON)).events["reaction.added"]
    assert (found.weeks, found.last) == ({0: 2, 1: 1}, NOON - DAY)
    await store.take([gone(mark(1, "B", NOON - DAY), NOON)])
    assert (await week_by_week(store, NOON)).events["reaction.added"].weeks == {0: 1, 1: 1}


async def test_what_moderators_give_says_nothing_about_a_rule(opened: Open) -> None:
    store = await opened(BOOK)
    await store.take([post(1), by_hand("grant.made", "posted", "B", NOON - DAY)])
    found = await week_by_week(store, NOON)
    assert (found.awards["posted"].weeks, found.awards["posted"].last) == ({0: 1}, post(1).at)


async def test_long_ago_and_later_are_not_read(opened: Open) -> None:
    store = await opened(BOOK)
    await store.take([post(1, at=NOON - 61 * 7 * DAY), post(2, at=NOON - 2 * DAY)])
    assert (await week_by_week(store, NOON - 3 * DAY)).events == {}


async def test_the_index_of_the_numbers_is_the_communitys_own(opened: Open) -> None:
    store = await opened(BOOK.replace("[community]", '[community]\nid = "other"'))
    await store.take([post(1)])
    assert (await week_by_week(store, NOON)).events == {}
    assert (await store.look(lambda db: db.execute(sa.text("SELECT COUNT(*) FROM party")).scalar_one())) > 0
