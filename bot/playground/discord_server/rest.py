"""The REST interface over HTTP: authorisation, faults, records, and answers in Discord's form."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import BodyPartReader, web

from bot.playground.discord_server.buckets import Buckets
from bot.playground.discord_server.call import Call, Files, Route
from bot.playground.discord_server.faults import AnswerFault, Faults
from bot.playground.discord_server.wire import Answer, ApiError, Json

BASE = "/api/v10"
_TOKEN_IN_PATH = ("/interactions/", "/webhooks/")
_NO_JSON = "not JSON"


@dataclass(slots=True)
class Recorded:
    """One request and its answer. `fault` marks an answer that was made to fail; `path` is below /api/v10."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int = 0
    response: Answer = None
    fault: bool = False
    headers: dict[str, str] = field(default_factory=dict)


class Rest:
    """Turns HTTP requests into calls and back. `requests` holds all of them, oldest first."""

    def __init__(self, token: str, faults: Faults, buckets: Buckets, changed: Callable[[Recorded], None]) -> None:
        self.token = token
        self.faults = faults
        self.buckets = buckets
        self.requests: list[Recorded] = []
        self._changed = changed

    def mount(self, app: web.Application, routes: list[Route]) -> None:
        """Puts the routes on the application; everything else below the base is 404 in Discord's words."""
        for route in routes:
            app.router.add_route(route.method, BASE + route.path, self._handler(route))
        missing = Route("*", "/{rest:.*}", _not_found)
        app.router.add_route("*", BASE + missing.path, self._handler(missing))

    def _handler(self, route: Route) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.Response:
            return await self._serve(request, route)

        return handle

    async def _serve(self, request: web.Request, route: Route) -> web.Response:
        path = request.path.removeprefix(BASE)
        try:
            body, files = await _read(request)
        except orjson.JSONDecodeError:
            body, files = _NO_JSON, ()
        record = Recorded(request.method, path, dict(request.query), body, headers=dict(request.headers))
        self.requests.append(record)
        fault = self.faults.strike(request.method, path)
        call = Call(request.method, request.match_info, record.query, body, files)
        headers = await self._answer(record, route, call, fault)
        self._changed(record)
        if fault is not None and fault.hang_up and request.transport is not None:
            request.transport.abort()
        return _response(record, headers)

    async def _answer(self, record: Recorded, route: Route, call: Call, fault: AnswerFault | None) -> dict[str, str]:
        try:
            self._authorise(record)
            if fault is not None and await self._fail(record, fault):
                return fault.headers
            headers = self.buckets.spend(route, call.params)
            if record.body is _NO_JSON:
                raise ApiError(400, 50109, "The request body contains invalid JSON.")
            record.response = route.handler(call)
            record.status = 204 if record.response is None else route.status
        except ApiError as error:
            record.status, record.response = error.status, error.body
            return error.headers
        # What the route reads from a body it did not check is a body Discord would not take either.
        except (KeyError, TypeError, ValueError) as error:
            record.status = 400
            record.response = {"code": 50035, "message": f"Invalid Form Body: {error!r}"}
            return {}
        # The answer as it is now: the objects in it go on living.
        record.response = orjson.loads(orjson.dumps(record.response))
        return headers

    def _authorise(self, record: Recorded) -> None:
        needs_token = not record.path.startswith(_TOKEN_IN_PATH)
        if needs_token and record.headers.get("Authorization") != f"Bot {self.token}":
            raise ApiError(401, 0, "401: Unauthorized")

    async def _fail(self, record: Recorded, fault: AnswerFault) -> bool:
        """Lets the fault strike; True when the request goes no further."""
        record.fault = True
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.status is None:
            return fault.hang_up == "before"
        record.status, record.response = fault.status, fault.body
        return True


def _not_found(call: Call) -> Answer:
    raise ApiError(404, 0, "404: Not Found")


def _response(record: Recorded, headers: dict[str, str]) -> web.Response:
    if record.status == 204 or record.response is None:
        return web.Response(status=record.status or 204, headers=headers)
    # Exactly application/json: with a charset behind it discord.py would not decode the body.
    raw = orjson.dumps(record.response)
    return web.Response(body=raw, status=record.status, headers=headers, content_type="application/json")


async def _read(request: web.Request) -> tuple[Any, Files]:
    """The JSON of a request and the files that came with it."""
    if request.content_type.startswith("multipart/"):
        return await _read_parts(request)
    raw = await request.read()
    return (orjson.loads(raw) if raw else None), ()


async def _read_parts(request: web.Request) -> tuple[Any, Files]:
    body: Json | None = None
    files: list[tuple[str, bytes]] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        raw = await part.read()
        if part.name == "payload_json":
            body = orjson.loads(bytes(raw))
        else:
            files.append((part.filename or "", bytes(raw)))
    return body, tuple(files)
