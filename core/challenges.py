"""Challenges: rules that members make in the chat, with dates, a start that is announced and a close.

The log holds them: who made one, with the rule as it would stand in the file, what was changed before the start, why
it ended early, who joined. A withdrawal of the last says that somebody left. None of it changes what the rule counts.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Literal

from core.calendar import Calendar
from core.events import ASSERT, WITHDRAW, Account, Statement, Value
from core.members import Member

SOURCE = "plaudit"
MADE, CHANGED, ENDED = "challenge.made", "challenge.changed", "challenge.ended"
JOINED, CLOSED = "challenge.joined", "challenge.closed"
TOLD = (MADE, CHANGED, ENDED, CLOSED)
"""What is said about a challenge itself."""

Place = Literal["announcements", "digest", "here"]
Whom = Literal["all", "new", "team", "community"]
TELLING, JOINING, CLOSING = "challenge:", "joined:", ":closed"
"""How the ids of facts begin: about a challenge, and about who takes part; and how that of its result ends."""

State = Literal["coming", "open", "closed", "dropped"]
_MINUTE = 60_000_000
SETTLING = 5 * _MINUTE
"""How long after its last moment a challenge waits for what is on its way, before the results are said."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a creator filled in. `what`: as `core.challenge_choices` writes it; `each`: the fact of which different
    values count, "" for every event; `first` and `last`: local days, both included; `role` and `template` "" for
    none; `channel`: "source/channel" of where it was made, for the place "here"."""

    name: str
    what: str
    goal: int
    first: dt.date
    last: dt.date
    each: str = ""
    whom: Whom = "all"
    points: int = 0
    role: str = ""
    place: Place = "announcements"
    channel: str = ""
    template: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """How a challenge ended, as it was then. `teams`: name and count, the most first."""

    reached: tuple[Member, ...]
    joined: tuple[Member, ...]
    teams: tuple[tuple[str, int], ...] = ()
    at: int = 0


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge. `id`: of its rule; `rule`: as it would stand in the file, "" for one that was dropped before its
    start. `ended_at` and `reason`: ended early. `result`: None before it was closed."""

    id: str
    wish: Wish
    rule: str
    version: int
    by: Account
    made_at: int
    ended_at: int | None = None
    reason: str = ""
    result: Result | None = None

    @property
    def name(self) -> str:
        return self.wish.name

    def starts(self, calendar: Calendar) -> int:
        """Its first moment, UTC microseconds."""
        return calendar.first_instant(self.wish.first.toordinal(), "day")

    def ends(self, calendar: Calendar) -> int:
        """The first moment after it, UTC microseconds."""
        return calendar.first_instant(self.wish.last.toordinal() + 1, "day")

    def state(self, calendar: Calendar, now: int) -> State:
        """`closed` begins with the moment after its last day, also while the results still settle."""
        if not self.rule:
            return "dropped"
        if now < self.starts(calendar):
            return "coming"
        return "open" if now < self.ends(calendar) else "closed"


@dataclass(frozen=True, slots=True)
class Draft:
    """A challenge that is being filled in. `challenge`: the one that is to be changed, None for a new one."""

    id: str
    account: Account
    wish: Wish
    challenge: str | None = None


# ---- what is to be changed: each is done whole, or not at all where somebody else was faster


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep what was filled in, in place of what was kept under the same id."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Forget:
    """A draft is not needed any more."""

    draft: str


@dataclass(frozen=True, slots=True)
class Put:
    """Say that a challenge is so from now on, and count by it. `draft`: what it was made from."""

    statement: Statement
    draft: str = ""


Change = Keep | Forget | Put


# ---- what the log says


def made(challenge: Challenge) -> Statement:
    """That it exists. One id has one challenge."""
    return _told(challenge, f"{TELLING}{challenge.id}", MADE, challenge.made_at, challenge.by)


def changed(challenge: Challenge, by: Account, at: int) -> Statement:
    """That it is another one before its start, of a higher version."""
    return _told(challenge, f"{TELLING}{challenge.id}:{challenge.version}", CHANGED, at, by)


def ended(challenge: Challenge, by: Account, at: int) -> Statement:
    """That it ends before its time, with `challenge` as it is then."""
    return _told(challenge, f"{TELLING}{challenge.id}:ended", ENDED, at, by, challenge.reason)


def closed(challenge: Challenge, result: Result) -> Statement:
    """How it ended. Of teams each is one text, as "12 Blue"."""
    facts: dict[str, Value] = {"challenge": challenge.id, "reached": result.reached, "joined": result.joined}
    facts |= {"teams": tuple(f"{count} {name}" for name, count in result.teams)}
    facts = {name: value for name, value in facts.items() if value != ()}
    return Statement(SOURCE, f"{TELLING}{challenge.id}{CLOSING}", result.at, CLOSED, facts=facts)


def joined(challenge: str, account: Account, at: int) -> Statement:
    """That somebody takes part."""
    return Statement(
        SOURCE, _joined_id(challenge, account), at, JOINED, target=account, facts={"challenge": challenge}, by=account
    )


def left(challenge: str, account: Account, at: int) -> Statement:
    """That somebody does not take part any more. Nobody else can say so: it names nobody, and is no act over others."""
    return Statement(SOURCE, _joined_id(challenge, account), at, op=WITHDRAW)


def _joined_id(challenge: str, account: Account) -> str:
    return f"{JOINING}{challenge}:{account}"


def _told(challenge: Challenge, id_: str, type_: str, at: int, by: Account, reason: str = "") -> Statement:
    facts: dict[str, Value] = {
        "challenge": challenge.id,
        "version": challenge.version,
        "rule": challenge.rule,
        "wish": wish_written(challenge.wish),
    }
    return Statement(SOURCE, id_, at, type_, ASSERT, facts=facts, reason=reason or None, by=by)


def wish_written(wish: Wish) -> str:
    """A wish as JSON."""
    return json.dumps(asdict(wish), default=dt.date.isoformat, ensure_ascii=False, sort_keys=True)


def wish_read(text: str) -> Wish:
    """The wish that `wish_written` wrote."""
    data = json.loads(text)
    days = {name: dt.date.fromisoformat(data[name]) for name in ("first", "last")}
    return Wish(**{**data, **days})


def challenges_in(said: Iterable[Statement]) -> dict[str, Challenge]:
    """Every challenge by id, the earliest first. `said`: statements of the types TOLD, none of which is withdrawn."""
    found: dict[str, Challenge] = {}
    order = {type_: number for number, type_ in enumerate(TOLD)}
    for s in sorted(said, key=lambda s: (order[s.type or MADE], s.at, s.id)):
        name = str(s.facts["challenge"])
        if s.type == MADE:
            found[name] = _read(s.facts, s.by or "", s.at)
        elif name in found:
            found[name] = _follow(found[name], s)
    return dict(sorted(found.items(), key=lambda pair: (pair[1].made_at, pair[0])))


def _read(facts: Mapping[str, Value], by: Account, at: int) -> Challenge:
    wish = wish_read(str(facts["wish"]))
    return Challenge(str(facts["challenge"]), wish, str(facts["rule"]), int(str(facts["version"])), by, at)


def _follow(challenge: Challenge, s: Statement) -> Challenge:
    if s.type == CLOSED:
        return replace(challenge, result=_result(s))
    if int(str(s.facts["version"])) <= challenge.version:
        return challenge
    now = _read(s.facts, challenge.by, challenge.made_at)
    return replace(now, ended_at=s.at, reason=s.reason or "") if s.type == ENDED else now


def _result(s: Statement) -> Result:
    teams = [text.partition(" ") for text in _texts(s, "teams")]
    counts = tuple((name, int(count)) for count, _, name in teams)
    return Result(_texts(s, "reached"), _texts(s, "joined"), counts, s.at)


def _texts(s: Statement, name: str) -> tuple[str, ...]:
    value = s.facts.get(name, ())
    return tuple(str(one) for one in value) if isinstance(value, tuple) else (str(value),)
