"""Marked secrets and marked words go in; in whatever comes out, and in whatever is kept, none of them is found."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import json
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from standardwebhooks import Webhook

from bot.playground.clock import MovableClock
from core.times import write_time
from tests.scenarios.process import started
from tests.scenarios.streets import street_of
from tests.scenarios.town import Town, founded

pytestmark = pytest.mark.slow

WORDS = "zanzibar-canary is what nobody may keep"
FORGED, RIGHT = (f"whsec_{base64.b64encode(name * 4).decode()}" for name in (b"forged-k", b"canary-k"))
SECRETS = {
    "PLAUDIT_HOOK_DESK_ACME_SECRET": RIGHT,
    "PLAUDIT_HOOK_GITHUB_ACME_SECRET": "canary-of-the-forge",
    "PLAUDIT_HOOK_GITHUB_ACME_URL": "http://127.0.0.1:9/",
    "PLAUDIT_HOOK_GITHUB_ACME_TOKEN": "canary-token-of-the-forge",
}
COMMANDS = (
    ("verify",), ("log",), ("log", "--ignored"), ("audit",), ("audit", "--json"), ("shadow",), ("check",),
    ("webhooks", "list"), ("webhooks", "deliveries"), ("claims", "list"), ("codes", "list"),
    ("backup", "copy.db"), ("export", "--member", "{someone}", "me.zip"),
)  # fmt: skip
LIMIT = aiohttp.ClientTimeout(total=10)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(tmp_path, MovableClock()) as town:
        yield town


async def test_nothing_secret_and_nothing_said_comes_out(place: Town) -> None:
    environment = place.environment(**SECRETS)
    said: dict[str, str] = {}
    slack, discord = street_of(place, "slack"), street_of(place, "discord")
    async with started(environment, place.folder) as process:
        port = await process.ready()
        for street in (slack, discord):
            message = await street.say("amira", WORDS)
            await street.reply("jonas", message, WORDS)
            await street.react("jonas", message)
            await place.until(lambda s=street: s.logged("message:%") or True)  # type: ignore[misc] # bound now
            await street.ask("amira", "/achievements")
        said |= await _knock(port)
        await process.until(lambda: place.number("SELECT COUNT(*) FROM statement") >= 6)
        await process.stop()
        said["log of the process"] = "\n".join(process.said)
    someone = slack.account("amira")
    for command in COMMANDS:
        words = [part.format(someone=someone) for part in command]
        said[" ".join(words)] = await _run(words, environment, place.folder)
    hidden = [v for k, v in environment.items() if k.endswith(("TOKEN", "_SECRET"))] + [FORGED, "zanzibar"]
    assert len(hidden) >= 8
    assert _found(hidden, said) == []
    files = {str(f): f.read_bytes().decode("latin-1") for f in _files(place.folder)}
    assert any("copy.db" in name for name in files)
    assert _found(hidden, files) == []


def _found(hidden: list[str], where: Mapping[str, str]) -> list[str]:
    return [f"{secret[:12]}… in {name}" for name, text in where.items() for secret in hidden if secret in text]


def _files(folder: Path) -> Iterator[Path]:
    return (f for f in folder.rglob("*") if f.is_file())


async def _knock(port: int) -> dict[str, str]:
    """What the web side answers: to the right and the wrong sender, and to whoever asks how it is."""
    found: dict[str, str] = {}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", timeout=LIMIT) as web:
        for name, secret in (("right", RIGHT), ("forged", FORGED)):
            answer = await web.post("/hooks/desk:acme", **_signed(secret))
            found[name] = f"{answer.status} {dict(answer.headers)} {await answer.text()}"
        answer = await web.post("/hooks/github:acme", data=b"{zanzibar", headers={"X-Hub-Signature-256": "sha256=00"})
        found["forge"] = f"{answer.status} {await answer.text()}"
        for path in ("/metrics", "/readyz", "/livez", "/claim/zanzibar", "/nowhere"):
            answer = await web.get(path)
            found[path] = f"{dict(answer.headers)} {await answer.text()}".replace("zanzibar", "", 1)
    return found


def _signed(secret: str) -> dict[str, Any]:
    """A statement of a type that nobody knows."""
    now = dt.datetime.now(dt.UTC)
    at = write_time(round(now.timestamp() * 1e6))
    body = json.dumps({"source": "desk:acme", "id": "ticket:1", "type": "ticket.odd", "at": at, "facts": {"n": 1}})
    signature = Webhook(secret).sign("msg_1", now, body)
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}
    return {"data": body.encode(), "headers": headers}


async def _run(words: list[str], environment: Mapping[str, str], folder: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        cwd=folder,
        env={**environment, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(60):
        out, _ = await process.communicate()
    return out.decode()
