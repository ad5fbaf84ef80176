"""Communities side by side, deletions, settling: what the store holds is what its log supports."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from adapters.storage.engines import database_file
from adapters.storage.history import SqlHistory
from adapters.storage.store import Store
from bot.verification import compare
from core.events import Statement
from core.ports import Person
from core.serving import Mode
from tests.adapters.storage.conftest import Clock, Open
from tests.adapters.storage.said import DAY, HEAD, HOUR, NOON, THREE, book, by_hand, chose, gone, mark, post


def awards(url: str, columns: str = "achievement, member, state") -> list[tuple[Any, ...]]:
    with sqlite3.connect(database_file(url)) as db:
        return db.execute(f"SELECT {columns} FROM award ORDER BY achievement, member, earned_at").fetchall()  # noqa: S608 - columns of tests


def community(id_: str, *sources: str) -> str:
    listed = ", ".join(f'"{s}"' for s in sources)
    head = HEAD.replace("[community]\n", f'[community]\nid = "{id_}"\nsources = [{listed}]\n')
    return THREE.replace(HEAD, head)


NORTH, SOUTH = community("north", "slack:T1"), community("south", "slack:T2", "discord:2")
BOTH = [book(NORTH), book(SOUTH)]


async def test_communities_do_not_touch_each_other(opened: Open, url: str) -> None:
    store = await opened(NORTH, SOUTH)
    said = [post(n, source=source) for n in range(3) for source in ("slack:T1", "slack:T2")]
    await store.take(said[:-1])
    assert awards(url, "community, member") == [("north", "slack:T1/A")]
    assert await store.holders("south") == {}
    assert [s.id for s in await logged(store, "south")] == ["message:C1/0", "message:C1/1"]
    assert compare(url, BOTH, NOON) == []


async def test_a_community_that_no_book_names_any_more_is_found(opened: Open) -> None:
    await opened(NORTH)
    assert await (await opened(SOUTH)).unserved() == ["north"]


async def test_only_the_platform_says_who_is_there(opened: Open) -> None:
    store = await opened(THREE)
    await store.meet([Person("slack:T1/A", "Amira"), Person("slack:T1/B", "Ben")])
    for source, user in (("desk:acme", "A"), ("slack:T1", "B")):
        joined = Statement(source, f"member:{user}", NOON, "member.joined", actor=f"slack:T1/{user}")
        await store.take([joined])
        await store.take([gone(joined, NOON + 1)])
    assert [p.name for p in await store.present("slack:T1")] == ["Amira"]


async def test_an_event_that_names_somebody_of_another_community_reaches_nobody_there(opened: Open, url: str) -> None:
    text = 'when = "message.posted"\nannounce = "channel"\ngives_role = "Regular"'
    store = await opened(*(b.replace('when = "message.posted"', text, 1) for b in (NORTH, SOUTH)))
    await store.take([replace(post(n), actor="slack:T2/X") for n in range(3)])
    await store.take([post(n, source="slack:T2") for n in range(3)])
    assert sorted(awards(url, "community, member")) == [("north", "slack:T2/X"), ("south", "slack:T2/A")]
    with sqlite3.connect(database_file(url)) as db:
        sent = db.execute("SELECT community, kind, source FROM outbox ORDER BY kind, community").fetchall()
    # The card goes to the channel where it was earned.
    assert sent == [("north", "card", "slack:T1"), ("south", "card", "slack:T2"), ("south", "roles", "slack:T2")]


async def logged(store: Store, community: str) -> list[Statement]:
    return await store.look(lambda db: list(SqlHistory(db, community).log()))


async def test_what_the_bot_says_itself_belongs_to_the_community_of_the_person(opened: Open, url: str) -> None:
    store = await opened(NORTH, SOUTH)
    grant = by_hand("grant.made", "three", "A", NOON)
    await store.take([grant])
    assert awards(url, "community, achievement") == [("north", "three")]
    assert await logged(store, "south") == []


async def test_a_source_of_no_community_is_ignored_by_name(opened: Open) -> None:
    store = await opened(NORTH, SOUTH)
    result = await store.take([post(1, source="slack:T9")])
    assert (result.new, result.duplicates) == (0, 0)
    assert result.ignored == ("source slack:T9 belongs to no community; add it to [community] sources",)


async def test_an_unknown_type_is_kept_as_ignored_with_a_suggestion(opened: Open, url: str) -> None:
    store = await opened(THREE)
    strange = Statement("slack:T1", "x", NOON, "message.postet", actor="slack:T1/A")
    assert (await store.take([strange])).ignored == ("unknown type message.postet; did you mean message.posted?",)
    with sqlite3.connect(database_file(url)) as db:
        assert db.execute("SELECT COUNT(*) FROM ignored").fetchone() == (1,)


async def test_a_repetition_is_told_apart_from_news(opened: Open) -> None:
    store = await opened(THREE)
    first = await store.take([post(1), post(2), post(1)])
    second = await store.take([post(2), post(3)])
    assert [(t.new, t.duplicates) for t in (first, second)] == [(2, 1), (1, 1)]


MARKS = f"""{HEAD}
[signal.good]
when = "reaction.added"
credit = "author"
each = "message"
distinct = "actor"
goal = 2
[achievement.helper]
name = "Helper"
when = "good"
settle = "2 days"
points = 5
if_undone = "revoke"
[achievement.bundle]
name = "Bundle"
needs = ["helper"]
if_undone = "revoke"
[achievement.once]
name = "Once"
when = "message.posted"
"""


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
async def test_a_deletion_takes_its_marks_with_it_in_any_order(opened: Open, url: str, order: tuple[int, ...]) -> None:
    """Also a mark that the platform dates after the deletion."""
    said = [
        [post(1, at=NOON - DAY), gone(post(1), NOON - HOUR, "deleted")],
        [mark(1, "B", NOON - 2 * HOUR)],
        [mark(1, "C", NOON), mark(1, "D", NOON - HOUR)],
    ]
    store = await opened(MARKS)
    for place in order:
        await store.take(said[place])
    assert await store.reactions_on("slack:T1", "message:C1/1") == []
    assert [a for a in awards(url) if a[2] != "revoked"] == []
    assert compare(url, [book(MARKS)], NOON) == []


async def test_a_deletion_and_its_marks_in_one_delivery(opened: Open, url: str) -> None:
    store = await opened(MARKS)
    again = mark(1, "B", NOON + 2 * HOUR, note="again")
    said = [again, mark(1, "B", NOON + HOUR), gone(post(1), NOON, "deleted"), post(1)]
    await store.take(said)
    assert await store.reactions_on("slack:T1", "message:C1/1") == []
    assert compare(url, [book(MARKS)], NOON + DAY) == []


async def test_pending_awards_settle_when_their_time_has_come(opened: Open, url: str, clock: Clock) -> None:
    store = await opened(MARKS)
    await store.take([post(1), mark(1, "B", NOON - HOUR), mark(1, "C", NOON)])
    for moment, state in [(NOON + 2 * DAY - 1, "pending"), (NOON + 2 * DAY, "awarded")]:
        clock.now = moment
        await store.settle()
        assert ("helper", "slack:T1/A", state) in awards(url)
        assert compare(url, [book(MARKS)], clock.now) == []
    assert ("bundle", "slack:T1/A", "awarded") in awards(url)


async def test_who_opts_out_while_an_award_settles_is_not_spoken_of(opened: Open, url: str, clock: Clock) -> None:
    store = await opened(MARKS.replace('name = "Helper"', 'name = "Helper"\nannounce = "channel"'))
    await store.take([post(1), mark(1, "B", NOON - HOUR), mark(1, "C", NOON)])
    await store.take([chose("A", NOON + HOUR, announce="default", boards="shown", tracking="off")])
    clock.now = NOON + 3 * DAY
    await store.settle()
    assert ("helper", "slack:T1/A", "awarded") in awards(url)
    with sqlite3.connect(database_file(url)) as db:
        assert db.execute("SELECT COUNT(*) FROM outbox WHERE cause LIKE '%helper%'").fetchone() == (0,)


async def test_an_award_that_waits_again_after_it_was_taken_back_may_go(opened: Open, url: str, clock: Clock) -> None:
    """The ledger still names it."""
    store = await opened(MARKS)
    await store.take([post(1), mark(1, "B", NOON), mark(1, "C", NOON)])
    clock.now += 3 * DAY
    await store.settle()
    await store.take([gone(mark(1, "C", NOON), clock.now)])
    await store.take([mark(1, "D", clock.now)])
    assert ("helper", "slack:T1/A", "pending") in awards(url)
    await store.take([gone(mark(1, "D", clock.now), clock.now + 1)])
    assert ("helper", "slack:T1/A", "revoked") in awards(url)
    with sqlite3.connect(database_file(url)) as db:
        assert db.execute("SELECT COUNT(*) FROM inbox").fetchone() == (0,)
    await store.take([mark(1, "E", clock.now)])
    clock.now += 3 * DAY
    await store.settle()
    assert ("helper", "slack:T1/A", "awarded") in awards(url)
    assert compare(url, [book(MARKS)], clock.now) == []


async def test_a_later_mark_does_not_send_a_settled_award_back(opened: Open, url: str, clock: Clock) -> None:
    """One mark goes, another came late: what others need of it waits again, and comes back by itself."""
    store = await opened(MARKS)
    await store.take([post(1), mark(1, "B", NOON), mark(1, "C", NOON)])
    clock.now = NOON + 3 * DAY
    await store.settle()
    assert compare(url, [book(MARKS)], clock.now) == []
    await store.take([mark(1, "D", clock.now), gone(mark(1, "B", NOON), clock.now)])
    assert ("helper", "slack:T1/A", "awarded") in awards(url)
    assert compare(url, [book(MARKS)], clock.now) == []
    clock.now += 2 * DAY
    await store.settle()
    assert compare(url, [book(MARKS)], clock.now) == []
    assert ("bundle", "slack:T1/A", "awarded") in awards(url)
    clock.now += DAY
    assert await store.settle() == 0


async def test_the_last_mark_that_goes_before_settling_leaves_nothing(opened: Open, url: str, clock: Clock) -> None:
    store = await opened(MARKS)
    await store.take([post(1), mark(1, "B", NOON), mark(1, "C", NOON), gone(mark(1, "C", NOON), NOON + HOUR)])
    assert [a[0] for a in awards(url)] == ["once"]
    with sqlite3.connect(database_file(url)) as db:
        assert db.execute("SELECT COUNT(*) FROM outbox WHERE cause LIKE '%helper%'").fetchone() == (0,)


WINDOW = THREE.replace('if_undone = "revoke"', 'if_undone = "14 days"')


@pytest.mark.parametrize(
    ("after", "state", "kept"),
    [(14 * DAY - 1, "revoked", 0), (14 * DAY, "awarded", 1), (30 * DAY, "awarded", 1)],
    ids=["inside the window", "at its end", "long after"],
)
async def test_if_undone_takes_an_award_only_within_its_window(
    opened: Open, url: str, clock: Clock, after: int, state: str, kept: int
) -> None:
    store = await opened(WINDOW)
    await store.take([post(n) for n in range(3)])
    earned = awards(url, "due_at")[0][0]
    clock.now = earned + after
    await store.take([gone(post(1), clock.now)])
    assert awards(url, "state, kept") == [(state, kept)]
    assert compare(url, [book(WINDOW)], clock.now) == []


async def test_a_kept_award_is_supported_again_when_the_facts_return(opened: Open, url: str, clock: Clock) -> None:
    store = await opened(WINDOW)
    await store.take([post(n) for n in range(3)])
    clock.now += 20 * DAY
    await store.take([gone(post(1), clock.now)])
    await store.take([post(9, at=clock.now)])
    assert awards(url, "state, kept") == [("awarded", 0)]
    with sqlite3.connect(database_file(url)) as db:
        assert db.execute("SELECT SUM(points) FROM ledger").fetchone() == (2,)
    assert compare(url, [book(WINDOW)], clock.now) == []


async def test_points_are_paid_once_and_taken_back_once(opened: Open, url: str) -> None:
    store = await opened(THREE)
    for moment in range(3):
        await store.take([post(n, at=NOON - DAY + n + moment * 10) for n in range(3)])
        await store.take([gone(post(1), NOON - DAY + moment * 10 + 5)])
    with sqlite3.connect(database_file(url)) as db:
        assert db.execute("SELECT points FROM ledger ORDER BY id").fetchall() == [(2,), (-2,)] * 3
    assert compare(url, [book(THREE)], NOON) == []


async def test_opting_out_stops_the_counting_and_opting_in_starts_it_again(opened: Open, url: str) -> None:
    store = await opened(THREE)
    start = NOON - DAY
    await store.take([post(0, at=start), chose("A", start + 10, tracking="off")])
    await store.take([post(1, at=start + 10), post(2, at=start + 19)])
    await store.take([chose("A", start + 20, tracking="on"), post(3, at=start + 20)])
    assert awards(url) == []
    await store.take([post(4, at=start + 30)])
    assert [a[2] for a in awards(url)] == ["awarded"]
    assert compare(url, [book(THREE)], NOON) == []


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
async def test_grants_and_revocations_arrive_in_any_order(opened: Open, url: str, order: tuple[int, ...]) -> None:
    said = [
        by_hand("grant.made", "three", "A", NOON - 3 * HOUR),
        by_hand("award.revoked", "three", "A", NOON - 2 * HOUR),
        by_hand("grant.made", "three", "A", NOON - HOUR),
    ]
    store = await opened(THREE)
    for place in order:
        await store.take([said[place]])
    assert awards(url, "state, earned_at") == [("awarded", NOON - HOUR)]
    assert compare(url, [book(THREE)], NOON) == []


async def test_roles_are_called_as_the_book_says_for_each_platform(opened: Open) -> None:
    text = THREE.replace('name = "Three"', 'name = "Three"\ngives_role = "regular"')
    store = await opened(f'{text}\n[roles.regular]\nslack = "@regulars"\ndiscord = "81384788765712384"\n')
    await store.take([post(n) for n in range(3)])
    assert await store.wanted_roles("slack:T1/A") == (frozenset({"@regulars"}), frozenset({"@regulars"}))
    assert await store.wanted_roles("discord:9/7") == (frozenset(), frozenset({"81384788765712384"}))


async def test_an_import_tells_nobody(opened: Open, url: str) -> None:
    store = await opened(THREE)
    await store.take([post(n) for n in range(3)], Mode(announce=False, roles=False, dated=True))
    assert awards(url, "state, decided_at - due_at") == [("awarded", 0)]
    with sqlite3.connect(database_file(url)) as db:
        assert db.execute("SELECT COUNT(*) FROM outbox").fetchone() == (0,)
