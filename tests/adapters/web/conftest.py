"""The web application over a real socket."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.connectors.registry import connector_of as by_registry
from adapters.web.app import create_app
from adapters.web.server import serving
from tests.adapters.web.desk import NEW, NOW, OLD, Odd, Sender, Shelf


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
async def sender(shelf: Shelf) -> AsyncIterator[Sender]:
    secrets = {"desk:acme": (OLD, NEW), "moderator": (NEW,), "odd:one": (NEW,), "mailchimp:list": (NEW,)}
    odd = Odd()
    app = create_app(
        shelf,
        lambda source: secrets.get(source, ()),
        clock=lambda: NOW * 1_000_000,
        ready=lambda: shelf.reasons,
        seen=shelf.seen,
        connector_of=lambda source: odd if source == "odd:one" else by_registry(source),
        leave_out=shelf.leave_out,
        probed=lambda source: source == "mailchimp:list",
        public_url="https://plaudit.example.org/",
    )
    async with serving(app, "127.0.0.1", 0) as port, aiohttp.ClientSession() as http:
        yield Sender(http, f"http://127.0.0.1:{port}")
