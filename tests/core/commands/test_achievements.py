"""What one sees of one's own badges, and of other people's."""

from __future__ import annotations

import pytest

from adapters.terminal.cards import render
from core.announcements import Place
from core.commands import answer, home
from core.members import join
from core.records import ProgressLine
from tests.village import AMIRA, BOOK, DAY, JONAS, NOW, Village, ask, book, pressed, said


async def test_nothing_yet_is_said_kindly(village: Village) -> None:
    told = await answer(ask("achievements"), book(), village.records)
    assert said(told) == "Your badges\nNothing yet. Say hello: the first badge is not far."
    assert told.private


async def test_earned_by_date_then_under_way_by_nearness_then_the_next_step(village: Village) -> None:
    village.award(AMIRA, "first_post", NOW - 4 * DAY)
    village.award(AMIRA, "beyond_the_chat", NOW - 2 * DAY)
    village.lines[AMIRA] = [
        ProgressLine("teacher", 1, 2, "1 of 2 workshops"),
        ProgressLine("trusted_helper", 4, 5, "4 of 5 helpful answers", "one more answer in #help."),
        ProgressLine("settling_in", 0, 3, "0 of 3 days"),
        ProgressLine("first_post", 1, 1, "1 of 1"),
    ]
    assert said(await answer(ask("achievements"), book(), village.records)) == (
        "Your badges\n"
        "Earned:\n"
        "  Beyond the chat · 16 Mar\n"
        "  First post · 14 Mar\n"
        "Under way:\n"
        "  Trusted helper ▰▰▰▰▱ 4 of 5 helpful answers\n"
        "  Teacher ▰▱ 1 of 2 workshops\n"
        "Next: one more answer in #help."
    )


async def test_three_of_each_and_the_rest_behind_a_button(village: Village) -> None:
    for i in range(5):
        village.award(AMIRA, "beyond_the_chat", NOW - i * DAY, occurrence=str(i))
    few = await answer(ask("achievements"), book(), village.records)
    assert said(few).count("Beyond the chat") == 3
    assert pressed(few) == {"Show all": "all"}
    everything = await answer(ask("achievements", argument="all"), book(), village.records)
    assert said(everything).count("Beyond the chat") == 5
    assert everything.replace
    assert pressed(everything) == {}


async def test_a_button_without_argument_shows_the_same_as_the_command(village: Village) -> None:
    told = await answer(ask("achievements", argument=""), book(), village.records)
    assert said(told).startswith("Your badges")
    assert not told.replace


async def test_what_is_pending_revoked_secret_or_on_trial_is_not_listed(village: Village) -> None:
    village.award(AMIRA, "first_post", state="pending")
    village.award(AMIRA, "trusted_helper", state="revoked")
    village.award(AMIRA, "on_trial", state="shadow")
    village.lines[AMIRA] = [ProgressLine("riddle", 1, 2, "1 of 2"), ProgressLine("on_trial", 1, 2, "1 of 2")]
    assert "Nothing yet" in said(await answer(ask("achievements"), book(), village.records))


async def test_a_badge_that_left_the_book_is_still_ones_own(village: Village) -> None:
    village.award(AMIRA, "old_badge")
    assert "Old badge · 17 Mar" in said(await answer(ask("achievements"), book(), village.records))


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("retired = 2026-03-18", False),
        ("retired = 2026-03-19", True),
        ("until = 2026-03-17", False),
        ("until = 2026-03-18", True),
    ],
)
async def test_what_nobody_can_earn_any_more_has_no_next_step(village: Village, words: str, shown: bool) -> None:
    village.lines[AMIRA] = [ProgressLine("trusted_helper", 4, 5, "4 of 5 helpful answers", "one more answer.")]
    ended = book(BOOK.replace("goal = 5\n", f"goal = 5\n{words}\n", 1))
    told = said(await answer(ask("achievements"), ended, village.records))
    assert ("one more answer" in told, "4 of 5" in told) == (shown, shown)
    asked = said(await answer(ask("why", achievement="trusted_helper"), ended, village.records))
    assert ("one more answer" in asked, "4 of 5" in asked) == (shown, True)


async def test_a_badge_of_another_year_shows_the_year(village: Village) -> None:
    village.award(AMIRA, "first_post", NOW - 365 * DAY)
    assert "18 Mar 2025" in said(await answer(ask("achievements"), book(), village.records))


async def test_somebody_else_shows_only_what_is_public(village: Village) -> None:
    village.award(JONAS, "trusted_helper")
    village.award(JONAS, "first_post", place=Place("slack:T1", "C9", private=True))
    village.award(JONAS, "settling_in")  # announced privately
    village.award(JONAS, "beyond_the_chat", state="pending")
    village.lines[JONAS] = [ProgressLine("teacher", 1, 2, "1 of 2 workshops")]
    told = said(await answer(ask("achievements", member=JONAS), book(), village.records))
    assert told == "Badges of Jonas\nTrusted helper · 17 Mar\n[How Trusted helper was earned]"


async def test_somebody_who_hides_looks_like_somebody_without_badges(village: Village) -> None:
    village.award(JONAS, "trusted_helper")
    village.chose(JONAS, hidden=True)
    told = await answer(ask("achievements", member=JONAS), book(), village.records)
    assert said(told) == "Badges of Jonas\nNo badges to show."


async def test_all_of_somebody_elses_badges_come_by_their_button(village: Village) -> None:
    for i in range(4):
        village.award(JONAS, "beyond_the_chat", NOW - i * DAY, occurrence=str(i))
    few = await answer(ask("achievements", member=JONAS), book(), village.records)
    assert pressed(few)["Show all"] == f"all {JONAS}"
    everything = await answer(ask("achievements", argument=f"all {JONAS}"), book(), village.records)
    assert said(everything).count("Beyond the chat ·") == 4


async def test_of_very_many_it_is_said_how_many_more_there_are(village: Village) -> None:
    for who in (AMIRA, JONAS):
        for i in range(25):
            village.award(who, "beyond_the_chat", NOW - i * DAY, occurrence=str(i))
    own = await answer(ask("achievements", argument="all"), book(), village.records)
    another = await answer(ask("achievements", argument=f"all {JONAS}"), book(), village.records)
    for told in (own, another):
        assert said(told).count("Beyond the chat ·") == 20
        assert "and 5 more" in said(told)
    assert "more" not in said(await answer(ask("achievements"), book(), village.records))


async def test_asking_about_oneself_by_name_or_by_another_account_is_asking_for_ones_own(
    village: Village,
) -> None:
    village.award(AMIRA, "settling_in")
    for me in (AMIRA, "discord:9/7"):
        people = join([(AMIRA, "discord:9/7")])
        told = await answer(ask("achievements", member=me), book(), village.records, people)
        assert "Settling in" in said(told)


async def test_opting_out_is_said(village: Village) -> None:
    village.chose(AMIRA, tracked=False)
    assert "nothing you do is counted" in said(await answer(ask("achievements"), book(), village.records))


async def test_home_is_the_badge_case(village: Village) -> None:
    for i in range(5):
        village.award(AMIRA, "beyond_the_chat", NOW - i * DAY, occurrence=str(i))
    card = await home(AMIRA, book(), village.records, NOW)
    assert [len(s.lines) for s in card.sections] == [5, 3]
    assert "Boards · you are listed" in render(card)
    shown = [(b.verb, b.label, b.argument) for b in card.buttons]
    assert shown[0] == ("why", "How Beyond the chat was earned", "beyond_the_chat")
    assert [verb for verb, _, _ in shown] == ["why", "settings", "privacy"]


async def test_home_of_a_newcomer_leads_to_nothing_yet(village: Village) -> None:
    card = await home(AMIRA, book(), village.records, NOW)
    assert [b.verb for b in card.buttons] == ["settings", "privacy"]


async def test_the_badges_of_somebody_else_lead_to_what_they_rest_on(village: Village) -> None:
    village.award(JONAS, "beyond_the_chat", NOW)
    card = (await answer(ask("achievements", member=JONAS), book(), village.records)).card
    assert [(b.verb, b.argument) for b in card.buttons] == [("why", f"beyond_the_chat {JONAS}")]
    village.chose(JONAS, announce="none")
    assert (await answer(ask("achievements", member=JONAS), book(), village.records)).card.buttons == ()


LADDER = (
    BOOK
    + """
[[level]]
name = "Newcomer"
at = 10
[[level]]
name = "Guide"
at = 50
needs = ["trusted_helper", "riddle"]
"""
)


async def test_the_level_and_the_way_to_the_next(village: Village) -> None:
    assert "Level" not in said(await answer(ask("achievements"), book(LADDER), village.records))
    village.score(AMIRA, 4, 1)
    assert "Level:\n  4 of 10 to Newcomer" in said(await answer(ask("achievements"), book(LADDER), village.records))
    village.score(AMIRA, 26, 2)
    village.level(AMIRA, "Newcomer")
    told = said(await answer(ask("achievements"), book(LADDER), village.records))
    assert "Level:\n  Newcomer · 30 of 50 to Guide, missing: Trusted helper, ???" in told


async def test_on_top_of_the_ladder_there_is_no_way_to_tell(village: Village) -> None:
    village.score(AMIRA, 60, 1)
    village.level(AMIRA, "Newcomer")
    village.level(AMIRA, "Guide")
    told = said(await answer(ask("achievements"), book(LADDER), village.records))
    assert told.splitlines()[-2:] == ["Level:", "  Guide"]


@pytest.mark.parametrize(("state", "listed"), [("awarded", False), ("revoked", True)])
async def test_what_is_full_and_had_is_not_under_way(village: Village, state: str, listed: bool) -> None:
    """Though it can be earned again, in the next period."""
    village.award(AMIRA, "beyond_the_chat", state=state)
    village.lines[AMIRA] = [ProgressLine("beyond_the_chat", 2, 2, "2 of 2 today")]
    assert ("2 of 2 today" in said(await answer(ask("achievements"), book(), village.records))) == listed


async def test_what_is_full_again_and_settles_is_under_way(village: Village) -> None:
    village.award(AMIRA, "beyond_the_chat", NOW - 2 * DAY)
    village.award(AMIRA, "beyond_the_chat", state="pending", occurrence="2")
    village.lines[AMIRA] = [ProgressLine("beyond_the_chat", 2, 2, "2 of 2 today, confirmed tomorrow")]
    assert "confirmed tomorrow" in said(await answer(ask("achievements"), book(), village.records))
