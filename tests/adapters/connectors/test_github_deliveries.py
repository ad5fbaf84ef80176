"""What GitHub could not deliver, asked for afterwards."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import web

from adapters.connectors import github
from adapters.connectors.connector import Unreachable
from tests.adapters.connectors.rig import api, at, missed, payload, statements
from tests.adapters.connectors.test_github import SAID, SOURCE

DELIVERIES = [  # newest first, as GitHub lists them: (id, guid, status, time, payload)
    (9, "g-5", 0, "2026-03-02T09:14:00Z", "issues.opened"),
    (8, "g-4", 200, "2026-03-02T09:13:00Z", "release.published"),
    (7, "g-2", 200, "2026-03-02T09:12:00Z", "push"),  # sent again by hand, and taken
    (6, "g-3", 422, "2026-03-02T09:11:00Z", "issues.broken"),
    (61, "g-6", 413, "2026-03-02T09:10:30Z", "push.huge"),
    (5, "g-2", 502, "2026-03-02T09:10:00Z", "push"),
    (4, "g-1", 503, "2026-03-02T09:09:00Z", "pull_request.closed"),
    (3, "g-0", 502, "2026-03-01T09:00:00Z", "issues.closed"),
]


def answer(asked: web.Request, _: Any) -> object:
    """As GitHub answers for an organisation with two webhooks."""
    assert asked.headers["Authorization"] == "Bearer token-1"
    if asked.path == "/hooks":
        other = {"id": 300, "config": {"url": "https://plaudit.example.org/hooks/github:other"}}
        return [other, {"id": 301, "config": {"url": "https://plaudit.example.org/hooks/github%3Aacme?x=1"}}]
    if asked.path == "/hooks/301/deliveries":
        keys = ("id", "guid", "status_code", "delivered_at")
        return [{**dict(zip(keys, row[:4], strict=True)), "event": row[4].partition(".")[0]} for row in DELIVERIES]
    if asked.path.endswith("/61"):
        return "a" * 1_000_001
    (row,) = (row for row in DELIVERIES if asked.path == f"/hooks/301/deliveries/{row[0]}")
    body = {"action": "opened"} if row[4] == "issues.broken" else json.loads(payload("github", row[4]))
    return {"event": row[4].partition(".")[0], "request": {"payload": body}}


async def test_what_github_could_not_deliver_is_found_and_is_the_same() -> None:
    async with api(answer) as service:
        found = await missed(github, service, SOURCE, at("2026-03-02T00:00:00Z"))
    assert statements(found) == [*SAID["pull_request.closed"], *SAID["issues.opened"]]
    (huge,), (broken,) = [one.ignored for one in found if one.ignored]
    assert huge[0] == "push"
    assert huge[1].endswith("/hooks/301/deliveries/61 answered with more than 1,000,000 bytes")
    assert broken == ("issues", "repository: is missing; send an object")


async def test_a_webhook_that_is_not_there_is_said() -> None:
    async with api(answer) as service:
        with pytest.raises(Unreachable, match=r"no webhook there leads to /hooks/github:nobody"):
            await missed(github, service, "github:nobody", 0)
