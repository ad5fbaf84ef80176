"""Why one event does not count for a rule: the first word of the rule, in the order of evaluation, that stands against
it. What lies in a private channel is never called by the name of that channel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from core import reasons
from core.criteria.caps import refused
from core.criteria.criterion import Criterion, Entry
from core.criteria.holding import unit_now
from core.criteria.matching import View, match
from core.criteria.tally import active, measure
from core.events import Fact
from core.judgement import Judgement
from core.rules.conditions import Condition, Counting, Signal, Source
from core.rules.explain.english import NOW, article, figure, several
from core.rules.explain.frames import caps, thing
from core.rules.explain.measures import undoing
from core.rules.explain.misses import Objection, missed, said, same
from core.rules.explain.nouns import counts_others, place, unit
from core.rules.grammar import Step
from core.standings import Sight, present, run_now, together

Rule = Source | Step
Key = tuple[str, str]
Objections = dict[Key, Objection]


def key_of(event: Entry | Fact) -> Key:
    return event.source, event.id


def keys_of(events: Iterable[Entry]) -> set[Key]:
    return {key_of(event) for event in events}


# ---- one fact by itself


def against(j: Judgement, c: Criterion, rule: Rule, fact: Fact, whose: str) -> Objection | None:
    """What stands against a fact, whatever else happened; None if nothing does. `whose`: "your" or "their"."""
    view = j.sieve.view(c, fact)
    out_of_reach = reasons.by_a_bot(view) or reasons.out_of_scope(view)
    if out_of_reach is not None:
        return out_of_reach.told
    found = _filtered(rule, view) or _uncredited(j, c, view, whose)
    return found or _unfit(c, rule, view) or _before_the_reset(j, c, fact)


def _filtered(rule: Rule, view: View) -> Objection | None:
    failed = reasons.failed(rule.where, view)
    if failed is None:
        return None
    name = view.get("channel") if failed.fact == "channel_id" else None
    there = view.get(failed.fact) if name is None else name
    return missed(rule, failed, there, private=view.facts.get("private") is True)


def _uncredited(j: Judgement, c: Criterion, view: View, whose: str) -> Objection | None:
    if j.member in view.credited(c.credit, c.allow_self):
        return None
    if not j.people.tracked(j.member, view.fact.at):
        return reasons.OPTED_OUT.told
    if j.member in view.credited(c.credit, True):
        return reasons.own(whose).told
    return said("others", "counts for somebody else", "count for somebody else")


def _unfit(c: Criterion, rule: Rule, view: View) -> Objection | None:
    """Everything else that a fact can miss by itself: dates, places, a value to measure, being in time."""
    if (outside := reasons.outside(c.days, view)) is not None:
        return outside.told
    if match(replace(c, open_for=None, only_in=None), view) is None:
        return reasons.lacking(_lacking(c, view)).told
    if match(replace(c, open_for=None), view) is None:
        return same("only_in", "where this badge cannot be earned")
    if match(c, view) is None:
        return reasons.late(getattr(rule, "open_for", None)).told
    return None


def _lacking(c: Criterion, view: View) -> str:
    """The fact without which nothing can be measured."""
    distinct = c.distinct if isinstance(c.distinct, tuple) else (c.distinct,)
    names = [name for name in (c.each, *distinct, c.sum, c.best, c.same) if name is not None]
    return next((name for name in names if view.get(name) is None), (c.sum or c.best or "value"))


def _before_the_reset(j: Judgement, c: Criterion, fact: Fact) -> Objection | None:
    since = j.sieve.since(c)
    return None if since is None or fact.at >= since else said("reset", "came before the rule began anew")


# ---- because of others


def among(j: Judgement, c: Criterion, rule: Rule) -> Objections:
    """What stands against facts because of others: what cancels them, no silence before them, caps that are full."""
    entries = sorted(j.entries(c), key=lambda e: e[:3])
    found = _left_out(j, c, rule, entries)
    if c.limit is not None and isinstance(rule, Source):
        words = caps(rule)
        for entry, cap in refused(c.limit, entries, j.sieve.calendar_now(c, j.now)):
            found[key_of(entry)] = same(f"cap {cap}", f"over the limit (at most {words[cap]})")
    return found


def _left_out(j: Judgement, c: Criterion, rule: Rule, entries: Sequence[Entry]) -> Objections:
    """By `unless` and `after_absence`: found by leaving these words out, one after the other."""
    if c.unless is None and c.absence is None:
        return {}
    whole = j.entries(replace(c, absence=None, unless=None))
    uncancelled = keys_of(j.entries(replace(c, absence=None)))
    undone = same("cancelled", _undone(rule))
    silence = same("absence", f"not after {getattr(rule, 'after_absence', None)} of silence")
    gone = keys_of(whole) - keys_of(entries)
    return {key: silence if key in uncancelled else undone for key in gone}


def _undone(rule: Rule) -> str:
    """What happened to a thing that is cancelled: "reopened"."""
    unless = rule.unless if isinstance(rule, Counting) else None
    if unless is None or unless.match != "object" or not isinstance(rule, Counting):
        return "cancelled by something else"
    return undoing(rule, unless) or "cancelled by something about the same thing"


# ---- counted, but not now


def elsewhere(c: Criterion, rule: Counting, sight: Sight) -> Objections:
    """What keeps counted events out of the present number: another time frame, another thing, nothing new in it."""
    here = present(c, sight)
    found: Objections = {}
    inside, near = keys_of(here), keys_of(together(c, sight))
    for entry in sight.entries:
        if key_of(entry) not in inside:
            objection = _apart(c, rule, sight, entry, near)
            found.update({key_of(entry): objection} if objection is not None else {})
    return found | (repeated(rule, here) if c.streak is None else {})


def _apart(c: Criterion, rule: Counting, sight: Sight, entry: Entry, near: set[Key]) -> Objection | None:
    if key_of(entry) not in near:
        now = c.days.instance(sight.axis.calendar.day(sight.now)) if c.days is not None else 0
        if c.seasonal and c.days is not None and c.days.instance(entry.day) != now:
            return same("frame", "in another season")
        return same("thing", f"{place(rule.each or '')[0]} another {thing(rule)}")
    if c.streak is not None:
        return _off_the_run(c, rule, sight, entry)
    if c.period is not None:
        if sight.axis.barred(sight.axis.calendar.period(entry.day, c.period), c.period):
            return same("cancelled", f"in a {c.period} that is cancelled")
        return same("frame", f"before {NOW[c.period]}")
    if c.within is not None and sight.axis.unit(c, entry) > unit_now(c.within, sight.axis, sight.now) - c.within.length:
        return same("cancelled", "in days that are cancelled")
    return same("frame", f"more than {rule.within} ago")


def _off_the_run(c: Criterion, rule: Counting, sight: Sight, entry: Entry) -> Objection | None:
    period, axis = c.streak or "day", sight.axis
    index, entries = axis.calendar.period(entry.day, period), together(c, sight)
    if axis.resting(c, entry.day):
        return same("rest", "on a day that is left out")
    if index in run_now(c, entries, axis, sight.now):
        return None  # one more than the period needs
    if index in {there for there, _ in active(c, period, entries, axis)}:
        return same("frame", "before the present run")
    return same("few", f"in a {period} with fewer than {figure(rule.at_least)}")


def repeated(rule: Counting, entries: Sequence[Entry]) -> Objections:
    """Events that bring no value which is not there already."""
    if rule.distinct is None:
        return {}
    first = {entry.value: key_of(entry) for entry in reversed(entries)}
    before, one = place(rule.distinct)
    objection = same(
        "repeat",
        f"{before} {article(one)} that counted already",
        f"{before} {several(one)} that counted already",
    )
    if counts_others(rule):
        objection = said("repeat", "came from somebody who counted already")
    return {key_of(e): objection for e in entries if first[e.value] != key_of(e)}


# ---- marks of a signal that says nothing yet


def short(j: Judgement, c: Criterion, rule: Signal) -> Objections:
    """What stands against counted marks: the thing (or the time) they are about has too few, or had them already."""
    done = {key_of(mark) for event in j.events(c.id) for mark in event.marks}
    groups: dict[tuple[str, int], list[Entry]] = {}
    for entry in j.counted(c):
        index = j.axis(c).calendar.period(entry.day, c.period) if c.period is not None else 0
        groups.setdefault((entry.thing, index), []).append(entry)
    found: Objections = {}
    for group in groups.values():
        if done.isdisjoint(keys_of(group)):
            objection = _so_far(c, rule, group)
            found |= {key_of(e): objection for e in group} | repeated(rule, group)
        elif c.distinct is not None:
            found |= repeated(rule, group)
    return found


def _so_far(c: Criterion, rule: Signal, group: Sequence[Entry]) -> Objection:
    what = thing(rule) if rule.each is not None else rule.in_one or "time"
    before = place(rule.each)[0] if rule.each is not None else "in"
    value = f"{figure(measure(c, group))} of {figure(rule.target)}"
    if rule.distinct is not None:
        value += f" {unit(rule.distinct)[1]}"
    if c.streak is not None:
        return same("short", "in a run that is too short so far")
    general = f"{before} {several(what)} with too few so far"
    return same("short", f"{before} {article(what)} with {value} so far", general)


# ---- steps


def out_of_turn(rule: Condition, found: Sequence[Sequence[Entry]], done: int, names: Sequence[str]) -> list[Objections]:
    """For each step of an ordered rule: what came before its turn. `done`: how many steps are complete."""
    after: int | None = None
    result: list[Objections] = []
    for n, (entries, step) in enumerate(zip(found, rule.steps or (), strict=True)):
        fit = [e for e in entries if after is None or e.at > after]
        early = entries if n > done else [e for e in entries if e not in fit] if n == done else []
        waits = names[done] if n > done else names[max(0, n - 1)]
        result.append({key_of(e): said("order", f"came before {waits}") for e in early})
        after = fit[int(step.goal) - 1].at if n < done else after
    return result
