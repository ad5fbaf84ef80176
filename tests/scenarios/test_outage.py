"""Days on which the bot did not run break nobody's streak."""

from __future__ import annotations

import pytest

from tests.scenarios.streets import street_of
from tests.scenarios.town import BOOK, PLATFORMS, Platform, Town

DAY = 24 * 3600
STREAK = """
[achievement.four_days]
name = "Four days"
when = "message.posted"
streak = "day"
goal = 4
announce = "none"
"""


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_streak_survives_two_days_without_the_bot(platform: Platform, town: Town) -> None:
    town.book = BOOK + STREAK
    street = street_of(town, platform)
    async with town.running() as bot:
        await street.say("amira", "Monday")
        town.clock.forward(DAY)
        await street.say("amira", "Tuesday")
        await street.heard()
        await bot.schedule.tick()
    town.clock.forward(3 * DAY)
    async with town.running():
        await street.say("amira", "Friday")
        await street.heard()
        assert "four_days" not in street.awards("amira")
        town.clock.forward(DAY)
        await street.say("amira", "Saturday")
        await street.earned("amira", "four_days")
    assert town.number("SELECT COUNT(*) FROM statement WHERE source = 'plaudit' AND id LIKE 'deaf:%'") == 1
