"""Codes that people post to link their accounts: who posted them, and what proves nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.connectors import github, gitlab
from adapters.connectors.connector import Proof
from core.ports import Person
from tests.adapters.connectors.rig import incoming, payload

CODE = "ABCD-EFGH-JK"
LINE = f"Plaudit-Link: {CODE}"
MEI = "github:acme/7003"
Json = dict[str, Any]


def hub(event: str, body: Json) -> tuple[Proof, ...]:
    return github.normalise(incoming("github:acme", json.dumps(body).encode(), {"x-github-event": event})).proofs


def issue(text: str) -> Json:
    body: Json = json.loads(payload("github", "issues.opened"))
    body["issue"]["body"] = text
    return body


def comment(text: str, **more: object) -> Json:
    body = issue("There is one.")
    user = {**body["issue"]["user"], **more}
    return body | {"action": "created", "comment": {"id": 1, "user": user, "body": text}}


@pytest.mark.parametrize("text", [LINE, f"Hello\n\n{LINE}\r\nBye", LINE.lower(), f"  {LINE}  "])
def test_an_issue_or_a_comment_proves_who_wrote_it(text: str) -> None:
    proof = Proof(MEI, "Mei", CODE.lower() if text.islower() else CODE)
    assert hub("issues", issue(text)) == (proof,)
    assert hub("issue_comment", comment(text)) == (proof,)


def test_what_was_posted_is_not_kept_and_the_person_is_met() -> None:
    body = json.dumps(comment(f"{LINE}\nsecret words")).encode()
    said = github.normalise(incoming("github:acme", body, {"x-github-event": "issue_comment"}))
    assert said.statements == ()
    assert said.people == (Person(MEI, "Mei"),)
    assert said.ignored == (("issue_comment.created", "comments on issues and pull requests are not counted"),)
    assert "secret" not in str(said)


@pytest.mark.parametrize(
    "text",
    [
        f"> {LINE}",
        f"> > {LINE}",
        f"use {LINE}",
        f"{LINE} please",
        "Plaudit-Link:",
        "Plaudit-Link: x",
        CODE,
        f"`{LINE}`",
    ],
)
def test_a_quoted_line_proves_nothing(text: str) -> None:
    assert hub("issues", issue(text)) == hub("issue_comment", comment(text)) == ()


def test_nobody_proves_for_another() -> None:
    assert hub("issue_comment", comment(LINE, id=7001)) == ()  # the event was set off by somebody else
    assert hub("issue_comment", comment(LINE, type="Bot")) == ()
    assert hub("issue_comment", comment(LINE) | {"action": "edited"}) == ()
    assert hub("issues", issue(LINE) | {"action": "reopened"}) == ()


def test_on_gitlab_too() -> None:
    note: Json = json.loads(payload("gitlab", "note.issue"))
    note["object_attributes"]["note"] = LINE
    said = gitlab.normalise(incoming("gitlab:acme", json.dumps(note).encode()))
    assert said.proofs == (Proof("gitlab:acme/22", "jonas", CODE),)
    assert said.ignored
    opened: Json = json.loads(payload("gitlab", "issue.open"))
    opened["object_attributes"]["description"] = LINE
    author = opened["object_attributes"]["author_id"]
    proofs = gitlab.normalise(incoming("gitlab:acme", json.dumps(opened).encode())).proofs
    assert [p.account for p in proofs] == ([f"gitlab:acme/{author}"] if opened["user"]["id"] == author else [])
    note["object_attributes"]["author_id"] = 21
    assert gitlab.normalise(incoming("gitlab:acme", json.dumps(note).encode())).proofs == ()


def test_few_codes_of_one_text_are_looked_at() -> None:
    assert len(hub("issues", issue("\n".join([LINE] * 50)))) == 3
