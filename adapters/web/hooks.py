"""`POST /hooks/{source}`: events from elsewhere, each source read by its connector."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from core.catalogue import CLOCK, ENGINE, KEPT
from core.connectors import Connector, Incoming, Normalised, Proof
from core.errors import Forged, MalformedStatement, StorageUnavailable
from core.events import Statement
from core.lines import check_statement
from core.plan import BY_HAND, CHOICE, LEFT
from core.ports import Clock, Inbox, Person, Taken
from core.roster import is_roster
from core.texts import whole

LARGEST = 1_000_000  # bytes of a body
DRAINED = 16 * LARGEST  # what is read and thrown away so that the sender sees the 413 and no broken pipe
SLOWEST = 20.0  # seconds for a body to arrive
RETRY_AFTER = 10  # seconds
LONGEST_NAME = 200
LONGEST_REASON = 300
OURS = frozenset({"moderator", "clock", "engine", "plaudit", "code", "link"})
OUR_TYPES = (BY_HAND | {CHOICE, "action.validated", *CLOCK, *ENGINE, *KEPT}) - {"team.joined", "member.left"}
"""What only a moderator, the member or the bot may say: a sender that could would give itself badges."""

SecretsOf = Callable[[str], Sequence[str]]
Seen = Callable[[str, str, int], Awaitable[bool]]
Arrived = Callable[[str, str], Awaitable[int | None]]
ConnectorOf = Callable[[str], Connector]
LeaveOut = Callable[[str, Sequence[tuple[str, str]]], Awaitable[None]]
Prove = Callable[[str, Proof], Awaitable[str]]


class Refused(Exception):
    """The request is answered with this status and this reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Hooks:
    """`secrets_of`: the secrets of a source, none if it may not post. `seen`: remembers when a delivery id of a source
    came and says whether it was known; `arrived`: when it came first, if it was. `connector_of`: who reads a source.
    `leave_out`: keeps the (kind, reason) of what a source sent and no rule can count. `public_url`: how others write
    the beginning of our address. `prove`: takes a code that an account of a source posted; returns why it was left
    aside, or nothing."""

    inbox: Inbox
    secrets_of: SecretsOf
    clock: Clock
    seen: Seen
    connector_of: ConnectorOf
    leave_out: LeaveOut
    public_url: str | None = None
    prove: Prove | None = None
    arrived: Arrived | None = None

    async def receive(self, source: str, request: Request) -> JSONResponse:
        """Answered with 200 or 202 only when everything is durable. Raises Refused."""
        secrets = self._secrets(source)
        body = await read_body(request)
        incoming = Incoming(source, dict(request.headers), body, self.clock(), request.method, self._address(request))
        connector = self.connector_of(source)
        try:
            delivery = connector.verify(incoming, secrets)
            incoming = replace(incoming, now=await self._first(incoming, delivery))
            said = connector.normalise(incoming)
        except Forged as error:
            raise Refused(401, str(error)) from None
        except MalformedStatement as error:
            raise Refused(422, str(error)) from None
        check(source, said)
        return await self._take(incoming, delivery, said)

    async def _first(self, incoming: Incoming, delivery: str) -> int:
        """When this came for the first time: what has no time of its own is dated by that, so that a repetition says
        the same, and nothing that was said since is unsaid. Where the id is made of the body, a second request may
        tell of a second event."""
        if self.arrived is None or delivery == hashlib.sha256(incoming.body).hexdigest():
            return incoming.now
        first = await self.arrived(incoming.source, delivery)
        return incoming.now if first is None else first

    def _secrets(self, source: str) -> Sequence[str]:
        if source in OURS:
            raise Refused(422, f'"{source}" is a source of our own; post under the name of yours')
        secrets = self.secrets_of(source)
        if not secrets:
            raise Refused(404, "no secret is set for this source; see PLAUDIT_HOOK_<SOURCE>_SECRET")
        return secrets

    def _address(self, request: Request) -> str:
        """As the sender wrote it: nothing in it is decoded."""
        path = request.scope["raw_path"].decode("ascii", "replace")
        query = request.scope["query_string"].decode("ascii", "replace")
        start = (self.public_url or f"{request.url.scheme}://{request.url.netloc}").rstrip("/")
        return f"{start}{path}?{query}" if query else start + path

    async def _take(self, incoming: Incoming, delivery: str, said: Normalised) -> JSONResponse:
        """Statements first, delivery id last: a sender that repeats after a crash in between loses nothing,
        because an identical statement is stored once."""
        source = incoming.source
        try:
            taken = await self.inbox.take(said.statements)
            if people := known_here(source, said.people):
                await self.inbox.meet(people)
            if left := told((*said.ignored, *await self._proofs(source, said))):
                await self.leave_out(source, left)
            repeated = await self.seen(source, delivery, incoming.now)
        except StorageUnavailable:
            raise Refused(503, "cannot store anything now; please send it again later") from None
        return JSONResponse(_report(taken, left, repeated), status_code=202 if taken.ignored else 200)

    async def _proofs(self, source: str, said: Normalised) -> list[tuple[str, str]]:
        """Why codes that were posted to link accounts are left aside."""
        ours = [p for p in said.proofs if p.account.startswith(f"{source}/")] if self.prove is not None else []
        found = [await self.prove(source, replace(p, name=whole(p.name)[:LONGEST_NAME])) for p in ours if self.prove]
        return [("link code", reason) for reason in found if reason]


def _report(taken: Taken, left: Sequence[tuple[str, str]], repeated: bool) -> dict[str, object]:
    return {
        "new": taken.new,
        "duplicates": taken.duplicates,
        "ignored": [*taken.ignored, *(f"{kind}: {reason}" for kind, reason in left)],
        "repeated": repeated,
    }


async def read_body(request: Request) -> bytes:
    """The raw bytes, at most `LARGEST`: more is refused before anybody parses it."""
    try:
        async with asyncio.timeout(SLOWEST):
            chunks = [chunk async for chunk in _chunks(request)]
    except ClientDisconnect:
        raise Refused(400, "the connection ended before the body") from None
    except TimeoutError:
        raise Refused(408, "the body took too long to arrive") from None
    return b"".join(chunks)


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > DRAINED:
            break
        if size <= LARGEST:
            yield chunk
    if size > LARGEST:
        raise Refused(413, "the body is larger than 1 MB; send the list in parts")


def check(source: str, said: Normalised) -> None:
    """Raises Refused, which names the item, for what a source may not say, and for what no statement can hold."""
    for n, statement in enumerate(said.statements, 1):
        if fault := _fault(source, statement) or (None if said.parsed else _unreadable(statement)):
            place = f"item {n} of {len(said.statements)}: " if len(said.statements) > 1 else ""
            raise Refused(422, place + fault)


def _fault(source: str, statement: Statement) -> str | None:
    if statement.source != source:
        return f'source: must be the one of the address, "{source}"'
    if statement.type in OUR_TYPES:
        return f'type: "{statement.type}" is said by Plaudit alone; forward what happened'
    if statement.type == LEFT and not is_roster(source):
        return f'type: "{LEFT}" is said by a roster alone; post it to a source like roster:hr'
    return None


def _unreadable(statement: Statement) -> str | None:
    try:
        check_statement(statement)
    except MalformedStatement as error:
        return str(error)
    return None


def told(ignored: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Kinds and reasons as they can be stored and shown: a kind is whatever the sender calls it."""
    return [(whole(kind)[:LONGEST_REASON], whole(reason)[:LONGEST_REASON]) for kind, reason in ignored]


def known_here(source: str, people: Sequence[Person]) -> list[Person]:
    """Without those whom a source knows nothing of: it could rename people of another platform."""
    ours = (p for p in people if p.account.startswith((f"{source}/", "email/")))
    return [replace(p, name=whole(p.name)[:LONGEST_NAME]) for p in ours]
