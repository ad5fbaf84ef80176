"""A desk over a real store, for people who claim things and moderators who decide."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.storage.store import Store, open_store
from adapters.terminal.cards import render
from bot.codes import CodeDesk
from bot.desk import FrontDesk
from bot.verification import compare
from core.ports import Person
from core.requests import Answer, Request
from core.rights import Role
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import NOON, book
from tests.databases import fresh

URL = "https://plaudit.example.org"
BOOK = """
rules = 1
[community]
timezone = "Europe/Berlin"
quiet_start = "0 days"
sources = ["slack:T1", "discord:2", "scout:acme"]
proposals = true
[channels]
moderators = { slack = "#mods" }
[achievement.teacher]
name = "Teacher"
when = "action.validated"
where.kind = ["workshop", "talk"]
[achievement.guest]
name = "Guest"
when = ["code.claimed", "link.visited"]
[achievement.beyond]
name = "Beyond"
manual = "moderator"
"""
WORKSHOP = "teacher|workshop"


@dataclass
class Office:
    url: str
    store: Store
    clock: Clock
    desk: FrontDesk
    codes: CodeDesk
    text: str
    asked: int = 0

    async def ask(self, who: str, verb: str, **arguments: str) -> Answer:
        """Somebody asks; `N` and `O` are moderators."""
        self.asked += 1
        account = f"slack:T1/{who}"
        role: Role = "moderator" if who in ("N", "O") else "member"
        request = Request(f"r{self.asked}", "slack:T1", account, verb, self.clock(), arguments, role, "C1")
        return await self.desk.answer(request)

    async def said(self, who: str, verb: str, **arguments: str) -> str:
        return render((await self.ask(who, verb, **arguments)).card)

    async def claim(self, who: str, what: str = WORKSHOP, day: str = "2026-03-18", **more: str) -> str:
        return await self.said(who, "claim-send", what=what, day=day, **more)

    async def press(self, who: str, verb: str, argument: str = "1") -> str:
        return await self.said(who, verb, argument=argument)

    def rows(self, query: str, *parameters: object) -> list[Any]:
        with sqlite3.connect(self.url.removeprefix("sqlite+aiosqlite:///")) as db:
            return db.execute(query, parameters).fetchall()

    def dump(self) -> list[str]:
        """The whole file as text."""
        with sqlite3.connect(self.url.removeprefix("sqlite+aiosqlite:///")) as db:
            return list(db.iterdump())

    def awards(self, who: str) -> set[str]:
        query = "SELECT achievement FROM award WHERE member = ? AND state = 'awarded'"
        return {row[0] for row in self.rows(query, f"slack:T1/{who}")}

    def differences(self) -> list[str]:
        return compare(self.url, [book(self.text)], self.clock())


@asynccontextmanager
async def opened(folder: Path, text: str = BOOK) -> AsyncIterator[Office]:
    """At the end the log supports what is stored."""
    url, clock = await asyncio.to_thread(fresh, folder), Clock(NOON)
    store = await open_store(url, [book(text)], clock)
    await store.meet([Person(f"slack:T1/{key}", name) for key, name in NAMES.items()])
    codes = CodeDesk(store, URL)
    office = Office(url, store, clock, FrontDesk(store, codes), codes, text)
    try:
        yield office
        assert office.differences() == []
    finally:
        await store.close()


NAMES = {"A": "Amira", "J": "Jonas", "L": "Lena", "N": "Noor", "O": "Olga"}
