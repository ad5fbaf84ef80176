"""What webhooks are told, written into the outbox in the same commit as what it tells."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.storage.store import Store
from core.cards import Card
from core.events import Statement, Value
from core.ports import Destination, Person
from core.serving import Mode
from tests.adapters.storage.conftest import Clock, Open
from tests.adapters.storage.said import DAY, HOUR, NOON, SECOND, TEAM, THREE, by_hand, chose, gone, post
from tests.databases import fresh
from tests.receiver import webhook

URL = "http://127.0.0.1:9/plaudit"
BOOK = THREE + webhook(URL)
LEVELS = '\n[[level]]\nname = "Regular"\nat = 2\n[[level]]\nname = "Old hand"\nat = 3\n'
ASKED = BOOK.replace('name = "Three"', 'name = "Three"\nask = true')
A = "slack:T1/A"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return fresh(tmp_path)


def told(folder: Path, way: str = "webhook:crm") -> list[dict[str, Any]]:
    """The documents that wait for a webhook, in the order of their making."""
    with sqlite3.connect(folder / "plaudit.db") as db:
        rows = db.execute("SELECT card FROM outbox WHERE kind = 'webhook' AND source = ? ORDER BY id", (way,))
        return [json.loads(row[0]) for row in rows]


async def three(store: Store, user: str = "A", **facts: Value) -> list[Statement]:
    await store.meet([Person(f"{TEAM}/{user}", "Amira")])
    said = [post(n, user, **facts) for n in range(3)]
    await store.take(said)
    return said


async def test_an_award_is_told_with_all_that_belongs_to_it(opened: Open, tmp_path: Path) -> None:
    await three(await opened(BOOK))
    assert told(tmp_path) == [
        {
            "type": "award.given",
            "timestamp": "2026-03-18T12:00:00Z",
            "data": {
                "community": "default",
                "achievement": {"id": "three", "name": "Three", "version": 1, "tier": None},
                "member": {"id": A, "accounts": [A], "name": "Amira"},
                "award": {
                    "period": None,
                    "earned_at": "2026-03-17T12:00:02Z",
                    "evidence": 3,
                    "by": None,
                    "reason": None,
                },
            },
        }
    ]


async def test_taking_back_and_coming_back_are_told_each_once(opened: Open, tmp_path: Path, clock: Clock) -> None:
    store = await opened(BOOK)
    said = await three(store)
    clock.now += HOUR
    await store.take([gone(said[0], NOON)])
    clock.now += HOUR
    await store.take([gone(said[0], NOON), post(3)])
    await store.take([post(3)])
    documents = told(tmp_path)
    assert [d["type"] for d in documents] == ["award.given", "award.revoked", "award.given"]
    assert documents[1]["timestamp"] == "2026-03-18T13:00:00Z"
    assert "withdrawn" in documents[1]["data"]["award"]["reason"]


async def test_what_a_moderator_gives_names_the_giver_and_the_reason(opened: Open, tmp_path: Path) -> None:
    store = await opened(BOOK)
    await store.take([by_hand("grant.made", "three", "A", NOON)])
    (given,) = told(tmp_path)
    assert (given["data"]["award"]["by"], given["data"]["award"]["reason"]) == ("slack:T1/M", "as agreed")


async def test_each_webhook_is_told_what_it_asked_for(opened: Open, tmp_path: Path) -> None:
    other = '[achievement.one]\nname = "One"\nwhen = "message.posted"\n'
    await three(
        await opened(
            THREE
            + other
            + webhook(URL, 'achievements = ["one"]', "ones")
            + webhook(URL, 'events = ["award.revoked", "digest.posted"]', "losses")
            + webhook(URL, "", "all")
        )
    )
    ids = {
        name: [d["data"]["achievement"]["id"] for d in told(tmp_path, f"webhook:{name}")]
        for name in ("ones", "losses", "all")
    }
    assert ids == {"ones": ["one"], "losses": [], "all": ["three", "one"]}


@pytest.mark.parametrize(
    "choice", [{"announce": "private"}, {"announce": "none"}, {"boards": "hidden"}, {"boards": "anonymous"}]
)
async def test_whoever_keeps_to_themselves_is_an_account_without_a_name(
    opened: Open, tmp_path: Path, choice: dict[str, str]
) -> None:
    store = await opened(BOOK)
    await store.take([chose("A", NOON - 2 * DAY, **choice)])
    await three(store)
    assert [d["data"]["member"] for d in told(tmp_path)] == [{"id": A, "accounts": [A]}]


@pytest.mark.parametrize("quiet", ["private", "none"])
async def test_a_badge_that_is_told_to_nobody_names_nobody(opened: Open, tmp_path: Path, quiet: str) -> None:
    await three(await opened(BOOK.replace('name = "Three"', f'name = "Three"\nannounce = "{quiet}"')))
    assert [d["data"]["member"] for d in told(tmp_path)] == [{"id": A, "accounts": [A]}]


async def test_nothing_of_a_private_channel_is_told(opened: Open, tmp_path: Path) -> None:
    store = await opened(BOOK.replace("[community]", "[community]\ncount_private = true"))
    await three(store, private=True, channel="#redundancies", channel_id="C7SECRET")
    (document,) = told(tmp_path)
    assert document["data"]["member"] == {"id": A, "accounts": [A]}
    assert not any(word in json.dumps(document) for word in ("redundancies", "C7SECRET", "C1"))


async def test_of_whoever_opted_out_only_what_ends_is_told(opened: Open, tmp_path: Path, clock: Clock) -> None:
    store = await opened(BOOK.replace('name = "Three"', 'name = "Three"\nsettle = "1 hour"'))
    first, later = [post(n) for n in range(3)], [post(10 + n, "B", NOON + n * SECOND) for n in range(3)]
    await store.take([*first, *later])
    await store.settle()
    await store.take([chose("B", NOON + 5 * SECOND, tracking="off"), chose("A", NOON + 5 * SECOND, tracking="off")])
    clock.now += 2 * HOUR
    await store.settle()
    await store.take([gone(first[0], clock.now)])
    assert [(d["type"], d["data"]["member"]) for d in told(tmp_path)] == [
        ("award.given", {"id": A, "accounts": [A]}),
        ("award.revoked", {"id": A, "accounts": [A]}),
    ]


async def test_old_history_is_told_to_nobody(opened: Open, tmp_path: Path) -> None:
    store = await opened(BOOK + LEVELS)
    await store.take([post(n) for n in range(3)], Mode(announce=False, dated=True))
    assert told(tmp_path) == []


async def test_a_trial_is_told_to_nobody(opened: Open, tmp_path: Path) -> None:
    await three(await opened(BOOK.replace('name = "Three"', 'name = "Three"\nstatus = "shadow"')))
    assert told(tmp_path) == []


async def test_each_level_is_told_when_it_is_reached(opened: Open, tmp_path: Path) -> None:
    store = await opened(BOOK + LEVELS)
    await store.meet([Person(A, "Amira")])
    for n in range(3):
        await store.take([post(n)])
    levels = [d["data"] for d in told(tmp_path) if d["type"] == "level.reached"]
    assert [data["level"] for data in levels] == [
        {"number": 1, "name": "Regular", "at": 2},
        {"number": 2, "name": "Old hand", "at": 3},
    ]
    assert levels[0]["member"] == {"id": A, "accounts": [A], "name": "Amira"}


@pytest.mark.parametrize(("type_", "decision"), [("award.confirmed", "approved"), ("award.declined", "declined")])
async def test_what_a_moderator_decides_is_told_once(opened: Open, tmp_path: Path, type_: str, decision: str) -> None:
    store = await opened(ASKED)
    await three(store)
    assert told(tmp_path) == []
    said = by_hand(type_, "three", "A", NOON + SECOND)
    await store.take([said])
    await store.take([said])
    decided = [d["data"] for d in told(tmp_path) if d["type"] == "claim.decided"]
    assert decided == [
        {
            "community": "default",
            "member": {"id": A, "accounts": [A]},
            "claim": {"id": said.id, "decision": decision, "by": "slack:T1/M", "reason": "as agreed"},
            "achievement": {"id": "three", "name": "Three"},
        }
    ]


@pytest.mark.parametrize(
    ("type_", "decision"),
    [("action.validated", "approved"), ("grant.made", "approved"), ("claim.declined", "declined")],
)
async def test_what_a_moderator_decides_on_a_claim_is_told(
    opened: Open, tmp_path: Path, type_: str, decision: str
) -> None:
    """Who did it is who claimed it; who decided stands beside."""
    store = await opened(BOOK)
    said = replace(by_hand(type_, "three", "A", NOON), actor=A, by="slack:T1/M", reason="well done")
    await store.take([replace(said, facts={"claim": 7, "kind": "workshop"})])
    assert [d["data"] for d in told(tmp_path) if d["type"] == "claim.decided"] == [
        {
            "community": "default",
            "member": {"id": A, "accounts": [A]},
            "claim": {"id": "7", "decision": decision, "by": "slack:T1/M", "reason": "well done"},
        }
    ]


@pytest.mark.parametrize("type_", ["action.validated", "grant.made"])
async def test_what_nobody_claimed_is_no_decision(opened: Open, tmp_path: Path, type_: str) -> None:
    store = await opened(BOOK)
    await store.take([by_hand(type_, "three", "A", NOON)])
    assert "claim.decided" not in {d["type"] for d in told(tmp_path)}


async def test_a_digest_is_told_by_its_week_and_nothing_else(opened: Open, tmp_path: Path) -> None:
    store = await opened(BOOK)
    room = [Destination(TEAM, "channel", "C1")]
    for job in ("digest", "moderators"):
        await store.run_once("default", job, "2026-W11", Card(()), room)
        await store.run_once("default", job, "2026-W11", Card(()), room)
    await store.run_once("default", "digest", "2026-W12", None, room)
    assert [d["data"] for d in told(tmp_path)] == [{"community": "default", "digest": {"period": "2026-W11"}}]


async def test_the_chat_is_told_as_before(opened: Open, tmp_path: Path) -> None:
    """A webhook's rows are nobody else's."""
    store = await opened(BOOK)
    await three(store)
    claimed = await store.claim([TEAM], 10)
    assert [parcel.kind for parcel in claimed] == ["card"]
