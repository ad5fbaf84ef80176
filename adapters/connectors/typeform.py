"""Typeform: answers as they are submitted. Choices, numbers, yes or no and dates are kept; what people write is not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial

from adapters.connectors.connector import Incoming, Normalised, Service
from adapters.connectors.findings import fact_value, left_out, say, tried
from adapters.connectors.payload import SECOND, Payload, read_object
from adapters.connectors.people import email_account
from adapters.connectors.signatures import any_same, base64_hmac, digest
from core.errors import Forged
from core.events import Account
from core.times import write_time

IGNORED: Mapping[str, str] = {"form_response_partial": "the form is not submitted yet"}
HEADER = "typeform-signature"
LATE = 3600 * SECOND  # the answers of the last half hour may be missing in what the API lists
_SUBMITTED = "form_response"
_PAGE = 100  # answers; more may be larger than what is read
_MOST_PAGES = 100


def verify(incoming: Incoming, secrets: Sequence[str]) -> str:
    """`sha256=` and the HMAC-SHA256 of the body in base64. The scheme has no time. Raises Forged."""
    offered = incoming.headers.get(HEADER, "")
    if not any_same(offered, (f"sha256={base64_hmac(secret, incoming.body)}" for secret in secrets)):
        raise Forged("Typeform-Signature does not match; is the same secret set on both sides?")
    return digest(incoming.body)


def normalise(incoming: Incoming) -> Normalised:
    """Raises MalformedStatement."""
    body = read_object(incoming.body)
    kind = body.text("event_type")
    if kind != _SUBMITTED:
        return left_out(kind, IGNORED)
    return _submitted(incoming.source, body.text("form_response.form_id"), body.object("form_response"))


async def reconcile(service: Service, source: str, since: int) -> AsyncIterator[Normalised]:
    """The answers to every form of the account since then. Raises Unreachable."""
    start = max(since - LATE, 0)
    async for form in _forms(service):
        async for answer in _answers(service, form, start):
            yield tried(_SUBMITTED, partial(_submitted, source, form, answer))


def _submitted(source: str, form: str, response: Payload) -> Normalised:
    """One response, as the webhook and the API write it alike."""
    hidden, given = response.at("hidden"), response.maybe_objects("answers")
    facts: dict[str, object] = dict(_hidden(hidden.data))
    for answer in given:
        facts.update(_answer(answer))
    facts |= {"form": form, "score": response.amount("calculated.score")}
    id_ = f"response:{form}/{response.text('token')}"
    actor = _who(given, hidden)
    return Normalised((say(source, id_, "form.submitted", response.time("submitted_at"), actor=actor, facts=facts),))


def _who(answers: Sequence[Payload], hidden: Payload) -> Account | None:
    """The first address that was asked for; else the one that the link to the form brought along."""
    asked = (email_account(answer.look("email")) for answer in answers if answer.look("type") == "email")
    return next((account for account in asked if account), None) or email_account(hidden.look("email"))


def _hidden(hidden: object) -> Iterator[tuple[str, object]]:
    """What the link to the form brought along, as utm_source. Addresses of people are no facts."""
    for name, value in hidden.items() if isinstance(hidden, Mapping) else ():
        if isinstance(value, str | int | Decimal) and not email_account(value) and fact_value(value)[1] is None:
            yield str(name), value


def _answer(answer: Payload) -> Iterator[tuple[str, object]]:
    """`answer_` and the question's reference: what was chosen or counted, nothing that was written."""
    name = answer.maybe_text("field.ref") or answer.maybe_text("field.id")
    value = _chosen(answer)
    if name is not None and value is not None and fact_value(value)[1] is None:
        yield f"answer_{name}"[:100], value


def _chosen(answer: Payload) -> object:
    match answer.look("type"):
        case "choice":
            return answer.maybe_text("choice.label")
        case "choices":
            labels = answer.look("choices.labels")
            return labels if isinstance(labels, list) and labels else None
        case "number":
            return answer.amount("number")
        case "boolean":
            said = answer.look("boolean")
            return said if isinstance(said, bool) else None
        case "date":
            return answer.maybe_text("date")
        case "payment":
            return answer.amount("payment.amount")
    return None


async def _forms(service: Service) -> AsyncIterator[str]:
    for page in range(1, _MOST_PAGES):
        found = Payload(await service.get("forms", page=str(page), page_size="200"))
        for form in found.records("items"):
            yield form.text("id")
        if page >= (found.amount("page_count") or 0):
            return


async def _answers(service: Service, form: str, start: int) -> AsyncIterator[Payload]:
    """Oldest first. The next page begins at the second of the last answer: what it repeats still counts once."""
    for _ in range(_MOST_PAGES):
        since = write_time(start - start % SECOND).removesuffix("Z")
        asked = {"since": since, "page_size": str(_PAGE), "sort": "submitted_at,asc"}
        items = Payload(await service.get(f"forms/{form}/responses", **asked)).records("items")
        for item in items:
            yield item
        last = items[-1].time("submitted_at") if items else start
        if len(items) < _PAGE or last <= start:
            return
        start = last
