"""The HTTP application: four addresses; every answer is JSON, but for the metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from adapters.web.hooks import RETRY_AFTER, Arrived, ConnectorOf, Hooks, LeaveOut, Prove, Refused, SecretsOf, Seen
from adapters.web.metrics import CONTENT_TYPE, Measure, exposition
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
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
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

    app.exception_handler(Refused)(_refused)
    app.exception_handler(HTTPException)(_not_served)
    app.exception_handler(Exception)(_failed)
    return app


async def _refused(_: Request, error: Refused) -> JSONResponse:
    headers = {"Retry-After": str(RETRY_AFTER)} if error.status == 503 else None
    return JSONResponse({"error": error.reason}, status_code=error.status, headers=headers)


async def _not_served(_: Request, error: HTTPException) -> JSONResponse:
    """An address or a method that does not exist."""
    return JSONResponse({"error": error.detail}, status_code=error.status_code, headers=error.headers)


async def _failed(_: Request, __: Exception) -> JSONResponse:
    """A fault of ours: the server logs it with its trace, the sender learns only to try again."""
    return JSONResponse({"error": "something went wrong here; please send it again later"}, status_code=500)
