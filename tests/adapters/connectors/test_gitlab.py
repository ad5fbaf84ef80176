"""GitLab's webhooks: what each says, who is named, what is left out, and what was missed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given, settings

from adapters.connectors import gitlab
from adapters.connectors.connector import Connector, Normalised, Unreachable
from core.errors import Forged, MalformedStatement
from core.events import Statement, Value
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

SOURCE = "gitlab:acme"
AMIRA, JONAS, ROBOT = (f"{SOURCE}/{number}" for number in (21, 22, 90))
URL = "https://gitlab.example.org/acme/site"
SIGNING = "whsec_" + base64.b64encode(b"signing-" * 4).decode()
PULL: Mapping[str, Value] = {
    **{"repository": "acme/site", "pull_request": "acme/site!12", "issue": "acme/site#7", "branch": "main"},
    **{"draft": False, "labels": ("docs",), "proof": f"{URL}/-/merge_requests/12"},
}
REVIEW: Mapping[str, Value] = {"repository": "acme/site", "pull_request": "acme/site!12", "own": False}
ISSUE: Mapping[str, Value] = {
    "repository": "acme/site",
    "issue": "acme/site#7",
    "labels": ("bug",),
    "proof": f"{URL}/-/issues/7",
}


def fact(id_: str, type_: str, when: str, actor: str | None, facts: Mapping[str, Value], **more: Any) -> Statement:
    return Statement(SOURCE, id_, at(when), type_, actor=actor, facts=facts, **more)


def commit(sha: str, when: str, actor: str | None, **more: Any) -> Statement:
    facts = {"repository": "acme/site", "commit": sha, "branch": "main", "proof": f"{URL}/-/commit/{sha}"}
    return fact(f"commit:acme/site@{sha}", "commit.pushed", when, actor, facts, **more)


SAID: Mapping[str, list[Statement]] = {
    "push": [
        commit("1" * 40, "2026-03-02T09:15:00Z", AMIRA, participants=(AMIRA, JONAS)),
        commit("2" * 40, "2026-03-02T09:20:00Z", "email/mei@example.org"),
        commit("3" * 40, "2026-03-02T09:25:00Z", None),
    ],
    "merge_request.open": [
        fact("pull_request:acme/site!12:opened", "pull_request.opened", "2026-03-01T09:15:00Z", AMIRA, PULL)
    ],
    "merge_request.merge": [
        fact(
            *("pull_request:acme/site!12:merged", "pull_request.merged", "2026-03-02T09:15:00Z", AMIRA),
            {**PULL, "own": False, "delay": 86_400},
        )
    ],
    "merge_request.approved": [
        fact(
            *("pull_request:acme/site!12:reviewed:22:approved", "pull_request.reviewed", "2026-03-02T08:15:00Z"),
            *(JONAS, {**REVIEW, "state": "approved", "delay": 82_800, "proof": f"{URL}/-/merge_requests/12"}),
            author=AMIRA,
        )
    ],
    "note.merge_request": [
        fact(
            *("pull_request:acme/site!12:reviewed:22:commented", "pull_request.reviewed", "2026-03-02T08:00:00Z"),
            JONAS,
            {**REVIEW, "state": "commented", "delay": 81_900, "proof": f"{URL}/-/merge_requests/12#note_1244"},
            author=AMIRA,
        )
    ],
    "issue.open": [fact("issue:acme/site#7:opened", "issue.opened", "2026-03-01T08:00:00Z", AMIRA, ISSUE)],
    "issue.close": [
        fact(
            *("issue:acme/site#7:closed:2026-03-01T09:00:30Z", "issue.closed", "2026-03-01T09:00:30Z", JONAS),
            {**ISSUE, "delay": 3_630, "private": True},
            author=AMIRA,
        )
    ],
    "issue.reopen": [
        fact(
            *("issue:acme/site#7:reopened:2026-03-01T10:00:00Z", "issue.reopened", "2026-03-01T10:00:00Z", AMIRA),
            ISSUE,
            author=AMIRA,
        )
    ],
    "work_item.incident": [
        fact(
            *("issue:acme/site#7:closed:2026-03-01T09:00:30Z", "incident.closed", "2026-03-01T09:00:30Z", JONAS),
            {**ISSUE, "delay": 3_630},
            author=AMIRA,
        )
    ],
    "release.create": [
        fact(
            *("release:acme/site:v1.2.0:published", "release.published", "2026-03-02T12:00:00Z", None),
            {"repository": "acme/site", "tag": "v1.2.0", "proof": f"{URL}/-/releases/v1.2.0"},
        )
    ],
    "pipeline": [
        fact(
            *("build:acme/site:31:passed", "build.passed", "2026-03-02T09:12:30Z", ROBOT),
            {
                **{"repository": "acme/site", "branch": "main", "commit": "6" * 40, "kind": "push", "minutes": 12},
                **{"proof": f"{URL}/-/pipelines/31", "bot": True},
            },
        )
    ],
    "deployment": [
        fact(
            *("deployment:acme/site:41:succeeded", "deployment.succeeded", "2026-03-02T09:21:00Z", JONAS),
            {
                **{"repository": "acme/site", "environment": "production", "commit": "66666666"},
                "proof": f"{URL}/-/jobs/796",
            },
        )
    ],
}
LEFT: Mapping[str, tuple[str, str]] = {
    "note.own": ("note.create", "a comment on one's own merge request is no review"),
    "note.issue": ("note.create", "of comments only those on merge requests count"),
    "work_item.task": ("work_item.close", "of work items only issues and closed incidents count"),
}


def changed(name: str, **changes: Any) -> Normalised:
    data = json.loads(payload("gitlab", name))
    for place, value in changes.items():
        *path, last = place.split("__")
        holder = data
        for key in path:
            holder = holder[key]
        holder[last] = value
    return gitlab.normalise(incoming(SOURCE, json.dumps(data).encode()))


def test_a_module_is_a_connector() -> None:
    connector: Connector = gitlab
    assert connector.IGNORED


@pytest.mark.parametrize("name", SAID)
def test_what_each_event_says(name: str) -> None:
    found = said(gitlab, SOURCE, name)
    assert list(found.statements) == SAID[name]
    assert found.ignored == ()
    assert all(said(gitlab, SOURCE, name) == found for _ in range(10))


@pytest.mark.parametrize("name", LEFT)
def test_what_is_left_out_has_a_reason(name: str) -> None:
    assert said(gitlab, SOURCE, name) == Normalised(ignored=(LEFT[name],))


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        ({"object_kind": "tag_push"}, "tag_push", gitlab.IGNORED["tag_push"]),
        ({"event_name": "user_add_to_group"}, "user_add_to_group", gitlab.UNKNOWN),
        (
            {"object_kind": "merge_request", "object_attributes": {"action": "update"}},
            *("merge_request.update", gitlab.IGNORED["merge_request"]),
        ),
    ],
)
def test_other_kinds_are_left_out(body: object, kind: str, reason: str) -> None:
    assert gitlab.normalise(incoming(SOURCE, json.dumps(body).encode())) == Normalised(ignored=((kind, reason),))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("pipeline", {"object_attributes__status": "failed"}),
        ("deployment", {"status": "running"}),
        ("push", {"ref": "refs/heads/page"}),
        ("note.merge_request", {"object_attributes__system": True}),
    ],
)
def test_what_does_not_count_says_nothing(name: str, changes: Mapping[str, Any]) -> None:
    found = changed(name, **changes)
    assert found.statements == ()
    assert len(found.ignored) == 1


def test_people_are_known_by_number_and_shown_by_name() -> None:
    assert said(gitlab, SOURCE, "push").people == (Person(AMIRA, "Amira K"), Person(JONAS, "jonas"))
    assert said(gitlab, SOURCE, "pipeline").people == (Person(ROBOT, "Renovator", bot=True),)
    # Only the number of the author is told: nobody is met under a made-up name.
    assert said(gitlab, SOURCE, "merge_request.merge").people == (Person(JONAS, "Jonas B"),)


def test_one_person_approves_a_merge_request_once() -> None:
    again = changed("merge_request.approved", object_attributes__action="approval")
    assert list(again.statements) == SAID["merge_request.approved"]


def sign(body: bytes, secret: str = SIGNING, when: int = NOW // 1_000_000) -> dict[str, str]:
    mac = hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), f"m-1.{when}.".encode() + body, hashlib.sha256)
    signature = "v1," + base64.b64encode(mac).decode()
    return {"webhook-id": "m-1", "webhook-timestamp": str(when), "webhook-signature": signature}


def test_a_secret_token_is_compared() -> None:
    body = payload("gitlab", "push")
    good = incoming(SOURCE, body, {"x-gitlab-token": "new-secret", "idempotency-key": "k-1"})
    assert gitlab.verify(good, ["old-secret", "new-secret"]) == "k-1"
    assert gitlab.verify(replace(good, headers={"x-gitlab-token": "new-secret"}), ["new-secret"])
    for wrong in ({}, {"x-gitlab-token": ""}, {"x-gitlab-token": "other"}, {"x-gitlab-token": "é"}):
        with pytest.raises(Forged):
            gitlab.verify(replace(good, headers=wrong), ["old-secret", "new-secret"])
    with pytest.raises(Forged):
        gitlab.verify(good, [])


def test_a_signing_token_signs_time_and_body() -> None:
    body = payload("gitlab", "push")
    good = incoming(SOURCE, body, sign(body))
    assert gitlab.verify(good, ["old-secret", SIGNING]) == "m-1"
    other = "whsec_" + base64.b64encode(b"another-" * 4).decode()
    for wrong in (
        replace(good, body=body + b" "),
        replace(good, headers=sign(body, other)),
        replace(good, headers=sign(body, when=NOW // 1_000_000 - 301)),
        replace(good, headers={**sign(body), "webhook-id": "m-2"}),
        replace(good, headers={**sign(body, other), "x-gitlab-token": "guessed"}),
    ):
        with pytest.raises(Forged):
            gitlab.verify(wrong, [SIGNING])


def test_what_is_missing_is_named() -> None:
    with pytest.raises(MalformedStatement, match=r"^object_attributes.iid: is missing; send a whole number$"):
        changed("merge_request.open", object_attributes__iid=None)


@pytest.mark.parametrize("branch", ["", "\ud800", "a\0b", "a" * 401, 7, None])
def test_a_text_that_cannot_be_kept_is_refused(branch: object) -> None:
    with pytest.raises(MalformedStatement, match=r"^object_attributes.target_branch: "):
        changed("merge_request.open", object_attributes__target_branch=branch)


@settings(max_examples=150, deadline=None)
@given(damaged("gitlab"))
def test_whatever_a_payload_holds_is_read_or_refused(body: bytes) -> None:
    read_or_refused(gitlab, SOURCE, body)


Row = tuple[int, str, str, str | None, str]
EVENTS: list[Row] = [  # newest first: (id, Idempotency-Key, status, time of the answer, payload)
    (6, "k-4", "internal error", None, "issue.open"),
    (5, "k-2", "200", "Mon, 02 Mar 2026 09:13:00 GMT", "push"),
    (4, "k-3", "422", "Mon, 02 Mar 2026 09:12:00 GMT", "broken"),
    (3, "k-2", "502", "no date", "push"),
    (2, "k-1", "503", "Mon, 02 Mar 2026 09:10:00 GMT", "merge_request.merge"),
    (1, "k-0", "201", "Mon, 02 Mar 2026 09:09:00 GMT", "issue.close"),
]
OLD: Row = (0, "k-9", "503", "Sun, 01 Mar 2026 09:00:00 GMT", "deployment")
TAKEN = [EVENTS[5]] * 14
PAGES = [[*TAKEN, *EVENTS], [*TAKEN, *EVENTS[:5], OLD], [OLD] * 20]  # twenty each; nobody looks behind the old one


def answer(asked: web.Request, _: Any) -> object:
    """As GitLab answers for a project with two webhooks."""
    if asked.path == "/hooks":
        return [
            {"id": 1, "url": "https://plaudit.example.org/hooks/gitlab:other"},
            {"id": 2, "url": "https://plaudit.example.org/hooks/gitlab:acme"},
        ]
    assert asked.path == "/hooks/2/events"
    assert asked.query["page"] in ("1", "2")
    return [delivery(*row) for row in PAGES[int(asked.query["page"]) - 1]]


def delivery(id_: int, key: str, status: str, when: str | None, name: str) -> object:
    broken = {"object_kind": "issue", "object_attributes": {"action": "open"}}
    return {
        **{"id": id_, "request_headers": {"Idempotency-Key": key}, "response_status": status},
        "response_headers": {"date": when} if when else {},
        "request_data": broken if name == "broken" else json.loads(payload("gitlab", name)),
    }


async def test_what_gitlab_could_not_deliver_is_found_and_is_the_same() -> None:
    async with api(answer) as service:
        found = await missed(gitlab, service, SOURCE, at("2026-03-02T09:08:00Z"))
    assert statements(found) == [*SAID["deployment"], *SAID["merge_request.merge"], *SAID["issue.open"]]
    assert [one.ignored for one in found if one.ignored] == [(("event", "project: is missing; send an object"),)]


async def test_a_webhook_that_is_not_there_is_said() -> None:
    async with api(answer) as service:
        with pytest.raises(Unreachable, match=r"no webhook there leads to /hooks/gitlab:nobody"):
            await missed(gitlab, service, "gitlab:nobody", 0)
