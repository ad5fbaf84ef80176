"""Codes in commits: the one push that proves who made it, and every way to have somebody push what others wrote."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.connectors import github, gitlab
from adapters.connectors.connector import Normalised, Proof
from core.errors import MalformedStatement
from core.ports import Person
from tests.adapters.connectors.rig import JUNK, incoming, payload

CODE = "ABCD-EFGH-JK"
LINE = f"Plaudit-Link: {CODE}"
AMIRA = "github:acme/7001"
Json = dict[str, Any]


def commit(author: str = "amira-k", committer: str = "amira-k", **more: object) -> Json:
    people = {"author": {"name": "A", "username": author}, "committer": {"name": "A", "username": committer}}
    made: Json = {"id": "a" * 40, "distinct": True, "message": f"Link me\n\n{LINE}\n", **people}
    return made | {"url": "https://x", "added": [], "removed": [], "modified": []} | more


def push(*commits: Json, **more: object) -> Json:
    """Amira makes the branch for it, with one empty commit."""
    made = list(commits) or [commit()]
    body: Json = json.loads(payload("github", "push"))
    body |= {"ref": "refs/heads/plaudit-link/amira-k", "created": True, "commits": made, "head_commit": made[-1]}
    copied: Json = json.loads(json.dumps(body | more))
    return copied


def read(body: Json) -> Normalised:
    return github.normalise(incoming("github:acme", json.dumps(body).encode(), {"x-github-event": "push"}))


def why_not(body: Json) -> str:
    said = read(body)
    assert said.proofs == ()
    (reason,) = [reason for kind, reason in said.ignored if kind == "link code"]
    return reason


def test_an_empty_commit_on_the_branch_for_it_proves_who_pushed_it() -> None:
    said = read(push())
    assert said.proofs == (Proof(AMIRA, "amira-k", CODE),)
    assert Person(AMIRA, "amira-k") in said.people
    assert said.statements == ()
    assert [kind for kind, _ in said.ignored] == ["push"]
    assert "Link me" not in str(said)
    mixed = push(commit("Amira-K", "AMIRA-k"), ref="refs/heads/plaudit-link/Amira-K")
    assert read(mixed).proofs == said.proofs  # GitHub's logins know no capitals


def test_a_push_without_a_code_says_nothing_of_codes() -> None:
    assert "link code" not in str(read(push(commit(message="Mend it"))).ignored)
    assert "link code" not in str(read(push(commit(message=f"> {LINE}"))).ignored)


FORGED = commit()  # anybody can write any author and committer into a commit
MERGE = commit(committer="web-flow", id="b" * 40, message="Merge pull request #1", modified=["a.py"])


@pytest.mark.parametrize(
    ("commits", "more"),
    [
        pytest.param([FORGED, MERGE], {"created": False}, id="merged on the site"),
        pytest.param([FORGED], {"created": False}, id="merged by hand, fast-forward"),
        pytest.param([FORGED], {"created": True, "ref": "refs/heads/try-it"}, id="pushed on to a new branch"),
        pytest.param([commit(committer="web-flow")], {"created": False}, id="squashed on the site"),
        pytest.param([commit(author="mallory")], {"created": False}, id="rebased on the site"),
    ],
)
def test_a_maintainer_who_takes_the_commit_of_another_proves_nothing(commits: list[Json], more: Json) -> None:
    assert "only on a new branch" in why_not(push(*commits, **{"ref": "refs/heads/main", **more}))


def test_the_branch_is_made_by_this_push_and_named_for_who_makes_it() -> None:
    refs = ("refs/heads/plaudit-link/mallory", "refs/tags/plaudit-link/amira-k", "refs/heads/plaudit-link/")
    for more in ({"created": False}, *({"ref": ref} for ref in refs)):
        assert "only on a new branch" in why_not(push(**more))


@pytest.mark.parametrize(
    "made", [commit(committer="web-flow"), commit(author="mallory"), commit("mallory", "mallory"), commit("", "")]
)
def test_a_commit_of_another_proves_nothing_on_that_branch_either(made: Json) -> None:
    assert "author or committer" in why_not(push(made))


def test_one_new_commit_and_no_other() -> None:
    other = commit(id="c" * 40, message="Mend it")
    for body in (
        push(other, commit()),
        push(commit(), other),
        push(commit(distinct=False)),
        push(head_commit=other),
        push(commit(), other, head_commit=commit()),
    ):
        assert "other commits" in why_not(body)


def test_commits_of_others_made_one_change_files() -> None:
    for change in ({"added": ["a"]}, {"removed": ["a"]}, {"modified": ["a"]}, {"modified": None}):
        assert "changes files" in why_not(push(commit(**change)))


def test_who_pushed_is_a_person_and_the_same_all_over() -> None:
    assert "pusher is not the sender" in why_not(push(pusher={"name": "mallory"}))
    bot = {"login": "amira-k", "id": 7001, "type": "Bot"}
    assert "account of their own" in why_not(push(sender=bot))
    mallory = {"login": "mallory", "id": 66, "type": "User"}
    assert "only on a new branch" in why_not(push(sender=mallory, pusher={"name": "mallory"}))


PLACES = (
    *(("sender", "type"), ("pusher", "name"), ("ref",), ("created",), ("head_commit", "id")),
    *(("commits", 0, "distinct"), ("commits", 0, "author"), ("commits", 0, "added"), ("commits", 0, "id")),
)


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_damaged_push_proves_nothing(place: tuple[Any, ...]) -> None:
    for junk in JUNK[1:]:
        body: Any = push()
        holder = body
        for name in place[:-1]:
            holder = holder[name]
        if junk in (holder[place[-1]], []) and junk is not None:
            continue
        holder[place[-1]] = junk
        try:
            assert read(body).proofs == (), junk
        except MalformedStatement:
            continue


def test_on_gitlab_a_commit_proves_nothing() -> None:
    body: Json = json.loads(payload("gitlab", "push"))
    for made in body["commits"]:
        made["message"] = f"Mend it\n\n{LINE}\n"
    assert gitlab.normalise(incoming("gitlab:acme", json.dumps(body).encode())).proofs == ()
