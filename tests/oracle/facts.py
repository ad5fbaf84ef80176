"""What is alive, who is who, and how long things are: events.md and the first sentences of rules-exact.md."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.events import Statement, content

Key = tuple[str, str]
PEOPLE = ("actor", "author", "target")
THINGS = ("object", "ticket", "pull_request", "issue", "message", "thread")
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
LONG_AGO = -(10**30)


@dataclass(frozen=True, eq=False)
class Event:
    """A live fact, or what a signal or the engine says. `keys`: the facts behind it; `last`: the latest of these."""

    at: int
    source: str
    id: str
    type: str
    actor: str | None
    author: str | None
    target: str | None
    participants: tuple[str, ...]
    facts: dict[str, Any]
    thing: str
    keys: frozenset[Key]
    last: int
    whose: str = ""  # the member of whom a signal or the engine speaks

    @property
    def order(self) -> tuple[int, str, str, str]:
        return self.at, self.source, self.id, self.whose


def live_facts(statements: Sequence[Statement], faults: frozenset[str] = frozenset()) -> list[Event]:
    """Every fact whose latest statement asserts it (events.md, rules-exact 1, 2, 43)."""
    groups: dict[tuple[str, ...], list[tuple[int, Statement]]] = defaultdict(list)
    for place, s in enumerate(statements):
        more = (str(place),) if "repetitions count" in faults and s.op == "assert" else ()
        groups[s.source, s.id, *more].append((place, s))
    found = [_resolved(said, faults) for said in groups.values()]
    return sorted((e for e in found if e is not None), key=lambda e: e.order)


def _resolved(said: list[tuple[int, Statement]], faults: frozenset[str]) -> Event | None:
    restored = [s for _, s in said if s.op == "restore"]
    void = [w for _, w in said for r in restored if w.op == "withdraw" and w.at <= r.at and w.reason == r.reason]
    dead_at = max((s.at for _, s in said if s.op == "withdraw" and s not in void), default=LONG_AGO)
    if "no tombstones" in faults:
        dead_at = LONG_AGO
        if said[-1][1].op == "withdraw":
            return None
    alive = [(p, s) for p, s in said if s.op == "assert" and s.at > dead_at]
    if not alive:
        return None
    by_arrival = "arrival order" in faults
    _, last = max(alive, key=lambda ps: (ps[0],) if by_arrival else (ps[1].at, content(ps[1])))
    exact = [s.at for _, s in alive if s.facts.get("at_is_approximate") is not True]
    return _event(last, last.at if "edits move" in faults else min(exact or [s.at for _, s in alive]))


def _event(s: Statement, at: int) -> Event:
    facts = dict(s.facts)
    thing = next((str(facts[n]) for n in THINGS if n in facts), f"{s.source}\n{s.id}")
    key = frozenset({(s.source, s.id)})
    return Event(at, s.source, s.id, s.type or "", s.actor, s.author, s.target, s.participants, facts, thing, key, at)


def kind_of(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | Decimal) else type(value).__name__


def is_number(value: object) -> bool:
    return kind_of(value) == "number"


def people_of(e: Event) -> set[str]:
    return {a for a in (e.actor, e.author, e.target, *e.participants) if a is not None}


def seconds(text: str) -> int:
    """The seconds of a length of time that is no month and no year."""
    count, unit = text.split(" ")
    return int(count) * SECONDS[unit.removesuffix("s")]


def length(text: str) -> int:
    return seconds(text) * 10**6


def at_of(text: str) -> int:
    return (dt.datetime.fromisoformat(text) - EPOCH) // dt.timedelta(microseconds=1)


def names_from(lines: list[tuple[str, ...]]) -> dict[str, str]:
    """Account -> member, by joining groups until nothing changes any more (rules-exact 44)."""
    groups = [set(line) for line in lines]
    joined = True
    while joined:
        joined = False
        for a in groups:
            for b in groups:
                if a is not b and a & b:
                    a |= b
                    groups.remove(b)
                    joined = True
                    break
            if joined:
                break
    followers = {account for line in lines for account in line[1:]}
    names = {}
    for group in groups:
        heads = sorted(line[0] for line in lines if line[0] in group and line[0] not in followers)
        name = heads[0] if heads else min(group)
        names.update(dict.fromkeys(group, name))
    return names
