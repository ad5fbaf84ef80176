"""A code from a poster: its page, then the chat, on both platforms; and somebody who guesses."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.storage import codes
from bot.runner import Bot
from core.claim_codes import Code
from tests.scenarios.street import Street
from tests.scenarios.streets import street_of
from tests.scenarios.town import BOOK, PLATFORMS, Platform, Town

CODE = "ABCDEFGHJKMN"
GUEST = """
[achievement.guest]
name = "Was there"
when = "code.claimed"
where.code = "Spring workshop"
announce = "channel"
"""


@pytest.fixture
async def bot(town: Town) -> AsyncIterator[Bot]:
    town.book = BOOK + GUEST
    async with town.running() as bot:
        now = town.clock()
        code = Code("Spring workshop", "code.claimed", None, 5, 0, now, now + 3_600_000_000)
        await bot.store.perform(lambda db: codes.make(db, "default", code, CODE, now))
        yield bot


@pytest.fixture(params=PLATFORMS)
def street(request: pytest.FixtureRequest, town: Town, bot: Bot) -> Street:
    platform: Platform = request.param
    return street_of(town, platform)


@pytest.mark.slow
async def test_from_the_page_to_the_chat_and_no_guessing(street: Street, town: Town, bot: Bot) -> None:
    address = f"http://127.0.0.1:{bot.port}/claim/{CODE}"
    async with aiohttp.ClientSession() as http, http.post(address, timeout=aiohttp.ClientTimeout(5)) as answer:
        (line,) = re.findall(r"(/claim [A-Z2-9-]+)<", await answer.text())
    assert "Counted: Spring workshop" in await street.ask("jonas", line)
    await street.earned("jonas", "guest")
    assert "already" in await street.ask("jonas", f"/claim {CODE}")
    for _ in range(5):
        assert "does not work" in await street.ask("lena", "/claim ZZZZ-ZZZZ-ZZZZ")
    assert "Too many codes" in await street.ask("lena", f"/claim {CODE}")
    assert street.awards("lena") == set()
