"""What moderators read on Monday of the claims that wait."""

from __future__ import annotations

from pathlib import Path

from adapters.terminal.cards import render
from bot import weekly
from bot.health import Health
from core.digests import Due
from tests.adapters.storage.said import DAY, NOON
from tests.bot.office import Office, opened

WEEK = Due("2026-W12", NOON - 3 * DAY, NOON + 4 * DAY)


async def monday(office: Office) -> str:
    card = await weekly.moderators_card(office.store, Health(office.store), "default", WEEK)
    return render(card) if card is not None else ""


async def test_claims_that_wait_are_counted_for_moderators_alone(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        assert "Claims" not in await monday(office)
        await office.claim("J")
        office.clock.now += DAY
        await office.claim("L")
        office.clock.now += 4 * DAY
        assert "Claims:\n  2 claims wait for you, the oldest for 5 days.\n  /plaudit claims" in await monday(office)
        card = await weekly.community_card(office.store, "default", WEEK)
        assert card is None or "claim" not in render(card)
        await office.said("N", "claim-asked", about="1", text="Which workshop?")
        assert "1 claim waits for you, the oldest for 4 days.\n  1 claim waits for its" in await monday(office)
        await office.said("J", "claim-replied", about="1", text="The one in March")
        await office.press("N", "claim-approve", "2")
        assert "1 claim waits for you, the oldest for 5 days.\n  /plaudit" in await monday(office)
        await office.press("N", "claim-approve", "1")
        assert "Claims" not in await monday(office)
