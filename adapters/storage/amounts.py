"""What boards add up, and whom they may list: read in short pages, so that nobody who writes waits for a board."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any

from core.boards import Reading
from core.compiling import TALLY
from core.errors import StillReading
from core.events import Account
from core.members import Member, People, in_chat
from core.privacy import on_boards
from core.records import NO_CHOICE, ChoiceRow, PersonRow, as_one

PAGE = 2_000  # members
# Members come first, so that SQLite goes by them and never through everybody's rows.
_SCORES = """
SELECT s.member, s.day, SUM(s.amount)
FROM json_each(:members) j CROSS JOIN score s INDEXED BY score_member ON s.community = :community AND s.member = j.value
WHERE +s.day BETWEEN :first AND :last AND s.rule NOT GLOB :tallies GROUP BY s.member, s.day
"""
_TALLIES = """
SELECT s.member, s.day, s.amount
FROM json_each(:members) j CROSS JOIN score s INDEXED BY score_member ON s.community = :community AND s.member = j.value
WHERE s.rule = :tally AND +s.day BETWEEN :first AND :last
"""
_POINTS = """
SELECT l.member, a.earned_at, SUM(l.points)
FROM json_each(:members) j CROSS JOIN ledger l ON l.community = :community AND l.member = j.value
CROSS JOIN award a ON a.id = l.award
WHERE a.earned_at >= :start AND a.earned_at < :end GROUP BY l.member, a.id
"""
_AWARDS = """
SELECT a.member, a.earned_at, 1
FROM json_each(:members) j CROSS JOIN award a ON a.community = :community AND a.member = j.value
WHERE a.state = 'awarded' AND (:what = '' OR a.achievement = :what) AND a.earned_at >= :start AND a.earned_at < :end
"""
_SOURCES = {"score": _SCORES, "signal": _TALLIES, "points": _POINTS, "awards": _AWARDS, "achievement": _AWARDS}
_TABLES = {"score": "score", "signal": "score", "points": "ledger", "awards": "award", "achievement": "award"}
_NEXT = "SELECT DISTINCT member FROM {table} WHERE community = ? AND member > ? ORDER BY member LIMIT ?"
_PEOPLE = """
SELECT a.account, a.name, a.bot, a.present, a.roles
FROM json_each(?) j CROSS JOIN account a ON a.community = ? AND a.account = j.value
"""
_CHOICES = """
SELECT c.member, c.announce, c.hidden, c.tracked, c.anonymous
FROM json_each(?) j CROSS JOIN choice c ON c.community = ? AND c.member = j.value
"""
_JOINED = """
SELECT p.account, MIN(p.at) FROM json_each(?) j
CROSS JOIN party p ON p.community = ? AND p.account = j.value AND p.type = 'member.joined' GROUP BY p.account
"""
_TEAMS = """
SELECT p.account, p.at, s.body
FROM json_each(?) j CROSS JOIN party p ON p.community = ? AND p.account = j.value AND p.type = 'team.joined'
CROSS JOIN statement s ON s.seq = p.seq ORDER BY p.at, s.source, s.id
"""
Share = tuple[str, int, bool]
"""Under which key of the board an amount stands, how much, and whether without a name."""
Row = tuple[Member, int, int]
"""Member, when (a local day, or an instant), how much."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """Reads of one board of one community. `known`: who is who; `ended`: set when nobody waits for them any more."""

    db: sqlite3.Connection
    community: str
    reading: Reading
    known: People
    ended: Event | None = None

    def pages(self) -> Iterator[list[Member]]:
        """Everybody who may have an amount, each page read by itself. Raises StillReading once nobody waits."""
        query = _NEXT.format(table=_TABLES[self.reading.rule.kind])
        last = ""
        while page := [row[0] for row in self.db.execute(query, (self.community, last, PAGE))]:
            if self.ended is not None and self.ended.is_set():
                raise StillReading
            yield page
            last = page[-1]

    def shares(self, members: Collection[Member]) -> dict[Member, list[Share]]:
        """What these members, by all their accounts, have on the board now: nothing where they may not be listed."""
        own = {self.known.member(m) for m in members}
        listed = self._listed(own)
        amounts = self._by_team(listed) if self.reading.rule.for_ == "team" else self._by_member(listed)
        return {m: amounts.get(m, []) for m in {*members, *own}}

    def own(self, member: Member) -> int:
        """What a member has, listed or not."""
        return sum(amount for _, _, amount in self._rows([member]))

    def people(self, members: Iterable[Member]) -> dict[Member, PersonRow]:
        """Who these are, each by all their accounts."""
        found, groups = self._accounts(members)
        return {m: _person(m, there, found) for m, there in groups.items()}

    def shown(self, members: Collection[Member]) -> dict[Member, ChoiceRow]:
        """Of these who let others see them on a board, with what they chose."""
        choices = self._choices(members)
        chosen = {m: choices.get(m, NO_CHOICE) for m in members}
        return {m: choice for m, choice in chosen.items() if choice.tracked and not choice.hidden}

    def team(self, member: Member) -> str:
        """In which team a member is on the last day of the window that has come; "" in none."""
        return _at(self._teams([member]).get(member, []), self.reading.window.last)

    def checksum(self) -> str:
        """Of everybody's amounts, whoever may be listed: it changes where facts arrive or go, not where people hide.
        Before the colon: what is added up."""
        sums: dict[Member, int] = {}
        for page in self.pages():
            own = {self.known.member(m) for m in page} - sums.keys()
            sums |= dict.fromkeys(own, 0)
            for member, _, amount in self._rows(own):
                sums[member] += amount
        there = [amount for amount in sums.values() if amount]
        numbers = f"{len(there)} {sum(there)} {sum(amount * amount for amount in there)}"
        return f"{self.reading.rule.of}: {numbers}"

    # ---- amounts

    def _by_member(self, listed: Mapping[Member, ChoiceRow]) -> dict[Member, list[Share]]:
        sums: dict[Member, int] = {}
        for member, _, amount in self._rows(listed):
            sums[member] = sums.get(member, 0) + amount
        return {m: [(m, amount, listed[m].anonymous)] for m, amount in sums.items()}

    def _by_team(self, listed: Mapping[Member, ChoiceRow]) -> dict[Member, list[Share]]:
        """Each amount counts for the team in which the member was at the end of that day."""
        teams = self._teams(listed)
        sums: dict[tuple[Member, str], int] = {}
        for member, when, amount in self._rows([m for m in listed if m in teams]):
            team = _at(teams[member], self._day(when))
            if team:
                sums[member, team] = sums.get((member, team), 0) + amount
        found: dict[Member, list[Share]] = {}
        for (member, team), amount in sums.items():
            found.setdefault(member, []).append((team, amount, False))
        return found

    def _rows(self, members: Iterable[Member]) -> Iterator[Row]:
        kind, window, calendar = self.reading.rule.kind, self.reading.window, self.reading.calendar
        accounts = [a for m in members for a in self.known.accounts(m)]
        values = {
            "community": self.community,
            "members": json.dumps(accounts),
            "what": self.reading.rule.what,
            "tally": f"{TALLY}{self.reading.rule.what}",
            "tallies": f"{TALLY}*",
            "first": window.first,
            "last": window.last,
            "start": window.start(calendar),
            "end": window.end(calendar),
        }
        for account, when, amount in self.db.execute(_SOURCES[kind], values):
            yield self.known.member(account), when, int(amount)

    def _day(self, when: int) -> int:
        return when if _TABLES[self.reading.rule.kind] == "score" else self.reading.calendar.day(when)

    def _teams(self, members: Iterable[Member]) -> dict[Member, list[tuple[int, str]]]:
        """(First local day, team) in order of time; "" for none."""
        found: dict[Member, list[tuple[int, str]]] = {}
        accounts = [a for m in members for a in self.known.accounts(m)]
        for account, at, body in self.db.execute(_TEAMS, (json.dumps(accounts), self.community)):
            said = json.loads(body)
            team = said.get("facts", {}).get("team")
            if isinstance(team, str) and (said.get("target") or said.get("actor")) == account:
                found.setdefault(self.known.member(account), []).append((self.reading.calendar.day(at), team))
        return found

    # ---- who is listed

    def _listed(self, members: Collection[Member]) -> dict[Member, ChoiceRow]:
        if self.reading.rule.newcomers:
            members = self._newcomers(members)
        people, choices = self.people(members), self._choices(members)
        chosen = {m: choices.get(m, NO_CHOICE) for m in members}
        return {m: c for m, c in chosen.items() if on_boards(people[m], c, self.reading.staff)}

    def _newcomers(self, members: Collection[Member]) -> set[Member]:
        """Who joined inside the window, by whichever account came first."""
        window, calendar = self.reading.window, self.reading.calendar
        first: dict[Member, int] = {}
        accounts = [a for m in members for a in self.known.accounts(m)]
        for account, at in self.db.execute(_JOINED, (json.dumps(accounts), self.community)):
            member = self.known.member(account)
            first[member] = min(first.get(member, at), at)
        return {m for m, at in first.items() if window.start(calendar) <= at < window.end(calendar)}

    def _accounts(self, members: Iterable[Member]) -> tuple[dict[Account, Sequence[Any]], dict[Member, list[Account]]]:
        groups = {m: list(self.known.accounts(m)) for m in members}
        asked = json.dumps([a for there in groups.values() for a in there])
        return {row[0]: row for row in self.db.execute(_PEOPLE, (asked, self.community))}, groups

    def _choices(self, members: Iterable[Member]) -> dict[Member, ChoiceRow]:
        rows = self.db.execute(_CHOICES, (json.dumps(list(members)), self.community))
        return {row[0]: ChoiceRow(row[1] or None, bool(row[2]), bool(row[3]), bool(row[4])) for row in rows}


def _person(member: Member, accounts: Iterable[Account], found: Mapping[Account, Sequence[Any]]) -> PersonRow:
    rows = [_row(found[a]) for a in accounts if a in found]
    rows = rows or [PersonRow(member, member.partition("/")[2] or member)]
    if len(rows) == 1 and rows[0].account == member and in_chat(member):
        return rows[0]  # nearly everybody: nothing to put together
    return as_one(member, rows)


def _row(row: Sequence[Any]) -> PersonRow:
    roles = () if row[4] == "[]" else tuple(json.loads(row[4]))
    return PersonRow(row[0], row[1], bool(row[2]), bool(row[3]), roles)


def _at(stays: Sequence[tuple[int, str]], day: int) -> str:
    return next((team for since, team in reversed(stays) if since <= day), "")
