"""A desk with people before it who earn points and take rewards for them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.terminal.cards import render
from core.requests import Answer, Request
from core.rights import Role
from tests.adapters.storage.said import DAY, TEAM, post
from tests.bot.office import Office, opened

BOOK = """
rules = 1
[community]
timezone = "Europe/Berlin"
quiet_start = "0 days"
[channels]
moderators = { slack = "#mods" }
[[level]]
name = "Regular"
at = 1
[[level]]
name = "Elder"
at = 1000
[achievement.writer]
name = "Writer"
when = "message.posted"
repeat = true
points = 100
if_undone = "revoke"
[score.posts]
when = "message.posted"
give = 1
[rewards]
approve_above = 250
[reward.mug]
name = "Mug"
description = "With the badge of your choice."
price = 200
stock = 2
[reward.ticket]
name = "Ticket"
price = 300
per_person = 1
"""


@dataclass
class Counter:
    """The desk with somebody before it. `office`: the rest of the bot."""

    office: Office
    asked: int = 0

    async def ask(self, who: str, verb: str, role: Role = "member", source: str = TEAM, **arguments: str) -> Answer:
        self.asked += 1
        account, now = f"{source}/{who}", self.office.clock()
        request = Request(f"r{self.asked}", source, account, verb, now, arguments, role, "C1")
        return await self.office.desk.answer(request)

    async def said(self, who: str, verb: str, role: Role = "member", **arguments: str) -> str:
        return render((await self.ask(who, verb, role, **arguments)).card)

    async def manage(self, verb: str, number: int = 1, who: str = "N") -> str:
        return await self.said(who, verb, "manager", argument=str(number))

    async def question(self, who: str, reward: str, source: str = TEAM) -> str:
        """What the button below the question carries."""
        answer = await self.ask(who, "rewards-redeem", argument=reward, source=source)
        return next((b.argument for b in answer.card.buttons if b.verb == "rewards-yes"), render(answer.card))

    async def redeem(self, who: str, reward: str, source: str = TEAM) -> str:
        argument = await self.question(who, reward, source)
        return render((await self.ask(who, "rewards-yes", source=source, argument=argument)).card)

    async def earn(self, who: str, posts: int, first: int = 0, source: str = TEAM) -> None:
        """100 points for each post."""
        start = first + 1_000 * ord(who)
        at = self.office.clock() - DAY
        await self.office.store.take([post(n, who, at + n, source) for n in range(start, start + posts)])

    def states(self) -> list[str]:
        return [row[0] for row in self.office.rows("SELECT state FROM payout ORDER BY id")]

    def ledger(self, who: str, source: str = TEAM) -> list[tuple[int, str]]:
        query = "SELECT points, cause FROM ledger WHERE member = ? ORDER BY id"
        return [tuple(row) for row in self.office.rows(query, f"{source}/{who}")]

    def balance(self, who: str) -> int:
        return sum(points for points, _ in self.ledger(who))

    def cards(self, cause: str) -> list[str]:
        """Everything that is to be sent for this cause."""
        return [row[0].decode() for row in self.office.rows("SELECT card FROM outbox WHERE cause LIKE ?", cause)]


@asynccontextmanager
async def shop(folder: Path, text: str = BOOK) -> AsyncIterator[Counter]:
    async with opened(folder, text) as office:
        yield Counter(office)
