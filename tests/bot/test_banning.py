"""Bans at the desk: what goes, what the moderators read, the marks that were given, and back again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.events import Statement
from tests.adapters.storage.said import HOUR, NOON
from tests.bot.office import BOOK, Office, opened

MARKED = """
[achievement.helper]
name = "Helper"
when = "reply.marked_helpful"
credit = "author"
"""
JONAS, LENA = "slack:T1/J", "slack:T1/L"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path, BOOK + MARKED) as office:
        await office.said("N", "grant", member=JONAS, achievement="beyond", reason="before")
        facts = {"message": "message:C1/1.5", "post_kind": "reply"}
        id_, type_ = "helpful:C1/1.5/J", "reply.marked_helpful"
        await office.store.take([Statement("slack:T1", id_, NOON - HOUR, type_, actor=JONAS, author=LENA, facts=facts)])
        office.clock.now += HOUR
        yield office


async def ban(office: Office, who: str = "N", reason: str = "spam") -> str:
    return await office.said(who, "ban", member=JONAS, reason=reason)


def boards(office: Office) -> list[str]:
    return [str(row[0]) for row in office.rows("SELECT card FROM outbox WHERE cause LIKE 'slack:T1/ban:%'")]


async def test_a_ban_takes_back_what_was_earned_and_tells_the_moderators_once(office: Office) -> None:
    assert "is banned" in await ban(office)
    assert office.awards("J") == set()
    assert office.awards("L") == {"helper"}
    (card,) = boards(office)
    assert "1 badge was taken back" in card
    assert "spam" in card
    assert "is banned already" in await ban(office)
    assert len(boards(office)) == 1


async def test_the_marks_they_gave_go_by_the_button_and_come_back_with_the_rest(office: Office) -> None:
    await ban(office)
    office.clock.now += 1
    assert "Only moderators" in await office.press("A", "ban-marks", JONAS)
    assert "are taken back" in await office.press("N", "ban-marks", JONAS)
    assert office.awards("L") == set()
    assert len(boards(office)) == 1
    office.clock.now += 1
    assert "taken back already" in await office.press("O", "ban-marks", JONAS)
    assert "is lifted" in await office.said("O", "unban", member=JONAS)
    assert office.awards("J") == {"beyond"}
    assert "not banned" in await office.said("O", "unban", member=JONAS)
    assert "not banned" in await office.press("N", "ban-marks", JONAS)


async def test_who_may_ban_whom(office: Office) -> None:
    assert "Only moderators" in await ban(office, "A")
    assert "the reason" in await ban(office, reason="")
    assert "Not for yourself" in await office.said("N", "ban", member="slack:T1/N", reason="x")
    assert office.awards("J") == {"beyond"}
