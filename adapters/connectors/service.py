"""The API of a service over HTTP: one base address, one token, and a limit to everything."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from adapters.connectors.address import is_safe
from adapters.connectors.connector import Unreachable
from core.errors import ConfigurationError, MalformedStatement
from core.exact_json import decode_exactly

LARGEST = 1_000_000  # bytes of an answer
TOO_LARGE = 413
SLOWEST = 20.0  # seconds for a request and its answer
MOST_PAGES = 100
_NEXT = re.compile(r'<([^<>]*)>\s*;[^,<]*\brel="?next"?')
_REMEDIES = {
    401: "the token is not accepted; make a new one",
    403: "the token may not read this; give it the right, or wait if the service limits requests",
    404: "there is nothing at this address, or the token may not see it; look at the address",
    429: "the service asks to wait; it is asked again later",
}


class HttpService:
    """Open it with `async with`. `url`: the base address; `token`: `user:password` is sent as Basic authentication,
    anything else as a bearer token; with `token_parameter` it goes into the query under that name.

    Raises ConfigurationError for an address that is neither https nor on this machine.
    """

    def __init__(
        self,
        url: str,
        token: str,
        headers: Mapping[str, str] | None = None,
        slowest: float = SLOWEST,
        token_parameter: str | None = None,
        largest: int = LARGEST,
    ) -> None:
        if not is_safe(url):
            raise ConfigurationError("is no safe address for a token; write https://host/path")
        self._base = url.rstrip("/") + "/"
        proof = {} if token_parameter else {"Authorization": _authorization(token)}
        self._headers = {"Accept": "application/json", **proof, **(headers or {})}
        self._always = {token_parameter: token} if token_parameter else {}
        self._limit = aiohttp.ClientTimeout(total=slowest)
        self._largest = largest
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> HttpService:
        self._http = aiohttp.ClientSession(headers=self._headers, timeout=self._limit)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._http is not None:
            await self._http.close()

    async def get(self, path: str, **parameters: str) -> Any:
        """See core.connectors.Service. Raises Unreachable."""
        return (await self._ask("GET", self._address(path), parameters))[0]

    async def pages(self, path: str, **parameters: str) -> AsyncIterator[Any]:
        """Follows `Link: <…>; rel="next"` on the same host. Raises Unreachable, also after `MOST_PAGES`."""
        url, given = self._address(path), dict(parameters)
        for _ in range(MOST_PAGES):
            page, following = await self._ask("GET", url, given)
            yield page
            if following is None:
                return
            url, given = self._same_host(following), {}
        raise Unreachable(f"{path}: has more than {MOST_PAGES} pages; what is older was not looked at")

    async def post(self, path: str, body: Mapping[str, object] | None = None) -> Any:
        """See core.connectors.Service. Raises Unreachable."""
        return (await self._ask("POST", self._address(path), {}, body))[0]

    async def _ask(
        self, method: str, url: str, parameters: Mapping[str, str], body: Mapping[str, object] | None = None
    ) -> tuple[Any, str | None]:
        if self._http is None:
            raise RuntimeError("open the service with async with")
        address = URL(url, encoded=True).extend_query({**self._always, **parameters})
        try:
            async with self._http.request(method, address, json=body, allow_redirects=False) as answer:
                _refuse_trouble(answer)
                return _decoded(await _read(answer, self._largest)), _next(answer)
        except (aiohttp.ClientError, OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            said = str(error) or type(error).__name__
            raise Unreachable(f"{urlsplit(url).netloc} does not answer ({said})") from None

    def _address(self, path: str) -> str:
        return self._base + path.lstrip("/")

    def _same_host(self, link: str) -> str:
        """The token goes to nobody else, whatever an answer says."""
        base = URL(self._base, encoded=True)
        url = base.join(URL(link, encoded=True))
        if url.origin() != base.origin():
            raise Unreachable("the next page is said to be on another host; it was not asked")
        return str(url)


async def exchange(url: str, form: Mapping[str, str], slowest: float = SLOWEST) -> Any:
    """Posts a form without a token, and gives the decoded answer. Raises Unreachable, whose text has nothing of it."""
    limit, headers = aiohttp.ClientTimeout(total=slowest), {"Accept": "application/json"}
    try:
        async with (
            aiohttp.ClientSession(timeout=limit, headers=headers) as http,
            http.post(url, data=form, allow_redirects=False) as answer,
        ):
            _refuse_trouble(answer)
            return _decoded(await _read(answer, LARGEST))
    except (aiohttp.ClientError, OSError, TimeoutError, asyncio.IncompleteReadError) as error:
        raise Unreachable(f"{urlsplit(url).netloc} does not answer ({type(error).__name__})") from None


def _authorization(token: str) -> str:
    if " " in token:  # with a scheme of its own, as Buttondown's "Token …"
        return token
    return f"Basic {base64.b64encode(token.encode()).decode()}" if ":" in token else f"Bearer {token}"


def _refuse_trouble(answer: aiohttp.ClientResponse) -> None:
    if answer.status < 300:
        return
    remedy = _REMEDIES.get(answer.status, "it is asked again later")
    if answer.status < 400:
        remedy = "it points elsewhere; write the address that it points to"
    raise Unreachable(f"{answer.url.host}{answer.url.path} answered {answer.status}: {remedy}", answer.status)


async def _read(answer: aiohttp.ClientResponse, largest: int) -> bytes:
    chunks, size = [], 0
    async for chunk in answer.content.iter_any():
        chunks.append(chunk)
        size += len(chunk)
        if size > largest:
            raise Unreachable(
                f"{answer.url.host}{answer.url.path} answered with more than {largest:,} bytes", TOO_LARGE
            )
    return b"".join(chunks)


def _decoded(body: bytes) -> Any:
    try:
        return decode_exactly(body) if body.strip() else None
    except MalformedStatement as error:
        raise Unreachable(f"the answer {error}") from None


def _next(answer: aiohttp.ClientResponse) -> str | None:
    found = _NEXT.search(", ".join(answer.headers.getall("Link", [])))
    return found.group(1) if found else None
