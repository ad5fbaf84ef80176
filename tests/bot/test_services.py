"""Services post to a real socket over a real store; what they are asked later is the same, and counts once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr

from adapters.storage.store import Store, open_store
from adapters.web.app import create_app
from adapters.web.server import serving
from bot.forwarding import Forwarding
from bot.hook_settings import Api
from bot.reconciler import Reconciler
from tests.adapters.connectors.rig import NOW, answering, payload
from tests.adapters.connectors.signing import by_hubspot, by_jira, by_password, by_zendesk
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import THREE, book
from tests.databases import fresh

PUBLIC = "https://plaudit.example.org"
SECRET = "moodle-token-1"
LIMIT = aiohttp.ClientTimeout(total=20)
WRITTEN = {
    "jira": ("issue_created", 1),
    "zendesk": ("status_solved", 1),
    "hubspot": ("deal_won", 1),
    "moodle": ("module_passed", 2),
    "xapi": ("learning", 3),
}


def headers(service: str, body: bytes) -> Mapping[str, str]:
    match service:
        case "jira":
            return by_jira(body, SECRET)
        case "zendesk":
            return by_zendesk(body, SECRET)
        case "hubspot":
            return by_hubspot(body, SECRET, f"{PUBLIC}/hooks/hubspot:acme", NOW // 1_000)
        case "xapi":
            return by_password(f"lrs:{SECRET}")
    return {}  # Moodle's token is in the body


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await open_store(fresh(tmp_path), [book(THREE)], Clock(NOW))
    yield store
    await store.close()


@pytest.fixture
def forwarding(store: Store) -> Forwarding:
    return Forwarding(store)


@pytest.fixture
async def address(store: Store, forwarding: Forwarding) -> AsyncIterator[str]:
    app = create_app(
        store,
        lambda source: (f"lrs:{SECRET}",) if source.startswith("xapi:") else (SECRET,),
        Clock(NOW),
        lambda: (),
        forwarding.seen,
        forwarding.connector_of,
        forwarding.leave_out,
        public_url=PUBLIC,
    )
    async with serving(app, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


async def post(address: str, service: str, body: bytes, signed: Mapping[str, str]) -> tuple[int, Any]:
    url = f"{address}/hooks/{service}:acme"
    async with aiohttp.ClientSession(timeout=LIMIT) as http, http.post(url, data=body, headers=signed) as answer:
        return answer.status, await answer.json()


def held(folder: Path) -> int:
    with sqlite3.connect(folder / "plaudit.db") as db:
        return int(db.execute("SELECT count(*) FROM statement").fetchone()[0])


async def test_what_services_forge_is_refused_and_ten_true_deliveries_count_once(address: str, tmp_path: Path) -> None:
    count = 0
    for service, (name, facts) in WRITTEN.items():
        body = payload(service, name)
        await refuse(address, service, body)
        assert held(tmp_path) == count
        told = [await post(address, service, body, headers(service, body)) for _ in range(10)]
        said = [(status, answer["new"], answer["repeated"]) for status, answer in told]
        assert said == [(200, facts, False), *[(200, 0, True)] * 9]
        count += facts
    assert held(tmp_path) == count


async def refuse(address: str, service: str, body: bytes) -> None:
    """Signed for another body, or with another secret."""
    signed = by_password("lrs:another") if service == "xapi" else headers(service, body + b" ")
    status, answer = await post(address, service, body.replace(SECRET.encode(), b"another"), signed)
    assert status == 401
    assert SECRET not in json.dumps(answer)


async def test_what_a_service_is_asked_later_counts_once(
    store: Store, forwarding: Forwarding, address: str, tmp_path: Path
) -> None:
    """Asked before the webhook arrives, after it, and again."""
    issue = json.loads(payload("jira", "issue_created"))["issue"]

    def answer(request: web.Request, _: Any) -> object:
        return [] if request.path.endswith("/status") else {"issues": [issue], "isLast": True}

    body = payload("jira", "issue_created")
    async with answering(answer) as url:
        apis = {"JIRA_ACME": Api(url, SecretStr("token-1"))}
        reconciler = Reconciler(store, apis, forwarding.connector_of, forwarding.leave_out)
        await reconciler.reconcile()
        assert held(tmp_path) == 1
        status, told = await post(address, "jira", body, headers("jira", body))
        assert (status, told["new"], told["duplicates"]) == (200, 0, 1)
        await reconciler.reconcile()
    assert held(tmp_path) == 1
    assert [measure.value for measure in reconciler.measures()] == [0]
