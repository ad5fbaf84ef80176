"""Issues, releases, discussions, builds and deployments."""

from __future__ import annotations

from adapters.connectors.forge import Event, LeftOut, label_names, second_of, since
from adapters.connectors.github.people import account
from adapters.connectors.payload import Payload
from core.events import Statement, Value

_MINUTE = 60


def issue_opened(event: Event) -> list[Statement]:
    issue = event.data.object("issue")
    actor, at = account(event, issue, "user"), issue.time("created_at")
    name = _issue_name(event, issue)
    return [event.say(f"{name}:opened", "issue.opened", at, actor, more=_issue_facts(event, issue))]


def issue_closed(event: Event) -> list[Statement]:
    """By whoever closed it. An issue that was reopened and closed again was closed twice: the time tells them apart."""
    issue = event.data.object("issue")
    at = issue.time("closed_at")
    return [
        event.say(
            f"{_issue_name(event, issue)}:closed:{second_of(at)}",
            "issue.closed",
            at,
            account(event, event.data, "sender"),
            author=account(event, issue, "user"),
            state=issue.maybe_short_text("state_reason"),
            delay=since(issue.time("created_at"), at),
            more=_issue_facts(event, issue),
        )
    ]


def issue_reopened(event: Event) -> list[Statement]:
    """No inverse: it really was closed. Rules may name it under `unless`."""
    issue = event.data.object("issue")
    at = issue.time("updated_at")
    actor, author = account(event, event.data, "sender"), account(event, issue, "user")
    name = f"{_issue_name(event, issue)}:reopened:{second_of(at)}"
    return [event.say(name, "issue.reopened", at, actor, author=author, more=_issue_facts(event, issue))]


def released(event: Event) -> list[Statement]:
    release = event.data.object("release")
    return [
        event.say(
            f"release:{event.repository}:{release.whole('id')}:published",
            "release.published",
            release.time("published_at"),
            account(event, release, "author"),
            tag=release.short_text("tag_name"),
            prerelease=release.flag("prerelease"),
            proof=release.link("html_url"),
        )
    ]


def discussion_created(event: Event) -> list[Statement]:
    talk = event.data.object("discussion")
    actor, at = account(event, talk, "user"), talk.time("created_at")
    length = talk.length("body")
    return [
        event.say(_talk_name(event, talk), "thread.started", at, actor, length=length, more=_talk_facts(event, talk))
    ]


def discussion_replied(event: Event) -> list[Statement]:
    talk, reply = event.data.object("discussion"), event.data.object("comment")
    at = reply.time("created_at")
    return [
        event.say(
            _reply_name(event, talk, reply),
            "thread.replied",
            at,
            account(event, reply, "user"),
            author=account(event, talk, "user"),
            length=reply.length("body"),
            delay=since(talk.time("created_at"), at),
            more=_talk_facts(event, talk),
        )
    ]


def discussion_reply_deleted(event: Event) -> list[Statement]:
    talk, reply = event.data.object("discussion"), event.data.object("comment")
    at = max(talk.time("updated_at"), reply.time("created_at"))
    return [event.withdraw(_reply_name(event, talk, reply), "thread.replied", at, "thing deleted")]


def discussion_answered(event: Event) -> list[Statement]:
    """Accepted by the actor; `author` wrote the answer."""
    talk, answer = event.data.object("discussion"), event.data.object("answer")
    actor, author = account(event, talk, "answer_chosen_by"), account(event, answer, "user")
    return [
        event.say(
            _answer_name(event, talk, answer),
            "answer.accepted",
            talk.time("answer_chosen_at"),
            actor,
            author=author,
            own=actor is not None and actor == author,
            delay=since(talk.time("created_at"), answer.time("created_at")),
            more=_talk_facts(event, talk),
        )
    ]


def discussion_unanswered(event: Event) -> list[Statement]:
    talk, answer = event.data.object("discussion"), event.data.object("old_answer")
    at = talk.time("updated_at")
    return [event.withdraw(_answer_name(event, talk, answer), "answer.accepted", at, "no longer accepted")]


def workflow_completed(event: Event) -> list[Statement]:
    """A run that is started again and passes is the same build: it counts once."""
    run = event.data.object("workflow_run")
    if run.short_text("conclusion") != "success":
        raise LeftOut("only builds that pass count")
    at = run.time("updated_at")
    started = run.time("run_started_at") if run.has("run_started_at") else run.time("created_at")
    return [
        event.say(
            f"build:{event.repository}:{run.whole('id')}:passed",
            "build.passed",
            at,
            account(event, run, "actor"),
            branch=run.maybe_short_text("head_branch"),
            commit=run.short_text("head_sha"),
            workflow=run.maybe_short_text("path"),
            kind=run.short_text("event"),
            minutes=since(started, at) // _MINUTE,
            proof=run.link("html_url"),
        )
    ]


def deployment_changed(event: Event) -> list[Statement]:
    deployment, status = event.data.object("deployment"), event.data.object("deployment_status")
    if status.short_text("state") != "success":
        raise LeftOut("only deployments that succeed count")
    return [
        event.say(
            f"deployment:{event.repository}:{deployment.whole('id')}:succeeded",
            "deployment.succeeded",
            status.time("created_at"),
            account(event, deployment, "creator"),
            environment=deployment.short_text("environment"),
            commit=deployment.short_text("sha"),
            branch=deployment.maybe_short_text("ref"),
        )
    ]


def _issue_name(event: Event, issue: Payload) -> str:
    return f"issue:{event.repository}#{issue.whole('number')}"


def _issue_facts(event: Event, issue: Payload) -> dict[str, Value | None]:
    return {
        "issue": f"{event.repository}#{issue.whole('number')}",
        "labels": label_names(issue, "labels", "name"),
        "proof": issue.link("html_url"),
    }


def _talk_name(event: Event, talk: Payload) -> str:
    return f"discussion:{event.repository}#{talk.whole('number')}"


def _reply_name(event: Event, talk: Payload, reply: Payload) -> str:
    return f"{_talk_name(event, talk)}:reply:{reply.whole('id')}"


def _answer_name(event: Event, talk: Payload, answer: Payload) -> str:
    return f"{_talk_name(event, talk)}:answer:{answer.whole('id')}"


def _talk_facts(event: Event, talk: Payload) -> dict[str, Value | None]:
    return {
        "thread": _talk_name(event, talk),
        "category": talk.object("category").short_text("slug"),
        "proof": talk.link("html_url"),
    }
