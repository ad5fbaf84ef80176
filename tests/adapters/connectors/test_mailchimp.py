"""Mailchimp's webhooks, which come as forms, and its API say the same: who is subscribed, and who no longer."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import web
from hypothesis import given, settings

from adapters.connectors import mailchimp
from adapters.connectors.connector import Incoming, Normalised
from core.errors import Forged, MalformedStatement
from core.events import WITHDRAW, Statement, resolve
from core.ports import Person
from tests.adapters.connectors.rig import NOW, api, at, damaged, incoming, missed, payload, read_or_refused, statements

SOURCE = "mailchimp:acme"
ID = "subscription:3f0c11d9aa/7be1a9c204"
SUBSCRIBED = Statement(
    SOURCE,
    ID,
    at("2026-03-02T09:15:00Z"),
    "newsletter.subscribed",
    actor="email/lin@example.org",
    facts={"newsletter": "3f0c11d9aa"},
)
LEFT = Statement(SOURCE, ID, at("2026-03-05T18:00:01Z"), "newsletter.subscribed", op=WITHDRAW, reason="unsubscribed")
LIN = Person("email/lin@example.org", "Lin Okoye")


def form(name: str) -> bytes:
    return urlencode(json.loads(payload("mailchimp", name))).encode()


def read(name: str) -> Normalised:
    return mailchimp.normalise(incoming(SOURCE, form(name)))


def test_a_subscription_is_asserted_and_withdrawn() -> None:
    assert read("subscribe") == Normalised((SUBSCRIBED,), (LIN,))
    assert read("unsubscribe") == Normalised((LEFT,))
    assert resolve([(1, SUBSCRIBED), (2, LEFT)]) is None


def test_ten_deliveries_say_the_same() -> None:
    assert all(read("subscribe").statements == (SUBSCRIBED,) for _ in range(10))


@pytest.mark.parametrize("name", ["upemail", "cleaned", "campaign", "profile"])
def test_what_says_nothing_of_people_is_ignored_with_its_reason(name: str) -> None:
    assert read(name) == Normalised(ignored=((name, mailchimp.IGNORED[name]),))


def test_an_empty_request_and_an_unknown_kind_are_ignored() -> None:
    assert mailchimp.normalise(incoming(SOURCE, b"")).ignored[0][0] == "probe"
    assert mailchimp.normalise(incoming(SOURCE, b"type=storm")).ignored[0][0] == "storm"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"data[id]": ""}, "data[id]: is missing"),
        ({"data[list_id]": "x" * 301}, "data[list_id]: is too long"),
        ({"data[email]": "nobody"}, "data[email]: is no e-mail address"),
        ({"fired_at": "today"}, "fired_at: is no RFC 3339 time"),
    ],
)
def test_a_field_that_is_needed_is_named(change: dict[str, str], said: str) -> None:
    body = urlencode(json.loads(payload("mailchimp", "subscribe")) | change).encode()
    with pytest.raises(MalformedStatement) as refused:
        mailchimp.normalise(incoming(SOURCE, body))
    assert str(refused.value).startswith(said)


@settings(max_examples=80)
@given(damaged("mailchimp"))
def test_a_damaged_form_is_read_or_refused(body: bytes) -> None:
    read_or_refused(mailchimp, SOURCE, urlencode(json.loads(body), errors="surrogatepass").encode())


@pytest.mark.parametrize("body", [b"\xff\xfe", b"&".join(b"a=1" for _ in range(501)), b"%ff=%fe"])
def test_what_is_no_form_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedStatement, match="the body is no form"):
        mailchimp.normalise(incoming(SOURCE, body))


def asked(query: str, headers: dict[str, str] | None = None, body: bytes = b"type=subscribe") -> Incoming:
    return incoming(SOURCE, body, headers, url=f"https://bot.example.org/hooks/mailchimp:acme{query}")


def signature(secret: str, time: int = NOW // 1_000_000, body: bytes = b"type=subscribe") -> dict[str, str]:
    mac = hmac.new(secret.encode(), f"{time}.".encode() + body, hashlib.sha256).hexdigest()
    return {"x-mailchimp-signature": f"t={time},v1={'0' * 64},v1={mac}"}


def test_the_secret_in_the_address_or_the_signature_shows_who_sent_it() -> None:
    secrets = ("old secret/1", "new-secret")
    for genuine in (
        asked("?secret=old+secret%2F1"),
        asked("?a=1&secret=new-secret"),
        asked("", signature("old secret/1")),
        asked("?secret=wrong", signature("new-secret")),
    ):
        assert mailchimp.verify(genuine, secrets) == mailchimp.verify(asked("?secret=new-secret"), secrets)


@pytest.mark.parametrize(
    "request_",
    [
        asked(""),
        asked("?secret="),
        asked("?secret=new-secre"),
        asked("?Secret=new-secret"),
        asked("?secret=new-secret", signature("other")),
        asked("", signature("new-secret", body=b"type=unsubscribe")),
        asked("", signature("new-secret", time=NOW // 1_000_000 - 301)),
        asked("", {"x-mailchimp-signature": "v1=00"}),
    ],
)
def test_anything_else_is_forged(request_: Incoming) -> None:
    with pytest.raises(Forged):
        mailchimp.verify(request_, ("new-secret",))


def member(n: int, status: str = "subscribed", **more: object) -> dict[str, object]:
    return {
        "unique_email_id": f"m{n}",
        "email_address": f"m{n}@example.org",
        "status": status,
        "timestamp_opt": "2026-03-02T09:15:00+00:00",
        "last_changed": "2026-03-05T18:00:01+00:00",
        "merge_fields": {"FNAME": "", "LNAME": ""},
        **more,
    }


async def test_what_was_missed_is_found_again() -> None:
    lin = {"unique_email_id": "7be1a9c204", "email_address": "Lin@Example.org"}
    names = {"merge_fields": {"FNAME": "Lin", "LNAME": "Okoye"}}
    first = [member(n) for n in range(199)] + [member(199, "pending")]
    second = [{**member(0), **lin, **names}, member(201, "subscribed", unique_email_id=5.5), member(202, "cleaned")]
    queries: list[Any] = []

    def answer(request: web.Request, _: Any) -> object:
        if request.path == "/lists":
            return {"lists": [{"id": "3f0c11d9aa"}]}
        queries.append(dict(request.query))
        return {"members": first if request.query["offset"] == "0" else second, "total_items": 203}

    async with api(answer) as service:
        found = await missed(mailchimp, service, SOURCE, at("2026-03-01T00:00:00Z"))
    assert [q["since_last_changed"] for q in queries] == ["2026-03-01T00:00:00Z"] * 2
    assert statements(found)[-1] == SUBSCRIBED
    assert len(statements(found)) == 200
    assert found[-2].people == (LIN,)
    assert found[-1].ignored[0][0] == "member"


async def test_who_left_is_found_again() -> None:
    def answer(request: web.Request, _: Any) -> object:
        if request.path == "/lists":
            return {"lists": [{"id": "3f0c11d9aa"}]}
        return {"members": [member(1, "unsubscribed", unique_email_id="7be1a9c204")], "total_items": 1}

    async with api(answer) as service:
        assert statements(await missed(mailchimp, service, SOURCE, 0)) == [LEFT]
