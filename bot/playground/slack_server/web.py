"""The HTTP side: Web API calls with their faults, and response_url."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from .api import METHODS, Call, Desk
from .changes import Changes
from .errors import ApiError, Json
from .faults import Answer, Close, Delay, Fault, Faults
from .responses import Responses

_DECODED = ("attachments", "blocks", "metadata", "view")

_DETAIL: Mapping[str, tuple[str, ...]] = {
    "apps.connections.open": ("response_metadata",),
    "chat.postMessage": ("errors", "response_metadata"),
    "chat.update": ("response_metadata",),
    "usergroups.users.update": ("response_metadata",),
    **dict.fromkeys(("views.open", "views.publish", "views.push", "views.update"), ("response_metadata",)),
}
"""Which details Slack documents beside `error`; the others come without, and `ApiCall.problems` has them."""


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One recorded call. `answer` is the JSON sent, None where a fault sent none; `problems` is what was
    wrong with the blocks, whether or not the answer could say so. `at` is in the workspace's clock."""

    at: float
    method: str
    arguments: Json
    status: int
    answer: Json | None
    problems: tuple[str, ...] = ()


class WebApi:
    """Answers calls and remembers them."""

    def __init__(self, desk: Desk, responses: Responses, faults: Faults, changes: Changes) -> None:
        self.calls: list[ApiCall] = []
        self._desk = desk
        self._responses = responses
        self._faults = faults
        self._changes = changes

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call of `/api/{method}`, whatever becomes of it."""
        method = request.match_info["method"]
        arguments: Json = {}
        try:
            arguments = await _arguments(request)
            self._desk.access.authenticate(method, _token(request, arguments))
        except ApiError as refusal:
            return self._refuse(method, arguments, refusal)
        return await self._with_fault(request, method, arguments, self._faults.take(method))

    async def _with_fault(
        self, request: web.Request, method: str, arguments: Json, fault: Fault | None
    ) -> web.StreamResponse:
        match fault:
            case Answer():
                return self._fail(method, arguments, fault)
            case Close(after_effect=after):
                if after:
                    self._do(method, arguments)
                else:
                    self._record(method, arguments, 0, None)
                return _abort(request)
            case Delay(seconds=seconds):
                await asyncio.sleep(seconds)
        return self._do(method, arguments)

    def _do(self, method: str, arguments: Json) -> web.Response:
        """Do what was asked and answer as Slack does: HTTP 200, and `ok` says how it went."""
        action = METHODS.get(method)
        try:
            if action is None:
                raise ApiError("unknown_method")
            call = Call(method, arguments, self._desk)
            if not method.startswith("conversations."):  # theirs depends on the kind of channel
                self._desk.access.require(method)
            answer = {"ok": True, **action(call)}
        except ApiError as refusal:
            return self._refuse(method, arguments, refusal)
        self._record(method, arguments, 200, answer)
        return web.json_response(answer, headers={"X-OAuth-Scopes": self._desk.access.granted})

    def _refuse(self, method: str, arguments: Json, refusal: ApiError) -> web.Response:
        shown = {k: v for k, v in refusal.extra.items() if k in ("needed", "provided", *_DETAIL.get(method, ()))}
        answer = {"ok": False, "error": refusal.code, **shown}
        messages = refusal.extra.get("response_metadata", {}).get("messages", ())
        self._record(method, arguments, refusal.status, answer, tuple(messages))
        headers = {"X-OAuth-Scopes": self._desk.access.granted, **refusal.headers}
        return web.json_response(answer, status=refusal.status, headers=headers)

    def _fail(self, method: str, arguments: Json, fault: Answer) -> web.Response:
        headers = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
        if fault.body is not None:
            self._record(method, arguments, fault.status, None)
            return web.Response(status=fault.status, text=fault.body, content_type="text/html", headers=headers)
        answer = {"ok": False, "error": fault.error}
        self._record(method, arguments, fault.status, answer)
        return web.json_response(answer, status=fault.status, headers=headers)

    def _record(
        self, method: str, arguments: Json, status: int, answer: Json | None, problems: tuple[str, ...] = ()
    ) -> None:
        self.calls.append(ApiCall(self._desk.world.ticker.seconds(), method, arguments, status, answer, problems))
        self._changes.notify()

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """One use of a response_url."""
        try:
            self._responses.use(request.match_info["key"], await request.json())
        except ApiError as refusal:
            return web.Response(status=refusal.status if refusal.status != 200 else 400, text=refusal.code)
        finally:
            self._changes.notify()
        return web.Response(text="ok")


def _token(request: web.Request, arguments: Json) -> str:
    """From the header, else from the arguments, where it does not stay: it is not to be recorded."""
    given = str(arguments.pop("token", ""))
    return request.headers.get("Authorization", "").removeprefix("Bearer ") or given


async def _arguments(request: web.Request) -> Json:
    """Arguments from the query, a form or a JSON body; JSON inside a form is decoded."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        arguments |= _json_body(await request.text())
    elif request.can_read_body:
        arguments |= dict(await request.post())
    for key in _DECODED:
        if isinstance(arguments.get(key), str):
            arguments[key] = _decode(arguments[key])
    return arguments


def _json_body(text: str) -> Json:
    body = _decode(text or "{}")
    if not isinstance(body, dict):
        raise ApiError("invalid_json")
    return body


def _decode(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text  # the method refuses it with its own error


def _abort(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
