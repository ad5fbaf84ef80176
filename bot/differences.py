"""Two rule books over the same history: who would gain what, who would lose what, and who keeps it all the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from adapters.storage.holdings import Kept
from bot.spool import Spool
from core.events import Account, Statement
from core.members import Member
from core.plan import Plan, compile_plan
from core.replay import Log, longest_settle
from core.replay import replay as decide
from core.results import Replay, moment
from core.rules.book import RuleBook
from core.rules.versions import editions, raised, rule_changed

What = Literal["new", "changed", "gone", "same"]
Read = Callable[[Log], None]
Numbers = Mapping[Member, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Held:
    """One award. `pending`: it settles, or waits for a moderator. `earned_at`: as awards carry it; `evidence`:
    the number of facts behind it."""

    achievement: str
    member: Member
    tier: str
    period: str | None
    earned_at: str
    evidence: int
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of one achievement. `versions`: before and after, None where it is not there. `lose`: whether those
    who no longer meet it lose it (`existing = "recheck"`) or keep it. `unraised`: it changed under its old version."""

    achievement: str
    name: str
    what: What
    versions: tuple[int | None, int | None]
    lose: bool
    unraised: bool
    gains: tuple[Held, ...]
    losses: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """`score`, `points`: before and after, by member, where they differ. `names`: what people are called. `statements`:
    how many were read."""

    rules: tuple[Difference, ...]
    score: Numbers
    points: Numbers
    statements: int
    until: int
    names: Mapping[Account, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class History:
    """What both books are asked about. `read` fills a log; `now`: UTC microseconds, None: the latest statement and what
    settles after it. `kept`: awards that stand by earlier versions."""

    read: Read
    now: int | None = None
    kept: tuple[Kept, ...] = ()
    names: Mapping[Account, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that a comparison needs: from here on the history is not read any more."""

    old: RuleBook
    new: RuleBook
    before: Log
    after: Log
    kept: tuple[Kept, ...]
    names: Mapping[Account, str]


def gather(old: RuleBook, new: RuleBook, history: History) -> Gathered:
    """Read the history for both books. Deciding takes longer, and needs no database to be held open."""
    logs = []
    for book in (old, new):
        log = Log(compile_plan(book), history.now, Spool())
        history.read(log)
        logs.append(log)
    return Gathered(old, new, logs[0], logs[1], history.kept, history.names)


def compare(found: Gathered) -> Differences:
    """Decide what was gathered under both books."""
    before, after = found.before, found.after
    statements = len(before.rows)
    now = _until(before, after)
    for statement in _said(found.old, found.new, now):
        after.take(statement)
    was, comes = decide(before.plan, before), decide(after.plan, after)
    stands = [_kept(k) for k in found.kept]
    untouched = _untouched(found.old, found.new)
    lasting = [h for h in stands if h.achievement in untouched]  # kept once, and nobody is asked again
    rules = tuple(_rules(found.old, found.new, [*_held(was), *stands], [*_held(comes), *lasting]))
    staying = [*lasting, *(h for d in rules if not d.lose for h in d.losses)]
    paid = _sum(was.points, _worth(stands, before.plan, before.plan))
    worth = _sum(comes.points, _worth(staying, after.plan, before.plan))
    score = _numbers(was.score, comes.score)
    return Differences(rules, score, _numbers(paid, worth), statements, before.until or 0, found.names)


def _until(before: Log, after: Log) -> int:
    """Let both logs end at the same moment. Returns when the new book would begin: now, or with the last statement."""
    if before.until is not None:
        return before.until
    latest = max(before.latest or 0, after.latest or 0)
    before.until = after.until = latest + max(longest_settle(before.plan), longest_settle(after.plan))
    return latest


def _said(old: RuleBook, new: RuleBook, now: int) -> list[Statement]:
    """What the log will say about the new versions: with `progress = "reset"` they begin there."""
    begun = [n for n, rule in new.achievements.items() if n not in old.achievements and rule.progress == "reset"]
    return [rule_changed(new, name, now) for name in (*raised(new, editions(old)), *begun)]


def _held(result: Replay) -> list[Held]:
    standing = (a for a in result.awards if a["state"] != "revoked")
    return [_award(a) for a in standing]


def _award(a: Mapping[str, Any]) -> Held:
    pending = a["state"] == "pending"
    return Held(a["achievement"], a["member"], a["tier"] or "", a["period"], a["earned_at"], a["evidence"], pending)


def _kept(k: Kept) -> Held:
    return Held(k.achievement, k.member, k.tier, k.period, moment(k.earned_at), k.evidence)


def _untouched(old: RuleBook, new: RuleBook) -> frozenset[str]:
    """Achievements that are the same, of the same version, in both books."""
    known = editions(old)
    return frozenset(name for name, edition in editions(new).items() if known.get(name) == edition)


def _rules(old: RuleBook, new: RuleBook, before: list[Held], after: list[Held]) -> Iterable[Difference]:
    known, coming = editions(old), editions(new)
    for name in dict.fromkeys((*new.achievements, *old.achievements)):
        rule = new.achievements.get(name) or old.achievements[name]
        was, comes = known.get(name), coming.get(name)
        rises = was is not None and comes is not None and comes.version > was.version
        differs = was is not None and comes is not None and comes.fingerprint != was.fingerprint
        what: What = "new" if was is None else "gone" if comes is None else "changed" if rises or differs else "same"
        yield Difference(
            name,
            rule.name,
            what,
            (was.version if was else None, comes.version if comes else None),
            rises and rule.existing == "recheck",
            differs and not rises,
            tuple(_more(name, after, before, new, old)),
            # what only settles was nobody's yet
            tuple(h for h in _more(name, before, after, old, new) if not h.pending),
        )


def _more(
    achievement: str, there: Iterable[Held], here: Iterable[Held], book: RuleBook, other: RuleBook
) -> Iterable[Held]:
    """Awards of an achievement that are there (by `book`) and not here (by the other), in order of earning."""
    covered = Counter(_slot(h, other) for h in here if h.achievement == achievement)
    for held in sorted((h for h in there if h.achievement == achievement), key=lambda h: (h.earned_at, h.member)):
        slot = _slot(held, book)
        if covered[slot]:
            covered[slot] -= 1
        else:
            yield held


def _slot(held: Held, book: RuleBook) -> tuple[Member, str, str | None]:
    """What a member can hold once: only with `repeat` one for each period."""
    rule = book.achievements.get(held.achievement)
    return held.member, held.tier, held.period if rule is not None and rule.repeats else None


def _worth(held: Iterable[Held], plan: Plan, otherwise: Plan) -> dict[Member, int]:
    """The points of these awards; of what a book does not have any more, as the other one says."""
    found: dict[Member, int] = {}
    for h in held:
        wanted = plan.wanted.get(h.achievement) or otherwise.wanted.get(h.achievement)
        found[h.member] = found.get(h.member, 0) + (wanted.points(h.tier) if wanted else 0)
    return found


def _sum(one: Mapping[Member, int], other: Mapping[Member, int]) -> dict[Member, int]:
    return {m: one.get(m, 0) + other.get(m, 0) for m in one.keys() | other.keys()}


def _numbers(before: Mapping[Member, int], after: Mapping[Member, int]) -> Numbers:
    both = {m: (before.get(m, 0), after.get(m, 0)) for m in sorted(before.keys() | after.keys())}
    return {m: pair for m, pair in both.items() if pair[0] != pair[1]}
