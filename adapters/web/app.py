"""The HTTP application: four addresses; every answer is JSON, but for the metrics, and for what a browser is told when
something does not work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from adapters.web.hooks import RETRY_AFTER, Arrived, ConnectorOf, Hooks, LeaveOut, Prove, Refused, SecretsOf, Seen
from adapters.web.languages import spoken
from adapters.web.metrics import CONTENT_TYPE, Measure, exposition
from adapters.web.sheet import Sheet
from core.errors import StorageUnavailable
from core.language import Language
from core.ports import Clock, Inbox


def create_app(
    inbox: Inbox,
    secrets_of: SecretsOf,
    clock: Clock,
    ready: Callable[[], Sequence[str]],
    seen: Seen,
    connector_of: ConnectorOf,
    leave_out: LeaveOut,
    measures: Callable[[], Iterable[Measure]] = tuple,
    *,
    probed: Callable[[str], bool] = lambda _: False,
    public_url: str | None = None,
    prove: Prove | None = None,
    arrived: Arrived | None = None,
) -> FastAPI:
    """`ready`: why the bot cannot do its work now, nothing when it can. `measures`: for `/metrics`.
    `probed`: whether a source's service asks by GET if anybody is there. For the rest see `Hooks`."""
    app, sheet = FastAPI(docs_url=None, redoc_url=None, openapi_url=None), Sheet()
    hooks = Hooks(inbox, secrets_of, clock, seen, connector_of, leave_out, public_url, prove, arrived)

    @app.post("/hooks/{source}")
    async def receive(source: str, request: Request) -> JSONResponse:
        return await hooks.receive(source, request)

    @app.api_route("/hooks/{source}", methods=["GET", "HEAD"])
    async def probe(source: str) -> JSONResponse:
        if not probed(source) or not secrets_of(source):
            raise HTTPException(405, headers={"Allow": "POST"})
        return JSONResponse({"hears": source})

    @app.get("/livez")
    async def live() -> JSONResponse:
        return JSONResponse({"live": True})

    @app.get("/readyz")
    async def readiness() -> JSONResponse:
        reasons = list(ready())
        return JSONResponse({"ready": not reasons, "reasons": reasons}, status_code=503 if reasons else 200)

    @app.get("/metrics")
    async def metrics() -> Response:
        return Response(exposition(measures()), media_type=CONTENT_TYPE)

    for error, answer in ((Refused, _refused), (HTTPException, _not_served), (StorageUnavailable, _unavailable)):
        app.exception_handler(error)(partial(answer, sheet))
    app.exception_handler(Exception)(partial(_failed, sheet))
    return app


async def _refused(sheet: Sheet, request: Request, error: Refused) -> Response:
    headers = {"Retry-After": str(RETRY_AFTER)} if error.status == 503 else None
    return await _told(sheet, request, error.reason, error.status, headers)


async def _not_served(sheet: Sheet, request: Request, error: HTTPException) -> Response:
    """An address or a method that does not exist."""
    return await _told(sheet, request, error.detail, error.status_code, error.headers)


async def _unavailable(sheet: Sheet, request: Request, _: StorageUnavailable) -> Response:
    headers = {"Retry-After": str(RETRY_AFTER)}
    return await _told(sheet, request, "cannot store anything now; please send it again later", 503, headers)


async def _failed(sheet: Sheet, request: Request, _: Exception) -> Response:
    """A fault of ours: the server logs it with its trace, the sender learns only to try again."""
    return await _told(sheet, request, "something went wrong here; please send it again later", 500)


async def _told(
    sheet: Sheet, request: Request, reason: str, status: int, headers: Mapping[str, str] | None = None
) -> Response:
    """A program reads the reason, a person a page in their language. Some programs say that they take pages, but no
    person sends webhooks."""
    if request.url.path.startswith("/hooks/") or "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"error": reason}, status, headers)
    t = await spoken(request)
    page = sheet.no(t, _in_words(status, t), status)
    page.headers.update(headers or {})
    return page


def _in_words(status: int, t: Language) -> str:
    if status == 404:
        return t.gettext("There is nothing at this address. Look at the link again.")
    if status >= 500:
        return t.gettext("Something went wrong here. Please try again in a minute.")
    return t.gettext("Please go back and try again.")
