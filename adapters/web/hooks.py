"""`POST /hooks/{source}`: forwarded events, one statement or a list, signed by their sender."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from adapters.web.signatures import Forged, verify
from core.catalogue import CLOCK, ENGINE, KEPT
from core.errors import MalformedStatement, StorageUnavailable
from core.events import Statement
from core.exact_json import decode
from core.lines import parse_statement
from core.plan import BY_HAND, CHOICE
from core.ports import Clock, Inbox, Taken

LARGEST = 1_000_000  # bytes of a body
DRAINED = 16 * LARGEST  # what is read and thrown away so that the sender sees the 413 and no broken pipe
SLOWEST = 20.0  # seconds for a body to arrive
RETRY_AFTER = 10  # seconds
OURS = frozenset({"moderator", "clock", "engine", "plaudit"})
OUR_TYPES = (BY_HAND | {CHOICE, "action.validated", *CLOCK, *ENGINE, *KEPT}) - {"team.joined"}
"""What only a moderator, the member or the bot may say: a sender that could would give itself badges."""

SecretsOf = Callable[[str], Sequence[str]]
Seen = Callable[[str, str], Awaitable[bool]]


class Refused(Exception):
    """The request is answered with this status and this reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Hooks:
    """`secrets_of`: the `whsec_…` secrets of a source, none if it may not post.
    `seen`: remembers a delivery id of a source and says whether it was known."""

    inbox: Inbox
    secrets_of: SecretsOf
    clock: Clock
    seen: Seen

    async def receive(self, source: str, request: Request) -> JSONResponse:
        """Answered with 200 or 202 only when everything is durable. Raises Refused."""
        secrets = self._secrets(source)
        body = await read_body(request)
        try:
            delivery = verify(request.headers, body, secrets, self.clock())
        except Forged as error:
            raise Refused(401, str(error)) from None
        return await self._take(source, delivery, parse_body(source, body))

    def _secrets(self, source: str) -> Sequence[str]:
        if source in OURS:
            raise Refused(422, f'"{source}" is a source of our own; post under the name of yours')
        secrets = self.secrets_of(source)
        if not secrets:
            raise Refused(404, "no secret is set for this source; see PLAUDIT_HOOK_<SOURCE>_SECRET")
        return secrets

    async def _take(self, source: str, delivery: str, statements: list[Statement]) -> JSONResponse:
        """Statements first, delivery id second: a sender that repeats after a crash in between loses nothing,
        because an identical statement is stored once."""
        try:
            taken = await self.inbox.take(statements)
            repeated = await self.seen(source, delivery)
        except StorageUnavailable:
            raise Refused(503, "cannot store anything now; please send it again later") from None
        return JSONResponse(_report(taken, repeated), status_code=202 if taken.ignored else 200)


def _report(taken: Taken, repeated: bool) -> dict[str, object]:
    return {
        "new": taken.new,
        "duplicates": taken.duplicates,
        "ignored": list(taken.ignored),
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


def parse_body(source: str, body: bytes) -> list[Statement]:
    """One statement or a list; one bad item refuses them all. Raises Refused, which names the item."""
    try:
        found = decode(body)
    except MalformedStatement as error:
        raise Refused(422, f"the body {error}") from None
    if not isinstance(found, list):
        return [_parse_item(source, found, "")]
    return [_parse_item(source, item, f"item {n} of {len(found)}: ") for n, item in enumerate(found, 1)]


def _parse_item(source: str, item: object, place: str) -> Statement:
    try:
        statement = parse_statement(item)
    except MalformedStatement as error:
        raise Refused(422, f"{place}{error}") from None
    if statement.source != source:
        raise Refused(422, f'{place}source: must be the one of the address, "{source}"')
    if statement.type in OUR_TYPES:
        raise Refused(422, f'{place}type: "{statement.type}" is said by Plaudit alone; forward what happened')
    return statement
