"""A roster as a file: its rows, and whom each of them means. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.events import Account
from core.members import Member, People, in_chat, voice

WHO = ("account", "email", "name")
DAYS = ("from", "until", "joined", "left")
COLUMNS = (*WHO, "team", *DAYS)
LONGEST_TEAM = 100
_SAME = {"e-mail": "email", "mail": "email", "person": "name", "since": "from"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a roster. Days are ordinals of the calendar: `since` and `until` the first and the last day in the
    team, `joined` the first day here, `left` the day from which the person is gone."""

    line: int
    who: Mapping[str, str]
    team: str = ""
    since: int | None = None
    until: int | None = None
    joined: int | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line, and what to write instead. `unknown`: only that nobody, or more than one, is meant."""

    line: int
    text: str
    unknown: bool = False


def read_rows(text: str) -> tuple[list[Row], list[Fault]]:
    """The rows of a CSV text with a head line, separated by commas or semicolons."""
    head = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    names = [_column(name) for name in next(lines, [])]
    if faults := _head_faults(names):
        return [], faults
    rows: list[Row] = []
    try:
        for cells in lines:
            if any(cell.strip() for cell in cells):
                given = {n: c.strip() for n, c in zip(names, cells, strict=False) if c.strip()}
                found = _row(lines.line_num, given)
                (faults if isinstance(found, Fault) else rows).append(found)  # type: ignore[arg-type] # by the same test
    except csv.Error as error:
        faults.append(Fault(lines.line_num, f"is no CSV ({error}); save the file as CSV again"))
    return rows, faults


def _column(name: str) -> str:
    plain = name.strip().lower()
    return _SAME.get(plain, plain)


def _head_faults(names: Sequence[str]) -> list[Fault]:
    strange = [n for n in names if n not in COLUMNS]
    if strange:
        return [Fault(1, f'unknown column "{strange[0][:40]}"; the columns are {", ".join(COLUMNS)}')]
    twice = [n for n in COLUMNS if names.count(n) > 1]
    if twice:
        return [Fault(1, f'column "{twice[0]}" is there twice; keep one')]
    if not set(WHO) & set(names):
        return [Fault(1, f"no column says who it is; write one of {', '.join(WHO)}")]
    return []


def _row(line: int, given: Mapping[str, str]) -> Row | Fault:
    try:
        days = {name: read_day(given[name], name) for name in DAYS if name in given}
    except ValueError as error:
        return Fault(line, str(error))
    who = {name: given[name] for name in WHO if name in given}
    team = given.get("team", "")
    if wrong := _wrong(who, team, days):
        return Fault(line, wrong)
    return Row(line, who, team, days.get("from"), days.get("until"), days.get("joined"), days.get("left"))


def read_day(text: str, name: str) -> int:
    """The ordinal of a day written as 2026-03-01. Raises ValueError, which names the column."""
    try:
        return dt.date.fromisoformat(text).toordinal()
    except ValueError:
        raise ValueError(f'{name}: "{text[:20]}" is no day; write it as 2026-03-01') from None


def _wrong(who: Mapping[str, str], team: str, days: Mapping[str, int]) -> str | None:
    if not who:
        return f"says nobody; fill in one of {', '.join(WHO)}"
    if len(team) > LONGEST_TEAM or not team.isprintable():
        return f"team: is no name of at most {LONGEST_TEAM} characters in one line"
    if not team and ("from" in days or "until" in days):
        return "from and until are about a team; name the team, or write joined and left"
    if days.get("until", 1 << 30) < days.get("from", 0):
        return "until is before from; write the first day and the last one"
    return None


# ---- whom a row means


@dataclass(frozen=True, slots=True)
class Known:
    """`names`: what accounts are called here. `people`: who is who."""

    names: Mapping[Account, str]
    people: People

    def by_name(self) -> dict[str, list[Member]]:
        """Members of the chats by what they are called, without regard to capitals."""
        found: dict[str, dict[Member, None]] = {}
        for account, name in sorted(self.names.items()):
            if in_chat(account):
                found.setdefault(name.casefold(), {})[self.people.member(account)] = None
        return {name: list(members) for name, members in found.items()}

    def voice(self, member: Member) -> Account:
        """By which account a member is spoken of."""
        return voice(member, self.people.accounts(member)) or member

    def knows(self, account: Account) -> bool:
        return account in self.names or account in self.people.members or account in self.people.groups


def resolve(rows: Iterable[Row], known: Known) -> tuple[list[tuple[Account, Row]], list[Fault]]:
    """Each row with the account it means; faults for those that mean nobody, or more than one person."""
    by_name, found, faults = known.by_name(), [], []
    for row in rows:
        meant = _meant(row, known, by_name)
        if isinstance(meant, Fault):
            faults.append(meant)
        else:
            found.append((known.voice(known.people.member(meant)), row))
    return found, faults


def _meant(row: Row, known: Known, by_name: Mapping[str, Sequence[Member]]) -> Account | Fault:
    """The first of account, e-mail and name that is filled in decides."""
    if account := row.who.get("account"):
        if known.knows(account):
            return account
        return Fault(row.line, f'nobody has the account "{account[:60]}"; write it as slack:T1/U7', True)
    if email := row.who.get("email"):
        account = f"email/{email.lower()}"
        if known.knows(account):
            return account
        return Fault(row.line, f'"{email[:60]}" belongs to nobody here; write the account, or link the address', True)
    return _named(row, row.who["name"], known, by_name)


def _named(row: Row, name: str, known: Known, by_name: Mapping[str, Sequence[Member]]) -> Account | Fault:
    fitting = by_name.get(name.casefold(), ())
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        return Fault(row.line, f'nobody here is called "{name[:60]}"; write the account', True)
    several = ", ".join(known.voice(member) for member in fitting[:5])
    return Fault(row.line, f'"{name[:60]}" may be {several}; write the account of the one you mean', True)
