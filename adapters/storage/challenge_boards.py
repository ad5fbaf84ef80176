"""Where people stand in a challenge, and how many would have reached one: read from the log."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Collection, Iterable

from adapters.storage.challenges import joined, reached
from adapters.storage.history import SqlHistory, as_json
from core.challenge_boards import MOST, Board, amounts, teams, together
from core.challenge_rules import parsed, rule_text, windows
from core.challenges import Challenge, Wish
from core.court import Court
from core.events import Fact
from core.members import Member
from core.plan import compile_plan
from core.records import NO_CHOICE, ChoiceRow, PersonRow, StandingRow, as_one
from core.serving import Served

_PEOPLE = """
SELECT account, name, bot, present, roles FROM account
WHERE community = ? AND account IN (SELECT value FROM json_each(?))
"""
_CHOICES = """
SELECT member, announce, hidden, tracked, anonymous FROM choice
WHERE community = ? AND member IN (SELECT value FROM json_each(?))
"""
_TRIED = "challenge-{}"


class _Unindexed(SqlHistory):
    """The log for rules that are only tried: nothing was put into the index for them."""

    def __init__(self, history: SqlHistory) -> None:
        super().__init__(history._db, history.community)

    def of_type(self, types: Iterable[str]) -> list[Fact]:
        return sorted(self.live(types), key=lambda f: (f.at, f.source, f.id))


def board(history: SqlHistory, served: Served, challenge: Challenge, now: int) -> Board:
    """How it stands at this moment, UTC microseconds; of a closed one how it stood at its end."""
    at = min(now, challenge.ends(served.plan.calendar) - 1)
    court = Court(served.plan, served.people, history, now)
    there = tuple(dict.fromkeys(served.people.member(a) for a in joined(history, challenge.id)))
    has: dict[Member, bool] = {}
    for member, (earned, private) in reached(history, challenge.id).items():
        if earned <= at:  # what stands without facts stays with a linked account
            has.setdefault(served.people.member(member), private)
    having, quiet = list(has), {m for m, private in has.items() if private} - {*there}
    amount = amounts(court, challenge.id, there[:MOST])
    goal = challenge.wish.goal
    amount |= {m: max(goal, amount[m]) for m in having if m in amount}
    known = rows(history, served, {*there, *having}, amount)
    people = {m: row for m, row in known.items() if m not in quiet}
    shown = tuple(known[m] for m in there[:MOST])
    return Board(shown, tuple(having), there, teams(court, challenge.id), people, together(court, challenge.id))


def rows(
    history: SqlHistory, served: Served, members: Collection[Member], amount: dict[Member, int]
) -> dict[Member, StandingRow]:
    """Who these members are and what they chose to show, with what each has."""
    accounts = {a: m for m in members for a in served.people.accounts(m)}
    of: dict[Member, list[PersonRow]] = {}
    for account, name, bot, present, roles in history.rows(_PEOPLE, (history.community, as_json(accounts))):
        of.setdefault(accounts[account], []).append(
            PersonRow(account, name, bool(bot), bool(present), tuple(json.loads(roles)))
        )
    chosen = {
        row[0]: ChoiceRow(row[1], bool(row[2]), bool(row[3]), bool(row[4]))
        for row in history.rows(_CHOICES, (history.community, as_json(members)))
    }
    return {m: StandingRow(as_one(m, of.get(m, [])), amount.get(m, 0), chosen.get(m, NO_CHOICE)) for m in members}


def would_reach(history: SqlHistory, served: Served, wish: Wish, now: int, seconds: float) -> int | None:
    """How many people would have reached it in the last month, as the log is; None after so many seconds."""
    book, until = served.plan.book, time.monotonic() + seconds
    today = dt.date.fromordinal(served.plan.calendar.day(now))
    tried = {_TRIED.format(n): w for n, w in enumerate(windows(wish, today))}
    rules = {name: parsed(book, name, rule_text(name, w, 1)) for name, w in tried.items()}
    plan = compile_plan(book.model_copy(update={"achievements": rules, "scores": {}, "levels": ()}))
    court = Court(plan, served.people, _Unindexed(history), now, keep=False)
    first = served.plan.calendar.first_instant(min(w.first for w in tried.values()).toordinal(), "day")
    found: set[Member] = set()
    for member in _active(served, history.active_since(first)):
        if time.monotonic() > until:
            return None
        if any(court.member(member).deserved(name) for name in tried):
            found.add(member)
    return len(found)


def _active(served: Served, accounts: Iterable[str]) -> list[Member]:
    return sorted({served.people.member(account) for account in accounts})
