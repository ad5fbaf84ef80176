"""Pauses and freezes at the desk: said, shown, and taken back as if they had never been said."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.terminal.cards import render
from core.events import Statement
from tests.adapters.storage.said import DAY, NOON
from tests.bot.office import BOOK, Office, opened

STREAK = """
[achievement.every_day]
name = "Every day"
when = "message.posted"
streak = "day"
goal = 3
if_undone = "revoke"
"""
JONAS = "slack:T1/J"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path, BOOK + STREAK) as office:
        days = (NOON - 5 * DAY, NOON - 4 * DAY, NOON - 2 * DAY)  # the 13th, the 14th, and the 16th
        posts = [Statement("slack:T1", f"message:C/{d}", d, "message.posted", actor=JONAS) for d in days]
        await office.store.take(posts)
        yield office


async def test_the_button_under_a_pause_takes_it_back(office: Office) -> None:
    said = await office.ask("N", "pause", member=JONAS, **{"from": "2026-03-15", "until": "2026-03-15"})
    assert office.awards("J") == {"every_day"}
    (button,) = said.card.buttons
    office.clock.now += 1
    told = await office.press("O", button.verb, button.argument)
    assert "Taken back for Jonas: pause from 2026-03-15 to 2026-03-15." in told
    assert office.awards("J") == set()
    assert "taken back already" in await office.press("O", button.verb, button.argument)
    acts = office.rows("SELECT what, \"by\", about FROM act WHERE what LIKE 'undone%'")
    assert acts == [("undone member.paused", "slack:T1/O", JONAS)]


async def test_without_days_the_command_shows_what_was_said(office: Office) -> None:
    assert (await office.said("N", "pause", member=JONAS)).startswith("Which days?")
    await office.said("N", "pause", member=JONAS, **{"from": "2026-07-01", "until": "2026-07-14"})
    await office.said("N", "freeze", member=JONAS, day="2026-03-15", achievement="every_day")
    assert office.awards("J") == {"every_day"}
    for verb in ("pause", "freeze"):
        shown = await office.ask("O", verb, member=JONAS)
        assert render(shown.card).splitlines()[:3] == [
            "Pauses and freezes of Jonas",
            "pause from 2026-07-01 to 2026-07-14",
            "freeze of 2026-03-15 for Every day",
        ]
    office.clock.now += 1
    freeze = shown.card.buttons[1]
    assert "freeze of 2026-03-15 for Every day" in await office.press("N", freeze.verb, freeze.argument)
    assert office.awards("J") == set()
    assert len((await office.ask("O", "pause", member=JONAS)).card.buttons) == 1


async def test_one_that_was_said_with_another_account_of_theirs_is_shown_too(office: Office) -> None:
    link = Statement("discord:2", "link:9", NOON, "member.linked", actor=JONAS, target="slack:T1/L", by="engine")
    await office.said("N", "freeze", member="slack:T1/L", day="2026-03-15")
    await office.store.take([link])
    assert "freeze of 2026-03-15" in await office.said("O", "freeze", member=JONAS)


async def test_nobody_takes_back_their_own_and_only_moderators_any(office: Office) -> None:
    await office.said("N", "pause", member="slack:T1/O", **{"from": "2026-03-15", "until": "2026-03-15"})
    assert "Not for yourself" in await office.press("O", "pause-undo", "pause:r1")
    assert "Only moderators" in await office.press("J", "pause-undo", "pause:r1")
    assert "taken back already" in await office.press("N", "pause-undo", "grant:r1")
