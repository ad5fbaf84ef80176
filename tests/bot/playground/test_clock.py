"""The movable clock."""

import datetime as dt
import zoneinfo

import pytest

from bot.playground.clock import MovableClock, next_moment

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
NINE_FIVE = dt.time(9, 5)


def test_it_goes_with_real_time_until_it_is_moved():
    clock = MovableClock(lambda: 1_000.5)
    assert (clock.seconds(), clock()) == (1_000.5, 1_000_500_000)
    clock.forward(60)
    assert (clock.seconds(), clock()) == (1_060.5, 1_060_500_000)


def test_it_refuses_to_go_back():
    with pytest.raises(ValueError, match="forward"):
        MovableClock().forward(-1)


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        ("2026-03-11T12:00", "2026-03-16T09:05"),
        ("2026-03-16T09:04", "2026-03-16T09:05"),
        ("2026-03-16T09:05", "2026-03-23T09:05"),
        ("2026-03-25T12:00", "2026-03-30T09:05"),  # the clocks change in between
    ],
)
def test_the_next_monday_is_later_than_now_on_the_wall_clock_of_the_zone(now, monday):
    moment = next_moment(dt.datetime.fromisoformat(now).replace(tzinfo=BERLIN), 0, NINE_FIVE)
    assert moment.isoformat()[:16] == monday


def test_forward_to_lands_on_that_moment():
    clock = MovableClock(lambda: dt.datetime(2026, 3, 25, 12, tzinfo=BERLIN).timestamp())
    clock.forward_to(0, NINE_FIVE, "Europe/Berlin")
    assert dt.datetime.fromtimestamp(clock.seconds(), BERLIN).isoformat() == "2026-03-30T09:05:00+02:00"


def test_whoever_keeps_the_same_time_hears_of_every_step() -> None:
    clock, heard = MovableClock(lambda: 0.0), list[float]()
    clock.on_forward = heard.append
    clock.forward(5.0)
    clock.forward(2.5)
    assert heard == [5.0, 7.5] == [5.0, clock.ahead]
