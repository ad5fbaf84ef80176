"""The first so many to reach something: who stands where, kept so that one more candidate costs little.

The state of an achievement is {"t": {tier: [[earned_at, member], …]}, "o": [tiers]}: for each tier the first candidates
in order of (time, account), some more than there are places; `o` names the tiers of which there are others behind.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from typing import Any

from core.batch import Batch
from core.criteria.steps import State
from core.members import Member
from core.progress import Key
from core.wanted import Wanted

Place = tuple[Member, str]
SPARE = 32
"""How many candidates more than places are kept, to move up when others lose theirs."""


def key_of(achievement: str) -> Key:
    """Under which key the state is kept."""
    return "", f"first\n{achievement}"


def places_in(state: dict[str, Any], places: int) -> frozenset[Place]:
    """Who has a place, and for which tier."""
    tiers: dict[str, list[Any]] = state.get("t", {})
    return frozenset((row[1], tier) for tier, rows in tiers.items() for row in rows[:places])


def by_place(wanted: Wanted) -> bool:
    """Is it decided by who was there first, and by nothing else that is shared?"""
    return wanted.rule.first is not None and wanted.rule.for_ == "member" and wanted.rule.top is None


def update(ev: Batch, wanted: Wanted, members: Iterable[Member]) -> set[Member] | None:
    """Put these members where they stand now. Returns everybody whose place may have changed; None where the state
    cannot say it, and all must be looked at."""
    state = _state(ev, wanted)
    places = wanted.rule.first or 0
    if "t" not in state:
        return None
    before = places_in(state, places)
    tiers: dict[str, list[Any]] = state["t"]
    concerned = set(members)
    for member in concerned:
        for tier, rows in tiers.items():
            tiers[tier] = [row for row in rows if row[1] != member]
    for member in concerned:
        for d in ev.judgement(member).candidates(wanted):
            _insert(state, d.tier, [d.earned_at, member])
    if any(len(tiers.get(tier, ())) < places for tier in state["o"]):
        del state["t"]
        return None
    _keep(ev, wanted, state)
    after = ev.court.places[wanted.id]
    return concerned | {member for member, _ in before ^ after}


def found_anew(ev: Batch, wanted: Wanted) -> None:
    """Who stands where, from the log."""
    state = _state(ev, wanted)
    state.clear()
    tiers: dict[str, list[Any]] = {}
    state.update({"t": tiers, "o": []})
    for member in ev.court.concerned(wanted):
        for d in ev.judgement(member).candidates(wanted):
            insort(tiers.setdefault(d.tier, []), [d.earned_at, member])
    _keep(ev, wanted, state)


def recall(ev: Batch, wanted: Wanted) -> None:
    """Let the court know who has a place, as it is kept."""
    state = _state(ev, wanted)
    if "t" in state:
        ev.court.places[wanted.id] = places_in(state, wanted.rule.first or 0)


def _state(ev: Batch, wanted: Wanted) -> State:
    return ev.states.get(key_of(wanted.id)).setdefault("first", {})


def _insert(state: State, tier: str, row: list[Any]) -> None:
    rows = state["t"].setdefault(tier, [])
    if tier not in state["o"] or (rows and row <= rows[-1]):
        insort(rows, row)  # behind the last one kept there are others: nobody knows where among them


def _keep(ev: Batch, wanted: Wanted, state: State) -> None:
    most = (wanted.rule.first or 0) + SPARE
    for tier, rows in state["t"].items():
        if len(rows) > most:
            del rows[most:]
            state["o"] = sorted({*state["o"], tier})
    ev.states.changed(key_of(wanted.id))
    ev.court.places[wanted.id] = places_in(state, wanted.rule.first or 0)
