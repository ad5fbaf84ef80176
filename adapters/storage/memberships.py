"""Who is in which team: what platforms' roles say goes to the log, and commands read what is known."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from adapters.storage.communities import Communities
from adapters.storage.history import SqlHistory
from adapters.storage.transactions import SqlTransaction
from core.events import Fact, Statement, fact_of
from core.members import Member, in_chat
from core.memberships import Stay, asks_roles, by_roles, stays_of, team_of
from core.pipeline import ingest
from core.plan import TEAM
from core.ports import History, Person
from core.rules.community import Platform
from core.serving import Served

_PRESENT = "SELECT account FROM account WHERE community = ? AND present AND NOT bot"
_TOLD = "SELECT DISTINCT account FROM party WHERE community = ? AND type = ?"


def concerned(communities: Communities, people: Iterable[Person]) -> dict[str, list[Person]]:
    """By community, those whose roles are known and may say in which team they are."""
    found: dict[str, list[Person]] = {}
    for person in people:
        community = communities.of_account(person.account)
        if community is None or person.bot or person.roles is None or not in_chat(person.account):
            continue
        platform: Platform = "slack" if person.account.startswith("slack:") else "discord"
        if asks_roles(communities.served[community].plan.book, platform):
            found.setdefault(community, []).append(person)
    return found


def follow_roles(db: sa.Connection, communities: Communities, people: Sequence[Person], now: int) -> int:
    """Say in the log, inside this commit, what roles say of teams and did not say before. Returns how much was new."""
    said = 0
    for community, there in concerned(communities, people).items():
        tx, served = SqlTransaction(db, community), communities.served[community]
        new = _news(tx, served, there, now)
        if new:
            ingest(tx, served, new, now)
        said += len(new)
    return said


def following(communities: Communities, people: Sequence[Person], now: int) -> Callable[[sa.Connection], int]:
    """The same, still to be done."""
    return lambda db: follow_roles(db, communities, people, now)


def _news(history: History, served: Served, people: Sequence[Person], now: int) -> list[Statement]:
    """Nothing is said about whoever was erased or opted out."""
    who = {p: served.people.member(p.account) for p in people if served.erased.of(p.account) is None}
    known = _by_member(history, served, {m for m in who.values() if served.people.tracked(m, now)})
    news: list[Statement] = []
    for person, member in who.items():
        facts = known.setdefault(member, [])
        if served.people.tracked(member, now) and (s := by_roles(served.plan.book, person, facts, now)) is not None:
            facts.append(fact_of(s, s.at, 0))
            news.append(s)
    return news


def _by_member(history: History, served: Served, members: Iterable[Member]) -> dict[Member, list[Fact]]:
    """What is said of the teams of these members, in order of time."""
    accounts = {a for m in members for a in served.people.accounts(m)}
    found: dict[Member, list[Fact]] = {}
    for fact in history.facts(accounts, [TEAM]):
        who = fact.target or fact.actor
        if who is not None:
            found.setdefault(served.people.member(who), []).append(fact)
    return found


@dataclass(frozen=True, slots=True)
class StoredTeams:
    """core.memberships.Teams of one community. `look` runs a read on a connection of its own; `now`: UTC
    microseconds."""

    look: Callable[[Callable[[sa.Connection], Any]], Awaitable[Any]]
    served: Served
    now: int

    async def stays(self, member: Member) -> Sequence[Stay]:
        def read(db: sa.Connection) -> list[Stay]:
            history = SqlHistory(db, self.served.plan.community)
            return stays_of(_by_member(history, self.served, [member]).get(member, ()), self.now)

        found: list[Stay] = await self.look(read)
        return found

    async def sizes(self) -> Mapping[str, int]:
        found: Mapping[str, int] = await self.look(self._sizes)
        return found

    def _sizes(self, db: sa.Connection) -> dict[str, int]:
        history, people = SqlHistory(db, self.served.plan.community), self.served.people
        here = {people.member(row[0]) for row in history.rows(_PRESENT, (history.community,))}
        told = {people.member(row[0]) for row in history.rows(_TOLD, (history.community, TEAM))}
        sizes: dict[str, int] = {}
        for facts in _by_member(history, self.served, here & told).values():
            if team := team_of(facts, self.now):
                sizes[team] = sizes.get(team, 0) + 1
        return sizes
