"""A digest that was due while the bot was away comes everywhere it belongs, though one platform answers later."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.mailserver import mail_server
from tests.scenarios.streets import street_of
from tests.scenarios.town import PLATFORMS, Town


@pytest.mark.slow
async def test_after_a_silent_monday_both_platforms_and_the_mail_have_the_digest(town: Town) -> None:
    streets = [street_of(town, p) for p in PLATFORMS]
    town.book = town.book.replace("[digest]\n", '[digest]\nmail = ["list@example.org"]\n')
    async with town.running():
        for street in streets:
            await street.say("amira", "Hello everybody")
            await street.earned("amira", "first_post")
    town.clock.forward_to(0, dt.time(12), "Europe/Berlin")
    async with (
        mail_server() as server,
        town.running(PLAUDIT_SMTP_URL=server.url, PLAUDIT_MAIL_FROM="plaudit@example.org"),
    ):
        for street in streets:
            await town.until(lambda s=street: s.said())  # type: ignore[misc] # bound now
        await town.until(lambda: server.taken)
    assert town.number("SELECT COUNT(*) FROM outbox WHERE cause = 'digest:2026-W12'") == 3
