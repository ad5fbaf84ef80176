"""The example of docs/how-to/duties.md: a duty ends while the person is away, and comes back with them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.times import read_time
from tests.scenarios.street import Street
from tests.scenarios.streets import street_of
from tests.scenarios.town import PLATFORMS, Platform, Town

DAY = 24 * 3600
GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "duties.md"
ROOM = "C0MENTORS"


def example() -> str:
    """The rules that people read there."""
    text = re.search(r"```toml\nrules = 1\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert text is not None
    return text[1]


def lets_in(street: Street, town: Town, who: str) -> bool:
    """What the badge opens: a private channel on Slack, a role on Discord."""
    person = street.side.people[who]
    if street.platform == "slack":
        return person in town.slack.members[ROOM]
    role = next(r["id"] for r in town.discord.world.guild(town.guild)["roles"] if r["name"] == "Mentors")
    return role in town.discord.roles_of(town.guild, person)


def moderator(street: Street, words: str) -> str:
    """A command as this platform has it."""
    if street.platform == "slack":
        return f"/plaudit {words}"
    return {"duties": "/plaudit more duties"}.get(words, f"/plaudit {words}")


def ends(listed: str) -> int:
    """The moment that the list names as the end, in seconds."""
    found = re.search(r"until <(?:!date\^|t:)(\d+)", listed)
    assert found is not None, listed
    return int(found[1])


@pytest.mark.slow
@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_duty_ends_with_absence_and_comes_back_with_activity(platform: Platform, town: Town) -> None:
    town.book += example()
    town.slack.add_channel(ROOM, "mentors", [town.slack.me.bot_user], is_private=True)
    town.discord.add_role(town.guild, "Mentors", position=1)
    street = street_of(town, platform)
    async with town.running(platform) as bot:
        assert bot.schedule is not None
        await street.ask("noor", moderator(street, "grant @amira proven_helper you know the place"))
        await street.say("amira", "Here I am")
        await street.earned("amira", "mentor")
        await town.until(lambda: lets_in(street, town, "amira"))
        listed = await street.ask("noor", moderator(street, "duties"))
        assert street.shows(listed, "amira")
        assert ends(listed) == read_time("2026-06-16T00:00:00+02:00") / 1e6

        town.clock.forward(91 * DAY)
        await street.lost("amira", "mentor")
        await town.until(lambda: not lets_in(street, town, "amira"))
        assert "proven_helper" in street.awards("amira")
        assert "Nobody holds a duty" in await street.ask("noor", moderator(street, "duties"))

        await street.say("amira", "Back again")
        await street.earned("amira", "mentor")
        await town.until(lambda: lets_in(street, town, "amira"))
        assert (
            ends(await street.ask("noor", moderator(street, "duties"))) == read_time("2026-09-15T00:00:00+02:00") / 1e6
        )
