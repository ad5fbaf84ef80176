"""Which days a board adds up: calendar, rolling and named times, over New Year and over nights; what is to close."""

from __future__ import annotations

import datetime as dt

import pytest

from core import seasons
from core.boards import Snapshot, Window, due, ended, view, window
from core.leaderboards import Standing
from core.rules.boards import BoardRule, Season
from core.rules.book import RuleBook
from core.rules.loading import load
from core.times import read_time

HEAD = """rules = 1
[community]
timezone = "Europe/Berlin"
day_starts = "04:00"
late_grace = "3 days"
[score.posts]
when = "message.posted"
give = 1
[board.b]
name = "B"
period = ["week", "month", "quarter", "year", "7 days", "all"]
[season.winter]
name = "Winter"
yearly = ["12-01", "01-31"]
[season.once]
name = "Once"
from = 2026-03-01
until = 2026-03-31
[board.w]
name = "W"
season = "winter"
[board.o]
name = "O"
season = "once"
"""
BOOK = load(HEAD, "rules.toml")
CALENDAR = BOOK.community.calendar
NOW = read_time("2026-03-18T12:00:00Z")


def day(written: str) -> int:
    return dt.date.fromisoformat(written).toordinal()


def of(period: str, at: str = "2026-03-18T12:00:00Z", board: str = "b", name: str = "") -> tuple[str, str, str] | None:
    found = window(BOOK.boards[board], period, BOOK, CALENDAR, read_time(at), name)
    return found and (_written(found.first), _written(found.last), found.name)


def _written(ordinal: int) -> str:
    return dt.date.fromordinal(ordinal).isoformat()


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("week", ("2026-03-16", "2026-03-22", "2026-W12")),
        ("month", ("2026-03-01", "2026-03-31", "2026-03")),
        ("quarter", ("2026-01-01", "2026-03-31", "2026-Q1")),
        ("year", ("2026-01-01", "2026-12-31", "2026")),
        ("7 days", ("2026-03-12", "2026-03-18", "")),
        ("all", ("0001-01-01", "9999-12-31", "")),
    ],
)
def test_each_period_has_its_days(period: str, expected: tuple[str, str, str]) -> None:
    assert of(period) == expected


def test_the_day_begins_at_four_in_the_community() -> None:
    """01:30 UTC is 03:30 in Berlin after the clocks went forward, so still the day before."""
    assert of("7 days", "2026-03-30T01:30:00Z") == ("2026-03-23", "2026-03-29", "")
    assert of("week", "2026-03-30T01:30:00Z") == ("2026-03-23", "2026-03-29", "2026-W13")
    assert of("week", "2026-03-30T02:00:00Z") == ("2026-03-30", "2026-04-05", "2026-W14")
    found = Window("7 days", day("2026-03-29"), day("2026-03-29"))
    assert found.start(CALENDAR) == read_time("2026-03-29T02:00:00Z")
    assert found.end(CALENDAR) == read_time("2026-03-30T02:00:00Z")


def test_a_period_that_is_over_is_found_by_its_name() -> None:
    assert of("week", name="2026-w01") == ("2025-12-29", "2026-01-04", "2026-W01")
    assert of("month", name="2025-12") == ("2025-12-01", "2025-12-31", "2025-12")
    assert of("month", name="2026-04") is None  # it has not come
    assert of("7 days", name="2026-03") is None


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-01-01T12:00:00Z", ("2025-12-01", "2026-01-31", "2025")),
        ("2026-02-01T12:00:00Z", ("2025-12-01", "2026-01-31", "2025")),  # the last one, until the next begins
        ("2026-12-01T02:59:59Z", ("2025-12-01", "2026-01-31", "2025")),
        ("2026-12-01T03:00:00Z", ("2026-12-01", "2027-01-31", "2026")),
    ],
)
def test_a_season_crosses_new_year(at: str, expected: tuple[str, str, str]) -> None:
    assert of("season", at, "w") == expected


def test_a_season_that_comes_once_begins_and_stays() -> None:
    assert of("season", "2026-02-27T12:00:00Z", "o") is None
    assert of("season", "2030-01-01T12:00:00Z", "o") == ("2026-03-01", "2026-03-31", "2026-03-01")
    once = BOOK.seasons["once"]
    coming = seasons.coming(once, day("2026-02-27"))
    assert coming is not None
    assert coming.first == day("2026-03-01")
    assert seasons.coming(once, day("2026-03-01")) is None


@pytest.mark.parametrize(
    ("year", "first", "last"), [("2027", "2027-03-01", "2028-02-29"), ("2028", "2028-02-29", "2029-02-28")]
)
def test_where_there_is_no_29_february(year: str, first: str, last: str) -> None:
    leap = Season(name="Leap", yearly=("02-29", "04-30"))
    around = Season(name="Around", yearly=("03-01", "02-29"))
    found = seasons.named(around, year, day("2029-06-01"))
    begins = seasons.named(leap, year, day("2029-06-01"))
    assert found is not None
    assert begins is not None
    assert (begins.first, found.last) == (day(first), day(last))


def test_a_29_february_alone_comes_in_leap_years_only() -> None:
    leap = Season(name="Leap", yearly=("02-29", "02-29"))
    assert [o.name for o in seasons.over(leap, day("2029-06-01"))][:2] == ["2028", "2024"]
    now = seasons.now_or_last(leap, day("2026-06-01"))
    assert now is not None
    assert (now.first, now.last) == (day("2024-02-29"), day("2024-02-29"))


def names(found: list[Window]) -> list[str]:
    return [w.name for w in found]


def closing(period: str, at: str, last: str | None, since: str = "2020-01-01T00:00:00Z", board: str = "b") -> list[str]:
    rule = BOOK.boards[board]
    return names(due(rule, period, BOOK, CALENDAR, read_time(at), last, read_time(since)))


def test_a_period_closes_when_its_late_facts_are_in() -> None:
    assert closing("month", "2026-03-04T02:59:59Z", "2026-01") == []
    assert closing("month", "2026-03-04T03:00:00Z", "2026-01") == ["2026-02"]
    assert closing("month", "2026-03-04T03:00:00Z", "2026-02") == []


def test_what_was_missed_is_closed_in_order() -> None:
    assert closing("week", "2026-03-19T12:00:00Z", "2025-W52") == [f"2026-W{n:02}" for n in range(1, 12)]


def test_a_new_board_closes_only_the_latest_period_and_none_from_before_the_bot() -> None:
    assert closing("week", "2026-03-19T12:00:00Z", None) == ["2026-W11"]
    assert closing("week", "2026-03-19T12:00:00Z", None, "2026-03-17T00:00:00Z") == []
    assert closing("season", "2026-02-04T03:00:00Z", None, board="w") == ["2025"]
    assert closing("all", "2026-03-18T12:00:00Z", None) == []
    assert closing("7 days", "2026-03-18T12:00:00Z", None) == []


def test_what_ended_comes_latest_first() -> None:
    rule: BoardRule = BOOK.boards["w"]
    first = next(ended(rule, "season", BOOK, CALENDAR, NOW))
    assert first.name == "2025"
    assert next(ended(BOOK.boards["b"], "quarter", BOOK, CALENDAR, NOW)).name == "2025-Q4"


def test_a_closed_period_shows_its_first_places_and_ones_own() -> None:
    there = tuple(Standing(n, f"m{n}", 100 - n) for n in range(1, 9))
    found = view(Snapshot(Window("month", 1, 2, "2026-02"), there, 9, NOW), "m7")
    assert [t.place for t in found.top] == [1, 2, 3, 4, 5]
    assert ([s.key for s in found.near], found.own, found.listed) == (["m6", "m7", "m8"], 93, 9)
    assert view(Snapshot(Window("month", 1, 2, "2026-02"), there, 9, NOW), "x").near == ()


def test_a_book_without_boards_has_one_for_its_score() -> None:
    book: RuleBook = load("\n".join(HEAD.splitlines()[:8]), "rules.toml")
    assert list(book.open_boards) == [""]
    assert book.open_boards[""].periods == ("week", "month", "all")
    assert load("rules = 1", "rules.toml").open_boards == {}
