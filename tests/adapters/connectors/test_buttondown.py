"""Buttondown's webhooks and its API: subscriptions, answers and followed links, each counted once."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given, settings

from adapters.connectors import buttondown
from core.errors import Forged, MalformedStatement
from core.events import WITHDRAW, Statement, resolve
from tests.adapters.connectors.rig import (
    NOW,
    api,
    at,
    damaged,
    incoming,
    missed,
    payload,
    read_or_refused,
    said,
    statements,
)

SOURCE = "buttondown:weekly"
WHO = "5b0c9f6e-2f5d-4c0e-9d83-6d1f0a7c4e21"
ISSUE = "e1a4d7b0-77aa-4d0f-8a3c-0f2b9c6d5e10"
ACTOR = f"{SOURCE}/{WHO}"
GUESSED: dict[str, Any] = {"at_is_approximate": True}
ARRIVED = Statement(SOURCE, f"subscription:{WHO}", NOW, "newsletter.subscribed", actor=ACTOR, facts=GUESSED)
EXACT = replace(ARRIVED, at=at("2026-03-02T09:15:00.25Z"), facts={})
LEFT = Statement(SOURCE, ARRIVED.id, NOW, "newsletter.subscribed", op=WITHDRAW, reason="unsubscribed")
REPLIED = Statement(
    SOURCE,
    f"reply:{WHO}/{ISSUE}",
    NOW,
    "newsletter.replied",
    actor=ACTOR,
    facts={**GUESSED, "newsletter": ISSUE},
)
LINK = "https://example.org/repair-guide"
CLICKED = Statement(
    SOURCE,
    f"click:{WHO}/{ISSUE}/{hashlib.sha256(LINK.encode()).hexdigest()[:16]}",
    NOW,
    "link.visited",
    actor=ACTOR,
    facts={**GUESSED, "newsletter": ISSUE, "link": LINK},
)


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("confirmed", ARRIVED),
        ("confirmed_object", EXACT),
        ("unsubscribed", LEFT),
        ("replied", REPLIED),
        ("clicked", CLICKED),
    ],
)
def test_what_a_webhook_says(name: str, statement: Statement) -> None:
    for _ in range(10):
        found = said(buttondown, SOURCE, name)
        assert (found.statements, found.people, found.ignored) == ((statement,), (), ())


def test_a_subscriber_is_counted_when_it_is_confirmed() -> None:
    found = said(buttondown, SOURCE, "created")
    assert found.statements == ()
    assert found.ignored == (("subscriber.created", buttondown.IGNORED["subscriber.created"]),)


def test_an_unknown_kind_is_ignored_with_a_reason() -> None:
    found = buttondown.normalise(incoming(SOURCE, b'{"event_type": "subscriber.danced", "data": {}}'))
    assert found.ignored[0][0] == "subscriber.danced"


def test_an_address_is_never_kept_as_the_name_of_an_issue() -> None:
    body = payload("buttondown", "replied").replace(ISSUE.encode(), b"lin@example.org")
    assert buttondown.normalise(incoming(SOURCE, body)).statements[0].id == f"reply:{WHO}/any"


@pytest.mark.parametrize(
    ("url", "link"), [("https://u:p@example.org/a?b", "https://example.org/a"), ("http://[", None)]
)
def test_of_a_link_only_the_place_is_kept(url: str, link: str | None) -> None:
    body = json.loads(payload("buttondown", "clicked"))
    body["data"]["url"] = url
    (statement,) = buttondown.normalise(incoming(SOURCE, json.dumps(body).encode())).statements
    assert statement.facts["link"] == (link or url)


def test_a_field_that_is_needed_is_named() -> None:
    with pytest.raises(MalformedStatement, match=r"^data\.subscriber: is missing"):
        buttondown.normalise(incoming(SOURCE, b'{"event_type": "subscriber.confirmed", "data": {}}'))


@settings(max_examples=80)
@given(damaged("buttondown"))
def test_a_damaged_payload_is_read_or_refused(body: bytes) -> None:
    read_or_refused(buttondown, SOURCE, body)


def signed(body: bytes, secret: str) -> dict[str, str]:
    return {"x-buttondown-signature": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def test_it_is_signed_with_one_of_the_secrets() -> None:
    body = payload("buttondown", "confirmed")
    for secret in ("old-key", "new-key"):
        assert buttondown.verify(incoming(SOURCE, body, signed(body, secret)), ("old-key", "new-key"))
    for headers in ({}, signed(body, "other"), signed(body + b" ", "new-key")):
        with pytest.raises(Forged, match="X-Buttondown-Signature"):
            buttondown.verify(incoming(SOURCE, body, headers), ("old-key", "new-key"))


async def test_what_was_missed_is_found_again() -> None:
    """Newest first, so that the first old one ends it."""
    stays = {"id": WHO, "creation_date": "2026-03-02T09:15:00.250000Z", "type": "regular", "email_address": "a@b.org"}
    left = {**stays, "id": "w2", "type": "unsubscribed", "unsubscription_date": "2026-03-02T09:16:00Z"}
    waits = {**stays, "id": "w3", "type": "unactivated"}
    old = {**stays, "id": "w4", "creation_date": "2026-02-01T00:00:00Z"}
    pages = {"1": [stays, waits], "2": [left, old]}
    asked: list[str] = []

    def answer(request: web.Request, _: Any) -> object:
        asked.append(request.headers["Authorization"])
        if request.path.endswith("/events"):
            return {"results": []}
        page = request.query["page"]
        return {"results": pages[page], "next": f"/subscribers?page={int(page) + 1}"}

    async with api(answer) as service:
        first, second, third = statements(await missed(buttondown, service, SOURCE, at("2026-03-01T00:00:00Z")))
    assert first == EXACT
    assert resolve([(1, ARRIVED), (2, first)]) is not None
    assert (second.op, third.op, third.at) == ("assert", WITHDRAW, at("2026-03-02T09:16:00Z"))
    assert len(asked) == 3


async def test_links_that_were_followed_are_found_again_with_their_time() -> None:
    """Where the API names the link; where it does not, it says so once for each."""
    when = "2026-03-02T09:15:00.250000Z"
    click = {"subscriber_id": WHO, "email_id": ISSUE, "creation_date": when, "metadata": {"url": f"{LINK}?a=b"}}
    unnamed = {**click, "metadata": {}}
    old = {**click, "creation_date": "2026-02-01T00:00:00Z"}
    asked: list[dict[str, str]] = []

    def answer(request: web.Request, _: Any) -> object:
        if not request.path.endswith("/events"):
            return {"results": []}
        asked.append(dict(request.query))
        return {"results": [click, unnamed, old], "next": "/events?page=2"}

    async with api(answer) as service:
        found = await missed(buttondown, service, SOURCE, at("2026-03-01T00:00:00Z"))
    (said_again,) = statements(found)
    assert (said_again.id, said_again.at) == (CLICKED.id, at(when))
    assert said_again.facts == {"newsletter": ISSUE, "link": LINK}
    assert resolve([(1, CLICKED), (2, said_again)]) is not None
    assert [reason for one in found for _, reason in one.ignored] == [
        "the API does not name the link that was followed"
    ]
    assert asked == [{"event_type": "clicked", "ordering": "-creation_date", "page": "1"}]
