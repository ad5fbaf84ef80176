"""GitHub's webhooks: what each says, who is named, and what is left out."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given, settings

from adapters.connectors import github
from adapters.connectors.connector import Connector, Incoming, Normalised
from core.errors import Forged, MalformedStatement
from core.events import WITHDRAW, Statement, Value
from core.ports import Person
from tests.adapters.connectors.rig import at, damaged, incoming, payload, read_or_refused

SOURCE = "github:acme"
AMIRA, JONAS, MEI, ROBOT = (f"{SOURCE}/{number}" for number in (7001, 7002, 7003, 9009))
URL = "https://github.example.org/acme/site"
PULL: Mapping[str, Value] = {
    **{"repository": "acme/site", "pull_request": "acme/site#12", "issue": "acme/site#7", "branch": "main"},
    **{"draft": False, "labels": ("docs",), "additions": 40, "deletions": 2, "files": 3, "proof": f"{URL}/pull/12"},
}
ISSUE: Mapping[str, Value] = {
    "repository": "acme/site",
    "issue": "acme/site#7",
    "labels": ("bug",),
    "proof": f"{URL}/issues/7",
}
TALK: Mapping[str, Value] = {
    "repository": "acme/site",
    "thread": "discussion:acme/site#4",
    "category": "q-a",
    "proof": f"{URL}/discussions/4",
}


def fact(id_: str, type_: str, when: str, actor: str | None, facts: Mapping[str, Value], **more: Any) -> Statement:
    return Statement(SOURCE, id_, at(when), type_, actor=actor, facts=facts, **more)


def commit(sha: str, actor: str, facts: Mapping[str, Value] = {}, **more: Any) -> Statement:
    known = {"repository": "acme/site", "commit": sha, "branch": "main", "proof": f"{URL}/commit/{sha}", **facts}
    return fact(f"commit:acme/site@{sha}", "commit.pushed", "2026-03-02T09:15:00Z", actor, known, **more)


SAID: Mapping[str, list[Statement]] = {
    "push": [
        commit("1" * 40, AMIRA, participants=(AMIRA, MEI, "email/kofi@example.org")),
        commit("2" * 40, f"{SOURCE}/@jonas-b"),
        commit("3" * 40, ROBOT, {"bot": True}),
        commit("4" * 40, "email/lena@example.org"),
    ],
    "pull_request.opened": [
        fact("pull_request:acme/site#12:opened", "pull_request.opened", "2026-03-01T09:15:00Z", AMIRA, PULL)
    ],
    "pull_request.closed": [
        fact(
            *("pull_request:acme/site#12:merged", "pull_request.merged", "2026-03-02T09:15:00Z", AMIRA),
            {**PULL, "own": False, "delay": 86_400},
        )
    ],
    "pull_request_review.submitted": [
        fact(
            *("pull_request:acme/site#12:reviewed:91", "pull_request.reviewed", "2026-03-02T08:15:00Z", JONAS),
            {
                **{"repository": "acme/site", "pull_request": "acme/site#12", "state": "approved", "own": False},
                **{"length": 17, "delay": 82_800, "proof": f"{URL}/pull/12#pullrequestreview-91"},
            },
            author=AMIRA,
        )
    ],
    "issues.opened": [fact("issue:acme/site#7:opened", "issue.opened", "2026-03-01T08:00:00Z", MEI, ISSUE)],
    "issues.closed": [
        fact(
            *("issue:acme/site#7:closed:2026-03-01T09:00:30Z", "issue.closed", "2026-03-01T09:00:30Z", JONAS),
            {**ISSUE, "state": "completed", "delay": 3_630},
            author=MEI,
        )
    ],
    "issues.reopened": [
        fact(
            *("issue:acme/site#7:reopened:2026-03-01T10:00:00Z", "issue.reopened", "2026-03-01T10:00:00Z", MEI),
            ISSUE,
            author=MEI,
        )
    ],
    "release.published": [
        fact(
            *("release:acme/site:31:published", "release.published", "2026-03-02T12:00:00Z", AMIRA),
            {"repository": "acme/site", "tag": "v1.2.0", "prerelease": True, "proof": f"{URL}/releases/tag/v1.2.0"},
        )
    ],
    "discussion.created": [
        fact("discussion:acme/site#4", "thread.started", "2026-03-02T09:00:00Z", MEI, {**TALK, "length": 17})
    ],
    "discussion_comment.created": [
        fact(
            *("discussion:acme/site#4:reply:81", "thread.replied", "2026-03-02T09:30:00Z", AMIRA),
            {**TALK, "length": 10, "delay": 1_800},
            author=MEI,
        )
    ],
    "discussion_comment.deleted": [
        Statement(
            *(SOURCE, "discussion:acme/site#4:reply:81", at("2026-03-02T09:45:00Z"), "thread.replied", WITHDRAW),
            reason="thing deleted",
        )
    ],
    "discussion.answered": [
        fact(
            *("discussion:acme/site#4:answer:81", "answer.accepted", "2026-03-02T10:00:00Z", MEI),
            {**TALK, "own": False, "delay": 1_800},
            author=AMIRA,
        )
    ],
    "discussion.unanswered": [
        Statement(
            *(SOURCE, "discussion:acme/site#4:answer:81", at("2026-03-02T10:30:00Z"), "answer.accepted", WITHDRAW),
            reason="no longer accepted",
        )
    ],
    "workflow_run.completed": [
        fact(
            *("build:acme/site:2001:passed", "build.passed", "2026-03-02T09:12:30Z", JONAS),
            {
                **{"repository": "acme/site", "branch": "main", "commit": "6" * 40, "kind": "push", "minutes": 12},
                **{"workflow": ".github/workflows/test.yml", "proof": f"{URL}/actions/runs/2001"},
            },
        )
    ],
    "deployment_status": [
        fact(
            *("deployment:acme/site:41:succeeded", "deployment.succeeded", "2026-03-02T09:21:00Z", JONAS),
            {"repository": "acme/site", "environment": "production", "commit": "6" * 40, "branch": "main"},
        )
    ],
}
LEFT: Mapping[str, tuple[str, str]] = {
    "ping": ("ping", "GitHub asks whether anybody is there"),
    "push_branch": ("push", "only commits on the default branch count"),
    "pull_request.closed_unmerged": (
        *("pull_request.closed", "a pull request that is closed without a merge is no fact, and takes nothing back"),
    ),
}
EVENTS = sorted({name.partition(".")[0].partition("_branch")[0] for name in (*SAID, *LEFT)})


def request(name: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Incoming:
    event = name.partition(".")[0].replace("push_branch", "push")
    sent = {"x-github-event": event, "x-github-delivery": "d-1", "content-type": "application/json", **(headers or {})}
    return incoming(SOURCE, payload("github", name) if body is None else body, sent)


def changed(name: str, **changes: Any) -> Normalised:
    """What the payload says with other values at places like `pull_request.user`."""
    data = json.loads(payload("github", name))
    for place, value in changes.items():
        *path, last = place.split("__")
        holder = data
        for key in path:
            holder = holder[key]
        holder[last] = value
    return github.normalise(request(name, json.dumps(data).encode()))


def sign(body: bytes, secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_a_module_is_a_connector() -> None:
    connector: Connector = github
    assert connector.IGNORED


@pytest.mark.parametrize("name", SAID)
def test_what_each_event_says(name: str) -> None:
    found = github.normalise(request(name))
    assert list(found.statements) == SAID[name]
    assert found.ignored == ()
    assert all(github.normalise(request(name)) == found for _ in range(10))


@pytest.mark.parametrize("name", LEFT)
def test_what_is_left_out_has_a_reason(name: str) -> None:
    assert github.normalise(request(name)) == Normalised(ignored=(LEFT[name],))


def test_kinds_that_nobody_heard_of_are_left_out() -> None:
    found = github.normalise(request("ping", b'{"action": "danced"}', headers={"x-github-event": "parade"}))
    assert found == Normalised(ignored=(("parade.danced", github.UNKNOWN),))
    found = github.normalise(request("ping", b'{"action": "labeled"}', headers={"x-github-event": "issues"}))
    assert found.ignored == (("issues.labeled", github.IGNORED["issues"]),)


def test_people_are_known_by_number_and_shown_by_login() -> None:
    found = github.normalise(request("push"))
    assert found.people == (
        Person(AMIRA, "amira-k"),
        Person(MEI, "Mei"),
        Person(f"{SOURCE}/@jonas-b", "jonas-b"),
        Person(ROBOT, "updates[bot]", bot=True),
    )


def test_what_a_bot_does_is_marked_and_a_deleted_account_is_nobody() -> None:
    robot = {"login": "updates[bot]", "id": 9009, "type": "Bot"}
    (said,) = changed("pull_request.closed", pull_request__user=robot).statements
    assert (said.actor, said.facts["bot"]) == (ROBOT, True)
    (said,) = changed("pull_request.closed", pull_request__user=None).statements
    assert (said.actor, said.facts["own"]) == (None, False)
    assert "bot" not in said.facts


def test_merging_ones_own_is_marked() -> None:
    amira = {"login": "amira-k", "id": 7001, "type": "User"}
    (said,) = changed("pull_request.closed", pull_request__merged_by=amira).statements
    assert said.facts["own"] is True


@pytest.mark.parametrize(
    ("body", "issue"),
    [
        ("fixes #3 and closes #4", "acme/site#3"),
        ("Resolves: other/tool#31", "other/tool#31"),
        ("see #3", None),
        ("prefixes #3", None),
        (None, None),
    ],
)
def test_the_issue_that_a_pull_request_closes(body: str | None, issue: str | None) -> None:
    (said,) = changed("pull_request.opened", pull_request__body=body).statements
    assert said.facts.get("issue") == issue


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("workflow_run.completed", {"workflow_run__conclusion": "failure"}),
        ("deployment_status", {"deployment_status__state": "pending"}),
        ("push", {"ref": "refs/tags/main"}),
        ("push", {"deleted": True}),
    ],
)
def test_what_did_not_succeed_says_nothing(name: str, changes: Mapping[str, Any]) -> None:
    found = changed(name, **changes)
    assert found.statements == ()
    assert len(found.ignored) == 1


def test_a_signature_is_checked_over_the_raw_bytes() -> None:
    body = payload("github", "push")
    good = request("push", headers={"x-hub-signature-256": sign(body, "new-secret")})
    assert github.verify(good, ["old-secret", "new-secret"]) == "d-1"
    assert github.verify(replace(good, headers={"x-hub-signature-256": sign(body, "new-secret")}), ["new-secret"])
    for wrong in (
        replace(good, body=body + b" "),
        request("push", headers={"x-hub-signature-256": sign(body, "another")}),
        request("push", headers={"x-hub-signature-256": sign(body, "new-secret").removeprefix("sha256=")}),
        request("push", headers={"x-hub-signature-256": "sha256=é"}),
        request("push"),
    ):
        with pytest.raises(Forged):
            github.verify(wrong, ["old-secret", "new-secret"])
    with pytest.raises(Forged):
        github.verify(good, [])


def test_a_form_with_the_payload_is_read_too() -> None:
    body = ("payload=" + quote_plus(payload("github", "push"))).encode()
    form = request("push", body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert list(github.normalise(form).statements) == SAID["push"]
    for wrong in (b"other=1", b"", b"\xff"):
        with pytest.raises(MalformedStatement, match="application/json"):
            github.normalise(replace(form, body=wrong))


def test_what_is_missing_is_named() -> None:
    with pytest.raises(MalformedStatement, match=r"^pull_request.user.id: is missing; send a whole number$"):
        changed("pull_request.opened", pull_request__user={"login": "amira-k"})
    with pytest.raises(MalformedStatement, match="X-GitHub-Event"):
        github.normalise(incoming(SOURCE, b"{}"))


class Told:
    """The connector, as if the request were an event of this kind."""

    IGNORED = github.IGNORED
    verify, reconcile = staticmethod(github.verify), staticmethod(github.reconcile)

    def __init__(self, event: str) -> None:
        self.event = event

    def normalise(self, found: Incoming) -> Normalised:
        return github.normalise(replace(found, headers={"x-github-event": self.event}))


@settings(max_examples=60, deadline=None)
@given(damaged("github"))
def test_whatever_a_payload_holds_is_read_or_refused(body: bytes) -> None:
    for event in EVENTS:
        read_or_refused(Told(event), SOURCE, body)
