"""Teams from a user group on Slack and a role on Discord, and by the command: stamped, counted, and on the board."""

from __future__ import annotations

import orjson
import pytest

from bot.runner import Bot
from tests.scenarios.street import Street
from tests.scenarios.town import Town

BOOK = """
rules = 1
[community]
quiet_start = "0 days"
[moderators]
slack = "@moderators"
discord = "Moderator"
[team.blue]
name = "Blue"
slack = "@blue"
discord = "Blue"
[team.green]
name = "Green"
open = true
[achievement.together]
name = "Together"
for = "team"
when = "message.posted"
goal = 4
announce = "digest"
[score.posts]
when = "message.posted"
give = 1
[board.teams]
name = "Teams"
for = "team"
period = "month"
"""


@pytest.fixture
async def town(town: Town) -> Town:
    """Amira is in Blue on both platforms before the bot comes."""
    town.book = BOOK
    group = town.slack.add_usergroup("blue", "The blue ones")
    town.slack.usergroups[group]["users"] = [town.community.slack_side.people["amira"]]
    role = town.discord.add_role(town.guild, "Blue")
    amira = town.community.discord_side.people["amira"]
    town.discord.world.member(town.guild, amira)["roles"] += [role]
    return town


async def change(street: Street, *who: str) -> None:
    """Somebody gives the group or the role to these people and to nobody else."""
    town, people = street.town, street.side.people
    if street.platform == "slack":
        group = next(g for g in town.slack.usergroups.values() if g["handle"] == "blue")
        town.slack.story.set_group_members(group, [people[key] for key in who])
        return
    role = next(r["id"] for r in town.discord.world.guild(town.guild)["roles"] if r["name"] == "Blue")
    for key in ("amira", "jonas"):
        others = [r for r in town.discord.roles_of(town.guild, people[key]) if r != role]
        await town.discord.set_roles(town.guild, people[key], *others, *([role] if key in who else []))


def teams(street: Street, who: str) -> list[str]:
    """What was said of somebody's teams, in order of time."""
    query = "SELECT body FROM statement WHERE source = ? AND id LIKE 'roles:%' ORDER BY at"
    said = [orjson.loads(row[0]) for row in street.town.rows(query, street.side.source)]
    return [s["facts"]["team"] for s in said if s["target"] == street.account(who)]


async def test_groups_and_roles_give_teams_that_count_from_then_on(street: Street, town: Town, bot: Bot) -> None:
    await town.until(lambda: teams(street, "amira") == ["Blue"])
    for n in range(3):
        await street.say("amira", f"Post {n}")
    await street.heard()
    assert "you did 3" in await street.ask("amira", "/achievements")
    await change(street, "jonas")
    await town.until(lambda: teams(street, "amira") == ["Blue", ""])
    await town.until(lambda: teams(street, "jonas") == ["Blue"])
    await street.say("amira", "For nobody")
    await street.say("jonas", "For Blue")
    await street.earned("jonas", "together")
    await street.earned("amira", "together")
    listed = await street.ask("jonas", "/team list")
    assert "Blue · 2 people, yours" in listed  # Jonas here, and Amira on the other platform
    assert "Green · 0 people, open" in listed


async def test_members_join_by_the_command_and_moderators_move_others(street: Street, town: Town, bot: Bot) -> None:
    await town.until(lambda: teams(street, "amira") == ["Blue"])
    show = "/team" if street.platform == "slack" else "/team show"
    assert "Blue · since" in await street.ask("amira", show)
    join = "/team join {}" if street.platform == "slack" else "/team join team:{}"
    assert "Blue is not open" in await street.ask("jonas", join.format("Blue"))
    assert "You are in Green now." in await street.ask("jonas", join.format("Green"))
    move = "/team join Green @amira" if street.platform == "slack" else "/team join team:Green member:@amira"
    assert "Only moderators" in await street.ask("jonas", move)
    assert "is in Green from now on." in await street.ask("noor", move)
    assert "Green · since" in await street.ask("amira", show)
    await street.say("amira", "For Green")
    board = await street.ask("amira", "/leaderboard")
    assert "Green (yours) · 1" in board
