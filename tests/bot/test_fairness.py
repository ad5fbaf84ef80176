"""One card a day for moderators, what its buttons remember, and what the operator reads."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.terminal.cards import render
from bot import fairness
from bot.fairness import Watch
from bot.schedule import Schedule
from bot.settings import Settings, read
from core.events import Statement
from core.fairness import AGAIN
from core.ports import Destination
from tests.adapters.storage.said import DAY, HEAD, HOUR, NOON, chose, mark
from tests.bot.office import Office, opened

BOOK = f"""{HEAD}
[channels]
moderators = {{ slack = "#mods" }}
[achievement.bright]
name = "Bright"
when = "reaction.added"
where.emoji = "bulb"
credit = "author"
[achievement.done]
name = "Done"
when = "action.validated"
"""
MODS = [Destination("slack:T1", "channel", "#mods")]


def village() -> list[Statement]:
    """Thirty people who mark each other in turn, and a pair that does little else but mark each other."""
    honest = [
        mark(n, f"p{n % 30}", NOON - 20 * DAY + n * HOUR, author=f"p{(n * 7 + n // 30) % 30}") for n in range(300)
    ]
    return [m for m in honest if m.actor != m.author] + pair(24)


def pair(number: int, start: int = 1_000) -> list[Statement]:
    sides = (("A", "J"), ("J", "A"))
    return [mark(start + n, sides[n % 2][0], NOON - 15 * DAY + n * HOUR, author=sides[n % 2][1]) for n in range(number)]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path, BOOK) as office:
        await office.store.take(village())
        yield office


def settings(office: Office, folder: Path, text: str = BOOK) -> Settings:
    (folder / "rules.toml").write_text(text)
    return read({"PLAUDIT_DATABASE_URL": office.url, "PLAUDIT_RULES": str(folder / "rules.toml")}, None)


def cards(office: Office) -> list[str]:
    return [row[0].decode() for row in office.rows("SELECT card FROM outbox WHERE cause LIKE 'fairness:%' ORDER BY id")]


async def look(office: Office) -> bool:
    return await Watch(office.store).post("default", MODS)


async def test_a_pair_is_told_once_a_day_however_many_look(office: Office) -> None:
    assert [await look(office), await look(office)] == [True, False]
    (told,) = cards(office)
    assert "gave each other 24 marks" in told
    assert "It may be harmless" in told
    assert "Nothing was taken from anybody" in told
    assert {account for account in ("slack:T1/A", "slack:T1/J", "slack:T1/p1") if account in told} == {
        "slack:T1/A",
        "slack:T1/J",
    }
    assert office.awards("A") == {"bright"}  # nothing is taken


async def test_it_waits_for_the_hour_of_the_digest(office: Office) -> None:
    office.clock.now = NOON - 5 * HOUR
    assert not await look(office)
    office.clock.now = NOON
    assert await look(office)


async def test_the_schedule_looks_by_itself(office: Office) -> None:
    schedule = Schedule(office.store, lambda: ["slack:T1"], dict)
    await schedule.tick()
    await schedule.tick()
    assert len(cards(office)) == 1


async def test_what_looks_fine_comes_back_only_when_it_has_grown_by_half(office: Office) -> None:
    await look(office)
    assert "Noted: #1 looks fine" in await office.press("N", "fairness-fine")
    assert "said already" in await office.press("O", "fairness-fine")
    assert office.rows('SELECT what, "by", after FROM act') == [
        ("finding.dismissed", "slack:T1/N", "ring, 24 facts: looks fine")
    ]
    office.clock.now += 8 * DAY
    await office.store.take(pair(10, 2_000))
    assert await look(office)
    assert len(cards(office)) == 1
    office.clock.now += DAY
    await office.store.take(pair(4, 3_000))
    assert await look(office)
    assert len(cards(office)) == 2
    assert office.rows("SELECT id, size, fine FROM finding") == [(1, 38, None)]


async def test_without_an_answer_it_comes_back_after_a_week(office: Office) -> None:
    await look(office)
    for days in range(1, 8):
        office.clock.now = NOON + days * DAY
        await look(office)
        assert len(cards(office)) == (1 if days * DAY < AGAIN else 2)


async def test_who_is_meant_does_not_wave_it_through_and_only_moderators_decide(office: Office) -> None:
    await look(office)
    linked = Statement("discord:2", "link:1", NOON, "member.linked", actor="slack:T1/J", target="slack:T1/N")
    await office.store.take([linked])
    assert "about you" in await office.press("N", "fairness-fine")
    assert "Only moderators" in await office.press("L", "fairness-fine")
    assert "no such finding" in await office.press("O", "fairness-fine", "7")


async def test_looking_closer_leads_to_the_reasons_of_the_awards(office: Office) -> None:
    await look(office)
    answer = await office.ask("O", "fairness-look", argument="1")
    assert [(b.verb, b.argument) for b in answer.card.buttons] == [
        ("why", "bright slack:T1/A"),
        ("why", "bright slack:T1/J"),
        ("fairness-drop", "1"),
    ]
    assert "Amira: Bright, 1 fact" in render(answer.card)
    assert "Amira" in await office.press("O", "why", answer.card.buttons[0].argument)


async def test_who_opted_out_is_in_no_finding(office: Office) -> None:
    await office.store.take([chose("J", NOON, tracking="off")])
    await look(office)
    assert cards(office) == []


async def test_a_moderator_who_validates_is_the_giver(office: Office) -> None:
    said = [
        Statement(
            "moderator",
            f"validated:{n}",
            NOON - DAY + n,
            "action.validated",
            actor="slack:T1/L",
            target="slack:T1/L",
            by="slack:T1/O",
            facts={"kind": "talk"},
        )
        for n in range(12)
    ]
    await office.store.take(said)
    await look(office)
    assert "gave " in cards(office)[0]
    assert {"slack:T1/O", "slack:T1/L"} <= set(json.loads(_people(office)))


def _people(office: Office) -> str:
    return str(office.rows("SELECT people FROM finding WHERE kind = 'burst'")[0][0])


async def test_the_operator_reads_the_same(office: Office, tmp_path: Path) -> None:
    await look(office)
    await office.press("N", "fairness-fine")
    office.clock.now = NOON
    here = settings(office, tmp_path)
    seen = fairness.look(here, None, NOON)
    (one,) = json.loads(fairness.as_json(seen))["findings"]
    assert (one["number"], one["kind"], one["state"], one["marks"]) == (1, "ring", "fine", 24)
    assert len(one["facts"]) == 24
    told = fairness.as_lines(seen)
    assert told[0].startswith("#1")
    assert "Amira, Jonas gave each other 24 marks" in told[1]
    off = settings(office, tmp_path, BOOK)
    assert fairness.as_lines(fairness.look(off, None, NOON + 60 * DAY)) == [
        "Nothing looks unlike the rest of the community."
    ]


async def test_who_is_erased_has_no_name_in_what_was_found(office: Office) -> None:
    await look(office)
    await office.ask("A", "erase-confirmed", word="erase")
    assert not [row for row in office.rows("SELECT people FROM finding") if "slack:T1/A" in row[0]]
    assert not [told for told in cards(office) if "slack:T1/A" in told]
