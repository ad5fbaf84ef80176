"""What people choose for themselves."""

from __future__ import annotations

import pytest

from core.commands import answer
from core.events import Statement
from core.members import Life, People
from tests.village import AMIRA, BOOK, NOW, TEAM, Village, ask, book, pressed, said


async def test_settings_are_shown_and_nothing_changes(village: Village) -> None:
    told = await answer(ask("settings"), book(), village.records)
    assert said(told).splitlines()[:4] == [
        "Your settings",
        "New badges · as each badge says",
        "Boards · you are listed",
        "Counting · what you do counts for badges",
    ]
    assert set(pressed(told).values()) == {
        "announce=private", "announce=dm", "announce=digest", "announce=none", "boards=anonymous", "boards=hidden",
        "tracking=off", "digest=private", "newsletter=named",
    }  # fmt: skip
    assert told.statements == ()


@pytest.mark.parametrize("how", ["argument", "choice"])
async def test_a_change_is_a_statement_with_the_whole_new_state(village: Village, how: str) -> None:
    village.chose(AMIRA, hidden=True)
    asked = ask("settings", **{how: "announce=private"})
    told = await answer(asked, book(), village.records)
    facts = {"announce": "private", "boards": "hidden", "tracking": "on"}
    assert told.statements == (
        Statement(
            TEAM, f"settings:{AMIRA}/{asked.id}", NOW, "member.settings_changed", actor=AMIRA, facts=facts, by=AMIRA
        ),
    )
    assert said(told).startswith("Saved. Your settings\nNew badges · told to you alone\n")
    assert told.replace is (how == "argument")


@pytest.mark.parametrize(
    ("wish", "facts"),
    [
        ("announce=channel", ("channel", "shown", "on")),
        ("announce=digest", ("digest", "shown", "on")),
        ("announce=none", ("none", "shown", "on")),
        ("announce=dm", ("dm", "shown", "on")),
        ("boards=hidden", ("default", "hidden", "on")),
        ("boards=anonymous", ("default", "anonymous", "on")),
        ("tracking=off", ("default", "shown", "off")),
        ("tracking:off", ("default", "shown", "off")),
        ("private", ("private", "shown", "on")),
        ("Hidden", ("default", "hidden", "on")),
        ("announce=digest boards=hidden", ("digest", "hidden", "on")),
    ],
)
async def test_every_choice_can_be_made(village: Village, wish: str, facts: tuple[str, str, str]) -> None:
    (made,) = (await answer(ask("settings", choice=wish), book(), village.records)).statements
    assert (made.facts["announce"], made.facts["boards"], made.facts["tracking"]) == facts


async def test_options_of_a_command_are_understood_one_by_one(village: Village) -> None:
    told = await answer(ask("settings", announce="digest", boards="hidden"), book(), village.records)
    assert told.statements[0].facts == {"announce": "digest", "boards": "hidden", "tracking": "on"}


async def test_everything_can_be_taken_back(village: Village) -> None:
    village.chose(AMIRA, "none", hidden=True, tracked=False)
    shown = await answer(ask("settings"), book(), village.records)
    assert {"announce=channel", "boards=shown", "tracking=on"} <= set(pressed(shown).values())
    told = await answer(ask("settings", choice="announce=default"), book(), village.records)
    assert told.statements[0].facts == {"announce": "default", "boards": "hidden", "tracking": "off"}


async def test_what_is_so_already_makes_no_statement(village: Village) -> None:
    village.chose(AMIRA, hidden=True)
    told = await answer(ask("settings", argument="boards=hidden"), book(), village.records)
    assert told.statements == ()
    assert said(told).startswith("Your settings")


@pytest.mark.parametrize("wish", ["loud", "announce=loudly", "volume=3", "announce="])
async def test_what_is_no_setting_is_answered_with_those_that_are(village: Village, wish: str) -> None:
    told = await answer(ask("settings", choice=wish), book(), village.records)
    assert "announce=channel|private|dm|digest|none|default" in said(told)
    assert told.statements == ()


async def test_a_time_zone_is_chosen_for_good(village: Village) -> None:
    asked = ask("settings", choice="timezone=america/new_york")
    told = await answer(asked, book(), village.records)
    facts = {"timezone": "America/New_York", "chosen": True}
    assert told.statements == (
        Statement(TEAM, f"zone:{AMIRA}/{asked.id}", NOW, "member.zone_set", actor=AMIRA, facts=facts, by=AMIRA),
    )
    assert said(told).startswith("Saved.")
    assert "Time zone · America/New_York · " in said(told)


async def test_a_time_zone_comes_as_an_option_and_beside_other_choices(village: Village) -> None:
    told = await answer(ask("settings", timezone="UTC", boards="hidden"), book(), village.records)
    assert [s.type for s in told.statements] == ["member.settings_changed", "member.zone_set"]


async def test_the_zone_that_holds_is_shown(village: Village) -> None:
    told = await answer(ask("settings"), book(), village.records)
    assert "Time zone · the community's, Europe/Berlin · " in said(told)
    people = People(lives={AMIRA: Life(zones=((0, "Asia/Tokyo"), (NOW + 1, "UTC")))})
    told = await answer(ask("settings"), book(), village.records, people)
    assert "Time zone · Asia/Tokyo · " in said(told)


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        ("lisbon", "No time zone is called “lisbon”. Did you mean Europe/Lisbon?"),
        ("Europe/Lisbonn", "No time zone is called “europe/lisbonn”. Did you mean Europe/Lisbon"),
        ("nowhere", "No time zone is called “nowhere”. Write one like Europe/Lisbon."),
        ("", "No time zone is called “”. Write one like Europe/Lisbon."),
    ],
)
async def test_what_is_no_zone_is_answered_with_one_that_is(village: Village, typed: str, answered: str) -> None:
    told = await answer(ask("settings", choice=f"timezone={typed}"), book(), village.records)
    assert (told.statements, said(told).startswith(answered)) == ((), True)


async def test_where_people_are_asked_first_nobody_counts_before_they_said_yes(village: Village) -> None:
    rules = book(BOOK.replace("[community]\n", "[community]\nopt_in = true\n"))
    shown = await answer(ask("settings"), rules, village.records)
    assert "Counting · off" in said(shown)
    assert "tracking=on" in pressed(shown).values()
    (made,) = (await answer(ask("settings", choice="tracking=on"), rules, village.records)).statements
    assert made.facts["tracking"] == "on"
    (quieter,) = (await answer(ask("settings", choice="announce=digest"), rules, village.records)).statements
    assert quieter.facts["tracking"] == "off"
