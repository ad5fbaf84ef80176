"""Every kind of rule at once, lived on each platform: what people hold is what the story says and what the log gives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.scenarios.acts import Scene, holders
from tests.scenarios.kinds import DAYS, STORIES, book
from tests.scenarios.streets import street_of
from tests.scenarios.town import PLATFORMS, Platform, Town


@pytest.mark.timeout(120)
@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_week_of_all_kinds(platform: Platform, town: Town) -> None:
    town.book = book()
    street = street_of(town, platform)
    wrong: list[str] = []
    async with town.running(platform) as bot:
        scene = Scene(street, bot)
        for day in range(DAYS):
            for story in STORIES.values():
                for act in story.acts.get(day, ()):
                    await act(scene)
            await street.heard()
            assert bot.schedule is not None
            await bot.schedule.tick()
            for name, story in STORIES.items():
                found = holders(street, name)
                if found != story.holds.get(day, found):
                    wrong.append(f"day {day} {name}: {found}, not {story.holds[day]}")
            wrong += [f"day {day}: {line}" for line in town.verify()]
            await scene.tomorrow()
    assert wrong == []
    assert town.number("SELECT COUNT(*) FROM outbox WHERE cause LIKE '%:lasts:%' OR cause LIKE '%:while_true:%'") == 0
