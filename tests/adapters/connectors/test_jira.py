"""Jira's webhooks and its changelog say the same: issues opened, closed, reopened; tickets resolved."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given, settings

from adapters.connectors import jira
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
from tests.adapters.connectors.signing import by_jira

SOURCE = "jira:acme"
AMIRA, JONAS, LENA = (f"jira:acme/712020:{name}" for name in ("aa11", "bb22", "cc33"))
ABOUT = {
    "issue": "GARDEN-12",
    "project": "GARDEN",
    "issue_type": "Bug",
    "priority": "Medium",
    "labels": ("beginners", "docs"),
    "proof": "https://acme.example.org/browse/GARDEN-12",
}
OPENED = Statement(
    SOURCE, "issue:10412:opened", at("2026-03-02T09:15:00.250Z"), "issue.opened", actor=AMIRA, facts=ABOUT
)
CLOSED = Statement(
    SOURCE,
    "issue:10412:closed:20871",
    at("2026-03-03T09:15:00Z"),
    "issue.closed",
    actor=JONAS,
    author=AMIRA,
    participants=(LENA,),
    facts={**ABOUT, "age": 86_399},
)
REOPENED = Statement(
    SOURCE,
    "issue:10412:reopened:20990",
    at("2026-03-04T09:15:00Z"),
    "issue.reopened",
    actor=JONAS,
    author=AMIRA,
    participants=(LENA,),
    facts={**ABOUT, "age": 172_799},
)
RESOLVED = Statement(
    SOURCE,
    "ticket:10520:resolved:20901",
    at("2026-03-03T09:15:00Z"),
    "ticket.resolved",
    actor="jira:acme/557058:robot",
    author=AMIRA,
    participants=(LENA,),
    facts={
        **ABOUT,
        "issue": "HELP-7",
        "ticket": "HELP-7",
        "project": "HELP",
        "proof": "https://acme.example.org/browse/HELP-7",
        "age": 86_399,
        "bot": True,
    },
)


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("issue_created", OPENED),
        ("issue_closed", CLOSED),
        ("issue_reopened", REOPENED),
        ("ticket_resolved", RESOLVED),
    ],
)
def test_what_a_webhook_says(name: str, statement: Statement) -> None:
    assert said(jira, SOURCE, name).statements == (statement,)


def test_people_are_named_and_apps_are_no_people() -> None:
    assert said(jira, SOURCE, "ticket_resolved").people == (
        Person("jira:acme/557058:robot", "Automation", bot=True),
        Person(AMIRA, "Amira Haddad"),
        Person(LENA, "Lena Fuchs"),
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("issue_edited", "neither closes nor reopens"),
        ("issue_archived", "neither closes nor reopens"),  # from one status of "done" to another
        ("comment_created", "a comment says nothing"),
    ],
)
def test_what_is_left_out(name: str, reason: str) -> None:
    found = said(jira, SOURCE, name)
    assert (found.statements, found.people) == ((), ())
    assert reason in found.ignored[0][1]


def test_an_unknown_kind_is_no_error() -> None:
    found = jira.normalise(incoming(SOURCE, b'{"webhookEvent": "moon_rose"}'))
    assert found.ignored == (("moon_rose", "Plaudit does not know this kind of event"),)


def test_a_status_without_a_resolution_is_closed_all_the_same() -> None:
    """Workflows may leave the resolution alone."""
    data = json.loads(payload("jira", "issue_closed"))
    data["changelog"]["items"].pop(0)
    assert jira.normalise(incoming(SOURCE, json.dumps(data).encode())).statements == (CLOSED,)


def test_a_missing_field_is_named() -> None:
    data = json.loads(payload("jira", "issue_closed"))
    del data["changelog"]["id"]
    with pytest.raises(MalformedStatement, match=r"^changelog\.id: is missing"):
        jira.normalise(incoming(SOURCE, json.dumps(data).encode()))


def test_the_same_delivery_ten_times_says_the_same() -> None:
    assert len({repr(said(jira, SOURCE, "issue_closed")) for _ in range(10)}) == 1


def test_a_signature_proves_the_sender() -> None:
    body = payload("jira", "issue_created")
    headers = {**by_jira(body, "new"), "x-atlassian-webhook-identifier": "d-1"}
    assert jira.verify(incoming(SOURCE, body, headers), ["old", "new"]) == "d-1"
    assert len(jira.verify(incoming(SOURCE, body, by_jira(body, "old")), ["old", "new"])) == 64
    for forged in (by_jira(body, "third"), by_jira(body + b" ", "new"), {}, {"x-hub-signature": "sha256=\xe9"}):
        with pytest.raises(Forged):
            jira.verify(incoming(SOURCE, body, forged), ["old", "new"])


@given(damaged("jira"))
@settings(max_examples=60, deadline=2_000)
def test_a_damaged_payload_is_read_or_refused(body: bytes) -> None:
    read_or_refused(jira, SOURCE, body)


def history(name: str, created: str) -> dict[str, Any]:
    data = json.loads(payload("jira", name))
    return {
        "id": data["changelog"]["id"],
        "created": created,
        "author": data["user"],
        "items": data["changelog"]["items"],
    }


def answer(request: web.Request, _: Any) -> object:
    """Two pages; the issue is assigned to somebody else by now."""
    if request.path == "/rest/api/3/status":
        done = {"statusCategory": {"key": "done"}}
        return [
            {"id": "10003", "statusCategory": {"key": "new"}},
            *({"id": i, **done} for i in ("10004", "10009", "10011")),
        ]
    assert request.path == "/rest/api/3/search/jql"
    assert request.query["jql"].startswith('updated >= "2026-03-01 09:00"')
    if "nextPageToken" not in request.query:
        return {"issues": [issue()], "nextPageToken": "p2"}
    desk = json.loads(payload("jira", "ticket_resolved"))["issue"]
    desk["changelog"] = {"histories": [history("ticket_resolved", "2026-03-03T10:15:00.771+0100")]}
    return {"issues": [desk, {"id": "1", "fields": {}}], "isLast": True}


def issue() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(payload("jira", "issue_reopened"))["issue"]
    handed_on = {"field": "assignee", "from": "712020:cc33", "fromString": "Lena Fuchs", "to": "712020:dd44"}
    found["fields"]["assignee"] = {"accountId": "712020:dd44", "displayName": "Kofi Mensah"}
    found["changelog"] = {
        "histories": [
            {"id": "21100", "created": "2026-03-05T10:15:00.000+0100", "items": [handed_on]},
            history("issue_archived", "2026-03-03T10:16:00.000+0100"),
            history("issue_reopened", "2026-03-04T10:15:00.118+0100"),
            history("issue_closed", "2026-03-03T10:15:00.771+0100"),
        ]
    }
    return found


async def test_what_was_missed_is_what_the_webhooks_would_have_said() -> None:
    async with api(answer) as service:
        found = await missed(jira, service, SOURCE, at("2026-03-02T09:00:00Z"))
    opened = [s for s in statements(found) if s.type == "issue.opened"]
    assert [s for s in statements(found) if s.type != "issue.opened"] == [REOPENED, CLOSED, RESOLVED]
    assert opened[0] == OPENED
    assert [reason for one in found for reason in one.ignored] == [
        ("issue", "fields.created: is missing; send a time, as 2026-03-02T09:15:00Z")
    ]


async def test_what_is_older_is_not_told_again() -> None:
    async with api(
        lambda request, _: answer(request, _) if "jql" not in request.query else {"issues": [issue()]}
    ) as api_:
        found = await missed(jira, api_, SOURCE, at("2026-03-04T00:00:00Z"))
    assert statements(found) == [REOPENED]
