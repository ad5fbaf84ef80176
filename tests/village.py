"""A small community in a real SQLite file: tests write rows and read them as the bot does."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import orjson
import sqlalchemy as sa

from adapters.storage import tables
from adapters.storage.records import StoredRecords, read_engine
from adapters.terminal.cards import render
from core.announcements import Place
from core.diagnosis import Diagnosis
from core.language import Language
from core.members import Member
from core.records import ProgressLine
from core.requests import Answer, Request
from core.rules.book import RuleBook
from core.times import read_time
from tests.databases import fresh

COMMUNITY = "default"
TEAM = "slack:T1"
AMIRA, JONAS, LENA, MEI, KOFI = (f"{TEAM}/{u}" for u in ("U1", "U2", "U3", "U4", "U5"))
NAMES = {AMIRA: "Amira", JONAS: "Jonas", LENA: "Lena", MEI: "Mei", KOFI: "Kofi"}
NOW = read_time("2026-03-18T12:00:00Z")  # a Wednesday
DAY = 24 * 3600 * 1_000_000

BOOK = """
rules = 1
[community]
timezone = "Europe/Berlin"
day_starts = "04:00"
staff = "Staff"
[signal.helpful_answer]
describe = "an answer that three different people marked as helpful"
when = "reaction.added"
each = "message"
distinct = "actor"
goal = 3
[achievement.first_post]
name = "First post"
description = "Your first message."
when = "message.posted"
announce = "digest"
[achievement.trusted_helper]
name = "Trusted helper"
description = "Five answers marked as helpful."
emoji = "ring_buoy"
when = "helpful_answer"
goal = 5
gives_role = "Helpers"
version = 2
[achievement.settling_in]
name = "Settling in"
when = "message.posted"
goal = 3
announce = "private"
[achievement.teacher]
name = "Teacher"
when = "action.validated"
where.kind = ["workshop", "talk"]
goal = 2
[achievement.beyond_the_chat]
name = "Beyond the chat"
manual = "moderator"
repeat = true
announce = "channel"
[achievement.riddle]
name = "The riddle"
when = "message.posted"
secret = true
[achievement.on_trial]
name = "On trial"
when = "message.posted"
status = "shadow"
[score.helpful]
when = "helpful_answer"
give = 5
"""


def book(text: str = BOOK) -> RuleBook:
    return RuleBook.model_validate(tomllib.loads(text), context={"words": {}})


class Village:
    """Writes with a connection of its own; `records` reads. Close it with `close`."""

    def __init__(self, folder: Path) -> None:
        self.url = fresh(folder)
        self._engine = sa.create_engine(sa.URL.create("sqlite", database=str(folder / "plaudit.db")))
        self.lines: dict[Member, list[ProgressLine]] = {}
        self.diagnoses: dict[tuple[Member, str, bool], Diagnosis] = {}
        self.records = StoredRecords(read_engine(self.url), COMMUNITY, self._progress, self._diagnosis)
        for account, name in NAMES.items():
            self.person(account, name)

    async def _progress(self, member: Member, t: Language) -> list[ProgressLine]:
        return self.lines.get(member, [])

    async def _diagnosis(self, member: Member, achievement: str, own: bool, t: Language) -> Diagnosis | None:
        return self.diagnoses.get((member, achievement, own))

    async def close(self) -> None:
        await self.records.engine.dispose()
        self._engine.dispose()

    def keep(self, statement: sa.Executable) -> None:
        with self._engine.begin() as connection:
            connection.execute(statement)

    def person(self, account: str, name: str, *, community: str = COMMUNITY, **more: object) -> None:
        roles = orjson.dumps(more.pop("roles", [])).decode()
        row = {"bot": False, "present": True, "roles": roles, **more}
        where = sa.and_(tables.account.c.account == account, tables.account.c.community == community)
        self.keep(sa.delete(tables.account).where(where))
        self.keep(sa.insert(tables.account).values(community=community, account=account, name=name, **row))

    def award(
        self, member: str, achievement: str, at: int = NOW - DAY, place: Place | None = None, **more: object
    ) -> None:
        row: dict[str, object] = {
            "community": COMMUNITY,
            "version": 1,
            "tier": "",
            "occurrence": "",
            "state": "awarded",
            "kept": False,
            "due_at": at,
            "evidence": 1,
            "since": at,
            "decided_at": at,
            "place": _written(place) if place else None,
        }
        values = row | {"member": member, "achievement": achievement, "earned_at": at} | more
        self.keep(sa.insert(tables.award).values(values))

    def score(self, member: str, amount: int, day: int, *, community: str = COMMUNITY, rule: str = "h") -> None:
        self.keep(sa.insert(tables.score).values(community=community, day=day, member=member, rule=rule, amount=amount))

    def level(self, member: str, name: str, since: int = NOW - DAY) -> None:
        self.keep(sa.insert(tables.level).values(community=COMMUNITY, member=member, name=name, since=since))

    def chose(
        self,
        member: str,
        announce: str | None = None,
        hidden: bool = False,
        tracked: bool = True,
        anonymous: bool = False,
    ) -> None:
        self.keep(
            sa.insert(tables.choice).values(
                community=COMMUNITY,
                member=member,
                announce=announce,
                hidden=hidden,
                tracked=tracked,
                anonymous=anonymous,
            )
        )

    def joined(self, member: str, at: int) -> None:
        self.keep(
            sa.insert(tables.party).values(community=COMMUNITY, account=member, type="member.joined", at=at, seq=1)
        )


def _written(place: Place) -> bytes:
    return orjson.dumps([place.source, place.channel, place.message, place.thread, place.private])


def ask(verb: str, account: str = AMIRA, *, moderator: bool = False, **arguments: str) -> Request:
    """A question of Amira at the village's now."""
    return Request("r1", TEAM, account, verb, NOW, arguments, "moderator" if moderator else "member", "C1")


def said(answer: Answer) -> str:
    """What the answer says, as text."""
    return render(answer.card)


def pressed(answer: Answer) -> Mapping[str, str]:
    """Labels of the buttons with their arguments."""
    return {b.label: b.argument for b in answer.card.buttons}
