"""`/claim/{code}`: what a code on a poster is for, and the line to type in the chat; `/go/{code}`: tracked links.

The page cannot know who somebody is, so it gives them a short confirmation, and the chat tells us the rest.
"""

from __future__ import annotations

import hmac
import ipaddress
from typing import Protocol

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from adapters.web.languages import spoken
from adapters.web.markup import button, paragraph, to_type
from adapters.web.sheet import Sheet
from core.claim_codes import Glance, grouped, plain, said
from core.language import Language

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

    def __init__(self, codes: Codes, links: Links, key: bytes) -> None:
        self._codes = codes
        self._links = links
        self._key = key
        self._sheet = Sheet()

    async def show(self, code: str, request: Request) -> Response:
        """What the code is for, with a button."""
        glance, t = await self._codes.look(code[:LONGEST], self._who(request)), await spoken(request)
        if glance.outcome != "right":
            return self._no(glance, t)
        body = (
            paragraph(t.gettext("You were there? Then it can count for you.")),
            paragraph(
                t.gettext(
                    "Press the button to get a line that you type in Slack or Discord. It is good for half an hour."
                )
            ),
            button(t.gettext("Count me in")),
        )
        return self._sheet.html(glance.name, "".join(body), t)

    async def confirm(self, code: str, request: Request) -> Response:
        """The line to type."""
        glance, t = await self._codes.confirm(code[:LONGEST], self._who(request)), await spoken(request)
        if glance.outcome == "crowded":
            instead = paragraph(said(glance, t)) + to_type(f"/claim {grouped(plain(code[:LONGEST]))}")
            return self._sheet.html(glance.name, instead, t, 429)
        if glance.outcome != "right":
            return self._no(glance, t)
        body = (
            paragraph(t.gettext("Type this in any channel of Slack or Discord, within half an hour:")),
            to_type(f"/claim {grouped(glance.confirmation)}"),
            paragraph(t.gettext("It is yours alone and works once. Nobody else sees that you typed it."), small=True),
        )
        return self._sheet.html(glance.name, "".join(body), t)

    async def go(self, code: str, token: str, request: Request) -> Response:
        """To where a link leads."""
        to = await self._links.follow(code[:LONGEST], token[:LONGEST_TOKEN])
        if to is None:
            t = await spoken(request)
            return self._sheet.no(t, t.gettext("There is no such link."), 404)
        return RedirectResponse(to, 302, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})

    def _no(self, glance: Glance, t: Language) -> Response:
        """A wrong code and a used-up one get the same answer."""
        return self._sheet.no(t, said(glance, t), {"locked": 429, "wrong": 404}.get(glance.outcome, 200))

    def _who(self, request: Request) -> str:
        """Whom we talk to; behind a trusted proxy the server knows it from there (`server.serving`)."""
        peer = request.client.host if request.client else ""
        return "address:" + hmac.digest(self._key, _network(peer).encode(), "sha256").hex()[:32]


def _network(address: str) -> str:
    """An IPv6 address without its second half, which a single phone changes as it likes."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(parsed) if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))


def add_pages(app: FastAPI, codes: Codes, links: Links, key: bytes) -> None:
    """The pages of codes, and the redirects of links. `key`: see `Pages`."""
    pages = Pages(codes, links, key)

    @app.get("/claim/{code}")
    async def show(code: str, request: Request) -> Response:
        return await pages.show(code, request)

    @app.post("/claim/{code}")
    async def confirm(code: str, request: Request) -> Response:
        return await pages.confirm(code, request)

    @app.get("/go/{code}")
    async def go(code: str, request: Request, m: str = "") -> Response:
        return await pages.go(code, m, request)
