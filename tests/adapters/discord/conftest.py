"""The town that tests of the Discord edge play in. Beside the shared material, all its traffic is held against
Discord's own OpenAPI file."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.playground.discord_server import ChannelType
from core.places import Places
from tests.adapters.discord.hall import Hall
from tests.adapters.discord.town import Town, founded
from tests.contracts.discord_contract import DiscordContract
from tests.contracts.test_discord import ALLOWED
from tests.shared import SHARED, shared

# One more thing that discord.py does and Discord takes: the ids of those who may be pinged are numbers.
# A new file has its place among the files as its id; the library writes it as a number.
FILE_BY_NUMBER = r"^request (?:POST|PATCH) /(?:webhooks|channels)/.*/attachments/\d+/id:? \d+ is not of type"
MENTIONED_BY_NUMBER = r"^request \w+ .*: /allowed_mentions: .*\"users\":\[\d"


@pytest.fixture(scope="session")
def contract() -> DiscordContract | None:
    if SHARED is None:
        return None
    return DiscordContract(shared("contracts/discord-openapi.json"), (*ALLOWED, MENTIONED_BY_NUMBER, FILE_BY_NUMBER))


@pytest.fixture
async def town(contract: DiscordContract | None) -> AsyncIterator[Town]:
    async with founded() as town:
        if contract is not None:
            contract.violations.clear()
            contract.attach(town.server)
        yield town
    assert contract is None or contract.violations == []


WATCHING = frozenset({"voice.session_ended", "event.attended"})


@pytest.fixture
def hall(town: Town) -> Hall:
    town.places = Places(watches=WATCHING)
    hall = Hall(town, town.server.add_channel(town.guild, "lounge", ChannelType.VOICE))
    town.clock = hall
    return hall
