"""Boards in memory: whatever happens, they say what the tables say, and list nobody who may not be listed."""

from __future__ import annotations

import random
import sqlite3

import pytest

from adapters.storage.departures import depart
from adapters.storage.engines import database_file
from adapters.storage.store import Store
from bot.verification import compare
from core.boards import Reading, window
from core.errors import StillReading
from core.events import Statement, Value
from core.leaderboards import Standing
from core.ports import Person
from core.records import Shown
from tests.adapters.storage.conftest import Clock, Open
from tests.adapters.storage.said import DAY, HOUR, NOON, TEAM, by_hand, chose, gone, mark, post

BOOK = """rules = 1
[community]
timezone = "Europe/Berlin"
quiet_start = "0 days"
staff = "Staff"
[signal.helpful]
when = "reaction.added"
each = "message"
credit = "author"
[score.posts]
when = "message.posted"
give = 1
[achievement.two]
name = "Two"
when = "message.posted"
goal = 2
points = 3
if_undone = "revoke"
announce = "digest"
[achievement.gift]
name = "Gift"
manual = "moderator"
points = 5
repeat = true
[[level]]
name = "Two of them"
at = 2
[board.score]
name = "Score"
period = ["week", "7 days", "all"]
[board.helpers]
name = "Helpers"
of = "signal:helpful"
period = "month"
[board.points]
name = "Points"
of = "points"
period = "month"
[board.badges]
name = "Badges"
of = "awards"
period = "month"
[board.twos]
name = "Twos"
of = "achievement:two"
period = "month"
[board.new]
name = "New here"
newcomers = true
period = "month"
[board.teams]
name = "Teams"
for = "team"
period = "week"
"""
WHO = ("A", "B", "C", "D", "E", "F")
LOOKED_AT = (("score", "week"), ("helpers", "month"), ("teams", "week"), ("points", "month"), ("badges", "month"))


def person(user: str, **more: object) -> Person:
    return Person(f"{TEAM}/{user}", f"Name of {user}", **more)  # type: ignore[arg-type] # as the test says


def joined(user: str, at: int) -> Statement:
    return Statement(TEAM, f"member:{TEAM}/{user}", at, "member.joined", actor=f"{TEAM}/{user}")


def in_team(user: str, team: str, at: int) -> Statement:
    facts: dict[str, Value] = {"team": team}
    return Statement("roster:hr", f"team:{user}/{at}", at, "team.joined", target=f"{TEAM}/{user}", facts=facts)


def reading(store: Store, board: str, period: str) -> Reading:
    plan = store.communities.served["default"].plan
    rule = plan.book.boards[board]
    found = window(rule, period, plan.book, plan.calendar, store.now())
    assert found is not None
    return Reading(board, rule, found, plan.calendar, plan.book.community.staff)


async def look(store: Store, board: str, period: str = "month", member: str = "A") -> Shown:
    served = store.communities.served["default"]
    return await store.boards.look(served, reading(store, board, period), f"{TEAM}/{member}")


async def lines(store: Store, board: str, period: str = "month") -> list[tuple[int, str, int]]:
    shown = await look(store, board, period)
    return [(s.place, s.key.removeprefix(f"{TEAM}/"), s.amount) for tied in shown.view.top for s in tied.shown]


@pytest.fixture
async def store(opened: Open) -> Store:
    made = await opened(BOOK)
    await made.meet([person(user) for user in WHO])
    return made


async def test_what_is_committed_is_on_the_board_when_it_is_looked_at(store: Store) -> None:
    assert await lines(store, "score", "week") == []
    await store.take([post(1, "A"), post(2, "B"), post(3, "B")])
    assert await lines(store, "score", "week") == [(1, "B", 2), (2, "A", 1)]
    await store.take([gone(post(3, "B"), NOON)])
    assert await lines(store, "score", "week") == [(1, "A", 1), (1, "B", 1)]


async def test_every_kind_of_board_adds_up_its_own(store: Store) -> None:
    await store.take([mark(1, "B", NOON), mark(2, "B", NOON), mark(3, "A", NOON, author="B")])
    await store.take([post(1, "A"), post(2, "A"), post(3, "C"), post(4, "C"), post(5, "C")])
    await store.take([by_hand("grant.made", "gift", "C", NOON)])
    assert await lines(store, "helpers") == [(1, "A", 2), (2, "B", 1)]
    assert await lines(store, "points") == [(1, "C", 8), (2, "A", 3)]
    assert await lines(store, "badges") == [(1, "C", 2), (2, "A", 1)]
    assert await lines(store, "twos") == [(1, "A", 1), (1, "C", 1)]
    await store.take([gone(post(2, "A"), NOON + 2), gone(mark(2, "B", NOON), NOON + 2)])
    assert await lines(store, "helpers") == [(1, "A", 1), (1, "B", 1)]
    assert await lines(store, "points") == [(1, "C", 8)]
    assert await lines(store, "twos") == [(1, "C", 1)]
    found = await store.records("default").ladder(f"{TEAM}/A")
    assert (found.score, found.levels) == (1, frozenset())  # what a board counts is no score


async def test_people_move_out_and_in_as_what_is_known_of_them_changes(store: Store) -> None:
    await store.take([post(n, user) for n, user in enumerate("AABBBC")])
    assert [key for _, key, _ in await lines(store, "score", "week")] == ["B", "A", "C"]
    here = joined("B", NOON)
    await store.take([here])
    ways = (
        (chose("B", NOON, boards="hidden"), chose("B", NOON + 1, boards="shown")),
        (gone(here, NOON + 2), joined("B", NOON + 3)),  # as the chat itself says who leaves and is back
    )
    for way_out, way_in in ways:
        await store.take([way_out])
        assert [key for _, key, _ in await lines(store, "score", "week")] == ["A", "C"]
        await store.take([way_in])
        assert [key for _, key, _ in await lines(store, "score", "week")] == ["B", "A", "C"]
    for changed in (person("B", bot=True), person("B", roles=("Staff",)), person("B", present=False)):
        await store.meet([changed])
        assert [key for _, key, _ in await lines(store, "score", "week")] == ["A", "C"]
    await store.meet([person("B")])
    await store.take([chose("B", NOON + 5, boards="anonymous")])
    shown = await look(store, "score", "week")
    assert shown.view.top[0].shown == (Standing(1, f"{TEAM}/B", 3, True),)


async def test_a_link_makes_one_line_of_two(store: Store) -> None:
    await store.take([post(n, user) for n, user in enumerate("AABCC")])
    await lines(store, "score", "week")
    link = Statement("link", "link:1", NOON, "member.linked", actor=f"{TEAM}/A", target=f"{TEAM}/B")
    await store.take([link])
    assert await lines(store, "score", "week") == [(1, "A", 3), (2, "C", 2)]
    await store.take([gone(link, NOON + 1)])
    assert await lines(store, "score", "week") == [(1, "A", 2), (1, "C", 2), (3, "B", 1)]


async def test_a_rolling_time_ends_today_and_forgets_what_is_too_old(store: Store, clock: Clock) -> None:
    await store.take([post(1, "A", NOON), post(2, "B", NOON - 6 * DAY), post(3, "C", NOON - 7 * DAY)])
    assert [key for _, key, _ in await lines(store, "score", "7 days")] == ["A", "B"]
    clock.now += DAY
    assert [key for _, key, _ in await lines(store, "score", "7 days")] == ["A"]


async def test_only_who_joined_in_this_time_is_new(store: Store) -> None:
    await store.take([post(n, user) for n, user in enumerate("AAABBC")])
    await store.take([joined("A", NOON - 60 * DAY), joined("B", NOON - 3 * DAY)])
    assert [key for _, key, _ in await lines(store, "new")] == ["B"]
    await store.take([joined("C", NOON - 3 * DAY)])
    assert [key for _, key, _ in await lines(store, "new")] == ["B", "C"]


async def test_a_day_counts_for_the_team_in_which_somebody_was_then(store: Store) -> None:
    """Monday, Tuesday and today, Wednesday."""
    monday, tuesday = NOON - 2 * DAY, NOON - DAY
    await store.take([in_team("A", "red", monday), in_team("B", "blue", monday), in_team("A", "blue", tuesday)])
    await store.take([post(1, "A", monday), post(2, "A", monday + 1), post(3, "A", tuesday), post(4, "B", monday)])
    assert await lines(store, "teams", "week") == [(1, "blue", 2), (1, "red", 2)]
    await store.take([post(5, "B", NOON), post(6, "C", NOON)])
    assert await lines(store, "teams", "week") == [(1, "blue", 3), (2, "red", 2)]
    assert (await look(store, "teams", "week", "A")).view.key == "blue"
    await store.take([chose("B", NOON, boards="hidden"), in_team("A", "", NOON)])
    assert await lines(store, "teams", "week") == [(1, "red", 2), (2, "blue", 1)]
    assert (await look(store, "teams", "week", "A")).view.key == ""


async def test_who_is_erased_is_on_no_board(store: Store) -> None:
    await store.take([post(1, "A"), post(2, "B")])
    await lines(store, "score", "week")
    await depart(store, f"{TEAM}/B")
    assert [key for _, key, _ in await lines(store, "score", "week")] == ["A"]


async def test_what_another_process_wrote_is_seen_with_the_next_commit(store: Store, opened: Open) -> None:
    await store.take([post(1, "A")])
    await lines(store, "score", "week")
    with sqlite3.connect(database_file(store.url)) as beside:
        beside.execute("UPDATE score SET amount = 9")
    await store.settle()
    assert await lines(store, "score", "week") == [(1, "A", 9)]


async def test_a_new_book_begins_with_new_boards(store: Store, opened: Open) -> None:
    await store.take([mark(1, "B", NOON)])
    await store.close()
    again = await opened(
        BOOK.replace("[score.posts]", "[score.reactions]").replace('"message.posted"\ngive', '"reaction.added"\ngive')
    )
    assert await lines(again, "score", "all") == [(1, "B", 1)]
    assert await lines(again, "helpers") == [(1, "A", 1)]


@pytest.mark.parametrize("seed", range(2))
async def test_after_any_history_memory_table_and_a_naive_sort_agree(store: Store, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a story that can be told again
    said: list[Statement] = []
    for turn in range(30):
        user, at = rng.choice(WHO), NOON - DAY + turn * HOUR // 4
        acts = [
            post(turn, user, at),
            mark(turn, user, at, author=rng.choice(WHO)),
            chose(user, at, boards=rng.choice(["shown", "hidden", "anonymous"])),
            chose(user, at, tracking=rng.choice(["on", "off"])),
            in_team(user, rng.choice(["red", "blue", ""]), at),
            gone(rng.choice(said), at) if said else post(turn, user, at),
        ]
        act = rng.choices(acts, (6, 4, 1, 1, 1, 3))[0]
        said += [act] if act.op == "assert" and act.type in ("message.posted", "reaction.added") else []
        await store.take([act])
        if rng.random() < 0.1:
            await store.meet([person(user, bot=rng.random() < 0.3, present=rng.random() < 0.7)])
        if rng.random() < 0.5:
            await look(store, *rng.choice(LOOKED_AT))
    served = store.communities.served["default"]
    for board, period in LOOKED_AT:
        await look(store, board, period)
    assert await store.boards.differences(served) == []
    assert compare(store.url, [served.plan.book], NOON) == []
    assert await lines(store, "score", "week") == _sorted(store, "s.rule = 'posts'")
    assert await lines(store, "helpers", "month") == _sorted(store, "s.rule = 'signal:helpful'")


def _sorted(store: Store, which: str) -> list[tuple[int, str, int]]:
    """From the tables alone, the way a person would do it by hand."""
    query = f"""
    SELECT s.member, SUM(s.amount), COALESCE(c.anonymous, 0) FROM score s
    LEFT JOIN account a ON a.account = s.member LEFT JOIN choice c ON c.member = s.member
    WHERE {which} AND COALESCE(a.present, 1) AND NOT COALESCE(a.bot, 0)
    AND COALESCE(c.tracked, 1) AND NOT COALESCE(c.hidden, 0) GROUP BY s.member HAVING SUM(s.amount) > 0
    """  # noqa: S608 - the two texts above
    with sqlite3.connect(database_file(store.url)) as db:
        rows = sorted((-amount, anonymous, member) for member, amount, anonymous in db.execute(query))
    places = [(1 + sum(r[0] < amount for r in rows), m.removeprefix(f"{TEAM}/"), -amount) for amount, _, m in rows]
    return [row for row in places if row[0] <= 5]


async def test_a_large_board_keeps_nobody_waiting_and_the_end_does_not_wait_for_it(store: Store) -> None:
    """Nobody waits for the first reading of a board that takes long: whoever asks is told, and the bot can stop."""
    with sqlite3.connect(database_file(store.url)) as beside:
        rows = ((f"{TEAM}/U{n}", n) for n in range(1, 6_001))
        beside.executemany("INSERT INTO score VALUES ('default', 738597, ?, 'posts', ?)", rows)
    store.boards.patience = 0.0
    with pytest.raises(StillReading):
        await look(store, "score", "all", "U5999")
    store.boards.patience = 30.0
    shown = await look(store, "score", "all", "U5999")
    assert [s.place for s in shown.view.near] == [1, 2, 3]
    store.boards.patience = 0.0
    with pytest.raises(StillReading):
        await look(store, "points")
    await store.close()
