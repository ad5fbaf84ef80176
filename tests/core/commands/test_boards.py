"""`/leaderboard` where a book has boards of its own: which one, which time, what it says below, and its buttons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import sqlalchemy as sa

from adapters.storage import tables
from core.commands import answer, suggest
from core.requests import Answer
from core.rules.boards import ONLY
from core.times import read_time
from tests.village import AMIRA, BOOK, COMMUNITY, JONAS, KOFI, LENA, MEI, NOW, Village, ask, book, pressed, said

TODAY = dt.date(2026, 3, 18).toordinal()
BOARDS = """
[season.winter]
name = "Winter"
yearly = ["12-01", "01-31"]
carry = ["trusted_helper", "teacher"]
[season.later]
name = "Later"
from = 2026-05-01
until = 2026-05-31
[board.all]
name = "Everything"
period = ["week", "month", "7 days"]
[board.helpers]
name = "Helpful answers"
of = "signal:helpful_answer"
period = ["month", "all"]
[board.badges]
name = "Badges"
of = "awards"
period = "year"
[board.new]
name = "New here"
newcomers = true
period = "month"
[board.winter]
name = "Winter"
season = "winter"
[board.later]
name = "Later"
season = "later"
[board.teams]
name = "Teams"
for = "team"
period = "week"
"""
RULES = book(BOOK + BOARDS)


async def asked(village: Village, typed: str = "", **arguments: str) -> Answer:
    given: Mapping[str, str] = {"period": typed, **arguments} if typed else arguments
    return await answer(ask("leaderboard", **given), RULES, village.records)


async def lines(village: Village, typed: str = "", **arguments: str) -> list[str]:
    return said(await asked(village, typed, **arguments)).splitlines()


def score(village: Village, **amounts: int) -> None:
    accounts = {"amira": AMIRA, "jonas": JONAS, "lena": LENA, "mei": MEI, "kofi": KOFI}
    for name, amount in amounts.items():
        village.score(accounts[name], amount, TODAY)


def close(
    village: Village, board: str, period: str, name: str, *, differs_at: int | None = None, **amounts: int
) -> None:
    """A stored period of March's past, with Amira and Jonas and Lena as given, in this order."""
    key = {"community": COMMUNITY, "board": board, "period": period, "name": name}
    closed = {"first_day": 1, "last_day": 2, "listed": len(amounts), "closed_at": NOW - 1, "checksum": ""}
    village.keep(sa.insert(tables.snapshot).values(**key, **closed, differs_at=differs_at))
    accounts = {"amira": AMIRA, "jonas": JONAS, "lena": LENA}
    for place, (who, amount) in enumerate(amounts.items(), 1):
        row = {**key, "member": accounts[who], "team": "", "place": place, "amount": amount}
        village.keep(sa.insert(tables.standing).values(**row))


TITLES = {
    "": "This month · Everything",
    "week": "This week · Everything",
    "7 days": "The last 7 days · Everything",
    "helpers": "This month · Helpful answers",
    "Helpful answers all": "All time · Helpful answers",
    "helpers all": "All time · Helpful answers",
    "badges": "This year · Badges",
    "winter": "Winter · Winter",
    "winter 2024": "Winter 2024 · Winter",
    "winter last": "Winter, the last one · Winter",
    "last month": "Last month · Everything",
    "all last week": "Last week · Everything",
    "2026-02": "2026-02 · Everything",
    "all 2026-W10": "2026-W10 · Everything",
    "month please": "This month · Everything",
}


async def test_a_board_and_its_time_are_understood(village: Village) -> None:
    assert {typed: (await lines(village, typed))[0] for typed in TITLES} == TITLES


async def test_fields_buttons_and_typed_words_mean_the_same(village: Village) -> None:
    titles = {
        (await lines(village, board="helpers", period="all"))[0],
        (await lines(village, argument="helpers all"))[0],
        (await lines(village, "helpers all"))[0],
    }
    assert titles == {"All time · Helpful answers"}


async def test_buttons_lead_to_the_other_times_and_boards(village: Village) -> None:
    buttons = pressed(await asked(village, "helpers"))
    assert list(buttons.items())[:3] == [
        ("All time", "helpers all"),
        ("The one before", "helpers month last"),
        ("Everything", "all"),
    ]
    assert "Helpful answers" not in buttons
    assert all(len(f"leaderboard{argument}") <= 90 for argument in buttons.values())
    assert pressed(await asked(village, "helpers last"))["This month"] == "helpers month"


async def test_what_is_no_board_offers_those_there_are(village: Village) -> None:
    told = await asked(village, "helpful")
    assert told.card.tone == "error"
    assert list(pressed(told).values())[:3] == ["all", "helpers", "badges"]


async def test_where_there_are_many_boards_each_is_named_and_the_first_have_buttons(village: Village) -> None:
    many = "".join(f'[board.n{n}]\nname = "Number {n}"\n' for n in range(30))
    told = await answer(ask("leaderboard", period="nothing"), book(BOOK + many), village.records)
    assert "“n29”" in said(told)
    assert len(pressed(told)) == 10


async def test_a_rolling_time_has_no_past_that_could_be_shown_instead(village: Village) -> None:
    assert (await lines(village, "all 7 days 2026-W11"))[0] == "There was no such time."


async def test_each_kind_says_what_it_counts(village: Village) -> None:
    village.score(AMIRA, 2, TODAY, rule="signal:helpful_answer")
    village.score(AMIRA, 9, TODAY)
    village.award(JONAS, "first_post")
    helpers = await lines(village, "helpers")
    assert helpers[1] == "1. you · 2"
    assert "Counted: an answer that three different people marked as helpful." in helpers
    badges = await lines(village, "badges")
    assert badges[1:3] == ["1. Jonas · 1", "You have no place in this time yet."]
    assert "Counted: badges, on the day they were earned." in badges
    assert (await lines(village))[1] == "1. you · 9"  # what a board counts beside is no score


async def test_newcomers_are_among_themselves(village: Village) -> None:
    score(village, amira=9, mei=3)
    village.joined(MEI, NOW - 3 * 86_400_000_000)
    found = await lines(village, "new")
    assert found[1:3] == ["1. Mei · 3", "You were here before. Your own score: 9."]
    assert found[-2].endswith("Listed are those who joined in this time.")


async def test_a_season_begins_at_zero_and_badges_are_brought_along(village: Village) -> None:
    village.score(AMIRA, 100, dt.date(2025, 11, 30).toordinal())
    village.score(AMIRA, 3, dt.date(2025, 12, 1).toordinal(), rule="b")
    village.score(AMIRA, 4, dt.date(2026, 1, 31).toordinal())
    village.award(AMIRA, "trusted_helper", read_time("2025-11-01T12:00:00Z"))
    village.award(AMIRA, "teacher", read_time("2025-12-02T12:00:00Z"))
    found = await lines(village, "winter")
    assert found[:3] == ["Winter · Winter", "1. you · 7", "You bring along: Trusted helper."]
    assert "1 Dec 2025 to 31 Jan; days begin at 04:00 (Europe/Berlin)." in found


async def test_a_season_that_has_not_begun_says_when(village: Village) -> None:
    assert await lines(village, "later") == ["Later begins on 1 May.", *(await lines(village, "later"))[1:]]


async def test_a_closed_time_is_shown_as_it_was(village: Village) -> None:
    score(village, amira=9)
    close(village, "all", "month", "2026-02", jonas=5, amira=3)
    found = await lines(village, "month last")
    assert found[:3] == ["Last month · Everything", "1. Jonas · 5", "2. you · 3"]
    assert "As it was closed on 18 Mar; nothing changes it any more." in found
    assert "What arrived later, or a changed rule, would have changed it." not in found
    close(village, "all", "month", "2026-01", differs_at=NOW, jonas=5)
    assert "What arrived later, or a changed rule, would have changed it." in await lines(village, "2026-01")
    assert "You had no place in this time." in await lines(village, "2026-01")


async def test_a_time_that_is_over_and_not_closed_says_until_when_it_counts(village: Village) -> None:
    village.score(AMIRA, 2, TODAY - 7)
    request = ask("leaderboard", period="week last")
    found = said(await answer(replace(request, at=NOW - 86_400_000_000), RULES, village.records)).splitlines()
    assert found[:2] == ["Last week · Everything", "1. you · 2"]
    assert "Not closed yet: what arrives late counts until 19 Mar." in found


async def test_who_hides_later_is_not_in_what_was_closed(village: Village) -> None:
    close(village, "all", "month", "2026-02", jonas=5, lena=4)
    village.chose(JONAS, hidden=True)
    village.chose(AMIRA, hidden=True)
    assert (await lines(village, "month last"))[1:3] == ["2. Lena · 4", "You are hidden from boards."]
    village.score(AMIRA, 2, TODAY, rule="signal:helpful_answer")
    assert "You are hidden from boards. Your own number: 2." in await lines(village, "helpers")


async def test_teams_are_named_and_the_readers_own_is_marked(village: Village) -> None:
    assert "You are in no team." in await lines(village, "teams")
    _in_team(village, AMIRA, "blue", 1)
    _in_team(village, JONAS, "red", 2)
    score(village, amira=2, jonas=5, lena=4)
    found = await lines(village, "teams")
    assert found[1:3] == ["1. red · 5", "2. blue (yours) · 2"]
    assert found[-2].startswith("Ties share a place: 1, 1, 3. What hidden people, staff, bots and leavers did")


def _in_team(village: Village, account: str, team: str, seq: int) -> None:
    at = NOW - 5 * 86_400_000_000
    body = f'{{"type":"team.joined","target":"{account}","facts":{{"team":"{team}"}}}}'.encode()
    said_ = {"source": "roster:hr", "id": f"t{seq}", "op": "assert", "at": at, "hash": b"", "about": None, "body": body}
    village.keep(sa.insert(tables.statement).values(community=COMMUNITY, seq=seq, **said_))
    row = {"account": account, "type": "team.joined", "at": at, "seq": seq}
    village.keep(sa.insert(tables.party).values(community=COMMUNITY, **row))


async def test_fields_suggest_boards_and_the_times_of_the_one_chosen(village: Village) -> None:
    request = ask("leaderboard", board="helpers")
    found = await suggest(request, "period", "", RULES, village.records)
    assert [s.value for s in found] == ["month", "all", "month last"]
    boards = await suggest(request, "board", "bad", RULES, village.records)
    assert [(s.value, s.label) for s in boards] == [("badges", "Badges")]
    assert ONLY.name == "score"
