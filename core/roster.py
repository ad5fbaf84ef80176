"""Who is in which team since when, and who joined or left, by a roster from outside: as dated statements.

A team is said by a statement at each moment at which it changes, with "" for none. An import says the difference
between what its source said before and what the file says; of past days of which the file says nothing, what was said
stays. Nothing here decides about awards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.calendar import Calendar
from core.events import WITHDRAW, Account, Fact, Statement
from core.members import Member, People, in_chat, voice
from core.plan import LEFT, MEMBERSHIP, TEAM
from core.roster_rows import Row

KINDS = ("roster:", "hr:")
"""How the sources begin that may say who left."""
IMPORTED = "roster.imported"
BY = "operator"
NOTHING = ""  # the team of somebody who is in none
Said = Mapping[str, int]
"""By id: the time of the latest statement about a fact of the source."""


@dataclass(frozen=True, slots=True)
class Log:
    """What a source said so far: live facts, and when it last said anything about each fact."""

    facts: Sequence[Fact]
    said: Said


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody changes their team; "" for none. `at`: UTC microseconds."""

    account: Account
    before: str
    after: str
    at: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What an import would say. `later`: who joins or leaves on a day to come; an import then says it."""

    statements: tuple[Statement, ...] = ()
    joiners: tuple[Account, ...] = ()
    leavers: tuple[Account, ...] = ()
    back: tuple[Account, ...] = ()
    moves: tuple[Move, ...] = ()
    later: tuple[Account, ...] = ()


@dataclass(frozen=True, slots=True)
class _Task:
    source: str
    log: Log
    calendar: Calendar
    now: int
    people: People

    @property
    def today(self) -> int:
        """When the day of the import begins."""
        return self.calendar.first_instant(self.calendar.day(self.now), "day")

    def start(self, day: int) -> int:
        return self.calendar.first_instant(day, "day")

    def named(self, at: int) -> str:
        return self.calendar.name(self.calendar.day(at), "day")

    def after(self, id_: str, at: int) -> int:
        """This time, or just after the latest statement about the fact: what is said now is what counts."""
        said = self.log.said.get(id_)
        return at if said is None else max(at, said + 1)


def is_roster(source: str) -> bool:
    """Whether a source may say who left."""
    return source.startswith(KINDS)


def difference(
    source: str,
    rows: Iterable[tuple[Account, Row]],
    log: Log,
    calendar: Calendar,
    now: int,
    people: People | None = None,
) -> Difference:
    """What the file says beyond what the source said before. Empty for the same file once more."""
    task = _Task(source, log, calendar, now, people or People())
    given: dict[Member, list[tuple[Account, Row]]] = {}
    for account, row in rows:
        given.setdefault(task.people.member(account), []).append((account, row))
    facts: dict[Member, list[Fact]] = {}
    for fact in log.facts:
        facts.setdefault(task.people.member(fact.target or fact.actor or ""), []).append(fact)
    parts = []
    for member in sorted({*given, *facts}):
        there = given.get(member, ())
        account = there[0][0] if there else voice(member, task.people.accounts(member)) or member
        parts.append(_of(task, account, [row for _, row in there], facts.get(member, ())))
    return _together(task, parts)


def _together(task: _Task, parts: Sequence[Difference]) -> Difference:
    found = Difference(
        *(tuple(item for p in parts for item in getattr(p, name)) for name in Difference.__dataclass_fields__)
    )
    if not found.statements:
        return found
    numbers = {"joined": len(found.joiners), "left": len(found.leavers), "moved": len(found.moves)}
    reason = ", ".join(f"{n} {name}" for name, n in numbers.items())
    last = Statement(task.source, f"import:{task.now}", task.now, IMPORTED, facts=numbers, reason=reason, by=BY)
    return replace(found, statements=(*found.statements, last))


def _of(task: _Task, account: Account, rows: Sequence[Row], facts: Sequence[Fact]) -> Difference:
    moved = _teams(task, account, [r for r in rows if r.team], [f for f in facts if f.type == TEAM])
    presence = _presence(task, account, rows, [f for f in facts if f.type in (MEMBERSHIP, LEFT)])
    return replace(presence, statements=(*presence.statements, *moved.statements), moves=moved.moves)


# ---- teams


def _teams(task: _Task, account: Account, rows: Sequence[Row], facts: Sequence[Fact]) -> Difference:
    known = {f.at: f for f in sorted(facts, key=lambda f: (f.at, f.id))}
    stays = [_stay(task, row, known) for row in rows]
    points = {*known, task.today, *(p for since, end, _, _ in stays for p in (since, end) if p is not None)}
    statements, moves, current = [], [], NOTHING
    for at in sorted(points):
        team = _at(stays, at) or (_known_at(known, at) if at < task.today else NOTHING)
        if team != (_team_of(known[at]) if at in known else current):
            statements.append(_team(task, account, at, team, known.get(at)))
            moves += [Move(account, current, team, at)] if team != current else []
        current = team
    return Difference(tuple(statements), moves=tuple(moves))


_Stay = tuple[int, int | None, str, int]
"""From when, until before when (None: on and on), the team, the line."""


def _stay(task: _Task, row: Row, known: Mapping[int, Fact]) -> _Stay:
    """A row without a first day goes on with what was known, or begins with the membership, or today."""
    end = None if row.until is None else task.start(row.until + 1)
    if row.since is not None:
        return task.start(row.since), end, row.team, row.line
    before = max((at for at in known if at <= task.today), default=None)
    if before is not None and _team_of(known[before]) == row.team:
        return before, end, row.team, row.line
    return (task.today if row.joined is None else task.start(row.joined)), end, row.team, row.line


def _at(stays: Sequence[_Stay], at: int) -> str:
    """The team at that time: the one that was entered last, of those that go on."""
    there = [(since, line, team) for since, end, team, line in stays if since <= at and (end is None or at < end)]
    return max(there)[2] if there else NOTHING


def _known_at(known: Mapping[int, Fact], at: int) -> str:
    before = max((moment for moment in known if moment <= at), default=None)
    return NOTHING if before is None else _team_of(known[before])


def _team_of(fact: Fact) -> str:
    return str(fact.facts.get("team", NOTHING))


def _team(task: _Task, account: Account, at: int, team: str, known: Fact | None) -> Statement:
    """What was known is said anew: it keeps its time."""
    if known is not None:
        said = task.after(known.id, task.now)
        return Statement(task.source, known.id, said, TEAM, target=known.target, facts={"team": team}, by=BY)
    id_ = team_id(account, task.named(at))
    return Statement(task.source, id_, task.after(id_, at), TEAM, target=account, facts={"team": team}, by=BY)


def team_id(account: Account, day: str) -> str:
    return f"team:{account}:{day}"


def joined_id(account: Account, day: str) -> str:
    return f"member:{account}:{day}"


def left_id(account: Account) -> str:
    return f"left:{account}"


# ---- who is here


def _presence(task: _Task, account: Account, rows: Sequence[Row], facts: Sequence[Fact]) -> Difference:
    joins = [f for f in facts if f.type == MEMBERSHIP]
    gone = next((f for f in facts if f.type == LEFT), None)
    days = [task.start(r.joined) for r in rows if r.joined is not None]
    joined = max((at for at in days if at <= task.now), default=None)
    left = _left(task, rows, joined, joins, gone)
    statements = [] if joined is None else _joined(task, account, joined, joins, gone)
    leaves_later = left is not None and left > task.now
    is_new = bool(statements) and not joins
    turned = _turned(task, account, None if leaves_later else left, joined, gone)
    return Difference(
        (*statements, *turned),
        joiners=(account,) if is_new else (),
        leavers=(account,) if turned and turned[0].op != WITHDRAW else (),
        back=(account,) if turned and turned[0].op == WITHDRAW else (),
        later=(account,) if leaves_later or max(days, default=0) > task.now else (),
    )


def _left(task: _Task, rows: Sequence[Row], joined: int | None, joins: Sequence[Fact], gone: Fact | None) -> int | None:
    """From when on the person is gone, None for somebody who is here. A line that went away ends what it began."""
    if not rows:
        return gone.at if gone is not None else task.today if joins else None
    left = max((task.start(r.left) for r in rows if r.left is not None), default=None)
    return None if left is not None and joined is not None and joined > left else left


def _joined(task: _Task, account: Account, joined: int, joins: Sequence[Fact], gone: Fact | None) -> list[Statement]:
    """The day of joining, and away with another one that it corrects. Who comes back keeps the first."""
    id_ = joined_id(account, task.named(joined))
    if any(f.id == id_ for f in joins):
        return []
    again = gone is not None and gone.at <= joined
    wrong = [] if again else [f for f in joins if f.id != id_]
    said = Statement(task.source, id_, task.after(id_, joined), MEMBERSHIP, actor=account, by=BY)
    return [said, *(_away(task, f, task.log.said.get(f.id, f.at)) for f in wrong)]


def _turned(task: _Task, account: Account, left: int | None, joined: int | None, gone: Fact | None) -> list[Statement]:
    """That somebody left, or is here again."""
    if left is None and gone is not None:
        back = joined if joined is not None and joined > gone.at else task.now
        return [_away(task, gone, max(back, task.log.said.get(gone.id, gone.at)))]
    if left is None or gone is not None:
        return []
    id_ = left_id(account)
    others = tuple(a for a in task.people.accounts(task.people.member(account)) if a != account and in_chat(a))
    at = task.after(id_, left)
    return [Statement(task.source, id_, at, LEFT, actor=account, participants=others, by=BY)]


def _away(task: _Task, fact: Fact, at: int) -> Statement:
    return Statement(task.source, fact.id, at, op=WITHDRAW, by=BY)
