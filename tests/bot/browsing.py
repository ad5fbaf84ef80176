"""People's browsers: they keep cookies, follow redirects, and send the forms of pages."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass, field

import aiohttp

LIMIT = aiohttp.ClientTimeout(total=10)


@dataclass
class Page:
    status: int
    text: str
    headers: dict[str, str]
    url: str

    @property
    def word(self) -> str:
        return str((re.findall(r'name="word" value="([^"]+)"', self.text) or [""])[0])


@dataclass
class Browser:
    """One person's browser: it keeps cookies, follows redirects, and sends forms to where they came from."""

    http: aiohttp.ClientSession = field(
        default_factory=lambda: aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=LIMIT)
    )

    async def get(self, url: str) -> Page:
        async with self.http.get(url) as answer:
            return Page(answer.status, await answer.text(), dict(answer.headers), str(answer.url))

    async def post(self, url: str, **fields: str) -> Page:
        async with self.http.post(url, data=fields) as answer:
            return Page(answer.status, await answer.text(), dict(answer.headers), str(answer.url))

    async def through(self, link: str) -> Page:
        """Up to our page behind GitHub."""
        await self.get(link)
        return await self.post(link)

    async def agree(self, page: Page) -> Page:
        return await self.post(page.url, word=page.word)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])
