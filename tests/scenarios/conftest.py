"""Scenarios begin with a town and end with a look at everything: the log supports what is stored, and all that
passed over the sockets had the platforms' shapes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path

import pytest

from bot import logs
from bot.runner import Bot
from tests.adapters.discord.conftest import FILE_BY_NUMBER, MENTIONED_BY_NUMBER
from tests.contracts.discord_contract import DiscordContract
from tests.contracts.slack_contract import SlackContract
from tests.contracts.test_discord import ALLOWED
from tests.scenarios.counter import Counter, counter_of
from tests.scenarios.street import Street
from tests.scenarios.streets import street_of
from tests.scenarios.town import PLATFORMS, Platform, Town, founded
from tests.shared import SHARED, shared


@pytest.fixture(scope="session")
def contract() -> DiscordContract | None:
    if SHARED is None:
        return None
    return DiscordContract(shared("contracts/discord-openapi.json"), (*ALLOWED, FILE_BY_NUMBER, MENTIONED_BY_NUMBER))


@pytest.fixture
def logged() -> StringIO:
    """What the bot logs, a JSON object a line. A trace in it is a fault, unless the scenario takes it out."""
    stream = StringIO()
    logs.configure(stream=stream, human=False)
    return stream


def traces(logged: StringIO) -> list[tuple[str, str]]:
    """What went wrong without being expected: the event, and the end of its trace. Slack's SDK shows one when a
    connection breaks under an acknowledgement: that is the network's fault."""
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    ours = [line for line in lines if "exception" in line and line.get("logger") != "plaudit.slack.sdk"]
    return [(line["event"], line["exception"][-1500:]) for line in ours]


@pytest.fixture
async def town(tmp_path: Path, contract: DiscordContract | None, logged: StringIO) -> AsyncIterator[Town]:
    """No bot runs yet. Whatever a scenario did, the end is the same."""
    async with founded(tmp_path) as town:
        if contract is not None:
            contract.violations.clear()
            contract.attach(town.discord)
        yield town
        assert town.verify() == []
        faults = traces(logged)
        assert not faults, "\n".join(map(str, faults))
        if contract is not None:
            SlackContract(town.slack).check()
            assert contract.violations == []


@pytest.fixture
def rules() -> str:
    """What the scenarios of a page add to the rules of the town."""
    return ""


@pytest.fixture
async def bot(town: Town, rules: str) -> AsyncIterator[Bot]:
    town.book += rules
    async with town.running() as bot:
        yield bot


@pytest.fixture(params=PLATFORMS)
def street(request: pytest.FixtureRequest, town: Town, bot: Bot) -> Street:
    """One platform of a town whose bot is connected to both."""
    platform: Platform = request.param
    return street_of(town, platform)


@pytest.fixture(params=PLATFORMS)
def counter(request: pytest.FixtureRequest, town: Town, bot: Bot) -> Counter:
    """The same, for what is asked of the bot."""
    platform: Platform = request.param
    return counter_of(town, platform)
