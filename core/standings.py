"""Where a member stands in each achievement now: numbers for people who are on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.awards import Deserved
from core.calendar import Calendar
from core.court import EVERYBODY, Court
from core.criteria.axis import Axis
from core.criteria.chains import reached_steps
from core.criteria.combining import Combination, Condition, awarded_once, reached, unit_of
from core.criteria.criterion import Criterion, Entry, Number
from core.criteria.holding import begins, misses_left, run_at, unit_now, window
from core.criteria.tally import active, by_period, days_in, measure, seasons
from core.judgement import Judgement
from core.ranking import values
from core.sifting import is_act
from core.standing import Standing
from core.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Sight:
    """One condition looked at for somebody (or for a group): what counts, on which time line, at what moment."""

    name: str
    entries: Sequence[Entry]
    axis: Axis
    now: int


def standing(court: Court, judgement: Judgement, achievement: str) -> Standing | None:
    """Where the member stands; None where there is nothing to count."""
    wanted = court.plan.wanted.get(achievement)
    if wanted is None:
        return None
    if wanted.condition is None:
        return _by_needs(judgement, wanted) if wanted.needs else None
    if wanted.rule.for_ != "member":
        found = _of_group(court, judgement, wanted)
    elif wanted.criterion is not None and wanted.rule.top is not None:
        found = _ranked(court, judgement, wanted, wanted.criterion)
    else:
        found = _own(judgement, wanted, wanted.condition, held_tiers(judgement, wanted))
    if found is None:
        return None
    if wanted.needs and found.value >= found.goal:
        found = replace(found, missing=_missing(judgement, wanted))
    if wanted.rule.first is not None:
        found = replace(found, left=max(0, wanted.rule.first - court.taken(achievement)))
    return _waiting(judgement, wanted, found)


def held_tiers(judgement: Judgement, wanted: Wanted) -> frozenset[str]:
    """The tiers of an achievement that the member has."""
    return frozenset(d.tier for d in judgement.deserved(wanted.id)) if wanted.rule.tiers else frozenset()


def _waiting(judgement: Judgement, wanted: Wanted, found: Standing) -> Standing:
    """With what waits: settling, for a moderator, or held only while true."""
    awards = judgement.deserved(wanted.id)
    pending = [d for d in awards if d.state(judgement.now) == "pending"]
    held = [d for d in awards if d.state(judgement.now) == "awarded" and d.lapses_at is not None]
    if pending:
        last: Deserved = pending[-1]
        return replace(found, asked=last.asked, due_at=None if last.asked else last.due_at)
    if held and wanted.rule.lasts == "while true":
        return replace(found, held_until=held[-1].lapses_at)
    return found


def _by_needs(judgement: Judgement, wanted: Wanted) -> Standing:
    value = sum(judgement.held(part) is not None for part in wanted.needs)
    return Standing(wanted.id, value, wanted.needed, missing=_missing(judgement, wanted))


def _missing(judgement: Judgement, wanted: Wanted) -> tuple[str, ...]:
    book = judgement.plan.book.achievements
    return tuple(book[p].name for p in wanted.needs if p in book and judgement.held(p) is None)


def _own(judgement: Judgement, wanted: Wanted, condition: Condition, tiers: frozenset[str]) -> Standing:
    if isinstance(condition, Combination):
        return _combined(judgement, wanted, condition)
    sight = Sight(wanted.id, judgement.counted(condition), judgement.axis(condition), judgement.now)
    found = counting(condition, sight, tiers)
    if condition.absence is not None:
        return replace(found, days=_absence_left(judgement, condition, condition.absence))
    return found


def counting(c: Criterion, sight: Sight, held: frozenset[str] = frozenset()) -> Standing:
    """Where somebody stands who counts events: in the frame that is open now."""
    rung = next((r for r in c.rungs if r.tier not in held), c.rungs[-1])
    axis, here = sight.axis, present(c, sight)
    base = Standing(sight.name, 0, rung.goal, tier=rung.tier or None)
    if c.streak is not None:
        return _streak(c, base, together(c, sight), axis, sight.now)
    if c.period is not None:
        today = axis.calendar.period(axis.calendar.day(sight.now), c.period)
        goal = days_in(today, c.period, axis.calendar) if c.every else rung.goal
        ends = axis.calendar.first_instant(today + 1, c.period)
        return replace(base, value=_value(c, here), goal=goal, ends=ends, missing=_unseen(c, here))
    if c.within is not None:
        first = min((axis.unit(c, e) for e in here), default=None)
        drops = None if first is None else begins(c.within, first + c.within.length, axis)
        return replace(base, value=_value(c, here), drops_at=drops, missing=_unseen(c, here))
    return replace(base, value=_value(c, here), missing=_unseen(c, here))


def present(c: Criterion, sight: Sight) -> list[Entry]:
    """The events that make up the present value: of this season, of the best thing, in the frame that is open now. Of a
    streak those that make the periods of its run count."""
    entries, axis = together(c, sight), sight.axis
    if c.streak is not None:
        run = run_now(c, entries, axis, sight.now)
        return [e for index, there in active(c, c.streak, entries, axis) if index in run for e in there]
    if c.period is not None:
        today = axis.calendar.period(axis.calendar.day(sight.now), c.period)
        return [] if axis.barred(today, c.period) else by_period(entries, axis.calendar, c.period).get(today, [])
    if c.within is not None:
        unit = unit_now(c.within, axis, sight.now)
        void = max((u for u in axis.void if u <= unit), default=0)  # no run that can still grow holds it
        return [e for e in window(c, c.within, entries, axis, unit) if axis.unit(c, e) > void]
    return entries


def together(c: Criterion, sight: Sight) -> list[Entry]:
    """The events of this season and of the best thing."""
    entries = _in_season(c, sight)
    return entries if c.each is None else _best_thing(c, entries)


def run_now(c: Criterion, entries: Sequence[Entry], axis: Axis, now: int) -> frozenset[int]:
    """The active periods of a streak's present run."""
    period = c.streak or "day"
    today = axis.calendar.period(axis.calendar.day(now), period)
    there = [index for index, _ in active(c, period, entries, axis) if index <= today]
    length = run_at(c, there, axis, today)
    return frozenset(there[-length:] if length else ())


def _value(c: Criterion, entries: Sequence[Entry]) -> Number:
    return measure(c, entries) if entries else 0


def _in_season(c: Criterion, sight: Sight) -> list[Entry]:
    if not c.seasonal or c.days is None:
        return list(sight.entries)
    now = c.days.instance(sight.axis.calendar.day(sight.now))
    return seasons(c, list(sight.entries)).get(str(now), [])


def _best_thing(c: Criterion, entries: Sequence[Entry]) -> list[Entry]:
    things: dict[str, list[Entry]] = {}
    for entry in entries:
        things.setdefault(entry.thing, []).append(entry)
    return max(things.values(), key=lambda group: measure(c, group), default=[])


def _unseen(c: Criterion, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Listed values that are not there yet."""
    seen = {e.value for e in entries}
    return tuple(str(v) for v in c.listed if v not in seen)


def _streak(c: Criterion, base: Standing, entries: Sequence[Entry], axis: Axis, now: int) -> Standing:
    period = c.streak or "day"
    there = [index for index, _ in active(c, period, entries, axis)]
    today = axis.calendar.period(axis.calendar.day(now), period)
    return replace(
        base,
        value=run_at(c, there, axis, today),
        free_misses=misses_left(c, there, axis, today),
        safe=today in there,
        ends=axis.calendar.first_instant(today + 1, period),
    )


def _combined(judgement: Judgement, wanted: Wanted, condition: Combination) -> Standing:
    if condition.kind == "steps":
        return _stepped(judgement, wanted, condition)
    parts = tuple(_own(judgement, wanted, part, frozenset()) for part in condition.parts)
    met = [bool(awarded_once(p, reached(p, judgement.counted, judgement.axis))) for p in condition.parts]
    shown = tuple(replace(p, value=p.goal) if done else p for p, done in zip(parts, met, strict=True))
    return Standing(wanted.id, sum(met), condition.goal, parts=shown)


def _stepped(judgement: Judgement, wanted: Wanted, condition: Combination) -> Standing:
    steps, ordered = condition.leaves, condition.ordered
    best = steps_now(judgement, condition)
    done = reached_steps(steps, best, ordered)
    if ordered:
        return Standing(wanted.id, done, len(steps), step=min(done, len(steps) - 1))
    left = tuple(n for n, (step, there) in enumerate(zip(steps, best, strict=True)) if len(there) < step.goal)
    return Standing(wanted.id, done, len(steps), step=left[0] if left else len(steps) - 1, open_steps=left)


def steps_now(judgement: Judgement, condition: Combination) -> list[list[Entry]]:
    """The events of each step in the window that ends now; with `same`, about the thing that is furthest."""
    steps, within = condition.leaves, condition.within
    found = [sorted(judgement.counted(step), key=lambda e: e[:3]) for step in steps]
    if within is not None:
        unit, today = unit_of(within), unit_now(within, judgement.axis(steps[0]), judgement.now)
        found = [[e for e in there if unit(e) > today - within.length] for there in found]
    if condition.same is None:
        return found
    marks = sorted({str(e.mark) for there in found for e in there})
    tried = [[[e for e in there if e.mark == mark] for there in found] for mark in marks]
    return max(tried, key=lambda t: reached_steps(steps, t, condition.ordered), default=found)


def _of_group(court: Court, judgement: Judgement, wanted: Wanted) -> Standing | None:
    """The progress of the member's team (the one they gave most to), or of the community, and their own part."""
    c = wanted.criterion
    if c is None:
        return None
    best: Standing | None = None
    for group in court.groups(wanted):
        members = court.credited(wanted, group)
        entries = court.entries(c, group)
        own = [e for e in entries if judgement.member in members[e.source, e.id]]
        if group != EVERYBODY and not own:
            continue
        found = counting(c, Sight(wanted.id, entries, court.axis(c, group), court.now))
        mine = counting(c, Sight(wanted.id, own, court.axis(c, group), court.now))
        if best is None or (best.own or 0) < mine.value:
            best = replace(found, own=mine.value)
    return best


def _ranked(court: Court, judgement: Judgement, wanted: Wanted, c: Criterion) -> Standing:
    """One's own place in the period that is open."""
    period, calendar = c.period or "month", court.plan.calendar
    today = calendar.period(calendar.day(court.now), period)
    found = {m: _today(court, c, m, today) for m in court.concerned(wanted)}
    own = found.get(judgement.member, 0)
    ahead = sorted(v for v in found.values() if v > own)
    ends = calendar.first_instant(today + 1, period)
    place = 1 + len(ahead) if own else None
    return Standing(wanted.id, own, c.goal, ends=ends, place=place, behind=ahead[0] - own if ahead else None)


def _today(court: Court, c: Criterion, member: str, today: int) -> Number:
    there = values(court, c, member)
    return max((measure(c, group) for (_, index), group in there.items() if index == today), default=0)


def _absence_left(judgement: Judgement, c: Criterion, absence: int) -> int | None:
    """In how many days the next event would count, if the member did nothing until then."""
    calendar: Calendar = judgement.axis(c).calendar
    days = [calendar.day(f.at) for f in judgement.sieve.acts if is_act(f)]
    return max(0, max(days) + absence + 1 - calendar.day(judgement.now)) if days else None
