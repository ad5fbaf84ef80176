"""What looks like GitHub from where the bot stands: gists, and the sign-in of an OAuth app, on a real socket."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.adapters.connectors.rig import serving

CLIENT, SECRET = "client-1", "the-secret-of-the-app"
LENA: Mapping[str, Any] = {"id": 77, "login": "lena-k", "type": "User"}
MALLORY: Mapping[str, Any] = {"id": 66, "login": "mallory", "type": "User"}
Json = dict[str, Any]


def gist(*texts: str, at: str, owner: Mapping[str, Any] = LENA, **more: object) -> Json:
    files = {f"f{n}.md": {"filename": f"f{n}.md", "content": text, "truncated": False} for n, text in enumerate(texts)}
    found: Json = {"id": "0" * 32, "owner": dict(owner), "files": files, "created_at": at, "updated_at": at}
    return found | {"history": [{"version": "1", "user": dict(owner)}], "truncated": False} | more


@dataclass
class GitHub:
    """`status`: what everything answers; `pause`: seconds before an answer. `who` is signed in in the browser, and has
    agreed to the app before: whoever comes by is sent back at once."""

    url: str = ""
    status: int = 200
    pause: float = 0.0
    gists: dict[str, Json] = field(default_factory=dict)
    who: Mapping[str, Any] = field(default_factory=lambda: LENA)
    callback: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    codes: dict[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    tokens: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    refuses: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path, request.headers.get("Authorization", "")))
        await asyncio.sleep(self.pause)
        if self.status != 200:
            return web.Response(status=self.status, headers={"Location": f"{self.url}/elsewhere"})
        match request.path:
            case "/login/oauth/authorize":
                return self._authorize(request.query)
            case "/login/oauth/access_token":
                return web.json_response(self._token(dict(await request.post())))
            case "/api/v3/user":
                user = self.tokens.pop(request.headers.get("Authorization", "").removeprefix("Bearer "), None)
                return web.json_response(dict(user)) if user else web.Response(status=401)
        found = self.gists.get(request.path.removeprefix("/api/v3").removeprefix("/gists/"))
        return web.json_response(found) if found else web.Response(status=404)

    def _authorize(self, query: Mapping[str, str]) -> web.StreamResponse:
        assert query["client_id"] == CLIENT
        assert query["redirect_uri"] == self.callback
        assert query["code_challenge_method"] == "S256"
        assert "scope" not in query
        if self.refuses:
            return web.Response(
                status=302, headers={"Location": f"{self.callback}?error={self.refuses}&state={query['state']}"}
            )
        code = f"code-{len(self.codes)}"
        self.codes[code] = (query["code_challenge"], self.who)
        return web.Response(status=302, headers={"Location": f"{self.callback}?code={code}&state={query['state']}"})

    def _token(self, form: Mapping[str, Any]) -> Json:
        """As GitHub, which answers 200 also where it refuses."""
        made = base64.urlsafe_b64encode(hashlib.sha256(str(form["code_verifier"]).encode()).digest()).rstrip(b"=")
        challenge, who = self.codes.pop(str(form["code"]), ("", {}))
        fits = (form["client_id"], form["client_secret"], form["redirect_uri"]) == (CLIENT, SECRET, self.callback)
        if not fits or not challenge or made.decode() != challenge:
            return {"error": "bad_verification_code"}
        token = f"gho_{len(self.tokens)}_of_{who['login']}"
        self.tokens[token] = who
        return {"access_token": token, "token_type": "bearer", "scope": ""}


@asynccontextmanager
async def github_like() -> AsyncIterator[GitHub]:
    found = GitHub()
    async with serving(found.answer) as url:
        found.url = url
        yield found
