"""Confirm and decline: who may, what is said, and what becomes a statement."""

from __future__ import annotations

import pytest

from core.commands import answer
from core.events import Statement
from core.passing import UNKNOWN
from core.records import ProgressLine
from core.requests import Answer
from tests.village import AMIRA, BOOK, JONAS, NOW, Village, ask, book, said

ASKING = BOOK + '[achievement.mentor]\nname = "Mentor"\nwhen = "message.posted"\ngoal = 3\nask = true\n'
WAITING = {"state": "pending", "due_at": UNKNOWN}
VERBS = ["confirm", "decline"]


async def _do(village: Village, verb: str, *, moderator: bool = True, **arguments: str) -> Answer:
    given = arguments or {"member": JONAS, "achievement": "mentor"}
    return await answer(ask(verb, moderator=moderator, **given), book(ASKING), village.records)


async def test_a_yes_is_a_statement_of_the_moderator(village: Village) -> None:
    village.award(JONAS, "mentor", **WAITING)
    told = await _do(village, "confirm")
    assert told.statements == (
        Statement(
            "moderator", "confirm:r1", NOW, "award.confirmed", actor=AMIRA, target=JONAS, by=AMIRA,
            facts={"achievement": "mentor"},
        ),
    )  # fmt: skip
    assert said(told) == "Confirmed: Jonas receives Mentor."
    assert told.private


async def test_a_no_may_have_a_reason(village: Village) -> None:
    village.award(JONAS, "mentor", **WAITING)
    told = await _do(village, "decline", member=JONAS, achievement="Mentor", reason="copied  answers")
    (made,) = told.statements
    assert (made.type, made.facts) == ("award.declined", {"achievement": "mentor", "reason": "copied answers"})
    assert made.reason == "copied answers"
    assert said(told) == "Declined: Jonas does not receive Mentor, and is not told."


@pytest.mark.parametrize("verb", VERBS)
async def test_the_buttons_of_the_card_say_the_same_to_everybody_there(village: Village, verb: str) -> None:
    village.award(JONAS, "mentor", tier="Gold star", **WAITING)
    village.award(JONAS, "mentor", tier="Silver", **WAITING)
    told = await _do(village, verb, argument=f"mentor {JONAS} Gold star")
    (made,) = told.statements
    assert made.facts == {"achievement": "mentor", "tier": "Gold star"}
    assert not told.private
    assert "Mentor: Gold star" in said(told)


@pytest.mark.parametrize("verb", VERBS)
async def test_the_button_of_one_tier_decides_on_no_other(village: Village, verb: str) -> None:
    village.award(JONAS, "mentor", tier="Silver", **WAITING)
    assert (await _do(village, verb, argument=f"mentor {JONAS} Gold star")).statements == ()


@pytest.mark.parametrize("verb", VERBS)
async def test_only_moderators_decide(village: Village, verb: str) -> None:
    village.award(JONAS, "mentor", **WAITING)
    told = await _do(village, verb, moderator=False, argument=f"mentor {JONAS}")
    assert "Only moderators can do that." in said(told)
    assert (told.statements, told.private) == ((), True)


@pytest.mark.parametrize("verb", VERBS)
async def test_nobody_decides_about_themselves(village: Village, verb: str) -> None:
    village.award(AMIRA, "mentor", **WAITING)
    told = await _do(village, verb, argument=f"mentor {AMIRA}")
    assert said(told) == "Not for yourself: ask another moderator."
    assert told.statements == ()


async def test_a_second_yes_is_answered_and_not_recorded(village: Village) -> None:
    village.award(JONAS, "mentor")
    told = await _do(village, "confirm")
    assert (said(told), told.statements) == ("Jonas holds Mentor already.", ())


@pytest.mark.parametrize("verb", VERBS)
async def test_what_only_settles_waits_for_nobody(village: Village, verb: str) -> None:
    village.award(JONAS, "mentor", state="pending", due_at=NOW + 1)
    told = await _do(village, verb)
    assert told.statements == ()


async def test_what_nobody_reached_is_given_by_hand_if_at_all(village: Village) -> None:
    village.lines[JONAS] = [ProgressLine("mentor", 2, 3, "2 of 3")]
    told = await _do(village, "confirm")
    assert said(told) == "Jonas has not reached Mentor. To give it by hand, use /plaudit grant."
    assert told.statements == ()


async def test_a_moderator_may_think_again_after_a_no(village: Village) -> None:
    village.lines[JONAS] = [ProgressLine("mentor", 3, 3, "3 of 3")]
    assert [s.type for s in (await _do(village, "confirm")).statements] == ["award.confirmed"]
    assert (await _do(village, "decline")).statements == ()


async def test_a_badge_that_asks_nobody_is_not_decided_on(village: Village) -> None:
    told = await _do(village, "confirm", member=JONAS, achievement="teacher")
    assert said(told).startswith("Teacher is given without a moderator's word.")


async def test_who_opted_out_is_not_confirmed(village: Village) -> None:
    village.award(JONAS, "mentor", **WAITING)
    village.chose(JONAS, tracked=False)
    told = await _do(village, "confirm")
    assert "opted out" in said(told)
    assert told.statements == ()


async def test_why_says_that_it_is_with_the_moderators(village: Village) -> None:
    village.award(AMIRA, "mentor", **WAITING)
    assert "it is with the moderators" in said(await _do(village, "why", achievement="mentor"))
