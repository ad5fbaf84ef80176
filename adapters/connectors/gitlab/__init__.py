"""GitLab: webhooks of a project or a group, with a signing token or a secret token."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence

from adapters.connectors.connector import Incoming, Normalised, Service
from adapters.connectors.forge import Cast, Event, Handler, left_out, normalised, with_proofs
from adapters.connectors.gitlab import code, links, project
from adapters.connectors.gitlab.deliveries import missed
from adapters.connectors.payload import Payload, read_object
from adapters.connectors.signatures import LONGEST_DELIVERY, any_same, digest, verify_standard
from core.errors import Forged, MalformedStatement

UNKNOWN = "Plaudit counts nothing in this kind of event"

HANDLERS: Mapping[str, Handler] = {
    "push": code.push,
    "merge_request.open": code.opened,
    "merge_request.merge": code.merged,
    "merge_request.approval": code.approved,
    "merge_request.approved": code.approved,
    "note.create": code.noted,
    "issue.open": project.issue_opened,
    "issue.close": project.issue_closed,
    "issue.reopen": project.issue_reopened,
    "work_item.close": project.issue_closed,
    "release.create": project.released,
    "pipeline": project.pipeline_changed,
    "deployment": project.deployment_changed,
}

IGNORED: Mapping[str, str] = {
    "merge_request": "only opening, approving and merging a merge request count",
    "note": "a remark counts when it is made",
    "issue": "only opening, closing and reopening an issue count",
    "work_item": "of work items only issues and closed incidents count",
    "release": "a release counts when it is made",
    "tag_push": "tags are not counted; releases are",
    "build": "the whole pipeline counts, not each job",
    "wiki_page": "wiki pages are not counted",
    "feature_flag": "feature flags are not counted",
    "emoji": "reactions on GitLab are not counted",
    "milestone": "milestones are not counted",
    "access_token": "tokens that end soon are nothing that somebody did",
}


def verify(incoming: Incoming, secrets: Sequence[str]) -> str:
    """A signing token signs by Standard Webhooks; a secret token is sent as it is. Raises Forged."""
    headers = incoming.headers
    signing = [secret for secret in secrets if secret.startswith("whsec_")]
    if "webhook-signature" in headers and signing:
        return verify_standard(headers, incoming.body, signing, incoming.now)
    if "x-gitlab-token" not in headers:
        raise Forged("send the header X-Gitlab-Token, or sign with the signing token of the webhook")
    if not any_same(headers["x-gitlab-token"], secrets):
        raise Forged("X-Gitlab-Token does not match; is the same secret set on both sides?")
    delivery = headers.get("idempotency-key") or headers.get("x-gitlab-event-uuid", "")
    return delivery[:LONGEST_DELIVERY] or digest(incoming.body)


def normalise(incoming: Incoming) -> Normalised:
    """Raises MalformedStatement."""
    return read(incoming.source, read_object(incoming.body))


def read(source: str, payload: Payload) -> Normalised:
    """What a payload says, however it came. Raises MalformedStatement."""
    kind = _kind(payload)
    handler = HANDLERS.get(kind) or HANDLERS.get(kind.partition(".")[0])
    posted = links.posted(source, kind, payload)
    if handler is None:
        return with_proofs(left_out(kind, IGNORED, UNKNOWN), posted)
    repository = payload.object("project").short_text("path_with_namespace")
    return with_proofs(normalised(handler, Event(payload, Cast(source), repository), kind), posted)


async def reconcile(service: Service, source: str, since: int) -> AsyncIterator[Normalised]:
    """What GitLab could not deliver. The base address is that of the project or group,
    as https://gitlab.com/api/v4/projects/acme%2Fsite. Raises Unreachable."""
    async for payload in missed(service, source, since):
        try:
            yield read(source, payload)
        except MalformedStatement as error:  # one that cannot be read must not hide those after it
            yield Normalised(ignored=(("event", str(error)),))


def _kind(payload: Payload) -> str:
    """`merge_request.open`: the action is in the attributes of the object, or beside it. Group events have a name."""
    kind = payload.short_text("object_kind") if payload.has("object_kind") else payload.short_text("event_name")
    told = payload.at("object_attributes")
    told = told if isinstance(told.data, dict) else payload
    action = told.label("action")
    if kind == "note" and not told.has("action"):
        action = "create"  # before GitLab 16.11 comments had no action, and were told only when made
    return f"{kind}.{action}" if action else kind
