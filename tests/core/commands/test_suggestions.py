"""Autocomplete, and what a verb that nobody knows gets."""

from __future__ import annotations

from core.commands import answer, suggest
from tests.village import JONAS, Village, ask, book, said


async def _values(village: Village, verb: str, argument: str, typed: str = "", **more: str) -> list[str]:
    request = ask(verb, moderator=more.pop("who", "moderator") == "moderator", **more)
    return [s.value for s in await suggest(request, argument, typed, book(), village.records)]


async def test_why_suggests_what_may_be_spoken_of(village: Village) -> None:
    assert await _values(village, "why", "achievement") == [
        "first_post", "trusted_helper", "settling_in", "teacher", "beyond_the_chat"
    ]  # fmt: skip


async def test_what_begins_with_the_typed_letters_comes_first(village: Village) -> None:
    assert await _values(village, "why", "achievement", "t") == [
        "trusted_helper", "teacher", "first_post", "settling_in", "beyond_the_chat"
    ]  # fmt: skip


async def test_grant_suggests_badges_given_by_hand_first(village: Village) -> None:
    values = await _values(village, "grant", "achievement")
    assert values[0] == "beyond_the_chat"
    assert "riddle" in values
    assert "on_trial" not in values


async def test_revoke_suggests_what_the_person_holds(village: Village) -> None:
    village.award(JONAS, "trusted_helper")
    village.award(JONAS, "teacher", state="revoked")
    assert await _values(village, "revoke", "achievement", member=JONAS) == ["trusted_helper"]


async def test_kinds_are_those_that_rules_name(village: Village) -> None:
    assert await _values(village, "validate", "kind") == ["talk", "workshop"]


async def test_who_is_no_moderator_learns_nothing_from_moderators_fields(village: Village) -> None:
    assert await _values(village, "validate", "kind", who="member") == []
    assert await _values(village, "grant", "achievement", who="member") == []


async def test_periods_and_choices_are_suggested(village: Village) -> None:
    assert await _values(village, "leaderboard", "period") == ["week", "month", "all"]
    assert await _values(village, "settings", "announce", "p") == ["private"]
    assert await _values(village, "settings", "choice", "hid") == ["boards=hidden"]
    assert await _values(village, "settings", "nonsense") == []
    assert await _values(village, "settings", "timezone", "new y") == ["America/New_York"]


async def test_no_more_than_twenty_five(village: Village) -> None:
    many = "rules = 1\n" + "\n".join(f'[achievement.a{i}]\nname = "A{i}"\nwhen = "message.posted"' for i in range(40))
    assert len(await suggest(ask("why"), "achievement", "", book(many), village.records)) == 25


async def test_a_verb_nobody_knows_gets_the_help(village: Village) -> None:
    told = said(await answer(ask("dance"), book(), village.records))
    assert "/plaudit why NAME" in told
    assert "grant" not in told
    assert "/plaudit grant" in said(await answer(ask("help", moderator=True), book(), village.records))
