"""Does a rule book do what its examples say? Each is replayed alone, and compared with what it expects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from core.calendar import zone
from core.happenings import account, instant, person, tell
from core.lines import to_line
from core.members import join
from core.plan import Plan
from core.replay import Log, replay
from core.results import Replay
from core.rules.examples import Example

AWARDED = "awarded"
PENDING = "pending"
LAPSED = "revoked"


@dataclass(frozen=True, slots=True)
class Failure:
    """`expected` and `happened`: half a sentence each, for people."""

    expected: str
    happened: str


def rehearse(example: Example, plan: Plan) -> list[Failure]:
    """What came out otherwise than the example says; nothing if all is as expected."""
    there = zone(plan.book.community.timezone)
    told = tell(example, there)
    log = Log(plan, None if example.now is None else instant(example.now, there))
    log.links += [tuple(account(name) for name in link) for link in example.links]
    log.read(to_line(t.statement) for t in told)
    result = replay(plan, log)
    if result.ignored:
        events = [told[line["line"] - 1].event for line in result.ignored]
        return [Failure(f"event {n} to count", i["reason"]) for n, i in zip(events, result.ignored, strict=True)]
    return list(_Comparison(example, plan, result).failures())


class _Comparison:
    """One example beside what really happened."""

    def __init__(self, example: Example, plan: Plan, result: Replay) -> None:
        self.example = example
        self.book = plan.book
        self.zone = zone(plan.book.community.timezone)
        self.result = result
        self.people = join([tuple(account(name) for name in link) for link in example.links])

    def failures(self) -> Iterator[Failure]:
        e = self.example
        for key, state in (("earned", AWARDED), ("pending", PENDING), ("lapsed", LAPSED)):
            for who, names in getattr(e, key).items():
                yield from self._holds(who, names, state, "to have " + key if key != "pending" else "to wait for")
        for who, names in e.not_earned.items():
            yield from (f for name in names for f in self._lacks(who, name, f"{who} not to have earned {name}"))
        for who, reached in e.progress.items():
            for name, wanted in reached.items():
                yield from self._stands(who, name, wanted)
        yield from self._numbers("score", e.score, self.result.score)
        yield from self._numbers("points", e.points, self.result.points)
        yield from self._others()

    def _holds(self, who: str, names: Iterable[str], state: str, verb: str) -> Iterator[Failure]:
        """As many as are named; one that is named with its tier or period is there at all."""
        written = list(names)
        for name in dict.fromkeys(written):
            id_, _, which = name.partition(" ")
            found = [a for a in self._awards(who, id_) if a["state"] == state and which in ("", *_which(a))]
            wanted = written.count(name)
            tiered = self.book.achievements[id_].tiers is not None
            if len(found) == wanted or (found and wanted == 1 and (which or tiered)):
                continue
            times = f" {wanted} times" if wanted > 1 else ""
            yield Failure(f"{who} {verb} {name}{times}", self._instead(who, id_))

    def _lacks(self, who: str, name: str, expected: str) -> Iterator[Failure]:
        id_, _, which = name.partition(" ")
        found = [a for a in self._awards(who, id_) if a["state"] != LAPSED and which in ("", *_which(a))]
        if found:
            yield Failure(expected, self._said(found))

    def _stands(self, who: str, name: str, wanted: object) -> Iterator[Failure]:
        line = self._line(who, name)
        value = line["value"] if line else 0
        near = str(wanted) in line["text"] if line and isinstance(wanted, str) else value == wanted
        if not near:
            yield Failure(f"{who} to stand at {wanted} in {name}", self._instead(who, name))

    def _numbers(self, what: str, wanted: dict[str, int], found: dict[str, int]) -> Iterator[Failure]:
        for who, number in wanted.items():
            there = found.get(self._member(who), 0)
            if there != number:
                yield Failure(f"{who} to have {what} {number}", f"it is {there}")

    def _others(self) -> Iterator[Failure]:
        """Who earned what the example is about, and is not named."""
        for id_ in self.example.achievement:
            named = {self._member(w) for w, names in self._hoped() if id_ in {n.partition(" ")[0] for n in names}}
            found = {a["member"] for a in self.result.awards if a["achievement"] == id_ and a["state"] != LAPSED}
            for member in sorted(found - named):
                who = person(member)
                yield from self._lacks(who, id_, f"nobody else to earn {id_}")

    def _hoped(self) -> Iterator[tuple[str, Iterable[str]]]:
        for table in (self.example.earned, self.example.pending, self.example.lapsed, self.example.not_earned):
            yield from table.items()

    def _instead(self, who: str, id_: str) -> str:
        """What they have of it: the awards, else how far they are."""
        found = self._awards(who, id_)
        if found:
            return self._said(found)
        line = self._line(who, id_)
        return f"{who} is at {line['text']}" if line else f"nothing counted for {who}"

    def _awards(self, who: str, id_: str) -> list[dict[str, Any]]:
        member = self._member(who)
        return [a for a in self.result.awards if a["member"] == member and a["achievement"] == id_]

    def _line(self, who: str, id_: str) -> dict[str, Any] | None:
        member = self._member(who)
        lines = (p for p in self.result.progress if p["member"] == member and p["achievement"] == id_)
        return next(lines, None)

    def _said(self, awards: list[dict[str, Any]]) -> str:
        """ "amira earned it at 2026-03-02 09:00", in the community's time."""
        return "; ".join(self._award(a) for a in awards)

    def _award(self, award: dict[str, Any]) -> str:
        which = f" ({', '.join(_which(award))})" if _which(award) else ""
        moment = dt.datetime.fromisoformat(award["earned_at"]).astimezone(self.zone)
        state = {AWARDED: "", PENDING: ", and waits for it to be confirmed", LAPSED: ", and it has lapsed"}
        return f"{person(award['member'])} earned it{which} at {moment:%Y-%m-%d %H:%M}{state[award['state']]}"

    def _member(self, who: str) -> str:
        return self.people.member(account(who))


def _which(award: dict[str, Any]) -> tuple[str, ...]:
    return tuple(part for part in (award["tier"], award["period"]) if part)
