"""Zendesk: tickets resolved, reopened and escalated, from event webhooks and from triggers with our small template."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

from adapters.connectors.connector import Incoming, Normalised, Service
from adapters.connectors.findings import left_out, person, say, tried
from adapters.connectors.payload import SECOND, Payload, read_object
from adapters.connectors.signatures import WINDOW, any_same, base64_hmac, digest
from core.errors import Forged, MalformedStatement
from core.times import read_time

_EVENT = "zen:event-type:"
_STATUS, _PRIORITY = "ticket.status_changed", "ticket.priority_changed"
_MOVES = "who has a ticket, and where it lies, says nothing about a result"
IGNORED: Mapping[str, str] = {
    "ticket.created": "a new ticket is nobody's achievement; it counts when it is resolved",
    "ticket.comment_added": "a comment says nothing about a result",
    **dict.fromkeys(("ticket.agent_assignment_changed", "ticket.group_assignment_changed"), _MOVES),
    **dict.fromkeys(("ticket.tags_changed", "ticket.subject_changed", "ticket.custom_field_changed"), _MOVES),
}
_SAME_STATUS = "the change neither resolves nor reopens the ticket"
_NOT_RAISED = "the priority was not raised to high or urgent"
_SOLVED = frozenset({"solved", "closed"})
_WORKED_ON = frozenset({"new", "open", "pending", "hold"})
_RANKS = ("low", "normal", "high", "urgent")
_SYSTEM = "-1"  # how Zendesk names its own automations
_MOST_TICKETS = 100  # that one request may ask for
_PAGE = "200"


def verify(incoming: Incoming, secrets: Sequence[str]) -> str:
    """The invocation id, the same at each of Zendesk's attempts. Raises Forged."""
    header = incoming.headers.get
    sent, offered = header("x-zendesk-webhook-signature-timestamp", ""), header("x-zendesk-webhook-signature", "")
    if not sent or not offered:
        raise Forged("send X-Zendesk-Webhook-Signature and X-Zendesk-Webhook-Signature-Timestamp")
    _check_time(sent, incoming.now)
    if not any_same(offered, (base64_hmac(secret, sent.encode() + incoming.body) for secret in secrets)):
        raise Forged("X-Zendesk-Webhook-Signature does not match; is it the webhook's own signing secret?")
    return header("x-zendesk-webhook-invocation-id", "")[:200] or digest(incoming.body)


def _check_time(sent: str, now: int) -> None:
    try:
        at = read_time(sent)
    except ValueError as error:
        raise Forged(f"X-Zendesk-Webhook-Signature-Timestamp {error}") from None
    if abs(at - now) > WINDOW * SECOND:
        raise Forged("X-Zendesk-Webhook-Signature-Timestamp is more than five minutes off; sign each attempt anew")


def normalise(incoming: Incoming) -> Normalised:
    """Raises MalformedStatement."""
    data = read_object(incoming.body)
    if "event" in data and "type" not in data:
        return _from_trigger(incoming.source, data)
    kind = data.text("type").removeprefix(_EVENT)
    if kind not in (_STATUS, _PRIORITY):
        return left_out(kind, IGNORED)
    happened = _happened(kind, data.text("event.previous"), data.text("event.current"))
    if happened is None:
        return Normalised(ignored=((kind, _SAME_STATUS if kind == _STATUS else _NOT_RAISED),))
    by = data.maybe_text("detail.actor_id")
    return _told(incoming.source, happened, data.text("detail.id"), data.time("time"), by, data.object("detail"))


def _happened(kind: str, before: str, after: str) -> str | None:
    """The type of fact that a change of status or priority makes, if any."""
    before, after = before.lower(), after.lower()
    if kind == _PRIORITY:
        ranks = [_RANKS.index(p) if p in _RANKS else -1 for p in (before, after)]
        return "ticket.escalated" if ranks[1] > max(ranks[0], 1) else None
    if after in _SOLVED and before in _WORKED_ON:
        return "ticket.resolved"
    return "ticket.reopened" if before in _SOLVED and after in _WORKED_ON else None


def _told(source: str, type_: str, ticket: str, at: int, by: str | None, detail: Payload) -> Normalised:
    """`by`: the id of whoever made the change. `detail`: what is known of the ticket, in Zendesk's names."""
    at -= at % SECOND  # an event has nanoseconds, the export of missed ones whole seconds
    agent, requester = detail.maybe_text("assignee_id"), detail.maybe_text("requester_id")
    said = say(
        source,
        f"ticket:{ticket}:{type_.partition('.')[2]}:{_minute(at)}",
        type_,
        at,
        actor=_account(source, _credited(type_, by, agent, requester)),
        author=_account(source, requester),
        participants=tuple(a for a in [_account(source, agent)] if a),
        facts={"ticket": ticket, "age": _age(detail, at), "reopens": detail.amount("reopens")},
    )
    return Normalised((said,))


def _credited(type_: str, by: str | None, agent: str | None, requester: str | None) -> str | None:
    """Who did it. A ticket that its requester or an automation set to solved was resolved by the agent who had it."""
    unhelped = by in (None, _SYSTEM) or (type_ == "ticket.resolved" and by == requester)
    return agent if unhelped and type_ == "ticket.resolved" else by


def _minute(at: int) -> str:
    """Part of the identity: webhook, trigger and export agree on the minute only."""
    return datetime.fromtimestamp(at // SECOND, UTC).strftime("%Y-%m-%dT%H:%MZ")


def _age(detail: Payload, at: int) -> int | None:
    """Whole seconds since the ticket was opened."""
    if not detail.has("created_at"):
        return None
    return max(0, at - detail.time("created_at")) // SECOND


def _account(source: str, user: str | None) -> str | None:
    return f"{source}/{user}" if user not in (None, "", _SYSTEM) else None


_TRIGGERS: Mapping[str, str] = {
    "resolved": "ticket.resolved",
    "reopened": "ticket.reopened",
    "escalated": "ticket.escalated",
}


def _from_trigger(source: str, data: Payload) -> Normalised:
    """The template of docs/how-to/connect-zendesk.md."""
    type_ = _TRIGGERS.get(data.text("event"))
    if type_ is None:
        raise MalformedStatement('event: is unknown; write "resolved", "reopened" or "escalated" in the template')
    known = {
        "created_at": data.maybe_text("opened"),
        "assignee_id": data.maybe_text("assignee"),
        "requester_id": data.maybe_text("requester"),
        "reopens": data.look("reopens"),
    }
    by = data.maybe_text("by")
    told = _told(source, type_, data.text("ticket"), data.time("at"), by, Payload(known))
    account = _account(source, by)
    named = (person(account, data.look("by_name")),) if account else ()
    return Normalised(told.statements, named)


async def reconcile(service: Service, source: str, since: int) -> AsyncIterator[Normalised]:
    """Changes of status and priority since then, from the export of ticket events. Raises Unreachable."""
    start = since // SECOND
    while True:
        asked = {"start_time": str(start), "per_page": _PAGE}
        page = Payload(await service.get("api/v2/incremental/ticket_events.json", **asked))
        changes = [change for event in page.records("ticket_events") for change in _changes(event)]
        tickets = await _tickets(service, sorted({ticket for _, ticket, _ in changes}))
        for type_, ticket, event in changes:
            yield tried(
                "ticket_event", partial(_missed, source, type_, ticket, event, tickets.get(ticket, Payload({})))
            )
        end = page.counted("end_time", 1) if page.has("end_time") else start
        if page.look("end_of_stream") is not False or end <= start:
            return
        start = end


def _changes(event: Payload) -> Iterator[tuple[str, str, Payload]]:
    """(type of fact, ticket, the event) for each change in an entry of the export that says something."""
    ticket = event.maybe_text("ticket_id")
    for child in event.each("child_events") if ticket else ():
        for kind, field in ((_STATUS, "status"), (_PRIORITY, "priority")):
            before, after = child.maybe_text("previous_value"), child.maybe_text(field)
            type_ = _happened(kind, before, after) if before and after else None
            if type_ is not None and ticket is not None:
                yield type_, ticket, event


async def _tickets(service: Service, ids: Sequence[str]) -> dict[str, Payload]:
    found: dict[str, Payload] = {}
    for n in range(0, len(ids), _MOST_TICKETS):
        page = Payload(await service.get("api/v2/tickets/show_many.json", ids=",".join(ids[n : n + _MOST_TICKETS])))
        found |= {ticket.text("id"): ticket for ticket in page.records("tickets")}
    return found


def _missed(source: str, type_: str, ticket: str, event: Payload, detail: Payload) -> Normalised:
    known = {name: detail.look(name) for name in ("created_at", "assignee_id", "requester_id")}
    at = event.counted("timestamp", SECOND) if event.has("timestamp") else event.time("created_at")
    return _told(source, type_, ticket, at, event.maybe_text("updater_id"), Payload(known))
