"""What of old history may go: facts that no rule counts, and of the others what no rule looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from core.calendar import Calendar
from core.catalogue import CLOCK, ENGINE, KEPT, MACHINE
from core.clockwork import AGED, MESSAGES
from core.criteria.matching import THINGS
from core.events import ASSERT, Statement, Value, content
from core.passing import later
from core.plan import OWN_TYPES, Plan
from core.rules.book import RuleBook, Source, conditions, facts_used, types_named
from core.rules.conditions import Achievement, Condition
from core.rules.durations import Duration
from core.stamping import OPENING

RETENTION = "retention"
"""What the audit trail calls it."""
Said = Sequence[tuple[int, Statement]]
"""All statements about one `(source, id)`, with their place in the log."""
WHOLE = frozenset({*OWN_TYPES, *KEPT, *MACHINE, "nomination.made"})
"""Types that change something by themselves, or that commands ask the log for: not touched, however old."""
ALWAYS = frozenset(
    {
        *THINGS,
        *("channel", "channel_id", "bot", "private", "team", "actor_role", "source", "post_kind"),
        *("object_at", "at_is_approximate", "recovered"),
    }
)
"""Facts that Plaudit itself reads, whatever the rules say."""
_UNMARKED = frozenset({*WHOLE, *MESSAGES, *CLOCK, *ENGINE, OPENING})


@dataclass(frozen=True, slots=True)
class Needs:
    """What a book needs of old history. `types`: event types that its rules name, also rules that are off; `facts`:
    names of facts that stay; `messages`: marks take over from messages what they do not say; `acts`: everything that
    somebody did tells when they were silent; `roles`: it tells which roles they had."""

    types: frozenset[str]
    facts: frozenset[str]
    messages: bool
    acts: bool
    roles: bool

    def wants(self, s: Statement) -> bool:
        """Must this assertion stay?"""
        marked = self.messages and (s.type in MESSAGES or s.id.startswith("message:"))
        did = self.acts and s.actor is not None
        return s.type in self.types or marked or did or (self.roles and "actor_role" in s.facts)


@dataclass(frozen=True, slots=True)
class Thinning:
    """What is to become of the statements about one fact. `gone`: their places in the log; `thinned`: new contents by
    place; `dropped`: how many facts of them that were."""

    type: str
    gone: tuple[int, ...] = ()
    thinned: Mapping[int, Statement] = field(default_factory=dict)
    dropped: int = 0


def needs_of(plan: Plan) -> Needs:
    """What the rules of a book need, those that are off too: they may be switched on again."""
    book = plan.book
    sources = list(_sources(book))
    types = {name for source in sources for name in types_named(source)} - book.signals.keys()
    if AGED in types:
        types |= set(MESSAGES)  # the clock finds out from them what has grown old
    return Needs(
        frozenset(types),
        ALWAYS.union(*(_facts_read(source) for source in sources)),
        not types <= _UNMARKED,
        any(isinstance(source, Condition) and source.after_absence for source in sources),
        any(_asks_role(rule) for rule in book.achievements.values()),
    )


def newly_needed(new: Needs, old: Needs) -> list[str]:
    """Event types and facts that another book needs and this one did not: of old history they may be gone."""
    acts = ["what members did"] if new.acts and not old.acts else []
    roles = ["the roles that members had"] if new.roles and not old.roles else []
    return [*acts, *roles, *sorted(new.types - old.types - WHOLE), *sorted(new.facts - old.facts)]


def before(calendar: Calendar, now: int, keep: Duration) -> int:
    """The moment from which on everything is kept; UTC microseconds."""
    return later(calendar, now, Duration(-keep.count, keep.unit))


def thinning(said: Said, needs: Needs) -> Thinning | None:
    """What may go of one fact that is old enough; None where all of it stays."""
    asserted = [s for _, s in said if s.op == ASSERT and s.type is not None]
    types = {s.type for s in asserted if s.type is not None}
    if not types or not types.isdisjoint(WHOLE):
        return None  # a withdrawal alone waits for what it withdraws
    type_ = max(types)
    if not any(needs.wants(s) for s in asserted):
        return Thinning(type_, gone=tuple(seq for seq, _ in said))
    return _thinned(type_, said, needs.facts)


def _thinned(type_: str, said: Said, kept: frozenset[str]) -> Thinning | None:
    new = {seq: replace(s, facts=_left(s.facts, kept)) for seq, s in said if not kept.issuperset(s.facts)}
    after = [(seq, new.get(seq, s)) for seq, s in said]
    if not new or _speakers(after) != _speakers(said):
        return None
    dropped = sum(len(s.facts) - len(new[seq].facts) for seq, s in said if seq in new)
    return Thinning(type_, thinned=new, dropped=dropped)


def _left(facts: Mapping[str, Value], kept: frozenset[str]) -> dict[str, Value]:
    return {name: value for name, value in facts.items() if name in kept}


def _speakers(said: Said) -> list[int]:
    """Which of the assertions of each moment speaks: with less content it could be another one, and then both stay."""
    asserted = sorted((s.at, content(s), -seq) for seq, s in said if s.op == ASSERT)
    return [max(there)[2] for _, there in groupby(asserted, key=lambda row: row[0])]


def _sources(book: RuleBook) -> Iterator[Source]:
    yield from book.signals.values()
    yield from book.scores.values()
    for rule in book.achievements.values():
        yield from conditions(rule)


def _facts_read(source: Source) -> frozenset[str]:
    same = source.same if isinstance(source, Condition) else None
    return frozenset({*facts_used(source), *((same,) if same else ())})


def _asks_role(rule: Achievement) -> bool:
    return rule.who is not None and bool(rule.who.role or rule.who.not_role)
