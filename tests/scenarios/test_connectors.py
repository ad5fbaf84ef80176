"""Forges and the whole bot on real sockets: what counts once, what is refused, what is left out, what was missed."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.books import read_books
from bot.logbook import ignored
from bot.runner import Bot
from bot.settings import Settings, read
from bot.verification import compare
from core.times import read_time
from tests.adapters.connectors.rig import payload

SECRET = "a-secret-of-the-forge"
SIGNING = "whsec_" + base64.b64encode(b"signing-" * 4).decode()
LIMIT = aiohttp.ClientTimeout(total=10)
NOW = read_time("2026-03-02T10:00:00Z")
BOOK = """
rules = 1
[community]
quiet_start = "0 days"
[achievement.first]
name = "First"
when = "pull_request.merged"
[achievement.twice]
name = "Twice"
when = "pull_request.merged"
goal = 2
[achievement.reporter]
name = "Reporter"
when = "issue.opened"
"""


def settings_in(folder: Path, api_url: str) -> Settings:
    (folder / "rules.toml").write_text(BOOK)
    return read(
        {
            "PLAUDIT_DATABASE_URL": f"sqlite:///{folder / 'plaudit.db'}",
            "PLAUDIT_RULES": str(folder / "rules.toml"),
            "PLAUDIT_HTTP_PORT": "0",
            "PLAUDIT_HOOK_GITHUB_ACME_SECRET": SECRET,
            "PLAUDIT_HOOK_GITLAB_ACME_SECRET": f"{SECRET} {SIGNING}",
            "PLAUDIT_HOOK_GITHUB_ACME_URL": api_url,
            "PLAUDIT_HOOK_GITHUB_ACME_TOKEN": "forge-token",
        },
        None,
    )


class Sender:
    def __init__(self, bot: Bot, http: aiohttp.ClientSession) -> None:
        self.bot = bot
        self.http = http

    async def send(
        self, event: str, body: bytes, delivery: str = "d-1", secret: str = SECRET, **headers: str
    ) -> tuple[int, Any]:
        mac = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        known = {"x-github-event": event, "x-github-delivery": delivery, "x-hub-signature-256": f"sha256={mac}"}
        return await self.post("github:acme", body, known | headers)

    async def post(self, source: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        url = f"http://127.0.0.1:{self.bot.port}/hooks/{source}"
        async with self.http.post(url, data=body, headers=headers, timeout=LIMIT) as answer:
            return answer.status, await answer.json()

    async def metrics(self) -> str:
        async with self.http.get(f"http://127.0.0.1:{self.bot.port}/metrics", timeout=LIMIT) as answer:
            return await answer.text()


def signed(body: bytes, when: int) -> dict[str, str]:
    """As GitLab signs with a signing token. `when`: UTC microseconds."""
    seconds = str(when // 1_000_000)
    mac = hmac.digest(b"signing-" * 4, f"m-1.{seconds}.".encode() + body, hashlib.sha256)
    signature = "v1," + base64.b64encode(mac).decode()
    return {"webhook-id": "m-1", "webhook-timestamp": seconds, "webhook-signature": signature}


async def api(request: web.Request) -> web.Response:
    """GitHub's, which could not deliver that an issue was opened."""
    assert request.headers["Authorization"] == "Bearer forge-token"
    assert request.headers["X-GitHub-Api-Version"]
    if request.path == "/orgs/acme/hooks":
        return web.json_response([{"id": 1, "config": {"url": "https://plaudit.example.org/hooks/github:acme"}}])
    if request.path.endswith("/deliveries"):
        failed = {"id": 5, "guid": "g", "event": "issues", "status_code": 502}
        return web.json_response([{**failed, "delivered_at": "2026-03-02T09:16:00Z"}])
    found = json.loads(payload("github", "issues.opened"))
    return web.json_response({"event": "issues", "request": {"payload": found}})


@pytest.fixture
async def settings(tmp_path: Path) -> AsyncIterator[Settings]:
    app = web.Application()
    app.router.add_get("/{path:.*}", api)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield settings_in(tmp_path, f"http://127.0.0.1:{runner.addresses[0][1]}/orgs/acme")
    finally:
        await runner.cleanup()


@pytest.fixture
async def sender(settings: Settings) -> AsyncIterator[Sender]:
    bot = Bot(settings, read_books(settings.rules), lambda: NOW)
    await bot.start(tick=30)
    try:
        async with aiohttp.ClientSession() as http:
            yield Sender(bot, http)
    finally:
        await bot.stop()


async def test_forges_speak_to_the_whole_bot(sender: Sender, settings: Settings) -> None:
    await _until_held(sender.bot, "reporter")  # what came while the bot was away is found at the start
    missed = await sender.send("issues", payload("github", "issues.opened"), "d-8")
    assert (missed[1]["new"], missed[1]["duplicates"]) == (0, 1)

    merged = payload("github", "pull_request.closed")
    answers = [await sender.send("pull_request", merged, f"d-{n % 3}") for n in range(10)]
    assert [status for status, _ in answers] == [200] * 10
    assert [told["new"] for _, told in answers] == [1] + [0] * 9
    assert [told["repeated"] for _, told in answers] == [False] * 3 + [True] * 7

    opened = payload("gitlab", "issue.open")
    for wrong in (
        sender.send("pull_request", merged, secret="guessed-secret"),
        sender.post("github:acme", merged, {"x-github-event": "pull_request"}),
        sender.send("issues", payload("github", "issues.opened"), **{"x-hub-signature-256": "sha256=" + "0" * 64}),
        sender.post("gitlab:acme", opened, {"x-gitlab-token": "guessed-secret"}),
        sender.post("gitlab:acme", opened, signed(opened, NOW - 301_000_000)),
        sender.post("gitlab:acme", opened.replace(b'"open"', b'"reopen"'), signed(opened, NOW)),
    ):
        assert (await wrong)[0] == 401
    assert (await sender.send("issues", b'{"action": "opened"}'))[0] == 422
    assert (await sender.post("github:other", merged, {}))[0] == 404

    assert await sender.send("ping", payload("github", "ping"), "d-9") == (
        200,
        {"new": 0, "duplicates": 0, "ignored": ["ping: GitHub asks whether anybody is there"], "repeated": False},
    )
    for n in range(3):
        assert (await sender.send("parade", b'{"action": "danced"}', f"p-{n}"))[0] == 200
    assert 'plaudit_ignored_total{source="github:acme"} 4' in await sender.metrics()

    store = sender.bot.store
    assert await store.holders("default") == {"first": 1, "reporter": 1}
    assert (await sender.post("gitlab:acme", opened, signed(opened, NOW)))[1]["new"] == 1
    body = payload("gitlab", "merge_request.merge")  # nobody is the same on two forges before the accounts are linked
    assert (await sender.post("gitlab:acme", body, {"x-gitlab-token": SECRET}))[1]["new"] == 1
    assert await store.holders("default") == {"first": 2, "reporter": 2}
    names = await store.look(lambda db: db.exec_driver_sql("SELECT account, name FROM account ORDER BY account").all())
    assert [tuple(row) for row in names] == [
        ("github:acme/7001", "amira-k"),
        ("github:acme/7002", "jonas-b"),
        ("github:acme/7003", "Mei"),
        ("gitlab:acme/21", "Amira K"),
        ("gitlab:acme/22", "Jonas B"),
    ]
    assert compare(settings.database_url, read_books(settings.rules), NOW) == []

    out = io.BytesIO()
    ignored(settings, out)
    kept = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["ignored"]["kind"] for line in kept] == ["ping", "parade.danced"]
    assert all(line["reason"] for line in kept)


async def _until_held(bot: Bot, achievement: str) -> None:
    for _ in range(400):
        if (await bot.store.holders("default")).get(achievement) == 1:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"nobody holds {achievement} after eight seconds")
