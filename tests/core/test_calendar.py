"""Days and periods against the zone data itself."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import DERIVED, Calendar, Period

ZONES = (
    "Europe/Berlin",
    "Asia/Beirut",  # skips midnight in March
    "Australia/Lord_Howe",  # half an hour of summer time
    "Asia/Kathmandu",
    "Pacific/Apia",  # there was no 30 December 2011
    "Africa/Cairo",
    "America/St_Johns",  # clocks once changed at a minute past midnight
    "UTC",
)
STARTS = ("00:00", "02:30", "04:00", "23:59")
PERIODS: tuple[Period, ...] = ("day", "week", "month", "quarter", "year")
SECOND = 1_000_000


def at(text: str) -> int:
    since = dt.datetime.fromisoformat(text) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return since // dt.timedelta(microseconds=1)


def clock(moment: int, zone: str) -> dt.datetime:
    utc = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=moment)
    return utc.astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None)


def started(starts: str) -> dt.timedelta:
    hours, minutes = starts.split(":")
    return dt.timedelta(hours=int(hours), minutes=int(minutes))


moments = st.integers(at("1975-01-01T00:00:00+00:00"), at("2060-01-01T00:00:00+00:00"))


@settings(max_examples=400, deadline=None)
@given(moment=moments, zone=st.sampled_from(ZONES), starts=st.sampled_from(STARTS))
def test_the_day_is_the_wall_clocks_date_moved_by_the_start_of_the_day(moment: int, zone: str, starts: str) -> None:
    expected = (clock(moment, zone) - started(starts)).date()
    assert Calendar(zone, starts).day(moment) == expected.toordinal()


@pytest.mark.parametrize("zone", ZONES)
def test_the_clock_is_right_at_every_change_and_beside_it(zone: str) -> None:
    """One calendar for the whole walk, so that what it remembers is used, too."""
    calendar = Calendar(zone)
    step, moment, end = 30 * 60 * SECOND, at("2009-01-01T00:00:00+00:00"), at("2013-01-01T00:00:00+00:00")
    while moment < end:
        for near in (moment - 1, moment, moment + 1):
            expected = clock(near, zone)
            assert calendar.day(near) == expected.toordinal()
            assert calendar.minute(near) == expected.hour * 60 + expected.minute
        moment += step


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("starts", STARTS)
def test_a_day_begins_at_its_first_instant(zone: str, starts: str) -> None:
    calendar = Calendar(zone, starts)
    for day in range(dt.date(2010, 1, 1).toordinal(), dt.date(2013, 12, 31).toordinal()):
        first = calendar.first_instant(day, "day")
        if dt.date.fromordinal(day) == dt.date(2011, 12, 30) and zone == "Pacific/Apia" and starts == "00:00":
            assert first == calendar.first_instant(day + 1, "day")  # it never was: the next began at once
        elif zone == "Pacific/Apia" and dt.date.fromordinal(day) == dt.date(2011, 12, 31) and starts == "00:00":
            assert calendar.day(first - 1) == day - 2
        else:
            assert (calendar.day(first), calendar.day(first - 1)) == (day, day - 1), dt.date.fromordinal(day)


@pytest.mark.parametrize(
    ("zone", "starts", "day", "instant"),
    [
        ("Europe/Berlin", "04:00", "2026-03-29", "2026-03-29T02:00:00+00:00"),
        ("Europe/Berlin", "02:30", "2026-03-29", "2026-03-29T01:00:00+00:00"),  # 02:30 is skipped: at the jump
        ("Europe/Berlin", "02:30", "2026-10-25", "2026-10-25T00:30:00+00:00"),  # 02:30 comes twice: the first
        ("Asia/Beirut", "00:00", "2026-03-29", "2026-03-28T22:00:00+00:00"),  # the clock jumps to 01:00
        ("Africa/Cairo", "00:00", "2026-04-24", "2026-04-23T22:00:00+00:00"),
        ("Pacific/Apia", "04:00", "2011-12-30", "2011-12-30T10:00:00+00:00"),
        ("America/Havana", "00:00", "2026-11-01", "2026-11-01T04:00:00+00:00"),  # midnight comes twice
    ],
)
def test_days_begin_even_where_the_clock_never_shows_their_start(
    zone: str, starts: str, day: str, instant: str
) -> None:
    ordinal = dt.date.fromisoformat(day).toordinal()
    assert Calendar(zone, starts).first_instant(ordinal, "day") == at(instant)


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("week_starts", ["monday", "sunday"])
def test_periods_follow_one_another_without_gap(period: Period, week_starts: str) -> None:
    calendar = Calendar("Europe/Berlin", "04:00", "sunday" if week_starts == "sunday" else "monday")
    days = range(dt.date(2019, 12, 20).toordinal(), dt.date(2028, 1, 10).toordinal())
    for one, other in pairwise(days):
        before, after = calendar.period(one, period), calendar.period(other, period)
        assert after - before in (0, 1)
        assert (after != before) == (calendar.first_day(after, period) == other)
    names = {calendar.name(calendar.period(day, period), period) for day in days}
    assert len(names) == calendar.period(days[-1], period) - calendar.period(days[0], period) + 1


@pytest.mark.parametrize(
    ("day", "period", "name"),
    [
        ("2026-03-02", "day", "2026-03-02"),
        ("2026-03-15", "week", "2026-W11"),
        ("2026-03-16", "week", "2026-W12"),
        ("2026-12-31", "week", "2026-W53"),
        ("2027-01-03", "week", "2026-W53"),
        ("2027-01-04", "week", "2027-W01"),
        ("2026-12-31", "month", "2026-12"),
        ("2026-01-01", "month", "2026-01"),
        ("2026-03-31", "quarter", "2026-Q1"),
        ("2026-04-01", "quarter", "2026-Q2"),
        ("2026-12-31", "year", "2026"),
    ],
)
def test_periods_have_the_names_people_use(day: str, period: Period, name: str) -> None:
    calendar = Calendar()
    index = calendar.period(dt.date.fromisoformat(day).toordinal(), period)
    assert calendar.name(index, period) == name


@pytest.mark.parametrize(
    ("day", "name"),
    [("2026-03-14", "2026-W11"), ("2026-03-15", "2026-W12"), ("2026-03-16", "2026-W12"), ("2027-01-03", "2027-W01")],
)
def test_a_week_from_sunday_is_named_by_its_monday(day: str, name: str) -> None:
    calendar = Calendar(week_starts="sunday")
    assert calendar.name(calendar.period(dt.date.fromisoformat(day).toordinal(), "week"), "week") == name


def test_a_night_out_belongs_to_the_evening_before() -> None:
    calendar = Calendar("Europe/Berlin", "04:00")
    late, early = at("2026-03-08T02:59:59+00:00"), at("2026-03-08T03:00:00+00:00")
    assert calendar.derived(late) == {
        "date": "03-07",
        "day": "2026-03-07",
        "weekday": "saturday",
        "day_of_month": 7,
        "day_of_year": 66,
        "hour": 3,
        "time": "03:59",
    }
    assert calendar.derive("day", early) == "2026-03-08"
    assert calendar.derive("time", early) == "04:00"
    assert set(calendar.derived(late)) == DERIVED


@pytest.mark.parametrize("name", ["", "Europe/Berln", "/etc/passwd", "../UTC"])
def test_an_unknown_zone_is_refused_with_what_to_write(name: str) -> None:
    with pytest.raises(ValueError, match="write one like"):
        Calendar(name)


def test_calendars_are_equal_by_what_they_say_not_by_what_they_remember() -> None:
    used = Calendar("Europe/Berlin")
    used.day(at("2026-03-08T02:59:59+00:00"))
    assert used == Calendar("Europe/Berlin")
    assert hash(used) == hash(Calendar("Europe/Berlin"))
