"""`/claim/{code}`: what a code on a poster is for, and the line to type in the chat; `/go/{code}`: tracked links.

The page cannot know who somebody is, so it gives them a short confirmation, and the chat tells us the rest.
"""

from __future__ import annotations

import hmac
import ipaddress
from html import escape
from typing import Protocol

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from adapters.web.sheet import Sheet
from core.claim_codes import Glance, grouped, said

LONGEST = 64  # characters of a code in an address
LONGEST_TOKEN = 500


class Codes(Protocol):
    """Who knows the codes. `who`: a masked address, for counting wrong ones."""

    async def look(self, code: str, who: str) -> Glance:
        """Writes nothing."""
        ...

    async def confirm(self, code: str, who: str) -> Glance:
        """As `look`; the glance at a right code holds a confirmation."""
        ...


class Links(Protocol):
    """Who knows the links."""

    async def follow(self, code: str, token: str) -> str | None:
        """Where a link leads; the visit counts. None for one that there is not."""
        ...


class Pages:
    """`key`: masks addresses, so that none is kept."""

    def __init__(self, codes: Codes, key: bytes) -> None:
        self._codes = codes
        self._key = key
        self._sheet = Sheet()

    async def show(self, code: str, request: Request) -> Response:
        """What the code is for, with a button."""
        glance = await self._codes.look(code[:LONGEST], self._who(request))
        if glance.outcome != "right":
            return self._no(glance)
        body = (
            "<p>You were there? Then it can count for you.</p>"
            "<p>Press the button to get a line that you type in Slack or Discord. It is good for half an hour.</p>"
            '<form method="post"><button>Count me in</button></form>'
        )
        return self._sheet.html(glance.name, body)

    async def confirm(self, code: str, request: Request) -> Response:
        """The line to type."""
        glance = await self._codes.confirm(code[:LONGEST], self._who(request))
        if glance.outcome != "right":
            return self._no(glance)
        line = f"/claim {grouped(glance.confirmation)}"
        body = (
            "<p>Type this in any channel of Slack or Discord, within half an hour:</p>"
            f'<p class="code">{escape(line)}</p>'
            '<p class="small">It is yours alone and works once. Nobody else sees that you typed it.</p>'
        )
        return self._sheet.html(glance.name, body)

    def _no(self, glance: Glance) -> Response:
        """A wrong code and a used-up one get the same answer."""
        status = {"locked": 429, "wrong": 404}.get(glance.outcome, 200)
        return self._sheet.html("This did not work", f"<p>{escape(said(glance))}</p>", status)

    def _who(self, request: Request) -> str:
        return "address:" + hmac.digest(self._key, _network(_address(request)).encode(), "sha256").hex()[:32]


def _address(request: Request) -> str:
    """Whom we talk to. Behind a proxy on this machine that is whom the proxy talks to, which it writes last."""
    peer = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    try:
        near = ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return peer
    return forwarded if near and forwarded else peer


def _network(address: str) -> str:
    """An IPv6 address without its second half, which a single phone changes as it likes."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(parsed) if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))


def add_pages(app: FastAPI, codes: Codes, links: Links, key: bytes) -> None:
    """The pages of codes, and the redirects of links. `key`: see `Pages`."""
    pages = Pages(codes, key)

    @app.get("/claim/{code}")
    async def show(code: str, request: Request) -> Response:
        return await pages.show(code, request)

    @app.post("/claim/{code}")
    async def confirm(code: str, request: Request) -> Response:
        return await pages.confirm(code, request)

    @app.get("/go/{code}")
    async def go(code: str, m: str = "") -> Response:
        to = await links.follow(code[:LONGEST], m[:LONGEST_TOKEN])
        if to is None:
            return Response("There is no such link.\n", 404, media_type="text/plain")
        return RedirectResponse(to, 302, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
