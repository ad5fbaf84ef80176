"""The addresses of the export drop. A page elsewhere cannot use them: its browser asks first, and gets no leave."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from starlette.requests import ClientDisconnect

from bot.playground.exports.desk import Busy, Nothing, Refused, TooLarge, TrialDesk
from bot.playground.exports.trial import Wish
from bot.playground.replies import as_json

ZIP = "application/zip"
Name = Annotated[str, Query(max_length=200)]


def add_exports(app: FastAPI, desk: TrialDesk) -> None:
    """POST the file, ask again under other numbers, ask what is behind a badge, forget it all."""

    @app.post("/export")
    async def export(request: Request) -> Response:
        if request.headers.get("content-type") != ZIP:
            return as_json({"problem": "Drop the zip file as Slack made it."}, 415)
        return await _answer(lambda: desk.take(request.stream()))

    @app.post("/export/trial")
    async def trial(wish: Wish) -> Response:
        return await _answer(lambda: desk.ask(wish))

    @app.get("/export/evidence")
    async def evidence(member: Name, achievement: Name, at: Annotated[int, Query(ge=0)]) -> Response:
        return await _answer(lambda: desk.evidence(member, achievement, at))

    @app.delete("/export")
    async def forget() -> Response:
        desk.forget()
        return Response(status_code=204)


async def _answer(ask: Callable[[], Awaitable[dict[str, Any]]]) -> Response:
    try:
        return as_json(await ask())
    except ClientDisconnect:
        return Response(status_code=400)  # nobody is there to read it
    except Busy as error:
        return as_json({"problem": str(error)}, 409)
    except Nothing as error:
        return as_json({"problem": str(error)}, 410)
    except TooLarge as error:
        return as_json({"problem": str(error)}, 413)
    except Refused as error:
        return as_json({"problem": str(error)}, 422)
    except LookupError as error:
        return as_json({"problem": str(error.args[0]) if error.args else "That is not there any more."}, 404)
