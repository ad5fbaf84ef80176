"""Since when people are there who came before the bot: told once, with their true date."""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import StorageUnavailable
from core.events import Statement
from core.times import read_time
from tests.adapters.discord.town import Town

LONG_AGO = "2019-05-04T10:00:00.000000+00:00"


class Log:
    def __init__(self) -> None:
        self.said: list[Statement] = []
        self.full = False

    async def remember(self, statements: Sequence[Statement]) -> None:
        if self.full:
            raise StorageUnavailable("full")
        self.said += statements


def age(town: Town) -> None:
    """Ann came long ago."""
    members = town.server.world.guild(town.guild)["members"]
    next(m for m in members if m["user"]["id"] == town.ann)["joined_at"] = LONG_AGO


async def test_who_was_there_before_the_bot_joined_at_their_own_date_and_is_told_once(town: Town) -> None:
    age(town)
    log = Log()
    for _ in range(2):
        async with town.running(town.edge(remember=log.remember)):
            pass
    of_ann = [s for s in log.said if s.actor == town.account(town.ann)]
    assert [(s.id, s.type, s.at) for s in of_ann] == [(f"member:{town.ann}", "member.joined", read_time(LONG_AGO))]
    assert of_ann[0].facts == {"recovered": True}
    assert town.account(town.bob) in {s.actor for s in log.said}
    assert town.inbox.statements == []  # the live way, by which things are announced, hears nothing of it


async def test_what_could_not_be_stored_is_told_at_the_next_start(town: Town) -> None:
    log = Log()
    log.full = True
    async with town.running(town.edge(remember=log.remember)):
        pass
    assert "people not remembered yet" in town.warnings()
    log.full = False
    async with town.running(town.edge(remember=log.remember)):
        pass
    assert {s.actor for s in log.said} >= {town.account(town.ann), town.account(town.bob)}


async def test_who_comes_later_is_heard_live_and_not_told_again(town: Town) -> None:
    log = Log()
    async with town.running(town.edge(remember=log.remember)):
        carl = await town.server.join(town.guild, "carl")
        await town.until(lambda: town.inbox.of_type("member.joined"))
    async with town.running(town.edge(remember=log.remember)):
        pass
    assert f"member:{carl}" not in {s.id for s in log.said}
