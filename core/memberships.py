"""Who is in which team, from platforms' groups and roles and from what people said by hand: as dated statements.

They are of the type that a roster uses, so that there is one truth: the latest one that has come counts, whoever says
it. What was said of days that are over is never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.events import Account, Fact, Statement
from core.members import Member
from core.plan import TEAM
from core.ports import Person
from core.rules.book import RuleBook
from core.rules.community import Platform
from core.rules.teams import Team

NOWHERE = ""  # the team of somebody who is in none
BY_ROLES = "by_roles"
"""The fact that says which team the roles give, where something else may count meanwhile."""
_ROLES = "roles:"  # how the ids begin of what roles say


@dataclass(frozen=True, slots=True)
class Stay:
    """In which team somebody is since when (UTC microseconds); "" for none."""

    team: str
    since: int


class Teams(Protocol):
    """Reads of one community's memberships, as they are now."""

    async def stays(self, member: Member) -> Sequence[Stay]:
        """A member's teams one after the other, the latest last; nothing for somebody who never was in one."""
        ...

    async def sizes(self) -> Mapping[str, int]:
        """How many members each team has whom the platforms have too; no bots."""
        ...


def team_of(facts: Iterable[Fact], now: int) -> str:
    """The team at that time. `facts`: what is said of somebody's teams, in order of time."""
    until_then = [f for f in facts if f.at <= now]
    return _said(until_then[-1], "team") if until_then else NOWHERE


def stays_of(facts: Iterable[Fact], now: int) -> list[Stay]:
    """The same as a history, each team once for as long as it goes on."""
    found: list[Stay] = []
    for fact in facts:
        team = _said(fact, "team")
        if fact.at <= now and team != (found[-1].team if found else NOWHERE):
            found.append(Stay(team, fact.at))
    return found


def asks_roles(book: RuleBook, platform: Platform) -> bool:
    """Whether a group or role of that platform says who is in a team."""
    return any(team.on(platform) is not None for team in book.teams.values())


def by_roles(book: RuleBook, person: Person, facts: Sequence[Fact], now: int) -> Statement | None:
    """What somebody's roles say that they did not say before, as it was learnt `now` (UTC microseconds).

    `facts`: what is said of the teams of this member, by all their accounts, in order of time. Roles that go end only
    what roles gave: who was moved by hand meanwhile stays there, and who has a team by another account has that one.
    """
    given = _given(book, person)
    before = [f for f in facts if f.id.startswith(_ROLES)]
    known = next((_by_roles(f) for f in reversed(before) if f.target == person.account), NOWHERE)
    if given == known:
        return None
    at = max(now, *(f.at + 1 for f in before)) if before else now
    team = given or _what_stays(facts, person.account, known, at)
    source, id_ = person.account.partition("/")[0], f"{_ROLES}{person.account}:{at}"
    return Statement(source, id_, at, TEAM, target=person.account, facts={"team": team, BY_ROLES: given})


def _given(book: RuleBook, person: Person) -> str:
    """The first team of the book whose group or role the person has."""
    if not person.present:
        return NOWHERE
    platform: Platform = "slack" if person.account.startswith("slack:") else "discord"
    held = {_plain(role) for role in person.roles or ()}
    fitting = (t.name for t in book.teams.values() if (there := t.on(platform)) and _plain(there) in held)
    return next(fitting, NOWHERE)


def _what_stays(facts: Sequence[Fact], account: Account, lost: str, now: int) -> str:
    """Where somebody is without the team that their roles gave."""
    current = team_of(facts, now)
    if current != lost:
        return current
    others: dict[Account | None, str] = {}
    for fact in (f for f in facts if f.id.startswith(_ROLES) and f.target != account):
        others.pop(fact.target, None)  # so that whoever spoke last stands last
        others[fact.target] = _by_roles(fact)
    return next((team for team in reversed(others.values()) if team), NOWHERE)


def _by_roles(fact: Fact) -> str:
    return _said(fact, BY_ROLES)


def _said(fact: Fact, name: str) -> str:
    return str(fact.facts.get(name, NOWHERE))


def _plain(name: str) -> str:
    return name.removeprefix("@").casefold()


def find(teams: Mapping[str, Team], typed: str) -> Team | None:
    """The team with that id or name."""
    wanted = typed.strip().casefold()
    return next((t for id_, t in teams.items() if wanted in (id_.casefold(), t.name.casefold())), None)
