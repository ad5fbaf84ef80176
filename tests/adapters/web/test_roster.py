"""An HR system on a real socket: who joins and leaves reaches boards."""

from __future__ import annotations

from pathlib import Path

import aiohttp

from adapters.connectors.registry import connector_of
from adapters.storage.history import SqlHistory
from adapters.storage.store import open_store
from adapters.web.app import create_app
from adapters.web.server import serving
from core.ports import Person
from tests.adapters.storage.said import THREE, book
from tests.adapters.web.desk import NEW, NOW, Sender, Shelf
from tests.databases import fresh

ACCOUNT = "slack:T1/U7"


async def test_a_leaver_and_a_joiner_told_by_requests(tmp_path: Path) -> None:
    store, shelf = await open_store(fresh(tmp_path), [book(THREE)], lambda: NOW * 1_000_000), Shelf()
    app = create_app(
        store,
        lambda source: (NEW,) if source in ("roster:hr", "desk:acme") else (),
        clock=store.now,
        ready=list,
        seen=store.seen,
        connector_of=connector_of,
        leave_out=shelf.leave_out,
    )
    await store.meet([Person(ACCOUNT, "Amira")])
    async with serving(app, "127.0.0.1", 0) as port, aiohttp.ClientSession() as http:
        sender = Sender(http, f"http://127.0.0.1:{port}")

        async def present() -> bool:
            return (await store.records("default").people((ACCOUNT,)))[ACCOUNT].present

        gone = {"account": ACCOUNT, "joined": "2020-01-01", "left": "2020-06-01"}
        assert (await sender.post(gone, delivery="d1", source="roster:hr"))[1]["new"] == 2
        assert (await sender.post(gone, delivery="d2", source="roster:hr"))[1] == {
            "new": 0,
            "duplicates": 2,
            "ignored": [],
            "repeated": False,
        }
        assert not await present()
        back = {"account": ACCOUNT, "joined": "2021-01-01", "team": "Support"}
        assert (await sender.post(back, delivery="d3", source="roster:hr"))[0] == 200
        assert await present()
        left = {"id": "x", "type": "member.left", "at": "2022-01-01T00:00:00Z", "actor": ACCOUNT, "source": "desk:acme"}
        assert (await sender.post(left, delivery="d4"))[0] == 422
        assert await present()
    await store.close()


async def test_what_is_sent_again_unsays_nothing_that_was_said_since(tmp_path: Path) -> None:
    now = [NOW * 1_000_000]
    store, shelf = await open_store(fresh(tmp_path), [book(THREE)], lambda: now[0]), Shelf()
    app = create_app(
        store, lambda _: (NEW,), store.now, list, store.seen, connector_of, shelf.leave_out, arrived=store.arrived
    )
    told = []
    async with serving(app, "127.0.0.1", 0) as port, aiohttp.ClientSession() as http:
        sender = Sender(http, f"http://127.0.0.1:{port}")
        for delivery, team in (("d1", "Support"), ("d2", "Sales"), ("d1", "Support")):
            now[0] += 20_000_000
            answer = await sender.post({"account": ACCOUNT, "team": team}, delivery=delivery, source="roster:hr")
            told.append((answer[1]["new"], answer[1]["repeated"]))
    teams = await store.look(lambda db: [f.facts["team"] for f in SqlHistory(db, "default").facts([ACCOUNT], None)])
    await store.close()
    assert told == [(1, False), (1, False), (0, True)]
    assert teams == ["Sales"]
