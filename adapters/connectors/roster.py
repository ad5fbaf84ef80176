"""A roster from outside: who joins, who leaves, who changes teams, as an HR system tells it. Standard Webhooks.

`POST /hooks/roster:hr` with one object or a list: the columns of a roster file, each row saying what has changed.
A day counts from its beginning in UTC.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence

from adapters.connectors.connector import Incoming, Normalised, Service
from adapters.connectors.findings import person, together
from adapters.connectors.payload import Payload, decode_body
from adapters.connectors.people import email_account
from adapters.connectors.signatures import verify_standard
from core.errors import MalformedStatement
from core.events import ASSERT, WITHDRAW, Account, Op, Statement
from core.lines import check_statement
from core.plan import LEFT, MEMBERSHIP, TEAM
from core.roster import NOTHING, joined_id, left_id, team_id
from core.roster_rows import COLUMNS, DAYS, LONGEST_TEAM
from core.times import read_time, write_time

IGNORED: Mapping[str, str] = {}
MOST = 1_000
DAY = 24 * 3_600_000_000  # microseconds
_FUTURE = "is still to come; send it on that day"


def verify(incoming: Incoming, secrets: Sequence[str]) -> str:
    """The header webhook-id. Raises Forged."""
    return verify_standard(incoming.headers, incoming.body, secrets, incoming.now)


def normalise(incoming: Incoming) -> Normalised:
    """One bad row refuses them all. Raises MalformedStatement, which names the row."""
    found = decode_body(incoming.body)
    rows = found if isinstance(found, list) else [found]
    if len(rows) > MOST:
        raise MalformedStatement(f"the body has more than {MOST:,} rows; send them in parts")
    return together(_read(incoming, row, f"row {n} of {len(rows)}") for n, row in enumerate(rows, 1))


async def reconcile(service: Service, source: str, since: int) -> AsyncIterator[Normalised]:
    """Nothing: whoever sends rows repeats them until they are taken."""
    nothing: tuple[Normalised, ...] = ()
    for missed in nothing:
        yield missed


def _read(incoming: Incoming, row: object, place: str) -> Normalised:
    try:
        return _row(incoming, row)
    except MalformedStatement as error:
        raise MalformedStatement(f"{place}: {error}") from None


def _row(incoming: Incoming, row: object) -> Normalised:
    if not isinstance(row, dict):
        raise MalformedStatement('is no object; send {"email": "amira@example.org", "team": "Support"}')
    strange = [name for name in row if name not in COLUMNS]
    if strange:
        raise MalformedStatement(f'unknown key "{strange[0][:40]}"; the keys are {", ".join(COLUMNS)}')
    told = Payload(row)
    account = _account(told)
    moments = {name: at for name in DAYS if (at := _moment(told, name)) is not None}
    said, later = [], []
    for statement in _statements(incoming, account, told, moments):
        ahead = statement.at > incoming.now and statement.type in (LEFT, MEMBERSHIP)
        later += [(statement.type or "", _FUTURE)] if ahead else []
        said += [] if ahead else [statement]
    if not said and not later:
        raise MalformedStatement("says nothing; write a team, joined or left")
    for statement in said:
        check_statement(statement)
    people = (person(account, told.look("name")),) if account.startswith("email/") and told.look("name") else ()
    return Normalised(tuple(said), people, tuple(later))


def _account(row: Payload) -> Account:
    if account := row.maybe_text("account"):
        return account
    email = email_account(row.look("email"))
    if email is None:
        raise MalformedStatement("email: is missing, or no address; write email, or the account as slack:T1/U7")
    return email


def _moment(row: Payload, name: str) -> int | None:
    """UTC microseconds of a day or a time. `until` is the last day: what follows begins after it."""
    text = row.maybe_text(name)
    if text is None:
        return None
    try:
        day = len(text) == len("2026-03-01")
        at = read_time(f"{text}T00:00:00Z" if day else text)
    except ValueError:
        raise MalformedStatement(f"{name}: is no day or time; write 2026-03-01 or 2026-03-01T09:00:00Z") from None
    return at + DAY if name == "until" and day else at


def _statements(incoming: Incoming, account: Account, row: Payload, moments: Mapping[str, int]) -> Iterator[Statement]:
    source = incoming.source

    def say(id_: str, type_: str, at: int, op: Op = ASSERT) -> Statement:
        return Statement(source, id_, at, type_, op, actor=account)

    joined, left = moments.get("joined"), moments.get("left")
    if joined is not None:
        yield say(joined_id(account, _day(joined)), MEMBERSHIP, joined)
        if left is None or left < joined:  # back again, if they were away
            yield say(left_id(account), LEFT, joined, WITHDRAW)
    if left is not None and (joined is None or left >= joined):
        yield say(left_id(account), LEFT, left)
    if team := row.maybe_text("team"):
        if len(team) > LONGEST_TEAM or not team.isprintable():
            raise MalformedStatement(f"team: is no name of at most {LONGEST_TEAM} characters in one line")
        yield _team(source, account, team, moments.get("from", joined or incoming.now))
        if "until" in moments:
            yield _team(source, account, NOTHING, moments["until"])


def _team(source: str, account: Account, team: str, at: int) -> Statement:
    return Statement(source, team_id(account, _day(at)), at, TEAM, target=account, facts={"team": team})


def _day(at: int) -> str:
    return write_time(at)[:10]
