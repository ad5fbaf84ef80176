"""Commits, pull requests and reviews."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.connectors.forge import (
    Event,
    LeftOut,
    branch_of,
    closed_issue,
    co_authors,
    commits,
    label_names,
    since,
)
from adapters.connectors.github.people import account, co_author, commit_author
from adapters.connectors.payload import Payload
from core.events import Statement, Value


def push(event: Event) -> list[Statement]:
    """Each commit that arrives on the default branch, dated at the push: a commit's own date is its author's word."""
    repository = event.data.object("repository")
    branch = branch_of(event.data.short_text("ref"))
    if branch is None or branch != repository.short_text("default_branch"):
        raise LeftOut("only commits on the default branch count")
    if event.data.flag("deleted"):
        raise LeftOut("a deleted branch takes nothing back")
    at = repository.any_time("pushed_at")
    return list(_commits(event, branch, at))


def _commits(event: Event, branch: str, at: int) -> Iterator[Statement]:
    for commit in commits(event.data):
        actor = commit_author(event, commit.object("author"))
        others = (co_author(event, address) for address in co_authors(commit.prose("message")))
        yield event.pushed(commit, branch, at, actor, *others)


def opened(event: Event) -> list[Statement]:
    change = event.data.object("pull_request")
    name, at = _name(event, change), change.time("created_at")
    return [event.say(f"{name}:opened", "pull_request.opened", at, account(event, change, "user"), more=_facts(event))]


def closed(event: Event) -> list[Statement]:
    """Merged: done by its author, at the time of the merge. Closed without a merge is no fact."""
    change = event.data.object("pull_request")
    if not change.flag("merged"):
        raise LeftOut("a pull request that is closed without a merge is no fact, and takes nothing back")
    at = change.time("merged_at")
    actor, merger = account(event, change, "user"), account(event, change, "merged_by")
    return [
        event.say(
            f"{_name(event, change)}:merged",
            "pull_request.merged",
            at,
            actor,
            own=actor is not None and actor == merger,
            delay=since(change.time("created_at"), at),
            more=_facts(event),
        )
    ]


def reviewed(event: Event) -> list[Statement]:
    change, review = event.data.object("pull_request"), event.data.object("review")
    actor, author = account(event, review, "user"), account(event, change, "user")
    at, number = review.time("submitted_at"), review.whole("id")
    return [
        event.say(
            f"{_name(event, change)}:reviewed:{number}",
            "pull_request.reviewed",
            at,
            actor,
            author=author,
            pull_request=_thing(event, change),
            state=review.short_text("state").lower(),
            own=actor is not None and actor == author,
            length=review.length("body"),
            delay=since(change.time("created_at"), at),
            proof=review.link("html_url"),
        )
    ]


def _facts(event: Event) -> dict[str, Value | None]:
    change = event.data.object("pull_request")
    return {
        "pull_request": _thing(event, change),
        "issue": closed_issue(change.prose("body"), event.repository),
        "branch": change.object("base").short_text("ref"),
        "draft": change.flag("draft"),
        "labels": label_names(change, "labels", "name"),
        "additions": change.maybe_whole("additions"),
        "deletions": change.maybe_whole("deletions"),
        "files": change.maybe_whole("changed_files"),
        "proof": change.link("html_url"),
    }


def _thing(event: Event, change: Payload) -> str:
    return f"{event.repository}#{change.whole('number')}"


def _name(event: Event, change: Payload) -> str:
    return f"pull_request:{_thing(event, change)}"
