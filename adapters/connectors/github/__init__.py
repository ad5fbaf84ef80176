"""GitHub: webhooks of a repository or an organisation, signed with X-Hub-Signature-256."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from urllib.parse import parse_qs

from adapters.connectors.connector import Incoming, Normalised, Service
from adapters.connectors.forge import Cast, Event, Handler, left_out, normalised
from adapters.connectors.github import code, links, project
from adapters.connectors.github.deliveries import missed
from adapters.connectors.payload import Payload, read_object
from adapters.connectors.signatures import LONGEST_DELIVERY, digest, verify_hex
from core.errors import MalformedStatement

SIGNATURE = "x-hub-signature-256"
UNKNOWN = "Plaudit counts nothing in this kind of event"

HANDLERS: Mapping[str, Handler] = {
    "push": code.push,
    "pull_request.opened": code.opened,
    "pull_request.closed": code.closed,
    "pull_request_review.submitted": code.reviewed,
    "issues.opened": project.issue_opened,
    "issues.closed": project.issue_closed,
    "issues.reopened": project.issue_reopened,
    "release.published": project.released,
    "discussion.created": project.discussion_created,
    "discussion.answered": project.discussion_answered,
    "discussion.unanswered": project.discussion_unanswered,
    "discussion_comment.created": project.discussion_replied,
    "discussion_comment.deleted": project.discussion_reply_deleted,
    "workflow_run.completed": project.workflow_completed,
    "deployment_status": project.deployment_changed,
}

IGNORED: Mapping[str, str] = {
    "ping": "GitHub asks whether anybody is there",
    "pull_request": "only opening and merging a pull request count",
    "pull_request_review": "a review counts when it is given; what is edited or dismissed later changes nothing",
    "pull_request_review_comment": "remarks of a review count as one review",
    "pull_request_review_thread": "remarks of a review count as one review",
    "issues": "only opening, closing and reopening an issue count",
    "issue_comment": "comments on issues and pull requests are not counted",
    "commit_comment": "comments on commits are not counted",
    "release": "a release counts when it is published",
    "discussion": "of discussions count the beginning, the replies and the accepted answer",
    "discussion_comment": "a reply counts when it is written",
    "workflow_run": "a run counts when it has ended",
    "workflow_job": "the whole run counts, not each job",
    "check_run": "builds are read from workflow_run",
    "check_suite": "builds are read from workflow_run",
    "status": "builds are read from workflow_run",
    "deployment": "a deployment counts when it has succeeded",
    "star": "stars are not counted: they cost nothing",
    "watch": "stars are not counted: they cost nothing",
    "fork": "forks are not counted",
    "create": "branches and tags are not counted; commits and releases are",
    "delete": "branches and tags are not counted; commits and releases are",
}


def verify(incoming: Incoming, secrets: Sequence[str]) -> str:
    """X-GitHub-Delivery. Raises Forged."""
    verify_hex("X-Hub-Signature-256", incoming.headers.get(SIGNATURE, ""), incoming.body, secrets)
    return incoming.headers.get("x-github-delivery", "")[:LONGEST_DELIVERY] or digest(incoming.body)


def normalise(incoming: Incoming) -> Normalised:
    """Raises MalformedStatement."""
    event = incoming.headers.get("x-github-event")
    if not event:
        raise MalformedStatement("the header X-GitHub-Event is missing; send it as GitHub does")
    return read(incoming.source, event, read_object(_json(incoming)))


def read(source: str, event: str, payload: Payload) -> Normalised:
    """What a payload says, however it came. Raises MalformedStatement."""
    action = payload.label("action")
    kind = f"{event}.{action}" if action else event
    handler = HANDLERS.get(kind) or HANDLERS.get(event)
    if handler is None:
        return links.with_codes(left_out(kind, IGNORED, UNKNOWN), source, kind, payload)
    repository = payload.object("repository").short_text("full_name")
    said = normalised(handler, Event(payload, Cast(source), repository), kind)
    return links.with_codes(said, source, kind, payload)


async def reconcile(service: Service, source: str, since: int) -> AsyncIterator[Normalised]:
    """What GitHub could not deliver. The base address is that of the repository or organisation,
    as https://api.github.com/orgs/acme. Raises Unreachable."""
    async for event, payload in missed(service, source, since):
        if isinstance(payload, str):
            yield Normalised(ignored=((event, payload),))
            continue
        try:
            yield read(source, event, payload)
        except MalformedStatement as error:  # one that cannot be read must not hide those after it
            yield Normalised(ignored=((event, str(error)),))


def _json(incoming: Incoming) -> bytes | str:
    """The payload; a webhook may also be set to send it as a form with one field."""
    if not incoming.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return incoming.body
    try:
        fields = parse_qs(incoming.body.decode("ascii"), strict_parsing=True, max_num_fields=10)
    except ValueError:
        raise MalformedStatement("the body is no form; choose application/json in the webhook") from None
    if "payload" not in fields:
        raise MalformedStatement("payload: is missing; choose application/json in the webhook")
    return fields["payload"][0]
