"""The answer of `plaudit simulate`, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import orjson

from bot.simulation import Answer, Row
from core.events import plain


def as_json(answer: Answer) -> str:
    """One JSON object."""
    return orjson.dumps(asdict(answer), default=plain, option=orjson.OPT_INDENT_2).decode()


def as_lines(answer: Answer) -> Iterator[str]:
    """What would change; or, without an event, what is held, what is under way, and what did not count."""
    for event in answer.events:
        yield from _event(event)
    if answer.events:
        yield from _changes(answer)
    else:
        yield from _standing(answer)


def _event(event: Row) -> Iterator[str]:
    yield f"{event['type']} at {event['at']}"
    for fit in event["fits"]:
        if fit["against"]:
            yield f"  not counted for {fit['rule']}: {fit['against']}"
        else:
            yield f"  counts for {fit['rule']}" + (f": {', '.join(fit['members'])}" if fit["members"] else "")
    if event["reason"]:
        yield f"  not counted: {event['reason']}"


def _changes(answer: Answer) -> Iterator[str]:
    yield ""
    if not (answer.earned or answer.gone or answer.changed):
        yield "Nothing would change."
        return
    yield "What would change"
    yield from (f"  + {_award(a)}" for a in answer.earned)
    yield from (f"  - {_award(a)}" for a in answer.gone)
    yield from (f"    {_change(c)}" for c in answer.changed)


def _standing(answer: Answer) -> Iterator[str]:
    yield "Held" if answer.held else "Nothing is held."
    yield from (f"  {_award(a)}" for a in answer.held)
    yield "Under way" if answer.progress else "Nothing is under way."
    yield from (f"  {p['member']}  {p['achievement']}: {p['text']}" for p in answer.progress)
    if answer.uncounted:
        yield "Not counted"
        often = sorted(answer.uncounted.items(), key=lambda found: (-found[1], found[0]))
        yield from (f"  {times} × {reason}" for reason, times in often)


def _award(award: Row) -> str:
    which = " ".join(part for part in (award["tier"], award["period"]) if part)
    moment = f"{award['earned_at'][:16].replace('T', ' ')} UTC"
    facts = "1 fact" if award["evidence"] == 1 else f"{award['evidence']} facts"
    name = f"{award['achievement']} {which}".strip()
    return f"{award['member']}  {name}: {award['state']}, {moment}, {facts}"


def _change(change: Row) -> str:
    what = change["achievement"] or change["what"]
    before, after = (_shown(change[key], change["achievement"]) for key in ("before", "after"))
    return f"{change['member']}  {what}: {before} -> {after}"


def _shown(value: object, achievement: object) -> str:
    return str(value) if value is not None else "not under way" if achievement else "0"
