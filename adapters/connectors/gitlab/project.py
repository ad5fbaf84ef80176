"""Issues, incidents, releases, pipelines and deployments."""

from __future__ import annotations

from adapters.connectors.forge import Event, LeftOut, label_names, second_of, since
from adapters.connectors.gitlab.people import numbered, user
from adapters.connectors.payload import Payload
from core.events import Statement, Value

_MINUTE = 60


def issue_opened(event: Event) -> list[Statement]:
    issue = _issue(event)
    at, actor = issue.time("created_at"), numbered(event, issue, "author_id")
    return [event.say(f"{_name(event, issue)}:opened", "issue.opened", at, actor, more=_facts(event, issue))]


def issue_closed(event: Event) -> list[Statement]:
    """By whoever closed it; the time tells apart the closings of one that was reopened. An incident is its own type."""
    issue = _issue(event, "Issue", "Incident")
    at = issue.time("closed_at") if issue.has("closed_at") else issue.time("updated_at")
    return [
        event.say(
            f"{_name(event, issue)}:closed:{second_of(at)}",
            "incident.closed" if issue.maybe_short_text("type") == "Incident" else "issue.closed",
            at,
            user(event),
            author=numbered(event, issue, "author_id"),
            delay=since(issue.time("created_at"), at),
            more=_facts(event, issue),
        )
    ]


def issue_reopened(event: Event) -> list[Statement]:
    """No inverse: it really was closed. Rules may name it under `unless`."""
    issue = _issue(event)
    at = issue.time("updated_at")
    name, author = f"{_name(event, issue)}:reopened:{second_of(at)}", numbered(event, issue, "author_id")
    return [event.say(name, "issue.reopened", at, user(event), author=author, more=_facts(event, issue))]


def released(event: Event) -> list[Statement]:
    """GitLab does not say who made it: it counts for the community and for nobody in particular."""
    tag = event.data.short_text("tag")
    return [
        event.say(
            f"release:{event.repository}:{tag}:published",
            "release.published",
            event.data.time("created_at"),
            None,
            tag=tag,
            proof=event.data.link("url"),
        )
    ]


def pipeline_changed(event: Event) -> list[Statement]:
    run = event.data.object("object_attributes")
    if run.short_text("status") != "success":
        raise LeftOut("only pipelines that pass count")
    at = run.time("finished_at")
    return [
        event.say(
            f"build:{event.repository}:{run.whole('id')}:passed",
            "build.passed",
            at,
            user(event),
            branch=run.short_text("ref"),
            commit=run.short_text("sha"),
            kind=run.maybe_short_text("source"),
            minutes=since(run.time("created_at"), at) // _MINUTE,
            proof=run.link("url"),
        )
    ]


def deployment_changed(event: Event) -> list[Statement]:
    if event.data.short_text("status") != "success":
        raise LeftOut("only deployments that succeed count")
    return [
        event.say(
            f"deployment:{event.repository}:{event.data.whole('deployment_id')}:succeeded",
            "deployment.succeeded",
            event.data.time("status_changed_at"),
            user(event),
            environment=event.data.short_text("environment"),
            commit=event.data.maybe_short_text("short_sha"),
            proof=event.data.link("deployable_url"),
        )
    ]


def _issue(event: Event, *types: str) -> Payload:
    issue = event.data.object("object_attributes")
    if (issue.maybe_short_text("type") or "Issue") not in (types or ("Issue",)):
        raise LeftOut("of work items only issues and closed incidents count")
    return issue


def _name(event: Event, issue: Payload) -> str:
    return f"issue:{event.repository}#{issue.whole('iid')}"


def _facts(event: Event, issue: Payload) -> dict[str, Value | None]:
    """What is confidential there counts only where the book counts private facts."""
    return {
        "issue": f"{event.repository}#{issue.whole('iid')}",
        "labels": label_names(issue, "labels", "title"),
        "private": issue.flag("confidential") or None,
        "proof": issue.link("url"),
    }
