"""Services are asked what they could not deliver: the same facts, once; what goes wrong is told once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import SecretStr

from adapters.storage.left_out import left_out
from adapters.storage.reading import reading
from adapters.storage.store import Store, open_store
from bot import logs
from bot.forwarding import Forwarding
from bot.hook_settings import Api
from bot.reconciler import Reconciler
from core.times import read_time
from tests.adapters.connectors.rig import payload, serving
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import HEAD, book
from tests.databases import fresh

NOW = read_time("2026-03-02T10:00:00Z")
HOUR = 3_600_000_000
NAMED = HEAD.replace("[community]", '[community]\nsources = ["github:acme-tools", "slack:T1"]')
MERGED = '[achievement.first]\nname = "First"\nwhen = "pull_request.merged"\n'


class GitHub:
    """One webhook with one delivery that failed. `status`: what the API answers."""

    def __init__(self) -> None:
        self.status = 200
        self.asked: list[str] = []
        self.payload = json.loads(payload("github", "pull_request.closed"))
        self.source = "github:acme"

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if self.status != 200:
            return web.Response(status=self.status)
        if request.path == "/hooks":
            return web.json_response([{"id": 1, "config": {"url": f"https://plaudit.example.org/hooks/{self.source}"}}])
        delivery = {"id": 5, "guid": "g", "status_code": 502, "delivered_at": "2026-03-02T09:16:00Z"}
        delivery["event"] = "pull_request"
        found = {"event": "pull_request", "request": {"payload": self.payload}}
        return web.json_response(found if request.path.endswith("/5") else [delivery])


@pytest.fixture
def logged() -> StringIO:
    stream = StringIO()
    logs.configure(stream=stream, human=False)
    return stream


@pytest.fixture
async def github() -> AsyncIterator[tuple[GitHub, str]]:
    found = GitHub()
    async with serving(found.answer) as url:
        yield found, url


@pytest.fixture
def url(tmp_path: Path) -> str:
    return fresh(tmp_path)


@asynccontextmanager
async def opened(url: str, text: str = HEAD + MERGED) -> AsyncIterator[Store]:
    store = await open_store(url, [book(text)], Clock(NOW))
    try:
        yield store
    finally:
        await store.close()


def reconciler(store: Store, address: str, name: str = "GITHUB_ACME") -> Reconciler:
    forwarding = Forwarding(store)
    apis = {name: Api(address, SecretStr("t-1"))}
    return Reconciler(store, apis, forwarding.connector_of, forwarding.leave_out)


async def test_what_was_missed_is_counted_once(url: str, github: tuple[GitHub, str]) -> None:
    async with opened(url) as store:
        for _ in range(3):
            await reconciler(store, github[1]).reconcile()
        assert await store.holders("default") == {"first": 1}
        assert await store.read("reconciled:github:acme") == str(NOW)


async def test_what_lies_before_the_last_time_is_not_asked_again(url: str, github: tuple[GitHub, str]) -> None:
    async with opened(url) as store:
        await store.write({"reconciled:github:acme": str(NOW)})  # 44 minutes after the failure, overlapping by 15
        await reconciler(store, github[1]).reconcile()
        assert github[0].asked == ["/hooks", "/hooks/1/deliveries"]


async def test_trouble_is_told_once_and_that_it_is_over_too(
    url: str, github: tuple[GitHub, str], logged: StringIO
) -> None:
    async with opened(url) as store:
        found = reconciler(store, github[1])
        github[0].status = 401
        for _ in range(3):
            await found.reconcile()
        (line,) = logged.getvalue().splitlines()
        assert "the token is not accepted" in json.loads(line)["reason"]
        assert [m.value for m in found.measures()] == [1]
        assert await store.read("reconciled:github:acme") is None
        github[0].status = 200
        await found.reconcile()
        assert [m.value for m in found.measures()] == [0]
        assert json.loads(logged.getvalue().splitlines()[-1])["new"] == 1


async def test_one_service_that_fails_keeps_no_other_from_being_asked(
    url: str, github: tuple[GitHub, str], logged: StringIO
) -> None:
    async with opened(url) as store:
        forwarding = Forwarding(store)
        apis = {"GITLAB_ACME": Api("http://127.0.0.1:9", SecretStr("t")), "GITHUB_ACME": Api(github[1], SecretStr("t"))}
        await Reconciler(store, apis, forwarding.connector_of, forwarding.leave_out).reconcile()
        assert await store.holders("default") == {"first": 1}
    assert "127.0.0.1:9 does not answer" in logged.getvalue()


async def test_a_source_with_other_signs_in_its_name_is_found_in_the_book_or_by_what_it_sent(
    url: str, github: tuple[GitHub, str], logged: StringIO
) -> None:
    github[0].source = "github:acme-tools"
    async with opened(url) as store:
        found = reconciler(store, github[1], "GITHUB_ACME_TOOLS")
        await found.reconcile()
        assert github[0].asked == []
        assert "nobody knows how this source is written" in logged.getvalue()
        await Forwarding(store).seen("github:acme-tools", "d-1", 0)
        await found.reconcile()
        assert github[0].asked


async def test_a_source_that_the_book_names_needs_to_send_nothing(url: str, github: tuple[GitHub, str]) -> None:
    github[0].source = "github:acme-tools"
    async with opened(url, NAMED + MERGED) as store:
        await reconciler(store, github[1], "GITHUB_ACME_TOOLS").reconcile()
        assert await store.holders("default") == {"first": 1}


async def test_what_cannot_be_read_is_left_out_and_does_not_stand_in_the_way(
    url: str, github: tuple[GitHub, str]
) -> None:
    del github[0].payload["repository"]
    async with opened(url) as store:
        await reconciler(store, github[1]).reconcile()
        assert await store.read("reconciled:github:acme") == str(NOW)
    with reading(url) as histories:
        (line,) = left_out(histories("default"), "default")
    assert line["reason"] == "repository: is missing; send an object"
    assert line["ignored"] == {"kind": "pull_request", "source": "github:acme"}


async def test_without_any_address_there_is_nothing_to_do(url: str) -> None:
    async with opened(url) as store:
        forwarding = Forwarding(store)
        await Reconciler(store, {}, forwarding.connector_of, forwarding.leave_out).run()
