"""HubSpot's batches and the history of its deals say the same: deals won, contacts kept up to date."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given, settings

from adapters.connectors import hubspot
from core.errors import Forged, MalformedStatement
from core.events import WITHDRAW, Statement, resolve
from core.ports import Person
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
from tests.adapters.connectors.signing import by_hubspot

SOURCE = "hubspot:acme"
SELLER, OWNER = "hubspot:acme/6201", "hubspot:acme/6202"
WON_AT, LOST_AT = at("2026-03-02T09:15:00.250Z"), at("2026-03-03T09:15:00Z")
BARE = Statement(SOURCE, "deal:88001:won", WON_AT, "deal.closed", actor=SELLER, facts={"deal": "88001"})
SUM = {"deal": "88001", "amount": Decimal("12500.50")}
WON = Statement(SOURCE, "deal:88001:won", WON_AT, "deal.closed", actor=SELLER, facts=SUM)
LOST = Statement(SOURCE, "deal:88001:won", LOST_AT, "deal.closed", op=WITHDRAW, reason="no longer won")


def test_a_deal_is_won_with_the_amount_of_the_same_batch() -> None:
    found = said(hubspot, SOURCE, "deal_won")
    assert found.statements == (WON,)
    assert found.ignored == (("deal.propertyChange", "the change neither wins nor loses the deal"),)


def test_newer_apps_name_the_kind_of_record_by_its_number() -> None:
    events = json.loads(payload("hubspot", "deal_won"))
    newer = [{**event, "subscriptionType": "object.propertyChange", "objectTypeId": "0-3"} for event in events]
    body = json.dumps(newer).encode()
    assert hubspot.normalise(incoming(SOURCE, body)).statements == (WON,)


def test_a_deal_that_is_lost_again_is_withdrawn_and_other_stages_say_nothing() -> None:
    found = said(hubspot, SOURCE, "deal_lost")
    assert found.statements == (LOST,)
    assert len(found.ignored) == 1
    assert resolve([(1, WON), (2, LOST)]) is None


def test_what_a_person_saved_on_a_contact_at_once_is_one_fact() -> None:
    found = said(hubspot, SOURCE, "contacts")
    created, updated = (at(f"2026-03-02T09:{minute}:00Z") for minute in ("15", "16"))
    assert found.statements == (
        Statement(
            SOURCE,
            f"contact:99001:{created // 1_000}",
            created,
            "contact.updated",
            actor=SELLER,
            facts={"contact": "99001", "new": True},
        ),
        Statement(
            SOURCE,
            f"contact:99002:{updated // 1_000}",
            updated,
            "contact.updated",
            actor=SELLER,
            facts={"contact": "99002", "fields": ("city", "phone")},
        ),
    )
    assert found.ignored == (("contact", "no person made the change"),)


def test_what_is_left_out_has_a_reason() -> None:
    found = said(hubspot, SOURCE, "others")
    assert found.statements == ()
    assert found.ignored == (
        ("deal.creation", "a record that is new, merged or restored says nothing about a result"),
        ("company.creation", "Plaudit does not know this kind of event"),
    )


def test_a_missing_field_is_named() -> None:
    with pytest.raises(MalformedStatement, match=r"^occurredAt: is missing; send whole milliseconds"):
        hubspot.normalise(incoming(SOURCE, payload("hubspot", "deal_won").replace(b"occurredAt", b"when")))
    with pytest.raises(MalformedStatement, match=r"^event 1 of 1: is no object"):
        hubspot.normalise(incoming(SOURCE, b"[7]"))


def test_the_same_delivery_ten_times_says_the_same() -> None:
    assert len({repr(said(hubspot, SOURCE, "contacts")) for _ in range(10)}) == 1


URL = "https://plaudit.example.org/hooks/hubspot%3aacme?a=%3Bb%20c%26d"
SIGNED_URL = "https://plaudit.example.org/hooks/hubspot:acme?a=;b%20c%26d"


def signed(body: bytes, secret: str, sent: int = NOW // 1_000) -> dict[str, str]:
    return by_hubspot(body, secret, SIGNED_URL, sent)


def test_a_signature_proves_the_sender_the_address_and_the_time() -> None:
    body = payload("hubspot", "deal_won")
    good = [hubspot.verify(incoming(SOURCE, body, signed(body, s), url=URL), ["old", "new"]) for s in ("old", "new")]
    assert good == [hashlib.sha256(body).hexdigest()] * 2
    stale, early = (signed(body, "new", NOW // 1_000 + change) for change in (-300_001, 300_001))
    for forged in (signed(body, "third"), signed(body + b" ", "new"), {}, stale, early):
        with pytest.raises(Forged):
            hubspot.verify(incoming(SOURCE, body, forged, url=URL), ["old", "new"])
    with pytest.raises(Forged, match="five minutes"):
        hubspot.verify(incoming(SOURCE, body, stale, url=URL), ["new"])
    with pytest.raises(Forged, match="milliseconds"):
        hubspot.verify(incoming(SOURCE, body, {**stale, "x-hubspot-request-timestamp": "²"}, url=URL), ["new"])
    with pytest.raises(Forged, match="PLAUDIT_PUBLIC_URL"):
        hubspot.verify(incoming(SOURCE, body, signed(body, "new"), url=URL.replace("https", "http")), ["new"])
    with pytest.raises(Forged):
        hubspot.verify(incoming(SOURCE, body, signed(body, "new"), url=URL, method="PUT"), ["new"])


def test_a_signature_over_the_address_as_it_was_sent_is_good_too() -> None:
    body = payload("hubspot", "deal_won")
    assert hubspot.verify(incoming(SOURCE, body, by_hubspot(body, "new", URL, NOW // 1_000), url=URL), ["new"])


@given(damaged("hubspot"))
@settings(max_examples=60, deadline=2_000)
def test_a_damaged_payload_is_read_or_refused(body: bytes) -> None:
    read_or_refused(hubspot, SOURCE, body)


def stage(value: str, when: str, **more: Any) -> dict[str, Any]:
    return {"value": value, "timestamp": when, "sourceType": "CRM_UI", "sourceId": "userId:6201", **more}


def deal(id_: str, *history: dict[str, Any], **properties: str) -> dict[str, Any]:
    kept = {"hs_lastmodifieddate": "2026-03-05T08:00:00Z", "hubspot_owner_id": "501", **properties}
    return {"id": id_, "properties": kept, "propertiesWithHistory": {"dealstage": list(history)}}


LATEST_FIRST = (
    stage("closedlost", "2026-03-03T09:15:00Z"),
    stage("closedwon", "2026-03-02T09:15:00.250Z"),
    stage("appointmentscheduled", "2026-03-01T09:15:00Z"),
)
DEALS = {
    "88001": deal("88001", *LATEST_FIRST),
    # a pipeline of one's own: its stages have numbers for names, and an automation moved the deal
    "88004": deal("88004", stage("9917", "2026-03-04T10:00:00Z", sourceId="WorkflowsPlatform"), amount="800"),
    "88005": {"id": "88005"},
}
PIPELINES = [
    {"stages": [{"id": "closedwon", "metadata": {"isClosed": "true", "probability": "1.0"}}]},
    {
        "stages": [
            {"id": "9917", "metadata": {"probability": "1.0"}},
            {"id": "9918", "metadata": {"probability": "0.0"}},
        ]
    },
]


def answer(request: web.Request, asked: Any) -> object:
    match request.path:
        case "/crm/v3/pipelines/deals":
            return {"results": PIPELINES}
        case "/crm/v3/owners":
            owner = {"id": "501", "userId": 6202, "firstName": "Kofi", "lastName": "Mensah", "email": "k@example.org"}
            return {"results": [owner, {"id": "502"}]}
        case "/crm/v3/objects/deals/search":
            (filter_,) = asked["filterGroups"][0]["filters"]
            assert filter_["value"] == str(at("2026-03-02T00:00:00Z") // 1_000)
            first = asked["after"] == "0"
            more = {"paging": {"next": {"after": "2"}}} if first else {}
            return {"results": [{"id": id_} for id_ in (("88001", "88004") if first else ("88005",))], **more}
    assert request.path == "/crm/v3/objects/deals/batch/read"
    return {"results": [DEALS[entry["id"]] for entry in asked["inputs"]]}


async def test_what_was_missed_is_what_the_webhooks_would_have_said_and_more() -> None:
    async with api(answer) as service:
        found = await missed(hubspot, service, SOURCE, at("2026-03-02T00:00:00Z"))
    assert found[0].statements == (BARE, LOST)
    assert [kind for kind, _ in found[2].ignored] == ["deal"]
    first, edit = found[1].statements
    assert (first.at, first.actor, first.facts) == (at("2026-03-04T10:00:00Z"), None, {"deal": "88004"})
    assert edit == Statement(
        SOURCE,
        "deal:88004:won",
        at("2026-03-05T08:00:00Z"),
        "deal.closed",
        actor=OWNER,  # nobody moved it by hand
        participants=(OWNER,),
        facts={"deal": "88004", "amount": Decimal("800")},
    )
    assert found[1].people == (Person(OWNER, "Kofi Mensah"),)
    fact = resolve(list(enumerate(found[1].statements)))
    assert fact is not None
    assert (fact.at, fact.actor, fact.facts["amount"]) == (first.at, OWNER, 800)


def test_every_amount_is_exact() -> None:
    """Also one that HubSpot writes as a number."""
    data = json.loads(payload("hubspot", "deal_won"))
    body = json.dumps(data).replace('"12500.50"', "0.10").encode()
    assert statements([hubspot.normalise(incoming(SOURCE, body))])[0].facts["amount"] == Decimal("0.10")
