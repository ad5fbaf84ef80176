"""Facts that were withdrawn for one reason, and how they come back when it is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from core.awards import FactKey
from core.events import ASSERT, RESTORE, WITHDRAW, Account, Statement, resolve
from core.stamping import about

Said = list[tuple[int, Statement]]
_ALL = 1 << 62


class Withdrawals(Protocol):
    """Reads of the log that do not go by live facts."""

    def statements(self, keys: Iterable[FactKey], before: int) -> dict[FactKey, Said]:
        """What the log says about these (source, id), as (seq, statement) with seq below `before`."""
        ...

    def withdrawn_for(self, reason: str, since: int) -> list[FactKey]:
        """Facts of which a statement at this place in the log or behind it is a withdrawal for this reason."""
        ...


@dataclass(frozen=True, slots=True)
class Lost:
    """What was withdrawn for a reason, from a place in the log on: what these did, or what one of these bans took."""

    reason: str
    since: int
    actors: frozenset[Account]
    bans: frozenset[str]

    def has(self, said: Said) -> bool:
        """Is it a fact of these that still waits to come back?"""
        gone = [s for _, s in said if s.op == WITHDRAW and s.reason == self.reason]
        back = max((s.at for _, s in said if s.op == RESTORE and s.reason == self.reason), default=None)
        if not any(back is None or s.at > back for s in gone):
            return False
        return _actor(said) in self.actors or any(s.facts.get("ban") in self.bans for s in gone)


def restored(log: Withdrawals, lost: Lost, at: int, by: Account | None) -> Iterator[Statement]:
    """Takes these withdrawals back. A fact about a message that was deleted meanwhile stays away: it would have gone
    with it. `at`: UTC microseconds."""
    known = log.statements(log.withdrawn_for(lost.reason, lost.since), _ALL)
    messages = log.statements([(key[0], m) for key, said in known.items() if (m := about(said[0][1]))], _ALL)
    for (source, id_), said in known.items():
        if lost.has(said) and not _deleted(messages.get((source, about(said[0][1]) or ""))):
            latest = max(s.at for _, s in said if s.op != ASSERT)
            yield Statement(source, id_, max(at, latest), op=RESTORE, reason=lost.reason, by=by)


def free_again(log: Withdrawals, moments: Mapping[FactKey, int]) -> dict[FactKey, int]:
    """For each fact the earliest moment from the given one on at which a withdrawal is not one that was taken back
    already."""
    said = log.statements(moments, _ALL)
    return {key: max([at, *(s.at + 1 for _, s in said.get(key, ()) if s.op == RESTORE)]) for key, at in moments.items()}


def _actor(said: Said) -> Account | None:
    last = max(((s.at, seq, s.actor) for seq, s in said if s.op == ASSERT), key=lambda row: row[:2], default=None)
    return None if last is None else last[2]


def _deleted(message: Said | None) -> bool:
    return message is not None and resolve(message) is None
