"""The team of whoever did something, stamped on arrival by what is known then of teams.

Like every stamped fact it says how things stood, and is not read again: what is told later of teams moves nothing that
has arrived. A book that names teams has everything stamped that people do; one without, what its challenges for teams
count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from core.catalogue import CLOCK, ENGINE, HAND, KEPT
from core.challenge_rules import CATEGORY
from core.events import ASSERT, Account, Fact, Statement, fact_of, resolve
from core.members import Member
from core.memberships import team_of
from core.plan import OWN_TYPES, TEAM, Plan
from core.ports import History
from core.serving import Served
from core.wanted import rests_on

Pair = tuple[Statement, Statement]
"""A statement as it arrived, and as the log shall have it."""
Said = Mapping[tuple[str, str], Sequence[tuple[int, Statement]]]
"""What the log says so far about facts, by source and id."""
_CHATS = ("slack:", "discord:")
_NO_ACTS = frozenset({*HAND, *CLOCK, *ENGINE, *KEPT, *OWN_TYPES})


@lru_cache(maxsize=16)  # asked with every batch, and the same for one plan
def types_of_teams(plan: Plan) -> frozenset[str]:
    """What challenges for teams count."""
    found = (w for w in plan.wanted.values() if w.rule.for_ == "team" and w.rule.category == CATEGORY)
    return frozenset().union(*(rests_on(w, plan.wanted, plan.signals, plan.scores) for w in found)) - {TEAM}


def with_teams(history: History, served: Served, pairs: list[Pair], said: Said) -> list[Pair]:
    """The same, with the fact `team` where it is missing and asked for."""
    plan = served.plan
    if not plan.book.teams and not types_of_teams(plan):
        return pairs
    asking = [s.actor for _, s in pairs if _asks(s, plan) and s.actor is not None]
    if not asking:
        return pairs
    told, times = _told(history, served, asking, pairs), _times(pairs)
    return [(a, _stamped(s, told, said, times, served) if _asks(s, plan) else s) for a, s in pairs]


def _asks(s: Statement, plan: Plan) -> bool:
    if s.op != ASSERT or s.actor is None or "team" in s.facts:
        return False
    if plan.book.teams and s.type not in _NO_ACTS:
        return True
    return s.type in types_of_teams(plan) and s.source.startswith(_CHATS)


def _told(
    history: History, served: Served, accounts: Sequence[Account], pairs: Sequence[Pair]
) -> Mapping[Member, list[Fact]]:
    """What is known of the teams of these people, in order of time; with what arrives in the same batch."""
    members = {served.people.member(account) for account in accounts}
    known = history.facts({a for m in members for a in served.people.accounts(m)}, [TEAM])
    new = [fact_of(s, s.at, 0) for _, s in pairs if s.type == TEAM and s.op == ASSERT]
    found: dict[Member, list[Fact]] = {}
    for fact in sorted([*known, *new], key=lambda f: (f.at, f.source, f.id)):
        if (person := fact.target or fact.actor) is not None:
            found.setdefault(served.people.member(person), []).append(fact)
    return found


def _times(pairs: Sequence[Pair]) -> Mapping[tuple[str, str], int]:
    """When each fact of this batch happened: a message that is caught up with may come with its edits."""
    together: dict[tuple[str, str], list[tuple[int, Statement]]] = {}
    for place, (_, s) in enumerate(pairs):
        together.setdefault((s.source, s.id), []).append((place, s))
    return {key: fact.at for key, there in together.items() if (fact := resolve(there)) is not None}


def _stamped(
    s: Statement,
    told: Mapping[Member, list[Fact]],
    said: Said,
    times: Mapping[tuple[str, str], int],
    served: Served,
) -> Statement:
    """An edit keeps the stamp of what it edits: the fact has the time of that one."""
    before = resolve(said.get((s.source, s.id), ()))
    if before is not None:
        stamp = before.facts.get("team")
        return s if stamp is None else replace(s, facts={**s.facts, "team": stamp})
    at = times.get((s.source, s.id), s.at)
    team = team_of(told.get(served.people.member(s.actor or ""), ()), at)
    return replace(s, facts={**s.facts, "team": team}) if team else s
