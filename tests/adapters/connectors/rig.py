"""What the tests of connectors share: payload files, requests, damaged payloads, and a service's API on loopback."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from hypothesis import strategies as st

from adapters.connectors.connector import Connector, Incoming, Normalised
from adapters.connectors.service import HttpService
from core.errors import MalformedStatement
from core.events import Statement
from core.lines import parse_line, to_line
from core.times import read_time

PAYLOADS = Path(__file__).parents[2] / "payloads"
UNKEPT = "nobody keeps"  # every text of people in the payload files has these words
NOW = read_time("2026-03-02T09:15:30Z")
DROPPED = object()
JUNK: tuple[Any, ...] = (
    *(
        DROPPED,
        None,
        True,
        0,
        -1,
        10**40,
        0.5,
        "",
        "x",
        "0",
        "\0",
        "\ud800",
        "2026-13-40T99:00:00Z",
        "://[",
        "a" * 2_000,
    ),
    *([], ["x"], [None], [{}], {}, {"x": 1}, [[]], {"id": [], "timestamp": 1}),
)
Answer = Callable[[web.Request, Any], object]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def payload(service: str, name: str) -> bytes:
    return (PAYLOADS / service / f"{name}.json").read_bytes()


def names(service: str) -> list[str]:
    return sorted(path.stem for path in (PAYLOADS / service).glob("*.json"))


def incoming(source: str, body: bytes, headers: Mapping[str, str] | None = None, **more: Any) -> Incoming:
    return Incoming(source, headers or {}, body, more.pop("now", NOW), **more)


def said(connector: Connector, source: str, name: str) -> Normalised:
    """What the connector reads in a payload file."""
    return connector.normalise(incoming(source, payload(source.partition(":")[0], name)))


def at(text: str) -> int:
    return read_time(text)


@st.composite
def damaged(draw: st.DrawFn, service: str) -> bytes:
    """One of the payload files with one to three of its fields dropped or replaced by something else."""
    data = json.loads(payload(service, draw(st.sampled_from(names(service)))))
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(data))
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        value = draw(st.sampled_from(JUNK))
        if value is DROPPED:
            del holder[key]
        else:
            holder[key] = json.loads(json.dumps(value))
    return json.dumps(data).encode()


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    for key, value in list(data.items() if isinstance(data, dict) else enumerate(data)):
        yield data, key
        if isinstance(value, dict | list):
            yield from _places(value)


def read_or_refused(connector: Connector, source: str, body: bytes) -> None:
    """The only two outcomes there are; what is read can be stored, and reads back the same."""
    try:
        found = connector.normalise(incoming(source, body))
    except MalformedStatement:
        return
    for statement in found.statements:
        assert isinstance(statement, Statement)
        assert statement.source == source
        assert parse_line(to_line(statement)) == statement
        assert UNKEPT not in to_line(statement).decode()
    for person in found.people:
        assert person.name.encode()
        assert person.account
    assert all(kind.encode() and reason.encode() for kind, reason in found.ignored)


@asynccontextmanager
async def serving(handle: Handler) -> AsyncIterator[str]:
    """The address of a server on a real socket."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield "http://{}:{}".format(*runner.addresses[0][:2])
    finally:
        await runner.cleanup()


@asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[str]:
    """The address of a service on a real socket, which answers as `answer(request, decoded body)` says."""

    async def handle(request: web.Request) -> web.Response:
        found = answer(request, await request.json() if request.can_read_body else None)
        return found if isinstance(found, web.Response) else web.json_response(found)

    async with serving(handle) as address:
        yield address


@asynccontextmanager
async def api(answer: Answer, **more: Any) -> AsyncIterator[HttpService]:
    """The client for such a service."""
    async with answering(answer) as address, HttpService(address, "token-1", **more) as service:
        yield service


async def missed(connector: Connector, service: HttpService, source: str, since: int) -> list[Normalised]:
    """Everything that `reconcile` finds, without the empty answers."""
    found = [one async for one in connector.reconcile(service, source, since)]
    return [one for one in found if one != Normalised()]


def statements(found: list[Normalised]) -> list[Statement]:
    return [statement for one in found for statement in one.statements]
