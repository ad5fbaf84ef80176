"""Reads for commands and the digest, on an engine of their own that cannot write."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.storage.boards import Glance, OneCommunity
from adapters.storage.tables import account, act, announcement, award, choice, level, party, score
from core.audit import Act
from core.boards import Reading
from core.compiling import TALLY
from core.diagnosis import Diagnosis
from core.effects import place_from
from core.events import Account
from core.language import ENGLISH, Language
from core.members import Member, People
from core.records import (
    NO_CHOICE,
    ChoiceRow,
    DigestAward,
    DigestFacts,
    HeldAward,
    LadderRow,
    LevelReached,
    PersonRow,
    ProgressLine,
    Shown,
    StandingRow,
    as_one,
)

Progress = Callable[[Member, Language], Awaitable[list[ProgressLine]]]
Looks = Glance | OneCommunity
Examine = Callable[[Member, str, bool, Language], Awaitable[Diagnosis | None]]
WAIT_S = 10.0
_MOST_ASKED = 500  # accounts in one query: below every database's limit of parameters


def read_engine(url: str) -> AsyncEngine:
    """An engine that can only read. Dispose of it at exit, or aiosqlite's threads keep the interpreter alive.

    `url` is as in PLAUDIT_DATABASE_URL. With SQLite the file must exist; a reader that meets a writer waits.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(parsed)
    file = f"file:{quote(parsed.database or '')}"
    read_only = parsed.set(drivername="sqlite+aiosqlite", database=file, query={"mode": "ro", "uri": "true"})
    return create_async_engine(read_only, connect_args={"timeout": WAIT_S})


@dataclass(frozen=True, slots=True)
class StoredRecords:
    """`core.records.Records` of one community. `standing`, `examine`: where a member stands, and why they have an
    achievement or not (member, achievement, whether they ask themselves), read by whoever judges. `known`: who is who.
    """

    engine: AsyncEngine
    community: str
    standing: Progress
    examine: Examine
    known: People = field(default_factory=People)
    boards: Looks | None = None

    async def awards(self, member: Member) -> list[HeldAward]:
        # What stands without facts stays with the account that had it, so that it goes along when accounts part.
        theirs = sa.and_(award.c.member.in_(self.known.accounts(member)), award.c.kept, award.c.state == "awarded")
        here = sa.select(award).where(award.c.community == self.community)
        seen = here.where(sa.or_(award.c.member == member, theirs), award.c.state != "shadow")  # a trial touches nobody
        rows = await self._rows(seen.order_by(award.c.earned_at.desc(), award.c.id.desc()))
        return _each_once([_award(row) for row in rows], member)

    async def progress(self, member: Member, t: Language = ENGLISH) -> list[ProgressLine]:
        return await self.standing(member, t)

    async def diagnosis(
        self, member: Member, achievement: str, *, own: bool, t: Language = ENGLISH
    ) -> Diagnosis | None:
        return await self.examine(member, achievement, own, t)

    async def standings(self, first_day: int, last_day: int) -> list[StandingRow]:
        amount = sa.func.sum(score.c.amount)
        sums = (
            sa.select(score.c.member, amount.label("amount"))
            .where(score.c.community == self.community, score.c.day.between(first_day, last_day), _OWN_SCORE)
            .group_by(score.c.member)
            .having(amount > 0)
            .subquery()
        )
        who = self._with_person(sums, sums.c.member)
        rows = await self._rows(sa.select(sums, *_PERSON, *_CHOICE).select_from(who))
        persons = await self._persons(rows)
        return [StandingRow(persons[row["member"]], int(row["amount"]), _choice(row)) for row in rows]

    async def board(self, reading: Reading, member: Member) -> Shown:
        return await self._looks().look(reading, member)

    async def closed_board(self, reading: Reading, member: Member) -> Shown | None:
        return await self._looks().closed(reading, member)

    def _looks(self) -> Looks:
        return self.boards or Glance(self.engine.url.database or "", self.community, self.known)

    async def ladder(self, member: Member) -> LadderRow:
        total = sa.select(sa.func.coalesce(sa.func.sum(score.c.amount), 0).label("score"))
        mine = total.where(score.c.community == self.community, score.c.member == member, _OWN_SCORE)
        held = sa.select(level.c.name).where(level.c.community == self.community, level.c.member == member)
        names = frozenset(row["name"] for row in await self._rows(held))
        return LadderRow(int((await self._rows(mine))[0]["score"]), names)

    async def people(self, accounts: Iterable[Account]) -> Mapping[Account, PersonRow]:
        asked = sorted(set(accounts))
        found: dict[Account, PersonRow] = {}
        for start in range(0, len(asked), _MOST_ASKED):
            some = asked[start : start + _MOST_ASKED]
            wanted = sa.select(account.c.account.label("member"), *_PERSON)
            rows = await self._rows(wanted.where(account.c.community == self.community, account.c.account.in_(some)))
            found.update((row["member"], _person(row, row["member"])) for row in rows)
        return found

    async def choice(self, member: Member) -> ChoiceRow:
        wanted = sa.select(*_CHOICE).where(choice.c.community == self.community, choice.c.member == member)
        rows = await self._rows(wanted)
        return _choice(rows[0]) if rows else NO_CHOICE

    async def acts(self, about: Sequence[Account], most: int) -> list[Act]:
        found = sa.select(act).where(act.c.community == self.community).order_by(act.c.at.desc(), act.c.id.desc())
        rows = await self._rows((found.where(act.c.about.in_(about)) if about else found).limit(most))
        return [Act(**{name: row[name] for name in Act.__dataclass_fields__}) for row in rows]

    async def digest(self, start: int, end: int, first_day: int, last_day: int) -> DigestFacts:
        rows = await self._rows(self._decided(start, end))
        whose = await self._whose(rows)
        found = tuple(_told(row, *whose[row["member"]]) for row in rows)
        helpers = tuple(await self.standings(first_day, last_day))
        earlier = tuple(await self.standings(2 * first_day - last_day - 1, first_day - 1))
        thanks = await self._thanks(first_day, last_day)
        return DigestFacts(start, end, found, helpers, await self._reached(start, end), earlier, thanks)

    async def _thanks(self, first_day: int, last_day: int) -> dict[Member, tuple[str, ...]]:
        """The score rules by which each member scored in these days, the most first."""
        amount = sa.func.sum(score.c.amount)
        wanted = (
            sa.select(score.c.member, score.c.rule)
            .where(score.c.community == self.community, score.c.day.between(first_day, last_day), _OWN_SCORE)
            .group_by(score.c.member, score.c.rule)
            .having(amount > 0)
            .order_by(amount.desc(), score.c.rule)
        )
        found: dict[Member, tuple[str, ...]] = {}
        for row in await self._rows(wanted):
            found[row["member"]] = (*found.get(row["member"], ()), row["rule"])
        return found

    async def _reached(self, start: int, end: int) -> tuple[LevelReached, ...]:
        here = sa.select(level.c.member, level.c.name.label("level")).where(level.c.community == self.community)
        lately = here.where(level.c.since >= start, level.c.since < end).subquery()
        who = self._with_person(lately, lately.c.member)
        rows = await self._rows(sa.select(lately, *_PERSON, *_CHOICE).select_from(who))
        whose = await self._whose(rows)
        return tuple(LevelReached(row["level"], *whose[row["member"]]) for row in rows)

    async def _whose(self, rows: Sequence[sa.RowMapping]) -> dict[Member, tuple[PersonRow, ChoiceRow]]:
        """Who the members of these rows are and what they chose. What stands without facts stays with a linked account:
        its person, too, chose for all their accounts."""
        persons = await self._persons(rows)
        found = {row["member"]: (persons[row["member"]], _choice(row)) for row in rows}
        for one, head in {m: self.known.member(m) for m in found if self.known.member(m) != m}.items():
            there = await self.people(self.known.accounts(head))
            found[one] = as_one(head, list(there.values())), await self.choice(head)
        return found

    async def _persons(self, rows: Iterable[sa.RowMapping]) -> dict[Member, PersonRow]:
        """The members of these rows, each by all their accounts."""
        own = {row["member"]: _person(row, row["member"]) for row in rows}
        groups = {m: self.known.accounts(m) for m in own}
        others = await self.people(a for m, there in groups.items() if len(there) > 1 for a in there)
        rows_of = {m: [others[a] for a in there if a in others] or [own[m]] for m, there in groups.items()}
        return {m: as_one(m, there) for m, there in rows_of.items()}

    def _decided(self, start: int, end: int) -> sa.Select[Any]:
        """Standing awards decided in [start, end), or held back before; each with its turn among the member's and when
        they joined."""
        turn = sa.func.row_number().over(partition_by=award.c.member, order_by=(award.c.earned_at, award.c.id))
        standing = (
            sa.select(award, turn.label("turn"))
            .where(award.c.community == self.community, award.c.state == "awarded")
            .subquery()
        )
        held = sa.exists().where(
            announcement.c.community == self.community,
            announcement.c.state == "digest",
            announcement.c.award == standing.c.id,
            announcement.c.decided_at == standing.c.decided_at,
        )
        joined = (
            sa.select(sa.func.max(party.c.at))
            .where(
                party.c.community == self.community,
                party.c.account == standing.c.member,
                party.c.type == "member.joined",
            )
            .scalar_subquery()
        )
        return (
            sa.select(standing, joined.label("joined"), held.label("held"), *_PERSON, *_CHOICE)
            .select_from(self._with_person(standing, standing.c.member))
            .where(sa.or_(standing.c.decided_at >= start, held), standing.c.decided_at < end)
            .order_by(standing.c.earned_at, standing.c.id)
        )

    def _with_person(self, rows: sa.Subquery, member: sa.ColumnElement[str]) -> sa.FromClause:
        """The rows beside what is known and chosen of their member; both may be missing."""
        known = sa.and_(account.c.community == self.community, account.c.account == member)
        chosen = sa.and_(choice.c.community == self.community, choice.c.member == member)
        return rows.outerjoin(account, known).outerjoin(choice, chosen)

    async def _rows(self, wanted: sa.Select[Any]) -> list[sa.RowMapping]:
        async with self.engine.connect() as connection:
            return list((await connection.execute(wanted)).mappings())


_OWN_SCORE = sa.not_(score.c.rule.startswith(TALLY))
_PERSON = (account.c.name, account.c.bot, account.c.present, account.c.roles)
_CHOICE = (choice.c.announce, choice.c.hidden, choice.c.tracked, choice.c.anonymous, choice.c.digest, choice.c.named)


def _person(row: sa.RowMapping, of: Account) -> PersonRow:
    if row["name"] is None:
        return PersonRow(of, of.partition("/")[2] or of)
    return PersonRow(of, row["name"], row["bot"], row["present"], tuple(orjson.loads(row["roles"])))


def _choice(row: sa.RowMapping) -> ChoiceRow:
    if row["hidden"] is None:
        return NO_CHOICE
    said = (row[name] for name in ("hidden", "tracked", "anonymous", "digest", "named"))
    return ChoiceRow(row["announce"] or None, *said)


def _each_once(awards: Sequence[HeldAward], member: Member) -> list[HeldAward]:
    """Without what a linked account was left with beside the same award of the member's own."""
    own = {(a.achievement, a.tier, a.occurrence) for a in awards if a.member == member and a.state != "revoked"}
    return [a for a in awards if a.member == member or (a.achievement, a.tier, a.occurrence) not in own]


def _told(row: sa.RowMapping, person: PersonRow, chosen: ChoiceRow) -> DigestAward:
    return DigestAward(_award(row), person, chosen, row["turn"] == 1, row["joined"], row["held"])


def _award(row: sa.RowMapping) -> HeldAward:
    return HeldAward(
        id=row["id"],
        member=row["member"],
        achievement=row["achievement"],
        version=row["version"],
        state=row["state"],
        earned_at=row["earned_at"],
        evidence=row["evidence"],
        since=row["since"],
        decided_at=row["decided_at"],
        due_at=row["due_at"],
        tier=row["tier"] or None,
        occurrence=row["occurrence"],
        period=row["period"],
        kept=row["kept"],
        place=place_from(row["place"]),
        by=row["by"],
        note=row["note"],
        reason=row["reason"],
    )
