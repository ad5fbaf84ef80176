"""How a badge is earned, and how this person stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.announcements import Place
from core.awards import RUN_OUT
from core.commands import answer
from core.records import ProgressLine
from core.standing import Standing
from tests.core.commands.test_why_not import FOUND
from tests.village import AMIRA, BOOK, DAY, JONAS, LENA, NOW, Village, ask, book, pressed, said


async def _why(village: Village, **arguments: str) -> list[str]:
    return said(await answer(ask("why", **arguments), book(), village.records)).splitlines()


@pytest.mark.parametrize("typed", ["trusted_helper", "Trusted helper", "TRUSTED  HELPER", "trusted-helper"])
async def test_an_achievement_is_found_by_id_or_name_in_any_case(village: Village, typed: str) -> None:
    assert (await _why(village, achievement=typed))[0] == ":ring_buoy: Trusted helper"


async def test_a_near_miss_asks_back_with_buttons(village: Village) -> None:
    told = await answer(ask("why", achievement="trusted helpr"), book(), village.records)
    assert "Did you mean Trusted helper (trusted_helper)?" in said(told)
    assert pressed(told) == {"Trusted helper": "trusted_helper"}


async def test_nonsense_and_nothing_are_answered_too(village: Village) -> None:
    assert await _why(village, achievement="xyzzy") == ["No badge here is called “xyzzy”."]
    assert await _why(village) == ["Which badge? Write its name after the command."]


async def test_an_earned_badge_shows_evidence_dates_and_version(village: Village) -> None:
    village.award(AMIRA, "trusted_helper", NOW - DAY, evidence=5, since=NOW - 14 * DAY, version=2)
    told = await _why(village, achievement="trusted_helper")
    assert told[2:5] == ["You earned it on 17 Mar.", "Counted: 5 (4 Mar to 17 Mar).", "Rule version 2."]


async def test_an_older_version_is_named(village: Village) -> None:
    village.award(AMIRA, "trusted_helper", version=1)
    told = await _why(village, achievement="trusted_helper")
    assert "Earned under rule version 1; the rule is at version 2 today." in told


async def test_a_granted_badge_names_the_giver_and_their_words(village: Village) -> None:
    village.award(AMIRA, "beyond_the_chat", by=LENA, note="the workshop")
    told = await _why(village, achievement="beyond the chat")
    assert told[3:5] == ["Given by Lena.", "“the workshop”"]


async def test_a_badge_earned_more_than_once_says_how_often(village: Village) -> None:
    for i in range(3):
        village.award(AMIRA, "beyond_the_chat", NOW - (i + 1) * DAY, occurrence=str(i))
    assert "You earned it 3 times, last on 17 Mar." in await _why(village, achievement="beyond_the_chat")


async def test_what_settles_says_when_it_is_confirmed(village: Village) -> None:
    village.award(AMIRA, "trusted_helper", state="pending", due_at=NOW + DAY)
    told = await _why(village, achievement="trusted_helper")
    assert "You reached it on 17 Mar; it is confirmed on 19 Mar." in told


async def test_not_yet_shows_numbers_and_what_is_missing(village: Village) -> None:
    village.lines[AMIRA] = [ProgressLine("trusted_helper", 4, 5, "4 of 5 helpful answers", "1 more helpful answer")]
    told = await _why(village, achievement="trusted_helper")
    assert told[2:4] == ["Where you stand: 4 of 5 helpful answers.", "Next: 1 more helpful answer."]


async def test_what_was_taken_back_says_why_and_where_one_stands(village: Village) -> None:
    village.award(AMIRA, "trusted_helper", state="revoked", reason="a mark was withdrawn", decided_at=NOW)
    village.lines[AMIRA] = [ProgressLine("trusted_helper", 4, 5, "4 of 5")]
    told = await _why(village, achievement="trusted_helper")
    assert told[2:4] == ["It was taken back on 18 Mar: a mark was withdrawn.", "Where you stand: 4 of 5."]


async def test_what_a_moderator_took_back_is_not_said_to_be_reached(village: Village) -> None:
    village.award(AMIRA, "trusted_helper", state="revoked", reason="a moderator says: not yours", decided_at=NOW)
    village.lines[AMIRA] = [ProgressLine("trusted_helper", 5, 5, "5 of 5")]
    told = await _why(village, achievement="trusted_helper")
    assert "It was taken back on 18 Mar: a moderator says: not yours." in told
    assert not [said for said in told if said.startswith("Where you stand")]


async def test_a_badge_given_by_hand_says_by_whom(village: Village) -> None:
    told = await _why(village, achievement="beyond_the_chat")
    assert told[1].startswith("Given by hand, by a moderator")
    assert told[2] == "Rule version 1."


async def test_who_has_not_begun_sees_the_goal(village: Village) -> None:
    told = await _why(village, achievement="trusted_helper")
    assert told[1].startswith("Five helpful answers (an answer that three different people marked as helpful)")
    assert told[2].startswith("Where you stand: 0 of 5 ")
    assert told[3].startswith("Next: ")


async def test_a_secret_badge_is_a_secret_until_it_is_earned(village: Village) -> None:
    assert await _why(village, achievement="The riddle") == ["No badge here is called “The riddle”."]
    village.award(AMIRA, "riddle")
    assert (await _why(village, achievement="The riddle"))[0] == "The riddle"


async def test_a_rule_on_trial_is_not_spoken_of(village: Village) -> None:
    assert await _why(village, achievement="on_trial") == ["No badge here is called “on_trial”."]


async def test_the_button_of_an_announcement_tells_about_the_person_on_it(village: Village) -> None:
    village.award(JONAS, "trusted_helper", evidence=5, since=NOW - 14 * DAY, version=2)
    told = await answer(ask("why", argument=f"trusted_helper {JONAS}"), book(), village.records)
    assert "Jonas earned it on 17 Mar.\nCounted: 5 (4 Mar to 17 Mar)." in said(told)
    assert pressed(told) == {"Where do I stand?": "trusted_helper"}
    assert not told.replace, "the public announcement stays"


@pytest.mark.parametrize("how", ["private channel", "hidden"])
async def test_what_is_not_public_about_others_stays_so(village: Village, how: str) -> None:
    place = Place("slack:T1", "C9", private=True) if how == "private channel" else None
    village.award(JONAS, "trusted_helper", place=place, version=2)
    if how == "hidden":
        village.chose(JONAS, hidden=True)
    told = await _why(village, argument=f"trusted_helper {JONAS}")
    assert not any("Jonas" in row or "Counted" in row for row in told)
    assert "Rule version 2." in told


async def test_ones_own_button_tells_about_oneself(village: Village) -> None:
    village.award(AMIRA, "trusted_helper")
    assert "You earned it on 17 Mar." in await _why(village, argument=f"trusted_helper {AMIRA}")


LASTING = '[achievement.aider]\nname = "Aider"\nwhen = "message.posted"\nlasts = "2 days"\n'


@pytest.mark.parametrize(("more", "goes_on"), [("", False), ("repeat = true", True)])
async def test_what_ran_out_was_not_taken_back(village: Village, more: str, goes_on: bool) -> None:
    """And nobody is sent for more of what is given once."""
    village.award(AMIRA, "aider", state="revoked", reason=RUN_OUT, decided_at=NOW)
    told = said(await answer(ask("why", achievement="aider"), book(f"{BOOK}{LASTING}{more}"), village.records))
    assert "You held it until 18 Mar; its time is over." in told
    assert "taken back" not in told
    assert ("Where you stand: 0 of 1 posts." in told) == goes_on


async def test_the_next_step_is_said_once(village: Village) -> None:
    village.lines[AMIRA] = [ProgressLine("trusted_helper", 1, 3, "1 of 3, next: a reply", "a reply")]
    told = await _why(village, achievement="trusted_helper")
    assert told[2:4] == ["Where you stand: 1 of 3, next: a reply.", "Rule version 2."]


@pytest.mark.parametrize(("obstacles", "more"), [((), ["Next: one post."]), (("only for staff",), [])])
async def test_a_part_that_has_begun_is_told_too(village: Village, obstacles: tuple[str, ...], more: list[str]) -> None:
    """Though no part is done, and so nothing is listed as under way."""
    stands = Standing("trusted_helper", 0, 2)
    progress = "0 of 2: 3 of 20 reactions; 0 of 1 posts"
    village.diagnoses[AMIRA, "trusted_helper", True] = replace(
        FOUND, standing=stands, progress=progress, next_step="one post", obstacles=obstacles
    )
    told = await _why(village, achievement="trusted_helper")
    assert told[2:] == [f"Where you stand: {progress}.", *more, "Rule version 2.", "[What counted, and what not?]"]


async def test_a_badge_that_left_the_book_is_told_from_the_award(village: Village) -> None:
    village.award(AMIRA, "old_hand", NOW - DAY, evidence=5, since=NOW - 14 * DAY, version=3)
    told = await answer(ask("why", achievement="Old hand"), book(), village.records)
    assert said(told).splitlines()[:5] == [
        "Old hand",
        "It is not in the rule book any more. Whoever has it keeps it.",
        "You earned it on 17 Mar.",
        "Counted: 5 (4 Mar to 17 Mar).",
        "Earned under rule version 3.",
    ]
    assert await _why(village, argument="old_hand") == said(told).splitlines()
    stranger = await answer(ask("why", JONAS, achievement="old_hand"), book(), village.records)
    assert said(stranger) == "No badge here is called “old_hand”."


async def test_a_badge_that_is_gone_and_was_given_or_taken_by_hand(village: Village) -> None:
    village.award(AMIRA, "old_hand", by=LENA, note="the archive")
    assert (await _why(village, achievement="old_hand"))[3:5] == ["Given by Lena.", "“the archive”"]
    village.award(JONAS, "old_hand", state="revoked", reason="a moderator took it back")
    told = said(await answer(ask("why", JONAS, achievement="old_hand"), book(), village.records)).splitlines()
    assert told[2] == "It was taken back on 17 Mar: a moderator took it back."


async def test_a_badge_that_is_switched_off_says_so(village: Village) -> None:
    village.award(AMIRA, "settling_in", evidence=3)
    off = book(BOOK.replace('name = "Settling in"', 'name = "Settling in"\nenabled = false'))
    told = said(await answer(ask("why", achievement="settling in"), off, village.records)).splitlines()
    assert told[1:3] == ["It is switched off at the moment. Whoever has it keeps it.", "You earned it on 17 Mar."]
