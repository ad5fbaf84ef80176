"""Typeform's webhook and its API say the same: submitted, with what was chosen and nothing that was written."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given, settings

from adapters.connectors import typeform
from core.errors import Forged, MalformedStatement
from core.events import Statement
from tests.adapters.connectors.rig import (
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

SOURCE = "typeform:acme"
SUBMITTED = Statement(
    SOURCE,
    "response:kH3pQx/d2f6a1b9c4e84f0a9b7c6d5e4f3a2b1c",
    at("2026-03-02T09:15:00Z"),
    "form.submitted",
    actor="email/mika@example.org",
    facts={
        "form": "kH3pQx",
        "score": 7,
        "utm_source": "newsletter",
        "utm_campaign": "spring",
        "answer_place": "Harbour",
        "answer_topics": ("Bikes", "Radios"),
        "answer_rating": 4,
        "answer_again": False,
        "answer_day": "2026-02-27",
        "answer_fee": Decimal("12.50"),
    },
)


def signed(body: bytes, secret: str) -> dict[str, str]:
    mac = base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()
    return {"typeform-signature": f"sha256={mac}"}


def test_what_was_chosen_is_kept_and_what_was_written_is_not() -> None:
    found = said(typeform, SOURCE, "submitted")
    assert (found.statements, found.people, found.ignored) == ((SUBMITTED,), (), ())


def test_ten_deliveries_say_the_same() -> None:
    assert all(said(typeform, SOURCE, "submitted").statements == (SUBMITTED,) for _ in range(10))


def test_who_gave_no_address_is_known_by_the_link_or_not_at_all() -> None:
    (statement,) = said(typeform, SOURCE, "anonymous").statements
    assert (statement.actor, statement.facts) == ("email/juno@example.org", {"form": "kH3pQx"})
    body = json.loads(payload("typeform", "anonymous"))
    del body["form_response"]["hidden"]
    assert typeform.normalise(incoming(SOURCE, json.dumps(body).encode())).statements[0].actor is None


def test_a_partial_answer_is_ignored() -> None:
    found = said(typeform, SOURCE, "partial")
    assert (found.statements, found.ignored) == ((), (("form_response_partial", "the form is not submitted yet"),))


def test_an_unknown_kind_is_ignored_with_a_reason() -> None:
    found = typeform.normalise(incoming(SOURCE, b'{"event_type": "form_burned"}'))
    assert found.ignored[0][0] == "form_burned"
    assert len(found.ignored[0][1]) > 10


def test_a_field_that_is_needed_is_named() -> None:
    body = json.loads(payload("typeform", "submitted"))
    del body["form_response"]["token"]
    with pytest.raises(MalformedStatement, match=r"^form_response\.token: is missing"):
        typeform.normalise(incoming(SOURCE, json.dumps(body).encode()))


@settings(max_examples=80)
@given(damaged("typeform"))
def test_a_damaged_payload_is_read_or_refused(body: bytes) -> None:
    read_or_refused(typeform, SOURCE, body)


def test_it_is_signed_with_one_of_the_secrets() -> None:
    body = payload("typeform", "submitted")
    first = typeform.verify(incoming(SOURCE, body, signed(body, "old-secret")), ("old-secret", "new-secret"))
    assert typeform.verify(incoming(SOURCE, body, signed(body, "new-secret")), ("old-secret", "new-secret")) == first


@pytest.mark.parametrize(
    "headers", [{}, {"typeform-signature": "sha256="}, signed(b"other body", "secret-1"), signed(b"", "secret-1")]
)
def test_anything_else_is_forged(headers: dict[str, str]) -> None:
    body = payload("typeform", "submitted")
    with pytest.raises(Forged, match="Typeform-Signature"):
        typeform.verify(incoming(SOURCE, body, headers), ("secret-1",))
    with pytest.raises(Forged):
        typeform.verify(incoming(SOURCE, body + b" ", signed(body, "secret-1")), ("secret-1",))


async def test_what_was_missed_is_found_again() -> None:
    """Two forms; the answers of the first fill more than one page."""
    whole = json.loads(payload("typeform", "submitted"))["form_response"]
    many = [{**whole, "token": f"t{n}", "submitted_at": f"2026-03-02T09:{n // 60:02}:{n % 60:02}Z"} for n in range(150)]
    asked: list[str] = []

    def answer(request: web.Request, _: Any) -> object:
        if request.path == "/forms":
            page = int(request.query["page"])
            return {"page_count": 2, "items": [{"id": "many" if page == 1 else "kH3pQx"}]}
        asked.append(request.query["since"])
        form = request.path.split("/")[2]
        found = many if form == "many" else [{k: v for k, v in whole.items() if k not in ("form_id", "definition")}]
        kept = [one for one in found if one["submitted_at"] >= request.query["since"] + "Z"]
        return {"items": kept[: int(request.query["page_size"])]}

    async with api(answer) as service:
        found = statements(await missed(typeform, service, SOURCE, at("2026-03-02T09:00:00Z")))
    assert asked[0] == "2026-03-02T08:00:00"
    assert found[-1] == SUBMITTED
    assert {s.id for s in found} == {SUBMITTED.id, *(f"response:many/t{n}" for n in range(150))}
