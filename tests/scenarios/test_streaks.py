"""Pauses, freezes and each member's own days, as moderators and members say them on both platforms."""

from __future__ import annotations

import pytest

from tests.scenarios.acts import Scene, holders
from tests.scenarios.street import Street
from tests.scenarios.streets import SlackStreet, street_of
from tests.scenarios.town import BOOK, PLATFORMS, Platform, Town

STREAKS = """
[achievement.three_days]
name = "Three days"
when = "message.posted"
where.words = 2
streak = "day"
goal = 3
[achievement.own_days]
name = "Own days"
when = "message.posted"
where.words = 7
distinct = "day"
goal = 2
timezone = "member"
"""
HOUR, DAY = 3600, "2026-03-19"


@pytest.fixture(params=PLATFORMS)
def scene(request: pytest.FixtureRequest, town: Town) -> Scene:
    platform: Platform = request.param
    town.book = BOOK + STREAKS
    return Scene(street_of(town, platform))


def given(street: Street, who: str, **arguments: str) -> str:
    """Slack goes by the order, Discord by names."""
    if isinstance(street, SlackStreet):
        return " ".join((f"@{who}", *arguments.values()))
    return " ".join((f"member:@{who}", *(f"{name}:{value}" for name, value in arguments.items())))


async def test_a_pause_and_a_freeze_keep_a_streak(scene: Scene) -> None:
    """Everybody is silent on the 19th; the three are kept, frozen and broken."""
    street = scene.street
    async with street.town.running(street.platform) as scene.bot:
        for day, who in enumerate(
            (("jonas", "lena", "mei"), (), ("lena", "mei"), ("jonas", "lena", "mei"), ("jonas",))
        ):
            for key in who:
                await street.say(key)
            await scene.settled()
            if day == 2:
                assert "Only moderators" in await street.ask(
                    "mei", f"/plaudit freeze {given(street, 'jonas', day=DAY)}"
                )
                paused = given(street, "jonas", **{"from": DAY, "until": "2026-03-20"})
                assert "These days break no streak" in await street.ask("noor", f"/plaudit pause {paused}")
                frozen = given(street, "lena", day=DAY, achievement="three_days")
                assert "Three days" in await street.ask("noor", f"/plaudit freeze {frozen}")
                assert "pause from 2026-03-19" in await street.ask("noor", f"/plaudit pause {given(street, 'jonas')}")
            assert street.town.verify() == []
            await scene.tomorrow()
        assert holders(street, "three_days") == ["jonas 2026-03-22", "lena 2026-03-21"]
        assert street.whispered("jonas") == []


async def test_days_are_those_of_the_member(scene: Scene) -> None:
    """One day in Berlin, two in Tokyo. Slack knows where Amira lives, Discord has to be told."""
    street, town = scene.street, scene.street.town
    if isinstance(street, SlackStreet):
        town.slack.users[street.side.people["amira"]]["tz"] = "Asia/Tokyo"
    async with town.running(street.platform) as scene.bot:
        if not isinstance(street, SlackStreet):
            assert "Did you mean Asia/Tokyo?" in await street.ask("amira", "/plaudit settings timezone:tokyo")
            assert "Saved" in await street.ask("amira", "/plaudit settings timezone:Asia/Tokyo")
        for _ in range(2):
            town.clock.forward(2 * HOUR)
            for key in ("amira", "jonas"):
                await street.say(key, "word " * 7)
            await scene.settled()
        assert "Time zone · Asia/Tokyo" in (await street.ask("amira", "/plaudit settings")).replace("*", "")
        assert holders(street, "own_days") == ["amira"]
