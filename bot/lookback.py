"""What the rules of a book would have given in the last ninety days, and the warnings that follow from it (R23)."""

from __future__ import annotations

from adapters.storage.history import SqlHistory
from adapters.storage.lookback import since, start
from bot.spool import Spool
from core.plan import compile_plan
from core.replay import Log
from core.replay import replay as decide
from core.rules.advice.history import DAYS, history_advice
from core.rules.book import RuleBook
from core.rules.faults import write_faults
from core.rules.findings import Finding
from core.rules.locations import lines_of
from core.times import read_time

_DAY = 86_400_000_000


def lookback(book: RuleBook, history: SqlHistory, now: int) -> list[Finding]:
    """Warnings, none where the log is younger than ninety days. `now`: UTC microseconds."""
    first, begin = start(history), now - DAYS * _DAY
    if first is None or first > begin:
        return []
    log, actors = Log(compile_plan(book), now, Spool()), set()
    for statement in since(history, begin):
        log.take(statement)
        if statement.at >= begin and statement.actor is not None and not statement.facts.get("bot"):
            actors.add(statement.actor)
    earned: dict[str, set[str]] = {}
    for award in decide(log.plan, log).awards:
        if read_time(award["earned_at"]) < begin:
            continue
        earned.setdefault(award["achievement"], set()).add(award["member"])
    people = log.who_is_who()
    active = len({people.member(actor) for actor in actors})
    written = book.written
    return write_faults(history_advice(book, earned, active), lines_of(written.text), written.file)
