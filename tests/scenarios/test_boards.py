"""Boards of the book on both platforms: typed or picked, switched by a button, and closed by the schedule."""

from __future__ import annotations

import pytest

from bot.runner import Bot
from tests.scenarios.street import Street
from tests.scenarios.town import Town

BOOK = """
rules = 1
[community]
quiet_start = "0 days"
[achievement.first_post]
name = "First post"
when = "message.posted"
announce = "digest"
[score.posts]
when = "message.posted"
give = 1
[board.posts]
name = "Posts"
period = ["week", "all"]
[board.badges]
name = "Badges"
of = "awards"
period = "month"
"""
WEEK = 7 * 24 * 3600.0


@pytest.fixture
async def town(town: Town) -> Town:
    town.book = BOOK
    return town


async def test_a_board_is_asked_for_switched_and_closed(street: Street, town: Town, bot: Bot) -> None:
    for n, who in enumerate(("amira", "jonas", "jonas")):
        await street.say(who, f"Post {n}")
    await street.earned("jonas", "first_post")
    board = await street.ask("amira", "/leaderboard")
    assert "This week · Posts" in board
    lines = [line for line in board.splitlines() if line.startswith(("1. ", "2. "))]
    assert street.shows(lines[0], "jonas")
    assert lines[1] == "2. you · 1"
    badges = await street.ask("amira", "/leaderboard badges")
    assert "This month · Badges" in badges
    other = await street.press_private("amira", "/leaderboard posts all", "Badges")
    assert "This month · Badges" in other
    town.clock.forward(WEEK + 4 * 24 * 3600)
    await town.until(lambda: town.number("SELECT COUNT(*) FROM snapshot WHERE period = 'week'") > 0)
    await street.say("amira", "A week later")
    assert "As it was closed on" in await street.ask("amira", "/leaderboard posts week last")
