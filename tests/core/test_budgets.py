"""Where a month leads, when somebody should know, and what an award costs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.budgets import Forecast, Given, Spending, cost, each, forecast, is_low, report
from core.languages import speak
from tests.core.rules.books import book

DAY = 24 * 3_600_000_000
NOW = 100 * DAY


def spending(**more: object) -> Spending:
    return Spending("2026-11", NOW, NOW + 14 * DAY, **more)  # type: ignore[arg-type] # what a test is about


@pytest.mark.parametrize(
    ("recent", "age", "said"),
    [
        (400, 90, Forecast(Decimal(100), 4, 700)),  # 500 + two weeks of 100
        (400, 8, Forecast(Decimal(200), 2, 900)),  # younger than four weeks
        (400, 0, Forecast(Decimal(400), 1, 1300)),
        (0, 90, Forecast(Decimal(0), 4, 500)),
    ],
)
def test_the_forecast_is_the_mean_of_the_last_weeks_for_what_is_left(recent: int, age: int, said: Forecast) -> None:
    assert forecast(spending(spent=500, recent=recent, since=NOW - age * DAY)) == said


def test_before_the_first_redemption_nothing_is_foreseen() -> None:
    assert forecast(spending()) == Forecast(Decimal(0), 1, 0)
    assert report(spending(), book("[rewards]\n")) == ["2026-11: 0 points redeemed."]


@pytest.mark.parametrize(
    ("spent", "cap", "low"), [(799, 1000, False), (800, 1000, True), (9, None, False), (0, 0, True)]
)
def test_four_fifths_of_the_cap_are_told(spent: int, cap: int | None, low: bool) -> None:
    assert is_low(spent, cap) is low


def test_money_is_exact_and_only_told_where_the_book_knows_it() -> None:
    priced = book('[rewards]\ncost_per_point = "0.015"\nmoney = "EUR"\n').rewards
    assert priced is not None
    assert cost(3, priced) == Decimal("0.045")
    assert each(Decimal("0.045"), 2) == Decimal("0.02")
    assert each(Decimal(1), 0) is None
    plain = book("[rewards]\n")
    assert plain.rewards is not None
    assert cost(3, plain.rewards) is None
    assert not any("Cost" in line for line in report(spending(spent=3), plain))


def test_the_report_names_teams_by_what_they_spent() -> None:
    said = report(
        spending(spent=700, teams={"Blue": 200, "Red": 500}, given={"gone": Given(2, 20)}),
        book('[rewards]\ncurrency = "stars"\ncap_per_team = 500\n'),
    )
    assert said[:3] == ["2026-11: 700 stars redeemed.", "Red: 500 of 500.", "Blue: 200 of 500."]
    assert said[-1] == "Gone: 2 awards, 20 stars."


def test_the_report_knows_the_name_of_a_single_one() -> None:
    said = report(
        spending(spent=1, given={"gone": Given(1, 1)}),
        book('[rewards]\ncurrency = "stars"\ncurrency_one = "star"\n'),
    )
    assert (said[0], said[-1]) == ("2026-11: 1 star redeemed.", "Gone: 1 award, 1 star.")


def test_the_report_writes_points_and_money_as_its_readers_do() -> None:
    priced = book('[rewards]\ncost_per_point = "0.01"\nmoney = "EUR"\n')
    month = spending(spent=123_456, given={"gone": Given(1, 1)})
    assert report(month, priced)[-1] == "Gone: 1 award, 1 point, 0.01 EUR."
    german = report(month, priced, speak("de"))
    assert german[0] == "2026-11: 123.456 Punkte eingelöst."
    assert "1.234,56 EUR" in german[1]
    assert german[-1] == "Gone: 1 Vergabe, 1 Punkt, 0,01 EUR."
