"""The ladder over the score while it is served: who holds which level, and what follows when that changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from core.awards import Happened
from core.changes import Outcome
from core.effects import Telling, role_changes
from core.members import Member
from core.outgoing import report_levels
from core.plan import Plan
from core.ports import Outgoing, Transaction
from core.rules.book import RuleBook
from core.rules.conditions import Level
from core.serving import Served

PAGE = 2_000  # members
Step = tuple[frozenset[str], frozenset[str]]
"""The levels that somebody held and those that they hold now."""
NONE: frozenset[str] = frozenset()


def held_levels(book: RuleBook, total: int, achievements: Collection[str]) -> list[Level]:
    """The levels of somebody with this score who holds these achievements, in the order of the book."""
    return [level for level in book.levels if total >= level.at and has_needed(level, achievements)]


def has_needed(level: Level, achievements: Collection[str]) -> bool:
    """Does somebody who holds these achievements have what the level needs beside its score?"""
    needs = level.needs
    return needs is None or sum(name in achievements for name in needs.of) >= needs.at_least


def counts_for_levels(plan: Plan, achievement: str) -> bool:
    """May a level need it? Not one on trial, nor one that itself rests on awards or levels."""
    wanted = plan.wanted.get(achievement)
    return wanted is not None and not wanted.derived and not wanted.shadow


def climb(tx: Transaction, served: Served, members: Iterable[Member], telling: Telling) -> None:
    """Note which levels these members hold now; where that changes a role, it is brought to the platforms.

    A level that is told to nobody (`telling.announce` off) is noted as of old.
    """
    book, concerned = served.plan.book, sorted(set(members))
    if not book.levels or not concerned:
        return
    steps = _steps(tx, served.plan, concerned)
    if not steps:
        return
    since = telling.now if telling.announce else 0
    reached = {member: now - was for member, (was, now) in steps.items()}
    fallen = [(member, name) for member, (was, now) in steps.items() for name in was - now]
    tx.set_levels({(member, name): since for member, names in reached.items() for name in names}, fallen)
    if telling.roles:
        tx.send(list(_roles(served.plan, steps, telling)))
    report_levels(tx, served.plan, reached, telling)


def climb_all(tx: Transaction, served: Served, telling: Telling) -> None:
    """The same for everybody, as a changed ladder asks for."""
    after: Member | None = ""
    while after is not None:
        after = climb_on(tx, served, after, telling)


def climb_on(tx: Transaction, served: Served, after: Member, telling: Telling) -> Member | None:
    """The same for a page of those who come after this member: a million need no more room than a few, and nobody has
    to wait for all of them. Returns after whom to go on; None where that was everybody."""
    if not served.plan.book.levels:
        tx.forget_levels()
        return None
    page = tx.climbers(after, PAGE)
    climb(tx, served, page, telling)
    return page[-1] if len(page) == PAGE else None


def _steps(tx: Transaction, plan: Plan, members: Sequence[Member]) -> dict[Member, Step]:
    """Whose levels are others now."""
    before, totals, badges = tx.levels(members), tx.totals(members), _badges(tx, plan, members)
    found: dict[Member, Step] = {}
    alike: dict[tuple[int, frozenset[str]], frozenset[str]] = {}  # many have the same score
    for member in members:
        was, key = before.get(member, NONE), (totals[member], frozenset(badges.get(member, NONE)))
        now = alike.get(key)
        if now is None:
            now = alike[key] = frozenset(level.name for level in held_levels(plan.book, *key))
        if was != now:
            found[member] = was, now
    return found


def _roles(plan: Plan, steps: Mapping[Member, Step], telling: Telling) -> Iterator[Outgoing]:
    for member, (was, now) in steps.items():
        if _gives_role(plan.book.levels, was ^ now):
            yield from role_changes(f"level:{member}:{len(now)}:{telling.now}", member, plan, telling)


def touched(outcome: Outcome, happened: Iterable[Happened]) -> set[Member]:
    """Whose score or badges a decision changed."""
    awards = (h.after or h.before for h in happened)
    scored = {key[0] for key in outcome.amounts} | {key[0] for key in outcome.scores}
    return scored | {a.member for a in awards if a is not None}


def _badges(tx: Transaction, plan: Plan, members: Collection[Member]) -> dict[Member, set[str]]:
    """What the members hold, as far as a level needs it."""
    needed = {name for level in plan.book.levels if level.needs for name in level.needs.of}
    needed = {name for name in needed if counts_for_levels(plan, name)}
    found: dict[Member, set[str]] = {}
    for award in tx.awards(members) if needed else ():
        if award.state == "awarded" and award.achievement in needed:
            found.setdefault(award.member, set()).add(award.achievement)
    return found


def _gives_role(levels: Sequence[Level], names: Collection[str]) -> bool:
    return any(level.gives_role is not None for level in levels if level.name in names)
