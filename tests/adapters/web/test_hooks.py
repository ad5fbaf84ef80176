"""Signed webhooks over a real socket: what is taken, what is refused, and with which words."""

from __future__ import annotations

import base64
import json
import time

import pytest

from adapters.connectors.registry import connector_of as by_registry
from adapters.web.app import create_app
from adapters.web.server import serving
from core.errors import ConfigurationError
from tests.adapters.web.desk import LIMIT, NEW, NOW, OLD, Sender, Shelf, item, sign


async def test_a_signed_statement_is_stored_once(sender: Sender, shelf: Shelf) -> None:
    first = await sender.post(item())
    assert first == (200, {"new": 1, "duplicates": 0, "ignored": [], "repeated": False})
    again = await sender.post(item())
    assert again == (200, {"new": 0, "duplicates": 1, "ignored": [], "repeated": True})
    assert len(shelf.held) == 1


async def test_a_list_is_stored_whole(sender: Sender, shelf: Shelf) -> None:
    status, told = await sender.post([item("1"), item("2"), item("1")])
    assert (status, told["new"]) == (200, 2)
    assert len(shelf.held) == 2


async def test_both_secrets_work_while_they_are_changed(sender: Sender) -> None:
    assert (await sender.post(item(), secret=OLD))[0] == 200
    assert (await sender.post(item(), secret=NEW))[0] == 200
    other = "whsec_" + base64.b64encode(b"other" * 5).decode()
    assert (await sender.post(item(), secret=other))[0] == 401


async def test_one_good_signature_among_several_is_enough(sender: Sender) -> None:
    headers = sign(json.dumps(item()).encode(), NEW, "d1", NOW)
    headers["webhook-signature"] = "v1a,xyz garbage v1, v1,AAAA " + headers["webhook-signature"]
    assert (await sender.post(item(), headers=headers))[0] == 200


@pytest.mark.parametrize("at", [NOW - 301, NOW + 301, "soon", "", "1e9", "²", "9" * 400, "-1", f"{NOW}.5"])
async def test_a_stale_or_unreadable_time_is_refused(sender: Sender, shelf: Shelf, at: int | str) -> None:
    headers = sign(json.dumps(item()).encode(), NEW, "d1", at) | {"webhook-timestamp": str(at)}
    status, told = await sender.post(item(), headers=headers)
    assert status == 401
    assert "webhook-timestamp" in told["error"]
    assert not shelf.held


@pytest.mark.parametrize("at", [NOW - 299, NOW + 299])
async def test_clocks_may_differ_by_five_minutes(sender: Sender, at: int) -> None:
    assert (await sender.post(item(), at=at))[0] == 200


async def test_a_forged_request_is_refused_before_its_body_is_read(sender: Sender, shelf: Shelf) -> None:
    headers = sign(b"another body", NEW, "d1", NOW)
    for body in (item(), b"{not json", b"\xff\xfe", b"[" * 10_000):
        status, told = await sender.post(body, headers=headers)
        assert status == 401
        assert "no webhook-signature matches" in told["error"]
    for name in headers:
        missing = {key: value for key, value in headers.items() if key != name}
        assert (await sender.post(item(), headers=missing))[0] == 401
    assert not shelf.held


async def test_a_signature_covers_the_delivery_id(sender: Sender) -> None:
    headers = sign(json.dumps(item()).encode(), NEW, "d1", NOW) | {"webhook-id": "d2"}
    assert (await sender.post(item(), headers=headers))[0] == 401


async def test_a_source_without_a_secret_does_not_exist(sender: Sender) -> None:
    status, told = await sender.post(item(source="desk:other"), source="desk:other")
    assert status == 404
    assert "PLAUDIT_HOOK_<SOURCE>_SECRET" in told["error"]


async def test_nobody_posts_as_one_of_our_own_sources(sender: Sender, shelf: Shelf) -> None:
    for source in ("moderator", "clock", "engine"):
        assert (await sender.post(item(source=source), source=source))[0] == 422
        assert (await sender.post(item(source=source)))[0] == 422
    assert not shelf.held


@pytest.mark.parametrize(
    "type_",
    [
        "grant.made",
        "award.revoked",
        "action.validated",
        "member.linked",
        "member.settings_changed",
        "points.earned",
        "achievement.earned",
        "level.reached",
        "award.confirmed",
        "member.anniversary",
        "member.zone_set",
        "message.aged",
        "rule.changed",
        "streak.frozen",
        "bot.deaf",
    ],
)
async def test_no_sender_gives_itself_badges(sender: Sender, shelf: Shelf, type_: str) -> None:
    status, told = await sender.post(item(type=type_, target="slack:T1/U7", facts={"achievement": "helper"}))
    assert status == 422
    assert f'type: "{type_}" is said by Plaudit alone' in told["error"]
    assert not shelf.held


async def test_one_bad_item_refuses_the_list_and_is_named(sender: Sender, shelf: Shelf) -> None:
    status, told = await sender.post([item("1"), item("2", acter="x"), item("3")])
    assert status == 422
    assert told["error"] == 'item 2 of 3: "acter": unknown field; did you mean "actor"?'
    status, told = await sender.post([item("1"), item("2", source="slack:T1")])
    assert status == 422
    assert told["error"] == 'item 2 of 2: source: must be the one of the address, "desk:acme"'
    assert not shelf.held


HUGE = b"1" + b"0" * 400
FACTS = json.dumps(item(facts={"n": 0})).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"7",
        b"null",
        b'{"source": "desk:acme"',
        b"[" * 10_000 + b"]" * 10_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        FACTS.replace(b'"n": 0', b'"n": ' + HUGE),
        FACTS.replace(b'"n": 0', b'"n": 1' + b"0" * 900_000),
        FACTS.replace(b'"n": 0', b'"n": 1e400'),
        FACTS.replace(b'"n": 0', b'"n": 0.' + b"1" * 900_000),
        FACTS.replace(b'"n": 0', b'"n": NaN'),
        FACTS.replace(b'"n": 0', b'"n": "\\u0000"'),
        FACTS.replace(b'"n": 0', b'"n": "\\ud800"'),
        b"[" + b"1," * 499_000 + b"1]",
        json.dumps([item("1"), [item("2")]]).encode(),
    ],
    ids=lambda body: f"{bytes(body[:20])!r} {len(body)}",
)
async def test_garbage_is_refused_with_a_reason_in_less_than_a_second(
    sender: Sender, shelf: Shelf, body: bytes
) -> None:
    began = time.perf_counter()
    status, told = await sender.post(body)
    assert status == 422
    assert 10 < len(told["error"]) < 300
    assert time.perf_counter() - began < 1
    assert not shelf.held


async def test_a_body_over_one_megabyte_is_refused_before_anything_else(sender: Sender) -> None:
    body = json.dumps([item(str(n)) for n in range(12_000)]).encode()
    assert len(body) > 1_000_000
    status, told = await sender.post(body)
    assert status == 413
    assert "1 MB" in told["error"]


async def test_an_unknown_type_is_kept_as_ignored_and_told(sender: Sender) -> None:
    status, told = await sender.post([item("1"), item("2", type="ticket.rezolved")])
    assert status == 202
    assert told["new"] == 1
    assert told["ignored"] == ["unknown type ticket.rezolved; did you mean ticket.resolved?"]


async def test_a_full_database_asks_to_come_again(sender: Sender, shelf: Shelf) -> None:
    shelf.full = True
    body = json.dumps(item()).encode()
    url = f"{sender.address}/hooks/desk:acme"
    async with sender.http.post(url, data=body, headers=sign(body, NEW, "d1", NOW), timeout=LIMIT) as answer:
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
    shelf.full = False
    assert (await sender.post(item()))[1]["new"] == 1


async def test_live_and_ready_are_told_apart(sender: Sender, shelf: Shelf) -> None:
    shelf.reasons = ["Slack is not connected"]
    async with sender.http.get(f"{sender.address}/livez", timeout=LIMIT) as answer:
        assert answer.status == 200
    async with sender.http.get(f"{sender.address}/readyz", timeout=LIMIT) as answer:
        assert answer.status == 503
        assert await answer.json() == {"ready": False, "reasons": ["Slack is not connected"]}
    shelf.reasons = []
    async with sender.http.get(f"{sender.address}/readyz", timeout=LIMIT) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("path", ["/", "/docs", "/redoc", "/openapi.json", "/hooks", "/hooks/a/b", "/hooks/a%2Fb"])
async def test_nothing_else_is_served_and_errors_are_plain_json(sender: Sender, path: str) -> None:
    async with sender.http.post(sender.address + path, timeout=LIMIT) as answer:
        assert answer.status == 404
        assert await answer.json() == {"error": "Not Found"}
    async with sender.http.get(f"{sender.address}/hooks/desk:acme", timeout=LIMIT) as answer:
        assert answer.status == 405
        assert "error" in await answer.json()


async def test_a_sender_that_says_it_takes_pages_reads_the_reason_all_the_same(sender: Sender) -> None:
    given = {"Accept": "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"}  # what Java's own client says
    async with sender.http.post(f"{sender.address}/hooks/desk:other", headers=given, timeout=LIMIT) as answer:
        assert answer.status == 404
        assert "no secret is set for this source" in (await answer.json())["error"]


async def test_a_taken_port_is_one_clear_line(sender: Sender) -> None:
    port = int(sender.address.rpartition(":")[2])
    with pytest.raises(ConfigurationError, match="PLAUDIT_HTTP_PORT: cannot listen on 127"):
        async with serving(
            create_app(Shelf(), lambda _: (), int, list, Shelf().seen, by_registry, Shelf().leave_out),
            "127.0.0.1",
            port,
        ):
            pass
