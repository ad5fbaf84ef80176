"""The ladder over the score while it is served: who holds which level, and what follows when that changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

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
    before, totals = tx.levels(concerned), tx.totals(concerned)
    badges = _badges(tx, served.plan, concerned)
    out: list[Outgoing] = []
    reached: dict[Member, frozenset[str]] = {}
    for member in concerned:
        levels = held_levels(book, totals[member], badges.get(member, ()))
        was, now = before.get(member, frozenset()), frozenset(level.name for level in levels)
        if was == now:
            continue
        reached[member] = now - was
        since = telling.now if telling.announce else 0
        tx.set_levels({(member, name): since for name in now - was}, [(member, name) for name in was - now])
        if telling.roles and _gives_role(book.levels, was ^ now):
            cause = f"level:{member}:{len(now)}:{telling.now}"
            out += role_changes(cause, member, served.plan, telling)
    if out:
        tx.send(out)
    report_levels(tx, served.plan, reached, telling)


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
