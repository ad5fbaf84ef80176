"""A trial as the page shows it. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from adapters.discord.emoji import character
from bot.playground.exports.history import History
from bot.playground.exports.quiet import MOST_LISTED, Care, unnoticed
from bot.playground.exports.trial import CHAT, MARK, Trial, Wish
from core.events import Account
from core.rules.conditions import Achievement, Signal
from core.rules.explain import sentence, signal_text
from core.times import read_time

_SHORT_NAME = re.compile(r":([a-z0-9_+'-]+):")
MOST_PEOPLE = 200
MOST_MARKS = 12
Json = dict[str, Any]


def results(history: History, trial: Trial, cares: Mapping[Account, Care], wish: Wish) -> Json:
    """Everything: numbers, rules with their goals, people with badges, people whom nobody noticed."""
    awards = [a for a in trial.result.awards if a["state"] != "revoked"]
    held: dict[Account, list[Json]] = {}
    for award in awards:
        held.setdefault(award["member"], []).append(award)
    away = {p.account for p in history.people.values() if p.bot or not p.present}
    by_marks = {name for name, types in trial.raw_types.items() if MARK in types}
    honoured = {a["member"] for a in awards if a["achievement"] in by_marks}
    quiet = unnoticed(cares.values(), honoured, away, wish.least)
    return {
        "year": {"since": history.since // 1_000, "until": history.until // 1_000},
        "numbers": _numbers(history, len(awards), len(held)),
        "rules": list(_rules(trial, awards)),
        "marks": _marks(history, trial),
        "people": [_person(history, trial, who, held[who]) for who in _by_badges(history, held)[:MOST_PEOPLE]],
        "quiet": [_unnoticed(history, trial, care, held.get(care.account, [])) for care in quiet[:MOST_LISTED]],
        "quiet_in_all": len(quiet),
        "least": wish.least,
        "notes": list(_notes(history)),
    }


def _numbers(history: History, badges: int, holders: int) -> Json:
    return {
        "people": history.writers,
        "messages": history.messages,
        "answers": history.answers,
        "reactions": history.marks.total(),
        "badges": badges,
        "holders": holders,
    }


def _rules(trial: Trial, awards: Iterable[Json]) -> Iterable[Json]:
    """Those with a number to change that a chat's history can meet."""
    holders = Counter(achievement for achievement, _ in {(a["achievement"], a["member"]) for a in awards})
    book = trial.book
    for name, signal in book.signals.items():
        if _can_change(signal):
            words = _with_signs(signal_text(book, name))
            yield {"key": f"signal {name}", "label": _spoken(name), "text": words, "goal": signal.goal, "people": None}
    for name, rule in book.achievements.items():
        types = trial.raw_types.get(name, frozenset())
        if types and types <= CHAT:
            goal = rule.goal if _can_change(rule) else None
            told = {
                "label": rule.name,
                "text": _with_signs(sentence(book, name)),
                "goal": goal,
                "people": holders[name],
            }
            yield {"key": f"achievement {name}", "sign": _sign(rule.emoji), **told}


def _can_change(rule: Achievement | Signal) -> bool:
    return isinstance(rule.goal, int) and not (isinstance(rule, Achievement) and rule.tiers)


def _spoken(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _with_signs(words: str) -> str:
    """A rule's words with the emoji that its names stand for."""
    return _SHORT_NAME.sub(lambda found: character(found[1]) or found[0], words)


def _sign(emoji: str | None) -> str:
    return (character(emoji) if emoji else None) or "🏅"


def _marks(history: History, trial: Trial) -> list[Json]:
    """The reactions this community gives most, and those that count now."""
    counted = trial.book.words.get("helpful", ())
    names = dict.fromkeys([*counted, *(name for name, _ in history.marks.most_common(MOST_MARKS))])
    return [
        {"name": n, "sign": character(n) or f":{n}:", "given": history.marks[n], "counts": n in counted} for n in names
    ]


def _by_badges(history: History, held: Mapping[Account, list[Json]]) -> list[Account]:
    return sorted(held, key=lambda who: (-len(held[who]), history.name(who).casefold(), who))


def _person(history: History, trial: Trial, who: Account, awards: list[Json]) -> Json:
    badges = sorted((_badge(trial, a) for a in awards), key=lambda b: (b["at"], b["name"]))
    return {"member": who, "name": history.name(who), "badges": badges}


def _badge(trial: Trial, award: Json) -> Json:
    rule = trial.book.achievements[award["achievement"]]
    name = f"{rule.name}: {award['tier']}" if award["tier"] else rule.name
    return {"id": award["achievement"], "name": name, "sign": _sign(rule.emoji), "at": read_time(award["earned_at"])}


def _unnoticed(history: History, trial: Trial, care: Care, awards: list[Json]) -> Json:
    return {
        "name": history.name(care.account),
        "turned_to": len(care.turned_to),
        "messages": len(care.messages),
        "weeks": len(care.weeks),
        "marks": len(care.marks),
        "holds": [_badge(trial, award)["name"] for award in awards],
    }


def _notes(history: History) -> Iterable[str]:
    """What one should know before one believes the numbers."""
    if not history.marks:
        yield "This export has no reactions, so no rule that looks at marks can give anything."
    if not history.answers:
        yield "It has no threads either: who turned to whom is read from the people named in messages."
    if history.older:
        yield f"Left out: {history.older:,} × from before this year."
    yield from (f"{n:,} × not counted: {reason}." for reason, n in history.skipped.items())
    yield from (f"Could not be read: {fault}." for fault in history.broken[:5])
