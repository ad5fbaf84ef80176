"""Zendesk's webhooks, its triggers and its export say the same: tickets resolved, reopened, escalated."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given, settings

from adapters.connectors import zendesk
from core.errors import Forged, MalformedStatement
from core.events import Statement
from core.ports import Person
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
from tests.adapters.connectors.signing import by_zendesk

SOURCE = "zendesk:acme"
AGENT, LEAD, CUSTOMER = (f"zendesk:acme/{user}" for user in ("3001", "3002", "9002"))
DAY = 86_400


def told(kind: str, minute: str, when: str, actor: str, **facts: object) -> Statement:
    return Statement(
        SOURCE,
        f"ticket:50517:{kind}:{minute}",
        at(when),
        f"ticket.{kind}",
        actor=actor,
        author=CUSTOMER,
        participants=(AGENT,),
        facts={"ticket": "50517", **facts},  # type: ignore[dict-item] # every value given here is one of a fact
    )


RESOLVED = told("resolved", "2026-03-02T09:15Z", "2026-03-02T09:15:07Z", AGENT, age=DAY + 7)
REOPENED = told("reopened", "2026-03-03T08:00Z", "2026-03-03T08:00:59Z", CUSTOMER, age=2 * DAY - 4_500 + 59)
ESCALATED = told("escalated", "2026-03-02T08:00Z", "2026-03-02T08:00:00Z", LEAD, age=DAY - 4_500)


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("status_solved", RESOLVED),
        ("status_solved_by_requester", RESOLVED),  # the agent helped, whoever pressed the button
        ("status_reopened", REOPENED),
        ("priority_raised", ESCALATED),
    ],
)
def test_what_a_webhook_says(name: str, statement: Statement) -> None:
    found = said(zendesk, SOURCE, name)
    assert (found.statements, found.people, found.ignored) == ((statement,), (), ())


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("status_closed_by_system", "neither resolves nor reopens"),
        ("priority_lowered", "not raised"),
        ("comment_added", "a comment says nothing"),
    ],
)
def test_what_is_left_out(name: str, reason: str) -> None:
    found = said(zendesk, SOURCE, name)
    assert found.statements == ()
    assert reason in found.ignored[0][1]


def test_an_unknown_kind_is_no_error() -> None:
    found = zendesk.normalise(incoming(SOURCE, b'{"type": "zen:event-type:user.created"}'))
    assert found.ignored == (("user.created", "Plaudit does not know this kind of event"),)


def test_a_trigger_says_the_same_fact_to_the_minute() -> None:
    found = said(zendesk, SOURCE, "trigger_resolved")
    (statement,) = found.statements
    assert (statement.id, statement.type, statement.actor) == (RESOLVED.id, RESOLVED.type, RESOLVED.actor)
    assert statement.at == at("2026-03-02T09:15:00Z")
    assert statement.facts == {"ticket": "50517", "age": DAY, "reopens": 1}
    assert found.people == (Person(AGENT, "Amira Haddad"),)


def test_what_a_trigger_lacks_is_named() -> None:
    data = json.loads(payload("zendesk", "trigger_resolved"))
    for change, words in (({"event": "solved"}, '^event: is unknown; write "resolved"'), ({"ticket": ""}, "^ticket: ")):
        with pytest.raises(MalformedStatement, match=words):
            zendesk.normalise(incoming(SOURCE, json.dumps({**data, **change}).encode()))


def test_who_is_not_known_is_left_out() -> None:
    """Solved by an automation while nobody had it: nobody is credited."""
    data = json.loads(payload("zendesk", "status_solved"))
    data["detail"] |= {"actor_id": "-1", "assignee_id": None}
    (statement,) = zendesk.normalise(incoming(SOURCE, json.dumps(data).encode())).statements
    assert (statement.actor, statement.participants, statement.author) == (None, (), CUSTOMER)


def test_the_same_delivery_ten_times_says_the_same() -> None:
    assert len({repr(said(zendesk, SOURCE, "status_solved")) for _ in range(10)}) == 1


def test_a_signature_proves_the_sender_and_the_time() -> None:
    body = payload("zendesk", "status_solved")
    for secret in ("old", "new"):
        assert zendesk.verify(incoming(SOURCE, body, by_zendesk(body, secret)), ["old", "new"]) == "01HABC"
    later = {**by_zendesk(body, "new"), "x-zendesk-webhook-signature-timestamp": "2026-03-02T09:15:01Z"}
    stale, early = (by_zendesk(body, "new", f"2026-03-02T09:{minute}:29Z") for minute in ("10", "21"))
    for forged in (by_zendesk(body, "third"), by_zendesk(body + b" ", "new"), {}, later, stale, early):
        with pytest.raises(Forged):
            zendesk.verify(incoming(SOURCE, body, forged), ["old", "new"])
    with pytest.raises(Forged, match="five minutes"):
        zendesk.verify(incoming(SOURCE, body, stale), ["new"])
    with pytest.raises(Forged, match="RFC 3339"):
        zendesk.verify(incoming(SOURCE, body, by_zendesk(body, "new", "yesterday")), ["new"])


@given(damaged("zendesk"))
@settings(max_examples=60, deadline=2_000)
def test_a_damaged_payload_is_read_or_refused(body: bytes) -> None:
    read_or_refused(zendesk, SOURCE, body)


def event(when: str, updater: int, **change: str) -> dict[str, Any]:
    child = {"id": 1, "event_type": "Change", "via": "Web form", **change}
    return {
        "id": 2,
        "ticket_id": 50517,
        "timestamp": at(when) // 1_000_000,
        "updater_id": updater,
        "child_events": [{"event_type": "Comment"}, child],
    }


EVENTS = [
    event("2026-03-02T08:00:00Z", 3002, priority="urgent", previous_value="normal"),
    event("2026-03-02T09:15:07Z", 3001, status="solved", previous_value="open"),
    event("2026-03-03T08:00:59Z", 9002, status="open", previous_value="solved"),
    event("2026-03-06T08:00:59Z", -1, status="closed", previous_value="solved"),
    {"ticket_id": 50518, "timestamp": "?", "child_events": [{"status": "solved", "previous_value": "open"}]},
]
TICKET = {"id": 50517, "created_at": "2026-03-01T09:15:00Z", "assignee_id": 3001, "requester_id": 9002}


def answer(request: web.Request, _: Any) -> object:
    if request.path == "/api/v2/tickets/show_many.json":
        assert set(request.query["ids"].split(",")) <= {"50517", "50518"}
        return {"tickets": [TICKET]}
    assert request.path == "/api/v2/incremental/ticket_events.json"
    start = int(request.query["start_time"])
    first = [e for e in EVENTS[:2] if e["timestamp"] >= start]
    if first:
        return {"ticket_events": first, "end_time": EVENTS[2]["timestamp"], "end_of_stream": False}
    unstamped = {**EVENTS[2], "timestamp": None, "created_at": "2026-03-03T08:00:59Z"}
    return {"ticket_events": [unstamped, *EVENTS[3:]], "end_time": EVENTS[3]["timestamp"], "end_of_stream": True}


async def test_what_was_missed_is_what_the_webhooks_would_have_said() -> None:
    async with api(answer) as service:
        found = await missed(zendesk, service, SOURCE, at("2026-03-02T00:00:00Z"))
    assert statements(found) == [ESCALATED, RESOLVED, REOPENED]
    assert [kind for one in found for kind, _ in one.ignored] == ["ticket_event"]
