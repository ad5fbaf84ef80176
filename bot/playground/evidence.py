"""The messages and reactions behind an award, as the page lights them up. Whom a text was written by, where, when and
how long it was: never its words."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Sequence
from typing import Any

from adapters.discord.emoji import character
from adapters.storage.reading import reading
from bot.playground.community import ZONE
from core.announcements import place_of
from core.awards import FactKey
from core.court import Court
from core.events import Account, Fact
from core.grounds import grounds
from core.judgement import Judgement
from core.plan import compile_plan
from core.replay import Log
from core.rules.book import RuleBook
from core.rules.explain import sentence

Json = dict[str, Any]
Named = Callable[[Account], str]
MOST_SHOWN = 40
_MICROS = 1_000_000
_WHAT = {"message.posted": "message", "thread.replied": "answer", "thread.started": "thread"}


def court_of(url: str, book: RuleBook, now: int) -> tuple[Court, Log]:
    """The demo's log as it is stored, ready to be asked. Raises ConfigurationError if it cannot be read."""
    log = Log(compile_plan(book), now)
    with reading(url) as histories:
        for statement in histories(book.community.id).log():
            log.take(statement)
    return Court(log.plan, log.settle(), log, now), log


def facts_behind(court: Court, log: Log, member: Account, achievement: str, earned_at: int) -> list[Fact]:
    """What an award rests on, oldest first. `earned_at`: UTC microseconds; raises LookupError if there is none then."""
    judgement, wanted = court.member(member), court.plan.wanted.get(achievement)
    found = [d for d in judgement.deserved(achievement) if d.earned_at == earned_at]
    if not found or wanted is None:
        raise LookupError("This badge is not there any more.")
    keys: set[FactKey] = set()
    for fact in grounds(court, judgement, wanted, found[-1]):
        keys |= _marks_of(judgement, fact) or {(fact.source, fact.id)}
    return [f for f in log.facts(court.people.accounts(member), None) if (f.source, f.id) in keys]


def _marks_of(judgement: Judgement, fact: Fact) -> frozenset[FactKey]:
    """For what a signal made of several marks: those marks."""
    if fact.source not in judgement.plan.signals:
        return frozenset()
    made = (e for e in judgement.events(fact.source) if e.fact.id == fact.id)
    return frozenset().union(*(judgement.behind(e.marks) for e in made))


def shown(book: RuleBook, achievement: str, facts: Sequence[Fact], named: Named) -> Json:
    """For the page: the rule in a sentence, a caption, and each fact with the message it is about."""
    return {
        "name": book.achievements[achievement].name,
        "why": sentence(book, achievement),
        "caption": caption(facts, named),
        "total": len(facts),
        "facts": [_fact(fact, named) for fact in facts[-MOST_SHOWN:]],
    }


def caption(facts: Sequence[Fact], named: Named) -> str:
    """As "marked by Jonas, Lena, Mei", or "2 messages and 1 answer by Amira"."""
    givers = list(dict.fromkeys(named(f.actor) for f in facts if f.type == "reaction.added" and f.actor))
    if givers:
        return f"marked by {_listed(givers)}"
    writers = list(dict.fromkeys(named(f.actor) for f in facts if f.actor))
    counts: dict[str, int] = {}
    for fact in facts:
        counts[_what(fact)] = counts.get(_what(fact), 0) + 1
    parts = [f"{n} {what if n == 1 else f'{what}s'}" for what, n in counts.items()]
    return f"{' and '.join(parts)} by {_listed(writers)}" if parts and writers else " and ".join(parts)


def _listed(names: Sequence[str], most: int = 6) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def _what(fact: Fact) -> str:
    return _WHAT.get(fact.type, fact.type)


def _fact(fact: Fact, named: Named) -> Json:
    place = place_of(fact.source, fact.facts)
    is_mark = fact.type == "reaction.added"
    emoji = str(fact.facts.get("emoji", "")) if is_mark else None
    return {
        "platform": fact.source.partition(":")[0],
        "message": place.message,
        "emoji": emoji,
        "words": words(fact, named),
    }


def words(fact: Fact, named: Named) -> str:
    """As "✅ from Jonas on an answer in #help, 3 March 2026 14:02, 212 characters"."""
    where = f" in {fact.facts['channel']}" if "channel" in fact.facts else ""
    length = fact.facts.get("length")
    size = f", {length:,} character{'' if length == 1 else 's'}" if isinstance(length, int) else ""
    thing = f"{where}, {_when(fact.at)}{size}"
    if fact.type != "reaction.added":
        by = f" by {named(fact.actor)}" if fact.actor else ""
        return f"{_what(fact)}{by}{thing}"
    emoji = str(fact.facts.get("emoji", ""))
    kind = "an answer" if fact.facts.get("post_kind") == "reply" else "a message"
    return f"{character(emoji) or f':{emoji}:'} from {named(fact.actor or '')} on {kind}{thing}"


def _when(at: int) -> str:
    moment = dt.datetime.fromtimestamp(at / _MICROS, zoneinfo.ZoneInfo(ZONE))
    return f"{moment.day} {moment:%B %Y %H:%M}"
