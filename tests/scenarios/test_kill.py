"""The process is killed with -9 between every two steps of its work. After a restart nothing that was acknowledged is
lost, and nothing is said twice, but for at most one Slack post, which is counted.

Slack sends what was not acknowledged again; on Discord the messages come back by history."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from bot.playground.clock import MovableClock
from tests.scenarios.mortal import POINTS
from tests.scenarios.process import Process, started
from tests.scenarios.street import Street
from tests.scenarios.streets import SlackStreet, street_of
from tests.scenarios.town import PLATFORMS, Platform, Town, founded, unheard

REPOSITORY = Path(__file__).resolve().parents[2]
LEASE = 61.0  # seconds after which somebody else may bring what a dead process had taken out
BOOK = """
rules = 1
[community]
quiet_start = "0 days"
[achievement.settled]
name = "Settled"
when = "message.posted"
goal = 3
announce = "thread"
[score.posts]
when = "message.posted"
give = 1
"""
SLACKS_OWN = (0.0, 60.0, 300.0)  # seconds until each retry
DELIVERED = ("delivered", "marked, not committed")


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(tmp_path, MovableClock(), retry_delays=SLACKS_OWN, ack_timeout=1.0) as town:
        town.book = BOOK
        yield town
        assert town.verify() == []


@pytest.fixture(params=PLATFORMS)
def street(request: pytest.FixtureRequest, town: Town) -> Street:
    return street_of(town, request.param)


def mortal(town: Town, platform: Platform, point: str) -> AbstractAsyncContextManager[Process]:
    command = ("tests.scenarios.mortal", point)
    return started(town.environment(platform) | {"PYTHONPATH": str(REPOSITORY)}, town.folder, command)


async def warmed_up(street: Street, process: Process) -> None:
    """Two of the three posts that the badge takes are stored, and Slack knows it."""
    await process.ready()
    for number in range(2):
        await street.say("amira", f"Post {number}")
    await process.until(lambda: posts_of(street) == 2)
    await street.town.slack.settled()  # an acknowledgement that is still on its way must not pass for a later one


def posts_of(street: Street) -> int:
    query = "SELECT COUNT(DISTINCT id) FROM statement WHERE id LIKE 'message:%' AND source = ?"
    return street.town.number(query, street.side.source)


async def all_is_well(street: Street, *, repeats: int) -> None:
    """A new process takes over: three posts, one badge, one announcement; `repeats` were found and not sent again."""
    town = street.town
    town.clock.forward(LEASE)
    async with town.running(street.platform) as bot:
        town.slack.retry_now()
        await street.earned("amira", "settled")
        sent = "SELECT COUNT(*) FROM outbox WHERE state = 'sent'"
        await town.until(lambda: town.number(sent) == 1)
        assert len(street.said()) == 1
        assert bot.courier is not None
        assert bot.courier.repeated == repeats
    assert posts_of(street) == 3
    assert town.number("SELECT COUNT(*) FROM award") == 1
    assert town.number("SELECT COUNT(*) FROM outbox") == 1
    assert town.number("SELECT SUM(amount) FROM score") == 3


QUICK = ("not committed", "taken out, not committed")
"""The points at which `make test` dies; `make test-slow` dies at the others too."""


@pytest.mark.parametrize(
    "point", [*QUICK, *(pytest.param(p, marks=pytest.mark.slow) for p in POINTS if p not in QUICK)]
)
async def test_a_process_dies_between_two_steps(street: Street, point: str) -> None:
    town = street.town
    async with mortal(town, street.platform, point) as process:
        await warmed_up(street, process)
        (town.folder / "armed").touch()
        await street.say("amira", "The third")
        assert await process.ended() == -signal.SIGKILL
    assert unheard(town) == set()
    await all_is_well(street, repeats=int(point in DELIVERED))


async def test_a_process_dies_as_soon_as_slack_has_its_acknowledgement(town: Town) -> None:
    street = SlackStreet(town)
    async with mortal(town, "slack", "marked") as process:
        await warmed_up(street, process)
        before = len(town.slack.deliveries)

        def kill() -> None:
            if any(a.ok for a in town.slack.deliveries[before:]) and process.running:
                os.kill(process.pid, signal.SIGKILL)

        town.slack.on_change = kill
        await street.say("amira", "The third")
        assert await process.ended() == -signal.SIGKILL
        town.slack.on_change = None
    assert posts_of(street) == 3
    await all_is_well(street, repeats=0)


async def test_a_process_dies_when_its_post_has_arrived_and_the_answer_has_not(street: Street) -> None:
    town = street.town
    async with mortal(town, street.platform, "marked") as process:
        await warmed_up(street, process)

        def kill(*_: object) -> None:
            if street.posts() and process.running:
                os.kill(process.pid, signal.SIGKILL)

        town.slack.on_change = kill
        town.discord.on_request.append(kill)
        await street.say("amira", "The third")
        assert await process.ended() == -signal.SIGKILL
        town.slack.on_change = None
        town.discord.on_request.remove(kill)
    await all_is_well(street, repeats=1)


@pytest.mark.slow
async def test_two_kills_in_a_row(street: Street) -> None:
    town = street.town
    async with mortal(town, street.platform, "not committed") as process:
        await warmed_up(street, process)
        (town.folder / "armed").touch()
        await street.say("amira", "The third")
        assert await process.ended() == -signal.SIGKILL
    async with mortal(town, street.platform, "delivered") as process:
        await process.until(lambda: process.logged("web"))
        if street.platform == "slack":
            await process.until(lambda: process.logged("slack.connected"))
            town.slack.retry_now()
        assert await process.ended() == -signal.SIGKILL
    await all_is_well(street, repeats=1)
