"""Every kind of rule at once, lived on each platform: people hold what the story says, and what the log gives."""

from __future__ import annotations

import pytest

from tests.scenarios.acts import Scene, holders
from tests.scenarios.kinds import DAYS, STORIES, book
from tests.scenarios.streets import street_of
from tests.scenarios.town import PLATFORMS, Platform, Town

NOT_PRIVATE = "SELECT COUNT(*) FROM outbox WHERE destination ->> '$.kind' <> 'private'"
ALL_CARDS = "SELECT COUNT(*) FROM outbox WHERE kind = 'card'"
CARDS = "SELECT COUNT(*) FROM outbox WHERE cause LIKE ? AND CAST(card AS TEXT) LIKE ?"


@pytest.mark.timeout(120)
@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_week_of_all_kinds(platform: Platform, town: Town) -> None:
    """With a restart in the middle. All that is wrong in the week is named at its end."""
    town.book = book()
    for founder in town.discord.world.guild(town.guild)["members"]:
        founder["joined_at"] = "2026-03-17T09:00:00+00:00"  # Discord tells it, Slack does not
    scene = Scene(street_of(town, platform))
    wrong: list[str] = []
    for days in (range(DAYS // 2), range(DAYS // 2, DAYS)):
        async with town.running(platform) as scene.bot:
            for day in days:
                await live(scene, day)
                wrong += different(scene, day) + [f"day {day}: {line}" for line in town.verify()]
                await scene.tomorrow()
    assert wrong == []
    assert town.number(NOT_PRIVATE) == 0
    assert town.number(CARDS, "%:lasts:%", "%that time is over%") == 2
    assert town.number(CARDS, "%:while_true:%", "%at the moment it is not%") == 2
    # announce = "none": not a word, also when something is taken back
    assert town.number(ALL_CARDS) == sum(town.number(CARDS, f"%:{name}:%", "%") for name in ("lasts", "while_true"))


async def live(scene: Scene, day: int) -> None:
    for story in STORIES.values():
        for act in story.acts.get(day, ()):
            await act(scene)
    await scene.settled()


def different(scene: Scene, day: int) -> list[str]:
    """Where somebody holds what the story does not say, or not what it says."""
    found = {name: holders(scene.street, name) for name in STORIES}
    return [
        f"day {day} {name}: {found[name]}, not {story.holds[day]}"
        for name, story in STORIES.items()
        if day in story.holds and found[name] != story.holds[day]
    ]
