"""Pause and freeze: who may, for whom, and which days."""

from __future__ import annotations

import pytest

from core.commands import answer, suggest
from core.events import Statement
from core.requests import Answer
from tests.village import AMIRA, BOOK, JONAS, NOW, Village, ask, book, said

STREAKS = """
[achievement.every_day]
name = "Every day"
when = "message.posted"
streak = "day"
goal = 3
[achievement.mixed]
name = "Mixed"
all = [{ when = "message.posted", streak = "week", goal = 2 }, { when = "command.used" }]
"""
GOOD: dict[str, dict[str, str]] = {
    "pause": {"member": JONAS, "from": "2026-07-01", "until": "2026-07-14", "reason": "away"},
    "freeze": {"member": JONAS, "day": "2026-03-17"},
}
VERBS = sorted(GOOD)


async def _do(village: Village, verb: str, *, moderator: bool = True, **changes: str) -> Answer:
    arguments = {k: v for k, v in (GOOD[verb] | changes).items() if v != "-"}
    return await answer(ask(verb, moderator=moderator, **arguments), book(BOOK + STREAKS), village.records)


async def test_a_pause_is_about_the_member_and_says_what_it_does(village: Village) -> None:
    told = await _do(village, "pause")
    days = {"from": "2026-07-01", "until": "2026-07-14"}
    assert told.statements == (
        Statement(
            "moderator", "pause:r1", NOW, "member.paused", actor=JONAS, target=JONAS, facts=days, reason="away",
            by=AMIRA,
        ),
    )  # fmt: skip
    assert said(told) == (
        "Paused: Jonas, from 2026-07-01 to 2026-07-14.\n"
        "These days break no streak, and what is done on them counts for none. Jonas is not told.\n"
        "[Take back: this pause]"
    )
    assert told.private


@pytest.mark.parametrize("typed", ["every_day", "Every day"])
async def test_a_freeze_may_be_about_one_streak(village: Village, typed: str) -> None:
    (made,) = (await _do(village, "freeze", achievement=typed)).statements
    assert (made.type, made.actor, made.by) == ("streak.frozen", JONAS, AMIRA)
    assert made.facts == {"day": "2026-03-17", "achievement": "every_day"}


async def test_a_freeze_is_about_all_streaks_otherwise(village: Village) -> None:
    told = await _do(village, "freeze")
    assert told.statements[0].facts == {"day": "2026-03-17"}
    assert said(told).startswith("Frozen: 2026-03-17 breaks no streak of Jonas.\n")


async def test_only_streaks_are_frozen(village: Village) -> None:
    assert len((await _do(village, "freeze", achievement="mixed")).statements) == 1
    told = await _do(village, "freeze", achievement="trusted_helper")
    assert (told.statements, said(told)) == ((), "Trusted helper has no streak that could break.")
    request = ask("freeze", moderator=True, member=JONAS)
    offered = await suggest(request, "achievement", "", book(BOOK + STREAKS), village.records)
    assert [s.value for s in offered] == ["every_day", "mixed"]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("changes", "moderator", "words"),
    [
        ({}, False, "Only moderators can do that."),
        ({"member": AMIRA}, True, "Not for yourself"),
        ({"member": "-"}, True, "Who is it about?"),
        ({"from": "-", "day": "-"}, True, "Which days? Write them as 2026-07-01"),
        ({"from": "1 July", "day": "1 July"}, True, "“1 July” is no date. Write it as 2026-07-01."),
    ],
)
async def test_what_is_refused(
    village: Village, verb: str, changes: dict[str, str], moderator: bool, words: str
) -> None:
    told = await _do(village, verb, moderator=moderator, **changes)
    assert (told.statements, said(told).startswith(words)) == ((), True)


@pytest.mark.parametrize("verb", VERBS)
async def test_nothing_is_recorded_about_who_opted_out(village: Village, verb: str) -> None:
    village.chose(JONAS, tracked=False)
    told = await _do(village, verb)
    assert (told.statements, "opted out" in said(told)) == ((), True)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-07-02", "2026-07-01", "The last day is before the first one."),
        ("2026-07-01", "2027-07-02", "A pause is a year at most."),
        ("2026-07-01", "-", "Which days?"),
        ("2026-07-01", "2026-07-01", "Paused"),
        ("2026-07-01", "2027-07-01", "Paused"),
    ],
)
async def test_a_pause_has_an_end_that_can_be_meant(village: Village, first: str, last: str, words: str) -> None:
    told = await _do(village, "pause", until=last, **{"from": first})
    assert said(told).startswith(words)
    assert len(told.statements) == (words == "Paused")
