"""What times a board is asked for: nothing is offered where there is no board."""

from __future__ import annotations

import pytest

from core.commands import suggest
from tests.village import Village, ask, book

NOTHING_COUNTED = "rules = 1\n"
TWO = """rules = 1
[score.posts]
when = "message.posted"
give = 1
[board.posts]
name = "Best posts"
period = ["week", "all"]
[board.spring]
name = "Spring"
season = "spring"
[season.spring]
name = "Spring"
yearly = ["03-01", "05-31"]
"""


@pytest.mark.parametrize(
    ("rules", "board", "offered"),
    [
        (NOTHING_COUNTED, "", []),
        (TWO, "posts", ["week", "all", "week last"]),
        (TWO, "best posts", ["week", "all", "week last"]),
        (TWO, "spring", ["season", "season last"]),
    ],
)
async def test_the_times_of_the_board_are_offered(village: Village, rules: str, board: str, offered: list[str]) -> None:
    found = await suggest(ask("leaderboard", board=board), "period", "", book(rules), village.records)
    assert [s.value for s in found] == offered
