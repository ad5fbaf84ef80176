"""While the bot is stopped somebody changes teams: it counts from the bot's return, and the past stays as it was."""

from __future__ import annotations

import orjson
import pytest

from tests.scenarios.street import Street
from tests.scenarios.streets import street_of
from tests.scenarios.test_teams import BOOK, change, teams
from tests.scenarios.town import PLATFORMS, Platform, Town

DAY = 24 * 3600
MICROSECONDS = 1_000_000


@pytest.fixture
def town(town: Town) -> Town:
    """Amira is in Blue on both platforms before the bot comes."""
    town.book = BOOK
    group = town.slack.add_usergroup("blue", "The blue ones")
    town.slack.usergroups[group]["users"] = [town.community.slack_side.people["amira"]]
    role = town.discord.add_role(town.guild, "Blue")
    amira = town.community.discord_side.people["amira"]
    town.discord.world.member(town.guild, amira)["roles"] += [role]
    return town


def said(street: Street) -> list[tuple[int, str, str]]:
    """When, of whom, which team: in order of time."""
    query = "SELECT at, body FROM statement WHERE source = ? AND id LIKE 'roles:%' ORDER BY at, id"
    rows = [(at, orjson.loads(body)) for at, body in street.town.rows(query, street.side.source)]
    return [(at, s["target"], s["facts"]["team"]) for at, s in rows]


async def board(street: Street, who: str) -> str:
    return await street.ask(who, "/leaderboard")


@pytest.mark.parametrize("platform", ["slack", pytest.param("discord", marks=pytest.mark.slow)])
async def test_a_team_changed_meanwhile_counts_from_the_return_on(platform: Platform, town: Town) -> None:
    street = street_of(town, platform)
    async with town.running():
        await town.until(lambda: teams(street, "amira") == ["Blue"])
        for n in range(3):
            await street.say("amira", f"Post {n}")
        await street.heard()
        before = said(street)
        assert "Blue (yours) · 3" in await board(street, "amira")
    town.clock.forward(DAY)
    await change(street, "jonas")
    await street.say("jonas", "Nobody hears this before the return")
    town.clock.forward(DAY)
    back = town.clock()
    async with town.running():
        await town.until(lambda: teams(street, "amira") == ["Blue", ""])
        await town.until(lambda: teams(street, "jonas") == ["Blue"])
        await street.heard()
        assert said(street)[: len(before)] == before
        assert [at >= back for at, _, _ in said(street)[len(before) :]] == [True, True]
        assert "together" not in street.awards("jonas")
        assert "Blue (yours) · 3" in await board(street, "jonas")
        await street.say("amira", "For nobody")
        await street.say("jonas", "For Blue")
        await street.earned("jonas", "together")
        await street.earned("amira", "together")
        assert "Blue (yours) · 4" in await board(street, "jonas")
    assert town.verify() == []


@pytest.mark.slow
@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_team_left_and_joined_again_meanwhile_was_never_left(platform: Platform, town: Town) -> None:
    street = street_of(town, platform)
    async with town.running():
        await town.until(lambda: teams(street, "amira") == ["Blue"])
        before = said(street)
    town.clock.forward(DAY)
    await change(street)
    await change(street, "amira")
    async with town.running():
        await street.say("amira", "Still for Blue")
        await street.heard()
        assert "Blue (yours) · 1" in await board(street, "amira")
        assert said(street) == before
