"""uvicorn inside our own loop: it neither catches signals nor configures logs, both are the runner's."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from fastapi import FastAPI

from core.errors import ConfigurationError

GRACE = 5  # seconds for open requests to end
HERE = ("127.0.0.1", "::1")


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: FastAPI, host: str, port: int, proxies: Sequence[str] = ()) -> AsyncIterator[int]:
    """Answers HTTP while the block runs; gives the port, which the system picks for 0. `proxies`: addresses and
    networks that are believed when they say whom they talk to (`X-Forwarded-For`), beside this machine's own.

    Raises ConfigurationError when it cannot listen there.
    """
    listener = _listen(host, port)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=GRACE,
        server_header=False,
        forwarded_allow_ips=[*HERE, *proxies],
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]), name="http")
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await task


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise ConfigurationError(
            f"PLAUDIT_HTTP_HOST, PLAUDIT_HTTP_PORT: cannot listen on {host}:{port} ({error.strerror}); "
            "choose another, or 0 for any free port"
        ) from None
