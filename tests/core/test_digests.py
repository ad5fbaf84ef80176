"""When a digest is due, and what it may say."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from adapters.terminal.cards import render
from core.announcements import Place
from core.calendar import Calendar
from core.digests import Due, digest, due_period, score_days
from core.records import ChoiceRow, DigestAward, DigestFacts, HeldAward, LevelReached, PersonRow, StandingRow
from core.times import read_time, write_time
from tests.village import BOOK, book

BERLIN = Calendar("Europe/Berlin", "04:00")
START, END = read_time("2026-03-09T08:00:00Z"), read_time("2026-03-16T08:00:00Z")
DAY = 24 * 3600 * 1_000_000


def due(now: str, calendar: Calendar = BERLIN, day: str = "monday", time: str = "09:00", **more: object) -> Due | None:
    return due_period(read_time(now), calendar, day, time, **more)  # type: ignore[arg-type] # last, since


def test_the_digest_of_monday_is_about_the_week_before() -> None:
    assert due("2026-03-16T08:00:00Z") == ("2026-W11", START, END)


def test_until_the_minute_it_is_still_last_weeks() -> None:
    found = due("2026-03-16T07:59:59.999999Z")
    assert found is not None
    assert (found.name, found.end) == ("2026-W10", START)


def test_a_late_one_is_still_due_and_a_missed_one_is_not() -> None:
    assert due("2026-03-22T22:00:00Z", last="2026-W09") == ("2026-W11", START, END)


def test_what_is_posted_is_not_due_again() -> None:
    assert due("2026-03-16T08:00:00Z", last="2026-W11") is None
    assert due("2026-03-16T08:00:00Z", last="2026-W10") is not None


def test_a_clock_set_back_posts_nothing_twice() -> None:
    assert due("2026-03-10T08:00:00Z", last="2026-W11") is None


def test_no_digest_about_the_time_before_the_bot() -> None:
    assert due("2026-03-18T08:00:00Z", since=read_time("2026-03-17T00:00:00Z")) is None
    assert due("2026-03-18T08:00:00Z", since=read_time("2026-03-15T00:00:00Z")) is not None


@pytest.mark.parametrize(
    ("now", "zone", "time", "start", "end"),
    [
        # the clocks go forward on Sunday, 29 March 2026: the week has 167 hours
        ("2026-03-31T00:00:00Z", "Europe/Berlin", "09:00", "2026-03-23T08:00:00Z", "2026-03-30T07:00:00Z"),
        # and back on Sunday, 25 October: 169
        ("2026-10-27T00:00:00Z", "Europe/Berlin", "09:00", "2026-10-19T07:00:00Z", "2026-10-26T08:00:00Z"),
    ],
)
def test_the_hour_on_the_wall_stays_over_clock_changes(now: str, zone: str, time: str, start: str, end: str) -> None:
    found = due(now, Calendar(zone), time=time)
    assert found is not None
    assert (write_time(found.start), write_time(found.end)) == (start, end)


def test_a_skipped_hour_is_due_once() -> None:
    """02:30 on 29 March does not exist in Berlin: due at 03:30."""
    found = due("2026-03-29T12:00:00Z", day="sunday", time="02:30")
    assert found is not None
    assert write_time(found.end) == "2026-03-29T01:30:00Z"
    assert due("2026-03-29T12:00:00Z", day="sunday", time="02:30", last=found.name) is None


def test_an_hour_that_comes_twice_is_due_once() -> None:
    """02:30 on 25 October comes twice in Berlin: due the first time, and not again."""
    first = due("2026-10-25T00:30:00Z", day="sunday", time="02:30")
    again = due("2026-10-25T01:30:00Z", day="sunday", time="02:30")
    assert first is not None
    assert write_time(first.end) == "2026-10-25T00:30:00Z"
    assert again == first


def test_midnight_that_is_skipped_in_beirut_is_due_once() -> None:
    found = due("2026-03-29T12:00:00Z", Calendar("Asia/Beirut"), "sunday", "00:00")
    assert found is not None
    assert write_time(found.end) == "2026-03-28T22:00:00Z"


def test_names_of_a_year_of_weeks_are_all_different() -> None:
    names = {d.name for i in range(60) if (d := due(write_time(START + i * 7 * DAY)))}
    assert len(names) == 60


def test_weeks_join_without_gap() -> None:
    found = [d for i in range(60) if (d := due(write_time(START + i * 7 * DAY)))]
    assert all(a.end == b.start for a, b in pairwise(found))


def test_scores_of_the_digest_are_those_of_its_seven_days() -> None:
    first, last = score_days(Due("2026-W11", START, END), BERLIN)
    assert last - first == 6
    assert first == BERLIN.day(START)


def told(facts: DigestFacts, text: str = BOOK) -> str | None:
    card = digest(facts, book(text))
    return None if card is None else render(card)


def person(name: str, **more: object) -> PersonRow:
    return PersonRow(f"slack:T1/{name}", name, **more)  # type: ignore[arg-type] # bot, present, roles


def award(
    name: str,
    achievement: str = "trusted_helper",
    *,
    who: PersonRow | None = None,
    choice: ChoiceRow | None = None,
    first: bool = False,
    joined: int | None = None,
    **more: object,
) -> DigestAward:
    at = END - DAY
    row = {"id": 1, "version": 1, "state": "awarded", "earned_at": at, "evidence": 1, "since": at, "decided_at": at}
    held = HeldAward(member=f"slack:T1/{name}", achievement=achievement, **row | more)  # type: ignore[arg-type] # fields of cases
    return DigestAward(held, who or person(name), choice or ChoiceRow(), first, joined)


def facts(*awards: DigestAward, helpers: tuple[StandingRow, ...] = ()) -> DigestFacts:
    return DigestFacts(START, END, awards, helpers)


def helper(name: str, amount: int = 5, choice: ChoiceRow | None = None, **more: object) -> StandingRow:
    return StandingRow(person(name, **more), amount, choice or ChoiceRow())


def test_newcomers_come_first_then_thanks_then_badges() -> None:
    week = facts(
        award("Jonas"),
        award("Mei", "first_post", first=True, joined=START),
        award("Kofi", "first_post", first=True, joined=START - 20 * DAY),
        award("Lena", "first_post", first=True, joined=START - 400 * DAY),
        helpers=(helper("Lena", 99), helper("Amira", 1)),
    )
    assert told(week) == (
        "This week\n"
        "New here and already talking: Kofi, Mei\n"
        "First badge: Lena\n"
        "Thank you for helping: Amira, Lena\n"
        "New badges:\n"
        "  Trusted helper: Jonas\n"
        "  First post: Kofi, Lena, Mei"
    )


def test_an_empty_week_says_nothing() -> None:
    assert told(facts()) is None
    assert told(facts(helpers=(helper("Amira", 0),))) is None


@pytest.mark.parametrize(
    "choice",
    [ChoiceRow(hidden=True), ChoiceRow("none"), ChoiceRow("private"), ChoiceRow(tracked=False)],
)
def test_who_keeps_to_themselves_is_left_out(choice: ChoiceRow) -> None:
    assert told(facts(award("Amira", choice=choice, first=True), helpers=(helper("Amira", choice=choice),))) is None


@pytest.mark.parametrize("made", [{"bot": True}, {"present": False}])
def test_bots_and_leavers_are_left_out(made: dict[str, bool]) -> None:
    gone = person("Amira", **made)
    assert told(facts(award("Amira", who=gone), helpers=(StandingRow(gone, 5),))) is None


def test_nothing_comes_from_private_channels() -> None:
    assert told(facts(award("Amira", place=Place("slack:T1", "C9", private=True), first=True))) is None


def test_scores_that_may_come_from_private_channels_thank_nobody() -> None:
    counting = BOOK.replace("[community]", "[community]\ncount_private = true")
    assert told(facts(helpers=(helper("Amira"),)), counting) is None


@pytest.mark.parametrize("achievement", ["settling_in", "on_trial", "left_the_book"])
def test_badges_that_are_private_on_trial_or_gone_are_left_out(achievement: str) -> None:
    assert told(facts(award("Amira", achievement))) is None


def test_what_was_found_in_older_history_is_numbers_only() -> None:
    old = START - 100 * DAY
    week = facts(*(award(n, earned_at=old) for n in ("Amira", "Jonas")), award("Jonas", "first_post", earned_at=old))
    assert told(week) == "This week\nFound in older history: 3 badges for 2 people. See /achievements."


def test_a_great_week_stays_under_fifteen_lines() -> None:
    rules = "\n".join(f'[achievement.a{i}]\nname = "A{i}"\nwhen = "message.posted"' for i in range(30))
    crowd = [
        award(f"P{n}", f"a{i}", first=n % 2 == 0, joined=START if n % 4 == 0 else None)
        for i in range(30)
        for n in range(40)
    ]
    helpers = tuple(helper(f"P{n}") for n in range(40))
    text = told(facts(*crowd, award("Old", "a1", earned_at=START - 99 * DAY), helpers=helpers), f"{BOOK}\n{rules}")
    assert text is not None
    assert len(text.splitlines()) < 15
    assert "and 28 more" in text
    assert "and 24 other badges" in text


def test_two_people_of_one_name_are_both_there_and_nobody_twice() -> None:
    twin = PersonRow("slack:T1/other", "Amira")
    week = facts(award("Amira"), award("other", who=twin), award("Amira", id=2, occurrence="2"))
    assert told(week) == "This week\nNew badges:\n  Trusted helper: Amira, Amira"


LADDER = BOOK + "".join(f'[[level]]\nname = "{n}"\nat = {at}\n' for n, at in (("Newcomer", 1), ("Regular", 9)))


def reached(*found: tuple[str, str], **more: object) -> DigestFacts:
    levels = tuple(LevelReached(level, person(name), **more) for name, level in found)  # type: ignore[arg-type] # choice
    return DigestFacts(START, END, levels=levels)


def test_levels_are_told_with_the_highest_of_each_person() -> None:
    week = reached(("Jonas", "Newcomer"), ("Amira", "Regular"), ("Amira", "Newcomer"), ("Mei", "Gone"))
    assert told(week, LADDER) == "This week\nNew levels:\n  Newcomer: Jonas\n  Regular: Amira"


def test_levels_of_who_hides_and_scores_of_private_channels_are_not_told() -> None:
    assert told(reached(("Amira", "Regular"), choice=ChoiceRow(hidden=True)), LADDER) is None
    counting = LADDER.replace("[community]", "[community]\ncount_private = true")
    assert told(reached(("Amira", "Regular")), counting) is None


NAMED_SCORE = BOOK.replace("[score.helpful]", '[score.helpful]\nname = "Helpful answers"')
STEADY = f"""{BOOK}[achievement.rhythm]
name = "Three weeks"
when = "message.posted"
streak = "week"
goal = 3
[achievement.rare]
name = "Rare"
when = "message.posted"
importance = "high"
"""


def week(*helpers: StandingRow, **more: object) -> DigestFacts:
    thanks = {h.person.account: ("helpful",) for h in helpers}
    return DigestFacts(START, END, helpers=helpers, **{"thanks": thanks} | more)  # type: ignore[arg-type] # earlier, near


def test_a_few_helpers_are_thanked_one_by_one_for_what_they_did() -> None:
    assert told(week(helper("Lena", 9), helper("Amira")), NAMED_SCORE) == (
        "This week\nThank you, Amira · Helpful answers\nThank you, Lena · Helpful answers"
    )
    many = week(*(helper(n) for n in ("Amira", "Jonas", "Lena", "Mei")))
    assert told(many, NAMED_SCORE) == "This week\nThank you for helping: Amira, Jonas, Lena, Mei"


def test_a_rhythm_is_told_apart_and_without_pressure() -> None:
    found = told(facts(award("Mei", "rhythm"), award("Jonas", "rare"), award("Lena")), STEADY)
    assert found == ("This week\nNew badges:\n  Rare: Jonas\n  Trusted helper: Lena\nHere time and again: Mei")


def test_who_is_new_at_the_top_is_told_and_nobody_who_went_down() -> None:
    before = (helper("Amira", 9), helper("Jonas", 8), helper("Lena", 7), helper("Kofi", 1))
    now = week(helper("Amira", 1), helper("Jonas", 8), helper("Lena", 7), helper("Kofi", 30), earlier=before)
    assert told(now) == (
        "This week\nThank you for helping: Amira, Jonas, Kofi, Lena\nNew at the top of the board: Kofi"
    )


@pytest.mark.parametrize("choice", [ChoiceRow(hidden=True), ChoiceRow(anonymous=True), ChoiceRow("private")])
def test_the_top_of_the_board_names_only_who_shows_there(choice: ChoiceRow) -> None:
    found = told(week(helper("Kofi", 30, choice), helper("Amira"), earlier=(helper("Amira"),)))
    assert found == "This week\nThank you for helping: Amira"


def test_what_is_within_reach_names_badges_and_nobody() -> None:
    near = {"trusted_helper": 3, "first_post": 1, "settling_in": 9, "riddle": 9, "on_trial": 9, "gone": 9}
    assert told(week(helper("Amira"), near=near)) == (
        "This week\nThank you for helping: Amira\n"
        "Within reach: Trusted helper for 3 people, First post for 1 person. /achievements shows yours."
    )
    assert told(week(near=near)) is None


def test_with_everything_at_once_it_stays_under_fifteen_lines() -> None:
    badges = "".join(f'[achievement.a{i}]\nname = "A{i}"\nwhen = "message.posted"\n' for i in range(9))
    levels = tuple(LevelReached(n, person("Amira")) for n in ("Newcomer", "Regular"))
    levels += (LevelReached("Newcomer", person("Jonas")),)
    crowd = [award(f"P{i}", f"a{i}", first=i < 4, joined=START if i < 2 else None) for i in range(9)]
    found = DigestFacts(
        START,
        END,
        (*crowd, award("Mei", "rhythm"), award("Old", "a1", earned_at=START - 99 * DAY)),
        (helper("Amira"), helper("Lena", 3)),
        levels,
        (helper("Amira"),),
        {"slack:T1/Amira": ("helpful",), "slack:T1/Lena": ("helpful",)},
        {"trusted_helper": 3, "a1": 2, "a2": 1},
    )
    text = told(found, STEADY + badges + _ladder())
    assert text is not None
    assert len(text.splitlines()) < 15
    for part in (
        "New here",
        "First badge",
        "Thank you",
        "New badges",
        "Here time",
        "New at",
        "Regular",
        "older",
        "Within",
    ):
        assert part in text
    assert "and 8 other badges" in text


def _ladder() -> str:
    return LADDER.removeprefix(BOOK)


@pytest.mark.parametrize(("label", "first"), [("Trusted helper", False), ("First badge", True)])
def test_where_not_all_are_named_those_are_whose_award_was_not_told_aloud(label: str, first: bool) -> None:
    aloud = [award(f"P{n:02}", first=first) for n in range(14)]
    late = [replace(award(name, first=first), held=True) for name in ("Zoe", "Yara")]
    [said] = [row for row in (told(facts(*aloud, *late)) or "").splitlines() if label in row][:1]
    assert said.strip() == f"{label}: " + ", ".join([f"P{n:02}" for n in range(10)] + ["Yara", "Zoe"]) + " and 4 more"


def test_where_not_all_badges_are_told_those_are_that_were_not_told_aloud() -> None:
    rules = "\n".join(f'[achievement.a{i}]\nname = "A{i}"\nwhen = "message.posted"' for i in range(9))
    aloud = [award(f"P{i}", f"a{i}") for i in range(8)]
    late = [replace(award(name, "a8"), held=True) for name in ("Yara", "Zoe")]
    rows = (told(facts(*aloud, *late), f"{BOOK}\n{rules}") or "").splitlines()
    assert rows[-2:] == ["  A8: Yara, Zoe", "  and 3 other badges"]
