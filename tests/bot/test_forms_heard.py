"""From a request on a real socket to the log: what a book says about a source is how it is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aiohttp

from tests.bot.hearing import BOOK, SECRET, hearing

TABLE = """
[connectors."form:signup"]
type = "workshop.attended"
id = "submission.id"
at = "submission.time"
actor = "answers.email"
[connectors."form:signup".only]
"event" = "submitted"
"""
SIGNUP = {
    "event": "submitted",
    "submission": {"id": 81, "time": "2026-11-07T18:30:00Z"},
    "answers": {"email": "noor@example.org"},
}
LIMIT = aiohttp.ClientTimeout(total=20)
EVENT = {
    "specversion": "1.0",
    "type": "build.passed",
    "source": "/roof",
    "id": "b-1",
    "time": "2026-11-05T08:15:00Z",
    "subject": "slack:T1/U7",
}


async def post(url: str, source: str, body: object, secret: str = SECRET, **headers: str) -> tuple[int, Any]:
    named = {"x-plaudit-secret": secret, "connection": "close", **{k.replace("_", "-"): v for k, v in headers.items()}}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{url}/hooks/{source}", data=json.dumps(body), headers=named, timeout=LIMIT) as answer,
    ):
        return answer.status, await answer.json()


async def test_a_form_is_read_as_the_book_says(tmp_path: Path) -> None:
    async with hearing(tmp_path, "form:signup", "ci:acme", text=BOOK + TABLE) as bot:
        for n in range(10):
            status, told = await post(bot.url, "form:signup", SIGNUP)
            assert (status, told["new"], told["repeated"]) == (200, int(n == 0), n > 0)
        _, draft = await post(bot.url, "form:signup", SIGNUP | {"event": "draft"})
        assert (draft["new"], len(draft["ignored"])) == (0, 1)
        status, told = await post(bot.url, "form:signup", SIGNUP | {"submission": {}})
        assert (status, told["error"].partition(":")[0]) == (422, "submission.time")
        assert (await post(bot.url, "form:signup", SIGNUP, secret="whsec_x"))[0] == 401
        status, told = await post(bot.url, "ci:acme", EVENT, content_type="application/cloudevents+json")
        assert (status, told["new"]) == (200, 1)
        found = bot.stored(tmp_path / "log")
    assert [(s.source, s.id, s.type, s.actor) for s in found] == [
        ("form:signup", "81", "workshop.attended", "email/noor@example.org"),
        ("ci:acme", "/roof#b-1", "build.passed", "slack:T1/U7"),
    ]


async def test_a_cloudevent_says_nothing_that_only_plaudit_says(tmp_path: Path) -> None:
    async with hearing(tmp_path, "ci:acme") as bot:
        taken = EVENT | {"type": "grant.made"}
        status, told = await post(bot.url, "ci:acme", taken, content_type="application/cloudevents+json")
        assert status == 422
        assert "is said by Plaudit alone" in told["error"]
        assert bot.stored(tmp_path / "log") == []


async def test_mailchimp_asks_whether_anybody_is_there_and_then_posts_a_form(tmp_path: Path) -> None:
    form = {
        "type": "subscribe",
        "fired_at": "2026-03-02 09:15:00",
        "data[id]": "7be1",
        "data[list_id]": "3f0c",
        "data[email]": "Lin@Example.org",
    }
    async with hearing(tmp_path, "mailchimp:acme") as bot, aiohttp.ClientSession() as http:
        address = f"http://127.0.0.1:{bot.road.port}/hooks/mailchimp:acme"
        for method in (http.get, http.head):
            async with method(f"{address}?secret={SECRET}", timeout=LIMIT) as answer:
                assert answer.status == 200
        for secret, status in ((SECRET, 200), ("whsec_other", 401)):
            async with http.post(address, params={"secret": secret}, data=form, timeout=LIMIT) as answer:
                assert answer.status == status
        (found,) = bot.stored(tmp_path / "log")
    assert (found.id, found.actor) == ("subscription:3f0c/7be1", "email/lin@example.org")
