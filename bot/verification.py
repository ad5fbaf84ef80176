"""`plaudit verify`: decide everything again from the log, and compare with what is stored."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from adapters.storage.chain import faults, note_head
from adapters.storage.challenges import extended
from adapters.storage.checking import Check
from adapters.storage.ladders import waiting_after
from adapters.storage.reading import reading
from adapters.storage.rulings import book_in_force
from bot.books import read_books
from bot.halves import decide
from bot.settings import Settings
from bot.spool import Spool
from core.awarding import awaited
from core.events import Statement
from core.ladder import counts_for_levels, held_levels
from core.lines import parse_line, to_line
from core.members import People
from core.plan import Plan, compile_plan
from core.replay import Log
from core.results import Replay, moment
from core.rewards import TYPES as REWARDS
from core.rewards import said_of
from core.rules.book import RuleBook

MOST_LINES = 200
Row = tuple[str, str, str, str, str, int]
Payouts = Mapping[int, tuple[str, str, int]]
"""Whose a reward is, its state, and what it did to the balance."""


def verify(settings: Settings) -> list[str]:
    """Differences, one line each; none when all is well. Needs no running bot and works beside one."""
    books = read_books(settings.rules)
    with reading(settings.database_url) as histories:  # an edited file changes nothing before the bot takes it up
        in_force = [book_in_force(histories(book.community.id)) or book for book in books]
    found = compare(settings.database_url, in_force, time.time_ns() // 1_000)
    if not found:
        with reading(settings.database_url) as histories:
            note_head(histories(""))
    return found


def compare(url: str, books: Sequence[RuleBook], now: int) -> list[str]:
    """As `verify`, for these books at this moment (UTC microseconds)."""
    found: list[str] = []
    with reading(url) as histories:
        found += faults(histories(""))
        for book in books:
            check = Check(histories(book.community.id))
            found += [*check.database(), *_community(check, book, now)]
    return found[:MOST_LINES]


def _community(check: Check, book: RuleBook, now: int) -> Iterable[str]:
    name = book.community.id
    log = Log(compile_plan(extended(check.history, book)), now, Spool())
    rewards = list(_taken_in(log, check.history.log()))
    result = decide(log.plan, log, progress=False)
    before = _before_what_waits(check, log, now) or result
    alarms = check.alarms(now)
    moving = _moving(before, result) | {member for _, member in alarms}
    current, earlier = _rows(result), _rows(before)
    # What the live policy `if_undone` kept stands without facts: it is left out on the live side.
    # An achievement that the book no longer has is retired: its awards stand, and nothing can be said about them.
    stored = {(*a[:4], moment(a[4]), a[5]) for a in check.awards() if a[0] in log.plan.wanted}
    missing, unfounded = (current & earlier) - stored, stored - (current | earlier)
    yield from (f"{name}: the log supports {_words(row)}, which is not stored" for row in sorted(missing))
    yield from (
        f"{name}: {_words(row)} is stored, but the log does not support it"
        for row in sorted(unfounded)
        if row[:2] not in alarms
    )
    yield from _numbers(f"{name}: score", result.score, check.scores(), moving)
    yield from _numbers(f"{name}: board number", result.counted, check.counted())
    kept = check.kept_members() | moving
    if waiting_after(check.history) is None:  # else the bot is bringing a changed ladder to people
        yield from _levels(name, _supported_levels(log.plan, result), check.levels(), kept)
    payouts = check.payouts()
    balances = _of_members(check.points(log.plan.wanted), payouts, log.who_is_who())
    yield from _numbers(f"{name}: points", result.points, balances, kept)
    yield from _rewards(name, said_of(rewards), payouts)


def _taken_in(log: Log, statements: Iterable[Statement]) -> Iterable[Statement]:
    """Fill a log. Gives what is about rewards."""
    for statement in statements:
        entry = parse_line(to_line(statement))  # through the same text as `plaudit log | plaudit replay`
        if isinstance(entry, Statement):
            log.take(entry)
        if statement.type in REWARDS:
            yield statement


def _before_what_waits(check: Check, log: Log, now: int) -> Replay | None:
    """What the log supported before the first thing fell due that the bot has not come to, as while it is stopped.
    None where nothing waits."""
    since = check.waits_since(now, log.plan.wanted, awaited(log.plan))
    if since is None:
        return None
    log.until = since - 1
    return decide(log.plan, log, progress=False)


def _moving(before: Replay, result: Replay) -> frozenset[str]:
    """Members with awards that come or go by time alone, and that the bot may not have come to: what is added up over
    their awards may be that of before, of now, or of something between."""
    there, here = ({(*_row(a), str(a["state"])) for a in side.awards} for side in (before, result))
    return frozenset(row[1] for row in there ^ here)


def _rows(result: Replay) -> set[Row]:
    return {_row(a) for a in result.awards if a["state"] != "revoked"}


def _row(award: dict[str, object]) -> Row:
    return (
        str(award["achievement"]),
        str(award["member"]),
        str(award["tier"] or ""),
        str(award["period"] or ""),
        str(award["earned_at"]),
        int(str(award["evidence"])),
    )


def _words(row: Row) -> str:
    achievement, member, tier, period, earned, evidence = row
    extra = " ".join(part for part in (tier, period) if part)
    return f"{achievement}{' ' + extra if extra else ''} of {member} ({earned}, {evidence} facts)"


def _supported_levels(plan: Plan, result: Replay) -> set[tuple[str, str]]:
    """Levels that the replayed scores and badges give: (member, name)."""
    badges: dict[str, set[str]] = {}
    for award in result.awards:
        if award["state"] == "awarded" and counts_for_levels(plan, str(award["achievement"])):
            badges.setdefault(str(award["member"]), set()).add(str(award["achievement"]))
    return {
        (member, level.name)
        for member, score in result.score.items()
        for level in held_levels(plan.book, score, badges.get(member, ()))
    }


def _levels(
    community: str, supported: set[tuple[str, str]], stored: set[tuple[str, str]], kept: frozenset[str]
) -> Iterable[str]:
    """Somebody whose badge was kept may hold a level that the log alone does not give."""
    for member, level in sorted(supported ^ stored):
        if member not in kept:
            here = "is stored" if (member, level) in stored else "is not stored"
            yield f"{community}: the level {level} of {member} {here}, the log says otherwise"


def _of_members(points: dict[str, int], payouts: Payouts, people: People) -> dict[str, int]:
    """A reward belongs to the account that took it; its member has the balance."""
    found = Counter(points)
    for account, _, worth in payouts.values():
        found[account] -= worth
        found[people.member(account)] += worth
    return dict(found)


def _rewards(community: str, said: Payouts, stored: Payouts) -> Iterable[str]:
    for number in sorted(n for n in said.keys() | stored.keys() if said.get(n) != stored.get(n)):
        log, here = (_payout(side.get(number)) for side in (said, stored))
        yield f"{community}: reward {number} is stored as {here}, the log says {log}"


def _payout(found: tuple[str, str, int] | None) -> str:
    return f"{found[1]} for {found[0]} with {found[2]} points" if found is not None else "unknown"


def _numbers(
    what: str, replayed: dict[str, int], stored: dict[str, int], kept: frozenset[str] = frozenset()
) -> Iterable[str]:
    for member in sorted(replayed.keys() | stored.keys()):
        want, have = replayed.get(member, 0), stored.get(member, 0)
        if want != have and member not in kept:
            yield f"{what} of {member} is {have}, the log gives {want}"
