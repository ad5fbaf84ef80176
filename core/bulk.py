"""Many decisions at once, from a table of comma-separated values: what each line means, and what speaks against it."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from core.commands.moderation import LONGEST_REASON, SOURCE
from core.commands.validate import LONGEST_KIND, VALIDATED
from core.errors import PlauditError
from core.events import WITHDRAW, Account, Fact, Statement, Value
from core.members import Member, People
from core.plan import REVOCATION
from core.rules.book import Achievement, RuleBook
from core.times import read_time, write_time
from core.two_people import takes_two
from core.wanted import GRANT

Deed = Literal["grant", "revoke", "validate"]
DEEDS: tuple[Deed, ...] = get_args(Deed)
Fate = Literal["new", "already", "refused"]
OPERATOR = "operator"
COLUMNS = ("member", "achievement", "kind", "reason", "note", "at")
MOST_LINES = 10_000
_TYPES = {"grant": GRANT, "revoke": REVOCATION, "validate": VALIDATED}


class BulkRefused(PlauditError):
    """A table that cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was written. `thing`: an achievement, or for validate a kind. `at`: as 2026-03-01, or ""."""

    number: int
    member: str
    thing: str
    reason: str
    note: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """What is known: accounts by name in small letters, names of accounts, bots, members who opted out, how often
    somebody holds an achievement, and what became of statements with these ids (alive or not)."""

    book: RuleBook
    people: People
    now: int
    accounts: Mapping[str, Sequence[Account]] = field(default_factory=dict)
    names: Mapping[Account, str] = field(default_factory=dict)
    bots: frozenset[Account] = frozenset()
    untracked: frozenset[Member] = frozenset()
    held: Mapping[tuple[Member, str], int] = field(default_factory=dict)
    said: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """What a line comes to. `why`: what speaks against it, and what to do."""

    line: Line
    fate: Fate
    who: str
    what: str
    why: str = ""
    statement: Statement | None = None


def read(text: str, deed: Deed) -> list[Line]:
    """The lines of a table with a head. Raises BulkRefused."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), restkey="", restval="")
    head = [name.strip().casefold() for name in rows.fieldnames or ()]
    thing = "kind" if deed == "validate" else "achievement"
    missing = [name for name in ("member", thing, "reason") if name not in head]
    if missing:
        raise BulkRefused(f"line 1: columns are missing: {', '.join(missing)}. Known: {', '.join(COLUMNS)}")
    unknown = [name for name in head if name not in COLUMNS]
    if unknown:
        raise BulkRefused(f"line 1: unknown columns: {', '.join(unknown)}. Known: {', '.join(COLUMNS)}")
    rows.fieldnames = head
    found = list(_lines(rows, thing))
    if len(found) > MOST_LINES:
        raise BulkRefused(f"more than {MOST_LINES} lines; make several files of it")
    return found


def _lines(rows: csv.DictReader[str], thing: str) -> Iterator[Line]:
    try:
        for row in rows:
            get = {name: " ".join(str(row.get(name) or "").split()) for name in COLUMNS}
            if any(get.values()):
                yield Line(rows.line_num, get["member"], get[thing], get["reason"], get["note"], get["at"])
    except csv.Error as error:
        raise BulkRefused(f"line {rows.line_num}: {error}") from None


def judge(lines: Iterable[Line], deed: Deed, batch: str, world: World) -> list[Row]:
    """What each line comes to. A line that stands twice counts once, and is refused the second time."""
    seen: dict[str, int] = {}
    given: dict[tuple[Member, str], int] = {}
    rows = []
    for line in lines:
        row = _judged(line, deed, batch, world, given)
        if row.statement is not None:
            first = seen.setdefault(row.statement.id, line.number)
            if first != line.number:
                why = f"the same as line {first}; leave it out, or give it another time in at"
                row = Row(line, "refused", row.who, row.what, why)
        if row.fate == "new" and row.statement is not None and row.statement.target is not None:
            key = (world.people.member(row.statement.target), row.what)
            given[key] = given.get(key, 0) + 1
        rows.append(row)
    return rows


class _Objection(PlauditError):
    """What speaks against one line."""


def _judged(line: Line, deed: Deed, batch: str, world: World, given: Mapping[tuple[Member, str], int]) -> Row:
    try:
        account = _account(line, world)
        thing = _kind(line) if deed == "validate" else _achievement(line, world.book)
        if deed == "grant" and takes_two(world.book, thing):
            raise _Objection("takes two moderators; they give it in the chat with /plaudit grant")
        made = _statement(line, deed, batch, account, thing, world.now)
        who = world.names.get(account, account)
        if made.id in world.said:
            return _said_before(line, who, thing, made, world)
        held = world.held.get((world.people.member(account), thing), 0)
        already = _already(deed, world.book, thing, held + given.get((world.people.member(account), thing), 0))
        return Row(line, "already" if already else "new", who, thing, already, made)
    except _Objection as objection:
        return Row(line, "refused", line.member, line.thing, str(objection))


def _said_before(line: Line, who: str, thing: str, made: Statement, world: World) -> Row:
    if world.said[made.id]:
        return Row(line, "already", who, thing, "this batch did it before", made)
    return Row(line, "refused", who, thing, "this batch was undone; give it another name with --name")


def _account(line: Line, world: World) -> Account:
    if not line.member:
        raise _Objection("nobody is named; write an account or a name into member")
    found = [line.member] if line.member in world.names else list(world.accounts.get(line.member.casefold(), ()))
    members = {world.people.member(account) for account in found}
    if not found:
        raise _Objection(f"nobody here is called {line.member}; write the account, as slack:T024BE7LD/U7")
    if len(members) > 1:
        raise _Objection(f"several people are called {line.member}: {', '.join(sorted(found))}; write one of these")
    if found[0] in world.bots:
        raise _Objection("is a bot; bots hold no badges")
    if not world.untracked.isdisjoint(members):
        raise _Objection("opted out, so nothing is recorded about them; leave the line out")
    return found[0]


def _achievement(line: Line, book: RuleBook) -> str:
    wanted = line.thing.casefold()
    active = {i: rule for i, rule in book.achievements.items() if rule.on}
    found = [i for i, rule in active.items() if wanted in (i.casefold(), rule.name.casefold())]
    if len(found) != 1:
        raise _Objection(f"no badge is called {line.thing or '(nothing)'}; write its id, as {next(iter(active), '–')}")
    return found[0]


def _kind(line: Line) -> str:
    if not line.thing or len(line.thing) > LONGEST_KIND:
        raise _Objection(f"write what was done into kind, in at most {LONGEST_KIND} characters")
    return line.thing


def _already(deed: Deed, book: RuleBook, thing: str, held: int) -> str:
    """Why nothing would change; "" where it would."""
    if deed == "validate":
        return ""
    if deed == "revoke":
        return "" if held else "does not hold it"
    return _holds(book.achievements[thing], held)


def _holds(rule: Achievement, held: int) -> str:
    full = rule.most_awards is not None and held >= rule.most_awards
    return "has it already" if (held and not rule.repeats) or full else ""


def _statement(line: Line, deed: Deed, batch: str, account: Account, thing: str, now: int) -> Statement:
    """The same line of the same batch is the same statement, whenever it is said."""
    if not line.reason:
        raise _Objection("the reason is missing; write it into reason")
    if max(len(line.reason), len(line.note)) > LONGEST_REASON:
        raise _Objection(f"the reason or the note is long; {LONGEST_REASON} characters at most")
    facts: dict[str, Value] = {"kind" if deed == "validate" else "achievement": thing}
    facts |= {"reason": line.reason} if deed != "validate" else {"note": line.note or line.reason}
    facts |= ({"note": line.note} if line.note else {}) | {"batch": batch}
    actor = account if deed == "validate" else None
    id_ = f"bulk:{batch}/{_mark(deed, account, thing, line)}"
    at = _moment(line, now)
    type_ = _TYPES[deed]
    return Statement(SOURCE, id_, at, type_, actor=actor, target=account, facts=facts, reason=line.reason, by=OPERATOR)


def _moment(line: Line, now: int) -> int:
    if not line.at:
        return now
    written = line.at if "T" in line.at else f"{line.at}T12:00:00Z"
    try:
        at = read_time(written)
    except ValueError:
        raise _Objection(f"at: {line.at} is no time; write 2026-03-01 or 2026-03-01T14:00:00Z") from None
    if at > now:
        raise _Objection(f"at: {line.at} is still to come")
    return at


def _mark(deed: Deed, account: Account, thing: str, line: Line) -> str:
    words = "\0".join((deed, account, thing, line.reason, line.note, line.at))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def undone(facts: Iterable[Fact], now: int, reason: str = "the batch was undone") -> list[Statement]:
    """Takes back what the operator said and what still stands of it."""
    return [Statement(f.source, f.id, max(now, f.at), op=WITHDRAW, reason=reason, by=OPERATOR) for f in facts]


def alone(s: Statement, deed: Deed, now: int) -> Statement:
    """The same decision outside any batch, known by when it was made."""
    facts = {name: value for name, value in s.facts.items() if name != "batch"}
    return replace(s, id=f"{beginning(deed)}{now}", facts=facts)


def beginning(deed: Deed) -> str:
    """How the ids of such decisions begin."""
    return f"{deed}:{OPERATOR}/"


def name_of(decision: Fact) -> str:
    """By which the operator takes one back, as `validate-1774000000000000`."""
    return decision.id.replace(f":{OPERATOR}/", "-")


def on_day(at: int) -> str:
    """For lists: the day, in UTC."""
    return write_time(at)[:10]
