"""Who is listed where, and what is said to those who are not."""

from __future__ import annotations

import datetime as dt

import pytest

from core.commands import answer
from tests.village import AMIRA, BOOK, JONAS, KOFI, LENA, MEI, Village, ask, book, pressed, said

TODAY = dt.date(2026, 3, 18).toordinal()  # a Wednesday
MONDAY = TODAY - 2


def _scores(village: Village, **by_name: int) -> None:
    accounts = {"amira": AMIRA, "jonas": JONAS, "lena": LENA, "mei": MEI, "kofi": KOFI}
    for name, amount in by_name.items():
        village.score(accounts.get(name, f"slack:T1/{name}"), amount, TODAY)


async def _board(village: Village, **arguments: str) -> list[str]:
    return said(await answer(ask("leaderboard", **arguments), book(), village.records)).splitlines()


async def test_ties_share_a_place_and_the_reader_is_you(village: Village) -> None:
    _scores(village, amira=10, jonas=10, lena=7, mei=3)
    lines = await _board(village)
    assert lines[:4] == ["This month · score", "1. you, Jonas · 10", "3. Lena · 7", "4. Mei · 3"]


async def test_the_rules_of_the_board_are_stated(village: Village) -> None:
    _scores(village, amira=10)
    lines = await _board(village)
    assert "Score: 5 for an answer that three different people marked as helpful." in lines
    assert "1 Mar to 31 Mar; days begin at 04:00 (Europe/Berlin)." in lines
    assert lines[-2].startswith("Ties share a place: 1, 1, 3. Hidden people, staff, bots and leavers")


async def test_ones_own_place_comes_with_both_neighbours(village: Village) -> None:
    for i in range(8):
        village.person(f"slack:T1/n{i}", f"Nobody {i}")
        _scores(village, **{f"n{i}": 100 - i})
    _scores(village, amira=50, jonas=60, lena=40, mei=30)
    lines = await _board(village)
    at = lines.index("Your place:")
    assert lines[at + 1 : at + 4] == ["  9. Jonas · 60", "  10. you · 50", "  11. Lena · 40"]
    assert lines[5] == "5. Nobody 4 · 96"
    assert not any("Mei" in row for row in lines)


async def test_the_last_on_the_board_has_one_neighbour(village: Village) -> None:
    _scores(village, **{f"n{i}": 100 - i for i in range(6)}, amira=1)
    assert (await _board(village))[7:9] == ["  6. n5 · 95", "  7. you · 1"]


@pytest.mark.parametrize(
    ("period", "expected"),
    [("week", "2"), ("month", "5"), ("all", "14")],
)
async def test_a_period_counts_its_own_days(village: Village, period: str, expected: str) -> None:
    first_of_month = dt.date(2026, 3, 1).toordinal()
    for amount, day in ((2, MONDAY), (3, first_of_month), (4, first_of_month - 1), (5, MONDAY - 700)):
        village.score(AMIRA, amount, day, rule=str(day))
    assert (await _board(village, period=period))[1] == f"1. you · {expected}"


async def test_the_night_belongs_to_the_day_before(village: Village) -> None:
    """On Sunday until 04:00 the week from Monday has not begun."""
    village.score(AMIRA, 2, MONDAY)
    village.score(AMIRA, 3, MONDAY - 1)
    request = ask("leaderboard", period="week")
    at = request.at - 2 * 24 * 3600 * 1_000_000 - 11 * 3600 * 1_000_000  # Monday 02:00 in Berlin
    night = type(request)(**{f: getattr(request, f) for f in request.__slots__} | {"at": at})
    assert said(await answer(night, book(), village.records)).splitlines()[1] == "1. you · 3"


@pytest.mark.parametrize(
    "made",
    [{"bot": True}, {"present": False}, {"roles": ["Staff"]}],
)
async def test_bots_leavers_and_staff_are_not_listed(village: Village, made: dict[str, object]) -> None:
    _scores(village, jonas=10, amira=1)
    village.person(JONAS, "Jonas", **made)
    assert (await _board(village))[1] == "1. you · 1"


@pytest.mark.parametrize("chosen", [{"hidden": True}, {"tracked": False}])
async def test_who_hides_is_not_listed(village: Village, chosen: dict[str, bool]) -> None:
    _scores(village, jonas=10, amira=1)
    village.chose(JONAS, **chosen)
    lines = await _board(village)
    assert lines[1] == "1. you · 1"
    assert "Jonas" not in "".join(lines)


async def test_who_hides_still_sees_their_own_value(village: Village) -> None:
    _scores(village, jonas=10, amira=7)
    village.chose(AMIRA, hidden=True)
    lines = await _board(village)
    assert lines[1:3] == ["1. Jonas · 10", "You are hidden from boards. Your own score: 7."]


async def test_staff_still_see_their_own_value(village: Village) -> None:
    village.person(AMIRA, "Amira", roles=["Staff"])
    _scores(village, amira=7)
    lines = await _board(village)
    assert lines[1:3] == ["Nobody has scored yet.", "Staff are left out of boards. Your own score: 7."]


async def test_without_a_score_there_is_no_shame(village: Village) -> None:
    _scores(village, jonas=10)
    assert (await _board(village))[2] == "You have no score in this time yet."


async def test_many_in_one_place_are_counted_and_not_all_named(village: Village) -> None:
    _scores(village, **{f"n{i}": 4 for i in range(9)})
    assert (await _board(village))[1] == "1. n0, n1, n2, n3, n4 and 4 more · 4"


async def test_buttons_switch_the_period_in_place(village: Village) -> None:
    first = await answer(ask("leaderboard"), book(), village.records)
    assert pressed(first) == {"This week": "week", "All time": "all"}
    second = await answer(ask("leaderboard", argument="week"), book(), village.records)
    assert second.replace
    assert said(second).startswith("This week · score")


async def test_an_unknown_period_offers_the_known_ones(village: Village) -> None:
    told = await answer(ask("leaderboard", period="fortnight"), book(), village.records)
    assert told.card.tone == "error"
    assert list(pressed(told).values()) == ["week", "month", "all"]


async def test_a_community_without_scores_is_told_so(village: Village) -> None:
    told = await answer(ask("leaderboard"), book(BOOK.partition("[score")[0]), village.records)
    assert said(told) == "This community keeps no score, so there is no board."


async def test_somebody_may_be_listed_without_a_name(village: Village) -> None:
    village.chose(JONAS, anonymous=True)
    village.chose(AMIRA, anonymous=True)
    _scores(village, amira=10, jonas=10, lena=10)
    board = (await answer(ask("leaderboard"), book(), village.records)).card
    lines = said(await answer(ask("leaderboard"), book(), village.records)).splitlines()
    assert lines[1] == "1. you, Lena, Someone · 10"
    assert JONAS not in repr(board)
    assert "Jonas" not in repr(board)
