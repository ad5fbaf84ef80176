"""Jira Cloud: issues opened, closed and reopened; on a service desk, tickets resolved and reopened.

Signed with X-Hub-Signature. A change of status counts when it enters or leaves the category "done".
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from adapters.connectors.connector import Incoming, Normalised, Service
from adapters.connectors.findings import left_out, person, say, tried, unique
from adapters.connectors.payload import SECOND, Payload, as_objects, read_object
from adapters.connectors.signatures import digest, verify_hex
from core.events import Statement
from core.ports import Person

_TALK = "a comment says nothing about a result"
_TIME = "hours are not counted"
_PLAN = "planning is not counted"
IGNORED: Mapping[str, str] = {
    "jira:issue_deleted": "what was done on an issue stays done when the issue is deleted",
    **dict.fromkeys(("comment_created", "comment_updated", "comment_deleted"), _TALK),
    **dict.fromkeys(("worklog_created", "worklog_updated", "worklog_deleted"), _TIME),
    **dict.fromkeys(("sprint_created", "sprint_started", "sprint_closed", "issuelink_created"), _PLAN),
}
_UNMOVED = "the change neither closes nor reopens the issue"
_LATE = 60 * SECOND  # how far the time of an event may be from that of the change it tells of
_FIELDS = "created,creator,reporter,assignee,status,project,issuetype,priority,labels"
_PAGE = "20"  # histories are long, and an answer of the service has a limit


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of an issue's changelog that enters (`done`) or leaves the category "done". `at`: UTC microseconds."""

    id: str
    at: int
    by: Payload
    done: bool
    assignee: Payload


def verify(incoming: Incoming, secrets: Sequence[str]) -> str:
    """The delivery id, the same at each of Jira's attempts. Raises Forged."""
    verify_hex("X-Hub-Signature", incoming.headers.get("x-hub-signature", ""), incoming.body, secrets)
    return incoming.headers.get("x-atlassian-webhook-identifier", "")[:200] or digest(incoming.body)


def normalise(incoming: Incoming) -> Normalised:
    """Raises MalformedStatement."""
    data = read_object(incoming.body)
    kind = data.text("webhookEvent")
    if kind == "jira:issue_created":
        return _opened(incoming.source, data.object("issue"))
    if kind == "jira:issue_updated":
        return _updated(incoming.source, data)
    return left_out(kind, IGNORED)


async def reconcile(service: Service, source: str, since: int) -> AsyncIterator[Normalised]:
    """Issues updated since then, with what their changelogs say. Raises Unreachable."""
    done = _done_statuses(await service.get("rest/api/3/status"))
    asked = {"jql": _jql(since), "fields": _FIELDS, "expand": "changelog", "maxResults": _PAGE}
    while asked:
        page = Payload(await service.get("rest/api/3/search/jql", **asked))
        for issue in page.records("issues"):
            for found in _history(source, issue, done, since):
                yield found
        token = page.maybe_text("nextPageToken")
        asked = {**asked, "nextPageToken": token} if token else {}


def _jql(since: int) -> str:
    """Jira reads the date in the zone of whoever asks, which nobody tells: a day more covers every zone."""
    day_before = datetime.fromtimestamp(since // SECOND, UTC) - timedelta(days=1)
    return f'updated >= "{day_before:%Y-%m-%d %H:%M}" ORDER BY updated ASC'


def _done_statuses(found: object) -> frozenset[str]:
    statuses = as_objects(found, "the answer")
    return frozenset(s.text("id") for s in statuses if s.maybe_text("statusCategory.key") == "done")


def _history(source: str, issue: Payload, done: frozenset[str], since: int) -> Iterator[Normalised]:
    opened = tried("issue", lambda: _opened(source, issue))
    if any(statement.at >= since for statement in opened.statements) or opened.ignored:
        yield opened
    for history, assignee in _with_assignees(issue):
        yield tried("changelog", partial(_from_history, source, issue, history, assignee, done, since))


def _with_assignees(issue: Payload) -> Iterator[tuple[Payload, Payload]]:
    """The changelog from its latest entry back, each with whoever the issue was assigned to after it."""
    assignee = issue.at("fields.assignee")
    for history in _histories(issue):
        yield history, assignee
        item = _item(history, "assignee")
        if item is not None:
            account = item.maybe_text("from")
            assignee = Payload({"accountId": account, "displayName": item.look("fromString")})


def _histories(issue: Payload) -> list[Payload]:
    """Entries in order of time, the latest first, whichever way Jira lists them."""
    return sorted(
        issue.each("changelog.histories"),
        key=lambda h: (h.maybe_text("created") or "", h.maybe_text("id") or ""),
        reverse=True,
    )


def _from_history(
    source: str, issue: Payload, history: Payload, assignee: Payload, done: frozenset[str], since: int
) -> Normalised:
    item = _item(history, "status")
    if item is None:
        return Normalised()
    before, after = item.maybe_text("from") in done, item.maybe_text("to") in done
    at = _second(history.time("created"))
    if before == after or at < since - since % SECOND:
        return Normalised()
    return _turned(source, issue, Change(history.text("id"), at, history.at("author"), after, assignee))


def _updated(source: str, data: Payload) -> Normalised:
    issue, changelog = data.object("issue"), data.object("changelog")
    at = data.counted("timestamp", 1_000)
    after = issue.text("fields.status.statusCategory.key") == "done"
    if _item(changelog, "status") is None or _was_done(issue, changelog, at, after) == after:
        return Normalised(ignored=(("jira:issue_updated", _UNMOVED),))
    by, assignee = data.at("user"), issue.at("fields.assignee")
    return _turned(source, issue, Change(data.text("changelog.id"), _second(at), by, after, assignee))


def _was_done(issue: Payload, changelog: Payload, at: int, after: bool) -> bool:
    """The event does not say the category before. Jira sets a resolution on entering "done" and clears it on leaving;
    between two statuses of "done" the date of the change of category stays."""
    resolution = _item(changelog, "resolution")
    if resolution is not None:
        return bool(resolution.maybe_text("from"))
    if not after or not issue.has("fields.statuscategorychangedate"):
        return False
    return at - issue.time("fields.statuscategorychangedate") > _LATE


def _item(changelog: Payload, field: str) -> Payload | None:
    return next((item for item in changelog.each("items") if item.look("field") == field), None)


def _second(at: int) -> int:
    """Event and changelog are written a few milliseconds apart: whole seconds make them one statement."""
    return at - at % SECOND


def _opened(source: str, issue: Payload) -> Normalised:
    at = issue.time("fields.created")
    by = issue.at("fields.creator" if issue.look("fields.creator") else "fields.reporter")
    facts = {**_facts(issue), **_bot(by)}
    opened = say(
        source, f"issue:{issue.text('id')}:opened", "issue.opened", at, actor=_account(source, by), facts=facts
    )
    return _named(source, (opened,), by)


def _turned(source: str, issue: Payload, change: Change) -> Normalised:
    desk = _is_desk(issue)
    type_ = _TYPES[desk, change.done]
    reporter, assignee = issue.at("fields.reporter"), _account(source, change.assignee)
    said = say(
        source,
        f"{'ticket' if desk else 'issue'}:{issue.text('id')}:{type_.partition('.')[2]}:{change.id}",
        type_,
        change.at,
        actor=_account(source, change.by),
        author=_account(source, reporter),
        participants=(assignee,) if assignee else (),
        facts={**_facts(issue), "age": _age(issue, change.at), **_bot(change.by)},
    )
    return _named(source, (said,), change.by, reporter, change.assignee)


_TYPES: Mapping[tuple[bool, bool], str] = {
    (False, True): "issue.closed",
    (False, False): "issue.reopened",
    (True, True): "ticket.resolved",
    (True, False): "ticket.reopened",
}


def _is_desk(issue: Payload) -> bool:
    return issue.maybe_text("fields.project.projectTypeKey") == "service_desk"


def _facts(issue: Payload) -> dict[str, object]:
    key = issue.text("key")
    return {
        "issue": key,
        "ticket": key if _is_desk(issue) else None,
        "project": issue.label("fields.project.key"),
        "issue_type": issue.label("fields.issuetype.name"),
        "priority": issue.label("fields.priority.name"),
        "labels": issue.labels("fields.labels"),
        "proof": _link(issue, key),
    }


def _link(issue: Payload, key: str) -> str | None:
    """The page of the issue, on the host that its API address names."""
    try:
        host = urlsplit(issue.maybe_text("self") or "")
    except ValueError:
        return None
    return f"{host.scheme}://{host.netloc}/browse/{key}" if host.scheme in ("http", "https") else None


def _age(issue: Payload, at: int) -> int | None:
    """Whole seconds since the issue was opened."""
    if not issue.has("fields.created"):
        return None
    return max(0, at - issue.time("fields.created")) // SECOND


def _bot(user: Payload) -> dict[str, object]:
    return {"bot": True} if user.maybe_text("accountType") == "app" else {}


def _account(source: str, user: Payload) -> str | None:
    account = user.maybe_text("accountId")
    return f"{source}/{account}" if account else None


def _named(source: str, statements: tuple[Statement, ...], *users: Payload) -> Normalised:
    return Normalised(statements, unique(_person(source, user) for user in users))


def _person(source: str, user: Payload) -> Person | None:
    account = _account(source, user)
    return person(account, user.look("displayName"), bot=bool(_bot(user))) if account else None
