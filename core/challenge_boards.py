"""Where people and teams stand in a challenge, and what a desk must know about challenges."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core import leaderboards
from core.challenges import Challenge, Draft, Whom, Wish
from core.court import Court
from core.events import Account
from core.members import Member
from core.privacy import on_boards
from core.records import StandingRow
from core.standings import Sight, counting, standing

MOST = 500
"""Who joined after so many others is counted in the results and not ranked on the way."""


@dataclass(frozen=True, slots=True)
class Board:
    """`rows`: who joined, with what each of them has; `reached`: members who have it, the first first, also those who
    did not join. `people`: who may be named, so nobody who reached it in a private channel and did not join. `teams`:
    name and count, the most first. `together`: what the whole community has, None where it is not for all together."""

    rows: tuple[StandingRow, ...] = ()
    reached: tuple[Member, ...] = ()
    joined: tuple[Member, ...] = ()
    teams: tuple[tuple[str, int], ...] = ()
    people: Mapping[Member, StandingRow] = field(default_factory=dict)
    together: int | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """Somebody on the board. Ties share a place: 1, 1, 3."""

    place: int
    row: StandingRow


class Challenges(Protocol):
    """Reads of one community."""

    async def all(self) -> Mapping[str, Challenge]:
        """Every challenge by id, the earliest first."""
        ...

    async def retired(self) -> Collection[str]:
        """Ids of achievements that were in force once and are not now: their awards stand."""
        ...

    async def draft(self, id_: str) -> Draft | None: ...

    async def joined(self, challenge: str) -> Sequence[Account]:
        """The accounts that take part."""
        ...

    async def board(self, challenge: Challenge) -> Board: ...

    async def would_reach(self, wish: Wish, *, patient: bool) -> int | None:
        """How many people would have reached it in the last month; None where that takes too long. `patient`: whoever
        asked can wait for some seconds."""
        ...


def ranked(rows: Sequence[StandingRow], staff: str | None, most: int) -> list[Ranked]:
    """Those whom others may see, the most first, so many of them. Within a tie by name, and who wants no name last."""
    shown = [row for row in rows if on_boards(row.person, row.choice, staff)]
    keyed = {f"{row.person.name.casefold()}\0{row.person.account}": row for row in shown}
    order = leaderboards.Board((key, row.amount, row.choice.anonymous) for key, row in keyed.items())
    return [Ranked(standing.place, keyed[standing.key]) for standing in order.first(most)]


def amounts(court: Court, achievement: str, members: Sequence[Member]) -> dict[Member, int]:
    """How much each member has; what was reached counts at least its goal."""
    found: dict[Member, int] = {}
    for member in members:
        there = standing(court, court.member(member), achievement)
        found[member] = int(there.value) if there is not None else 0
    return found


def teams(court: Court, achievement: str) -> tuple[tuple[str, int], ...]:
    """How much each team has, the most first; nothing for a challenge that is not for teams."""
    found = _of_groups(court, achievement, "team")
    return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def together(court: Court, achievement: str) -> int | None:
    """How much the whole community has; None for a challenge that is not for all of it together."""
    return next(iter(_of_groups(court, achievement, "community").values()), None)


def _of_groups(court: Court, achievement: str, whom: Whom) -> dict[str, int]:
    wanted = court.plan.wanted.get(achievement)
    if wanted is None or wanted.rule.for_ != whom or (c := wanted.criterion) is None:
        return {}
    return {
        group: int(counting(c, Sight(achievement, court.entries(c, group), court.axis(c, group), court.now)).value)
        for group in court.groups(wanted)
    }
