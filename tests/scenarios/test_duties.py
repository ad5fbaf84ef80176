"""A badge opens a private channel on Slack; handing it back closes the channel again."""

from __future__ import annotations

import pytest

from tests.scenarios.counter import counter_of
from tests.scenarios.town import Town

RULES = """
[achievement.mentor]
name = "Mentor"
manual = "moderator"
duty = "mentor"
gives_role = "Mentors"
lasts = "1 year"
repeat = true
[roles.Mentors]
slack = "#mentors"
"""


@pytest.mark.slow
async def test_a_duty_opens_a_channel_and_is_handed_back(town: Town) -> None:
    town.book += RULES
    counter, amira = counter_of(town, "slack"), town.community.slack_side.people["amira"]
    town.slack.add_channel("C0MENTORS", "mentors", [town.slack.me.bot_user], is_private=True)
    async with town.running("slack"):
        street = counter.street
        await street.ask("noor", "/plaudit grant @amira mentor you know the place")
        await town.until(lambda: amira in town.slack.members["C0MENTORS"])
        assert "since" in await street.ask("noor", "/plaudit duties")
        assert "Hand Mentor back?" in await street.ask("amira", "/plaudit handback Mentor")
        assert "Mentor is handed back" in await counter.press_last("amira", "Hand it back")
        await town.until(lambda: amira not in town.slack.members["C0MENTORS"])
        assert "Nobody holds a duty" in await street.ask("noor", "/plaudit duties")
