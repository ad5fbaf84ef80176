"""The budget of rewards at the desk and on the command line: caps hold, one warning, figures that add up."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot import rewards
from bot.schedule import Schedule
from bot.settings import Settings, read
from core.errors import ConfigurationError
from core.events import Statement
from core.ports import Person
from tests.adapters.storage.said import DAY, NOON, TEAM
from tests.bot.shopping import BOOK, Counter, shop

CAPPED = BOOK.replace("[rewards]\n", '[rewards]\nmonthly_cap = 1000\ncost_per_point = "0.05"\nmoney = "EUR"\n')
TEAMS = BOOK.replace("[rewards]\n", "[rewards]\ncap_per_team = 500\n")


def settings(counter: Counter, folder: Path) -> Settings:
    (folder / "rules.toml").write_text(counter.office.text)
    return read({"PLAUDIT_DATABASE_URL": counter.office.url, "PLAUDIT_RULES": str(folder / "rules.toml")}, None)


def joined(who: str, team: str) -> Statement:
    facts = {"team": team}
    return Statement("roster", f"team:{who}", NOON - DAY, "team.joined", target=f"{TEAM}/{who}", facts=facts)


def arrived(who: str) -> Statement:
    return Statement(TEAM, f"member:{who}", NOON - DAY, "member.joined", actor=f"{TEAM}/{who}")


async def bought(counter: Counter, people: str, reward: str = "ticket") -> list[str]:
    """Everybody asks, then all say yes at once."""
    for who in people:
        await counter.earn(who, 3)
    questions = {who: await counter.question(who, reward) for who in people}
    return list(await asyncio.gather(*(counter.said(p, "rewards-yes", argument=q) for p, q in questions.items())))


async def test_the_cap_of_the_month_holds_in_a_burst_and_opens_again_next_month(tmp_path: Path) -> None:
    async with shop(tmp_path, CAPPED) as counter:
        said = await bought(counter, "ABCDEF")
        assert sum("Done" in text for text in said) == 3  # 900 of 1,000
        assert said.count("What can be redeemed this month is used up. It goes on next month.") == 3
        assert counter.office.rows("SELECT SUM(points) FROM ledger WHERE points < 0") == [(-900,)]
        counter.office.clock.now += 20 * DAY
        left = next(who for who in "ABCDEF" if counter.balance(who) == 300)
        assert "Done" in await counter.redeem(left, "ticket")


async def test_what_is_given_back_is_there_again_in_its_month(tmp_path: Path) -> None:
    async with shop(tmp_path, CAPPED) as counter:
        await bought(counter, "ABC")
        await counter.earn("D", 3)
        assert "used up" in await counter.question("D", "ticket")
        await counter.said("N", "rewards-declined", "manager", about="1", reason="No")
        assert "Done" in await counter.redeem("D", "ticket")


async def test_the_warning_comes_once_at_four_fifths(tmp_path: Path) -> None:
    async with shop(tmp_path, CAPPED) as counter:
        await bought(counter, "AB")
        assert counter.cards("rewards:%") == []
        await bought(counter, "C")
        await counter.earn("D", 3)
        await counter.said("N", "rewards-declined", "manager", about="3", reason="No")
        await counter.redeem("D", "ticket")
        (card,) = counter.cards("rewards:%")
        assert "2026-03: 900 points of 1,000 are redeemed" in card


async def test_the_warning_comes_once_also_where_two_chats_have_moderators(tmp_path: Path) -> None:
    text = CAPPED.replace('{ slack = "#mods" }', '{ slack = "#mods", discord = "#mods" }')
    async with shop(tmp_path, text) as counter:
        for who, source in (("A", TEAM), ("B", TEAM), ("C", "discord:2"), ("D", TEAM)):
            await counter.earn(who, 3, source=source)
            if who == "D":
                await counter.said("N", "rewards-declined", "manager", about="1", reason="No")
            await counter.redeem(who, "ticket", source)
        assert len(counter.cards("rewards:%")) == 1


async def test_each_team_has_its_own_cap(tmp_path: Path) -> None:
    async with shop(tmp_path, TEAMS) as counter:
        await counter.office.store.take([joined("A", "Red"), joined("B", "Red"), joined("C", "Blue")])
        said = await bought(counter, "ABCD")
        assert sum("Done" in text for text in said) == 3
        assert sum("your team" in text for text in said[:2]) == 1
        teams = counter.office.rows("SELECT team, COUNT(*) FROM payout GROUP BY team ORDER BY team")
        assert teams == [(None, 1), ("Blue", 1), ("Red", 1)]


async def test_the_report_says_what_is_spent_where_it_leads_and_what_it_costs(tmp_path: Path) -> None:
    async with shop(tmp_path, CAPPED) as counter:
        await bought(counter, "AB")
        book, found = rewards.look(settings(counter, tmp_path), None, counter.office.clock())
        assert rewards.as_lines(book, found) == [
            "2026-03: 600 of 1,000 points redeemed.",
            "If the mean of the last week goes on (600 a week), the month comes to about 1,750 points."
            " That is above the cap.",
            "Cost: 30.00 EUR, 5.00 EUR for each of 6 awards, 15.00 EUR for each of 2 active members.",
            "Writer: 6 awards, 600 points, 30.00 EUR.",
        ]
        said = json.loads(rewards.as_json(book, found))
        assert (said["spent"], said["cap"], said["cost"], said["active"]) == (600, 1000, "30.00", 2)
        assert said["given"] == {"writer": {"awards": 6, "points": 600}}


async def test_bots_are_no_active_members(tmp_path: Path) -> None:
    async with shop(tmp_path, CAPPED) as counter:
        await counter.office.store.meet([Person(f"{TEAM}/R", "Robot", bot=True)])
        for who in "AR":
            await counter.earn(who, 1)
        _, found = rewards.look(settings(counter, tmp_path), None, counter.office.clock())
        assert found.active == 1


async def test_who_only_joined_is_not_active(tmp_path: Path) -> None:
    async with shop(tmp_path, CAPPED) as counter:
        await counter.earn("A", 1)
        await counter.office.store.take([arrived("B")])
        _, found = rewards.look(settings(counter, tmp_path), None, counter.office.clock())
        assert found.active == 1


async def test_the_moderators_digest_has_the_budget(tmp_path: Path) -> None:
    async with shop(tmp_path, CAPPED) as counter:
        counter.office.clock.now -= 10 * DAY
        await counter.office.store.first_start("default")
        counter.office.clock.now += 10 * DAY
        await bought(counter, "AB")
        counter.office.clock.now += 6 * DAY
        schedule = Schedule(counter.office.store, lambda: [TEAM], dict)
        assert await schedule.post_for_moderators("default")
        (card,) = counter.cards("moderators:%")
        assert "Rewards this month" in card
        assert "2026-03: 600 of 1,000 points redeemed." in card


async def test_the_report_of_a_community_without_rewards_says_so(tmp_path: Path) -> None:
    async with shop(tmp_path, BOOK.partition("[rewards]")[0]) as counter:
        with pytest.raises(ConfigurationError, match="has no rewards"):
            rewards.look(settings(counter, tmp_path), None, NOON)
        assert await rewards.budget(counter.office.store, "default") == []
