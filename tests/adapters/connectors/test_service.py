"""A service's API over real sockets: what is asked, what is refused, and that a token goes nowhere else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from adapters.connectors.address import is_safe
from adapters.connectors.connector import Service, Unreachable
from adapters.connectors.service import LARGEST, HttpService
from core.errors import ConfigurationError
from tests.adapters.connectors.rig import Handler, serving


@asynccontextmanager
async def service_at(handle: Handler) -> AsyncIterator[str]:
    """The base address of a service, with a path of its own."""
    async with serving(handle) as address:
        yield f"{address}/api"


async def test_what_is_asked_and_with_which_token() -> None:
    asked: list[tuple[str, str, str, str]] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        body = await request.text()
        asked.append((request.method, str(request.rel_url), request.headers["Authorization"], body))
        return web.json_response({"ok": True}) if request.method == "GET" else web.Response(status=204)

    async with service_at(handle) as url:
        async with HttpService(f"{url}/projects/acme%2Fsite", "t-1") as service:
            found: Service = service
            assert await found.get("/hooks", q="a&b") == {"ok": True}
            assert await found.post("search", {"a": 1}) is None
        async with HttpService(url, "amira:secret", {"Accept": "application/x"}) as service:
            await service.get("")
    assert asked == [
        ("GET", "/api/projects/acme%2Fsite/hooks?q=a%26b", "Bearer t-1", ""),
        ("POST", "/api/projects/acme%2Fsite/search", "Bearer t-1", '{"a": 1}'),
        ("GET", "/api/", "Basic YW1pcmE6c2VjcmV0", ""),
    ]


async def test_pages_are_followed_on_the_same_host_only() -> None:
    links = {"1": '</api/items?page=2>; rel="next", </api/items?page=9>; rel="last"', "2": "<{other}>; rel=next"}

    async def handle(request: web.Request) -> web.StreamResponse:
        page = request.query.get("page", "1")
        link = links[page].format(other="http://127.0.0.2:1/items?page=3")
        return web.json_response([page], headers={"Link": link})

    async with service_at(handle) as url, HttpService(url, "t-1") as service:
        pages = service.pages("items", per_page="100")
        assert [await anext(pages), await anext(pages)] == [["1"], ["2"]]
        with pytest.raises(Unreachable, match="another host"):
            await anext(pages)


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "token is not accepted"), (403, "may not read"), (404, "nothing at this address"), (500, "asked again")],
)
async def test_an_answer_that_is_no_answer_is_told_to_the_operator(status: int, words: str) -> None:
    async def handle(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text="secret words of the service")

    async with service_at(handle) as url, HttpService(url, "t-1") as service:
        with pytest.raises(Unreachable, match=words) as caught:
            await service.get("hooks")
    assert caught.value.status == status
    assert "secret" not in str(caught.value)
    assert "t-1" not in str(caught.value)


async def test_a_redirect_is_not_followed() -> None:
    hits = []

    async def handle(request: web.Request) -> web.StreamResponse:
        hits.append(request.path)
        raise web.HTTPFound("/elsewhere")

    async with service_at(handle) as url, HttpService(url, "t-1") as service:
        with pytest.raises(Unreachable, match="points elsewhere"):
            await service.get("hooks")
    assert hits == ["/api/hooks"]


async def test_what_is_slow_huge_or_no_json_ends() -> None:
    async def handle(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("slow"):
            await asyncio.sleep(0.8)
        body = b"[" + b"1," * LARGEST if request.path.endswith("huge") else b"{oh"
        return web.Response(body=body)

    async with service_at(handle) as url, HttpService(url, "t-1", slowest=0.2) as service:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="does not answer"):
            await service.get("slow")
        assert time.monotonic() - began < 0.7
        with pytest.raises(Unreachable, match="more than 1,000,000 bytes"):
            await service.get("huge")
        with pytest.raises(Unreachable, match="is no JSON"):
            await service.get("odd")


async def test_nobody_there_is_said() -> None:
    async with HttpService("http://127.0.0.1:9", "t-1") as service:
        with pytest.raises(Unreachable, match=r"127.0.0.1:9 does not answer"):
            await service.get("hooks")


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://api.github.com/orgs/acme", True),
        ("http://127.0.0.1:8901/api", True),
        ("http://[::1]:8901", True),
        ("http://localhost", True),
        ("http://api.github.com", False),
        ("http://localhost.example.org", False),
        ("http://127.0.0.1.example.org", False),
        ("https://user:password@example.org", False),
        ("https://", False),
        ("ftp://127.0.0.1", False),
        ("", False),
    ],
)
def test_a_token_goes_to_https_and_to_this_machine_only(url: str, safe: bool) -> None:
    assert is_safe(url) is safe
    if not safe:
        with pytest.raises(ConfigurationError, match="no safe address"):
            HttpService(url, "t-1")
