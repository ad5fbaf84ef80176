"""Kudos at the desk: who may thank whom, how often, what the log keeps, and taking back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.terminal.cards import render
from core.events import Statement
from core.ports import Person
from tests.adapters.storage.said import HOUR, NOON, chose
from tests.bot.office import BOOK, Office, opened

THANKED = """
[kudos]
daily = 2
values = ["patience", "craft"]
[achievement.thanked]
name = "Thanked"
when = "kudos.given"
where.value = "patience"
credit = "target"
distinct = "actor"
"""
JONAS, NOOR, ROBOT = "slack:T1/J", "slack:T1/N", "slack:T1/B"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path, BOOK + THANKED) as office:
        yield office


async def give(office: Office, who: str = "A", member: str = JONAS, reason: str = "the #patience with my draft") -> str:
    return await office.said(who, "kudos", member=member, reason=reason)


def logged(office: Office) -> list[dict[str, object]]:
    rows = office.rows("SELECT body FROM statement WHERE id LIKE 'kudos:%' ORDER BY seq")
    return [json.loads(row[0]) for row in rows]


async def test_kudos_count_and_their_words_are_nowhere_in_the_database(office: Office) -> None:
    answer = await office.ask("A", "kudos", member=JONAS, reason="the #patience with my draft")
    assert answer.said is not None
    assert render(answer.said) == "Amira thanks @Jonas: “the #patience with my draft”"
    assert "You have 1 left today" in render(answer.card)
    (said,) = logged(office)
    assert (said["type"], said["actor"], said["target"]) == ("kudos.given", "slack:T1/A", JONAS)
    assert said["facts"] == {"length": 27, "value": "patience"}
    assert office.awards("J") == {"thanked"}
    assert "my draft" not in "".join(office.dump())


async def test_a_value_is_a_word_of_its_own(office: Office) -> None:
    await give(office, reason="spacecraft")
    await give(office, reason="Craft and patience")
    assert [said["facts"] for said in logged(office)] == [{"length": 10}, {"length": 18, "value": "craft"}]


async def test_the_days_kudos_are_counted_exactly(office: Office) -> None:
    said = await asyncio.gather(*(give(office, reason=f"reason {n}") for n in range(5)))
    assert sum("Said in the channel" in text for text in said) == 2
    assert sum("your 2 kudos of today" in text for text in said) == 3
    assert len(logged(office)) == 2
    office.clock.now += 11 * HOUR  # past midnight in Berlin
    assert "You have 1 left" in await give(office)


async def test_a_linked_account_shares_the_quota_and_is_nobody_to_thank(office: Office) -> None:
    link = Statement("discord:2", "link:9", NOON, "member.linked", actor="slack:T1/A", target="slack:T1/L", by="engine")
    await office.store.take([link])
    await give(office)
    await give(office, "L")
    assert "of today" in await give(office)
    assert "somebody else" in await give(office, "A", "slack:T1/L")


@pytest.mark.parametrize(
    ("member", "reason", "told"),
    [
        ("slack:T1/A", "me", "somebody else"),
        ("", "all", "Whom do you want to thank"),
        (JONAS, "", "What for"),
        (JONAS, "x" * 301, "300 characters"),
        (ROBOT, "beeping", "is a bot"),
        ("@nobody", "being", "I know nobody here"),
    ],
)
async def test_what_cannot_be_thanked_for_is_said_in_a_friendly_way(
    office: Office, member: str, reason: str, told: str
) -> None:
    await office.store.meet([Person(ROBOT, "Beep", bot=True)])
    assert told in await give(office, "A", member, reason)
    assert logged(office) == []


async def test_who_opted_out_neither_gives_nor_receives(office: Office) -> None:
    await office.store.take([chose("J", NOON, tracking="off")])
    assert "Jonas opted out" in await give(office)
    assert "You opted out" in await give(office, "J", NOOR)
    assert logged(office) == []


async def test_the_giver_takes_kudos_back_and_may_give_others(office: Office) -> None:
    answer = await office.ask("A", "kudos", member=JONAS, reason="patience")
    (button,) = answer.card.buttons
    assert (button.verb, button.argument) == ("kudos-undo", "kudos:r1 {said}")
    argument = button.argument.replace("{said}", "17.5")
    assert "Only whoever gave" in await office.press("J", "kudos-undo", argument)
    assert "Taken back" in await office.press("A", "kudos-undo", argument)
    assert office.awards("J") == set()
    (edit,) = office.rows("SELECT destination, card FROM outbox WHERE cause = 'kudos:r1:taken back'")
    assert json.loads(edit[0])["kind"] == "edit"
    assert (json.loads(edit[0])["channel"], json.loads(edit[0])["message"]) == ("C1", "17.5")
    assert "nothing to take back" in await office.press("A", "kudos-undo", argument)
    assert "You have 1 left" in await give(office)


async def test_after_ten_minutes_kudos_stay(office: Office) -> None:
    await give(office)
    office.clock.now += HOUR // 6 + 1
    assert "more than 10 minutes ago" in await office.press("A", "kudos-undo", "kudos:r1 17.5")
    assert office.awards("J") == {"thanked"}
