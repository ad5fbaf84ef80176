"""Time zones by name, and what platforms know of them that the log does not say yet."""

from __future__ import annotations

import difflib
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from core.calendar import zone
from core.events import Account, Fact, Statement
from core.members import Member, People
from core.plan import ZONE, Plan

EVER = 0
"""The first zone of an account holds for its older history too: it is dated at the beginning of 1970."""
_GUESSES = 3


def wanted(plan: Plan) -> bool:
    """Does a rule that is on look at the zones of members?"""
    return any(c.own_zone for c in plan.order)


def unsaid(told: Mapping[Account, str], known: Iterable[Fact], people: People, now: int) -> Iterator[Statement]:
    """What platforms tell of accounts and the log does not know. `known`: the live facts about zones; `now` in UTC
    microseconds. A zone that somebody chose is left as it is, and a name that is no zone is not said."""
    chosen: set[Member] = set()
    said: dict[Account, list[object]] = {}
    for fact in sorted((f for f in known if f.actor is not None), key=lambda f: (f.at, f.source, f.id)):
        account = str(fact.actor)
        said.setdefault(account, []).append(fact.facts.get("timezone"))
        if fact.facts.get("chosen") is True:
            chosen.add(people.member(account))
    for account, name in sorted(told.items()):
        before = said.get(account, [])
        if people.member(account) in chosen or before[-1:] == [name] or not _is_zone(name):
            continue
        source, _, user = account.partition("/")
        at = now if before else EVER
        yield Statement(source, f"zone:{user}/{len(before)}", at, ZONE, actor=account, facts={"timezone": name})


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Every zone that can be written, sorted."""
    return tuple(sorted(zoneinfo.available_timezones()))


def find(typed: str) -> str | None:
    """The zone of that name, however it is capitalised."""
    wanted_ = typed.casefold().replace(" ", "_")
    return next((name for name in names() if name.casefold() == wanted_), None)


def near(typed: str) -> list[str]:
    """Zones whose name holds what was typed, or else looks much like it."""
    folded = {name.casefold(): name for name in names()}
    wanted_ = typed.casefold().replace(" ", "_")
    holding = [name for key, name in folded.items() if wanted_ in key]
    return (holding or [folded[key] for key in difflib.get_close_matches(wanted_, folded, _GUESSES)])[:_GUESSES]


def _is_zone(name: str) -> bool:
    try:
        zone(name)
    except ValueError:
        return False
    return True
