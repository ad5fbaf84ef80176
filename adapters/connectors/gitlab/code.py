"""Commits, merge requests and reviews. A merge request is named as GitLab writes it: `acme/site!12`."""

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
from adapters.connectors.gitlab.people import commit_author, numbered, user
from adapters.connectors.payload import Payload
from core.events import Statement, Value


def push(event: Event) -> list[Statement]:
    """Each commit that arrives on the default branch, dated by the commit: GitLab does not say when it was pushed."""
    branch = branch_of(event.data.short_text("ref"))
    if branch is None or branch != event.data.object("project").short_text("default_branch"):
        raise LeftOut("only commits on the default branch count")
    return list(_commits(event, branch))


def _commits(event: Event, branch: str) -> Iterator[Statement]:
    for commit in commits(event.data):
        actor = commit_author(event, commit.object("author").prose("email"))
        others = (commit_author(event, address) for address in co_authors(commit.prose("message")))
        yield event.pushed(commit, branch, commit.time("timestamp"), actor, *others)


def opened(event: Event) -> list[Statement]:
    change = event.data.object("object_attributes")
    at, actor = change.time("created_at"), numbered(event, change, "author_id")
    more = _facts(event, change)
    return [event.say(f"{_name(event, change)}:opened", "pull_request.opened", at, actor, more=more)]


def merged(event: Event) -> list[Statement]:
    """Done by its author, at the time of the merge, which is the latest change."""
    change = event.data.object("object_attributes")
    at, actor = change.time("updated_at"), numbered(event, change, "author_id")
    return [
        event.say(
            f"{_name(event, change)}:merged",
            "pull_request.merged",
            at,
            actor,
            own=actor == user(event),
            delay=since(change.time("created_at"), at),
            more=_facts(event, change),
        )
    ]


def approved(event: Event) -> list[Statement]:
    """One person approves a merge request once, however often the approval is renewed."""
    change = event.data.object("object_attributes")
    return [_review(event, change, "approved", change.time("updated_at"), change.link("url"))]


def noted(event: Event) -> list[Statement]:
    """All remarks of one person on a merge request of somebody else are one review."""
    note = event.data.object("object_attributes")
    if note.short_text("noteable_type") != "MergeRequest":
        raise LeftOut("of comments only those on merge requests count")
    if note.flag("system"):
        raise LeftOut("GitLab wrote this comment itself")
    change = event.data.object("merge_request")
    if change.whole("author_id") == event.data.object("user").whole("id"):
        raise LeftOut("a comment on one's own merge request is no review")
    return [_review(event, change, "commented", note.time("created_at"), note.link("url"))]


def _review(event: Event, change: Payload, state: str, at: int, proof: str | None) -> Statement:
    actor, author = user(event), numbered(event, change, "author_id")
    return event.say(
        f"{_name(event, change)}:reviewed:{actor.partition('/')[2]}:{state}",
        "pull_request.reviewed",
        at,
        actor,
        author=author,
        pull_request=_thing(event, change),
        state=state,
        own=actor == author,
        delay=since(change.time("created_at"), at),
        proof=proof,
    )


def _facts(event: Event, change: Payload) -> dict[str, Value | None]:
    return {
        "pull_request": _thing(event, change),
        "issue": closed_issue(change.prose("description"), event.repository),
        "branch": change.short_text("target_branch"),
        "draft": change.flag("draft"),
        "labels": label_names(change, "labels", "title"),
        "proof": change.link("url"),
    }


def _thing(event: Event, change: Payload) -> str:
    return f"{event.repository}!{change.whole('iid')}"


def _name(event: Event, change: Payload) -> str:
    return f"pull_request:{_thing(event, change)}"
