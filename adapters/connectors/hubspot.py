"""HubSpot: deals won and contacts kept up to date, from batches of subscription events."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import unquote

from adapters.connectors.connector import Incoming, Normalised, Service
from adapters.connectors.findings import left_out, person, say, together, tried
from adapters.connectors.payload import SECOND, Payload, as_object, decode_body
from adapters.connectors.signatures import WINDOW, any_same, base64_hmac, digest
from core.errors import Forged
from core.events import WITHDRAW, Statement, Value
from core.ports import Person

_MILLISECOND = 1_000
_GONE = "what was done stays done when a record is deleted"
_UNKEPT = "a record that is new, merged or restored says nothing about a result"
IGNORED: Mapping[str, str] = {
    **dict.fromkeys(("contact.deletion", "contact.privacyDeletion", "deal.deletion"), _GONE),
    **dict.fromkeys(("deal.creation", "deal.merge", "deal.restore", "contact.merge", "contact.restore"), _UNKEPT),
}
_OTHER_FIELD = "the change neither wins nor loses the deal"
_NOBODY = "no person made the change"
_PAGE = 50  # records whose history one request may ask for


def verify(incoming: Incoming, secrets: Sequence[str]) -> str:
    """A digest of the body: a batch has no id of its own. Raises Forged."""
    sent, offered = (incoming.headers.get(f"x-hubspot-{name}", "") for name in ("request-timestamp", "signature-v3"))
    if not sent or not offered:
        raise Forged("send X-HubSpot-Signature-v3 and X-HubSpot-Request-Timestamp")
    if not (sent.isascii() and sent.isdigit() and len(sent) <= 14):
        raise Forged("X-HubSpot-Request-Timestamp must be whole milliseconds since 1970")
    if abs(int(sent) * _MILLISECOND - incoming.now) > WINDOW * SECOND:
        raise Forged("X-HubSpot-Request-Timestamp is more than five minutes off; sign each attempt anew")
    urls = (_decoded(incoming.url), incoming.url)  # HubSpot's page says the first, its own libraries do the second
    signed = [b"".join((incoming.method.encode(), url.encode(), incoming.body, sent.encode())) for url in urls]
    if not any_same(offered, (base64_hmac(secret, content) for secret in secrets for content in signed)):
        raise Forged("X-HubSpot-Signature-v3 does not match; is PLAUDIT_PUBLIC_URL the address that HubSpot was given?")
    return digest(incoming.body)


_DECODED = re.compile(r"%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)


def _decoded(url: str) -> str:
    """Some characters of the address count as if they were written plainly; `%20` and others do not."""
    return _DECODED.sub(lambda found: unquote(found[0]), url)


def normalise(incoming: Incoming) -> Normalised:
    """Raises MalformedStatement."""
    found = decode_body(incoming.body)
    listed = found if isinstance(found, list) else [found]
    events = [as_object(event, f"event {n} of {len(listed)}") for n, event in enumerate(listed, 1)]
    amounts = {e.text("objectId"): e.amount("propertyValue") for e in events if _is(e, "deal", "amount")}
    return together(
        [*(_deal_or_other(incoming.source, e, amounts) for e in events), _contacts(incoming.source, events)]
    )


_RECORDS: Mapping[str, str] = {"0-1": "contact", "0-3": "deal"}
_CONTACTS = ("contact.creation", "contact.propertyChange")


def _kind(event: Payload) -> str:
    """`deal.propertyChange`; newer apps say `object.propertyChange` and the number of the kind of record."""
    kind = event.text("subscriptionType")
    record, dot, what = kind.partition(".")
    named = _RECORDS.get(event.maybe_text("objectTypeId") or "")
    return f"{named}{dot}{what}" if record == "object" and named else kind


def _is(event: Payload, record: str, field: str) -> bool:
    return _kind(event) == f"{record}.propertyChange" and event.look("propertyName") == field


def _deal_or_other(source: str, event: Payload, amounts: Mapping[str, Value | None]) -> Normalised:
    kind = _kind(event)
    if kind in _CONTACTS:
        return Normalised()
    if kind != "deal.propertyChange":
        return left_out(kind, IGNORED)
    won = _STAGES.get(event.maybe_text("propertyValue") or "") if _is(event, "deal", "dealstage") else None
    if won is None:
        return Normalised(ignored=((kind, _OTHER_FIELD),))
    deal, at = event.text("objectId"), event.counted("occurredAt", _MILLISECOND)
    return Normalised((_closed(source, deal, at, _user(source, event), won, amounts.get(deal)),))


_STAGES: Mapping[str, bool] = {"closedwon": True, "closedlost": False}
"""Whether a stage wins the deal or loses it. Stages of other pipelines have numbers for names, which only HubSpot's
API explains: `reconcile` asks it."""


def _closed(
    source: str, deal: str, at: int, by: str | None, won: bool, sum_: Value | None, owner: Person | None = None
) -> Statement:
    """A deal is won once: one that is taken back and won again is the same fact."""
    id_ = f"deal:{deal}:won"
    if not won:
        return say(source, id_, "deal.closed", at, op=WITHDRAW, reason="no longer won")
    owned_by = (owner.account,) if owner else ()
    actor = by or next(iter(owned_by), None)
    return say(source, id_, "deal.closed", at, actor=actor, participants=owned_by, facts={"deal": deal, "amount": sum_})


def _user(source: str, event: Payload) -> str | None:
    """The account of the person who made the change; what forms, imports and workflows do has none."""
    name, _, user = (event.maybe_text("sourceId") or "").partition(":")
    return f"{source}/{user}" if name == "userId" and user else None


def _contacts(source: str, events: Iterable[Payload]) -> Normalised:
    """One fact for everything that somebody saved on a contact at one moment."""
    saved: dict[tuple[str, int, str], set[str]] = {}
    nobody = 0
    for event in (e for e in events if _kind(e) in _CONTACTS):
        user = _user(source, event)
        if user is None:
            nobody += 1
            continue
        key = (event.text("objectId"), event.counted("occurredAt", _MILLISECOND), user)
        saved.setdefault(key, set()).add(event.maybe_text("propertyName") or "")
    statements = (_updated(source, *key, fields - {""}) for key, fields in saved.items())
    return Normalised(tuple(statements), ignored=(("contact", _NOBODY),) * bool(nobody))


def _updated(source: str, contact: str, at: int, user: str, fields: set[str]) -> Statement:
    facts = {"contact": contact, "fields": tuple(sorted(fields)), "new": None if fields else True}
    return say(source, f"contact:{contact}:{at // _MILLISECOND}", "contact.updated", at, actor=user, facts=facts)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a HubSpot account calls things: `won` stages, and who the owners are, by their id."""

    won: frozenset[str]
    owners: Mapping[str, Person]


async def reconcile(service: Service, source: str, since: int) -> AsyncIterator[Normalised]:
    """Deals that were changed since then, with the history of their stage. Contacts are not asked for: nothing tells
    which of their properties the webhooks are subscribed to. Raises Unreachable."""
    desk = Desk(await _won_stages(service), await _owners(service, source))
    after: str | None = "0"
    while after is not None:
        page = Payload(await service.post("crm/v3/objects/deals/search", _search(since, after)))
        ids = [{"id": deal.text("id")} for deal in page.records("results")]
        for deal in await _histories(service, ids):
            yield tried("deal", partial(_from_history, source, desk, deal, since))
        after = page.maybe_text("paging.next.after")


async def _won_stages(service: Service) -> frozenset[str]:
    answer = Payload(await service.get("crm/v3/pipelines/deals"))
    stages = [stage for pipeline in answer.objects("results") for stage in pipeline.objects("stages")]
    return frozenset(s.text("id") for s in stages if s.amount("metadata.probability") == 1)


async def _owners(service: Service, source: str) -> Mapping[str, Person]:
    found: dict[str, Person] = {}
    after: str | None = "0"
    while after is not None:
        page = Payload(await service.get("crm/v3/owners", limit="500", after=after))
        for owner in page.records("results"):
            if user := owner.maybe_text("userId"):
                name = " ".join(filter(None, (owner.maybe_text("firstName"), owner.maybe_text("lastName"))))
                found[owner.text("id")] = person(f"{source}/{user}", name)
        after = page.maybe_text("paging.next.after")
    return found


def _search(since: int, after: str) -> dict[str, object]:
    changed = {"propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": str(since // _MILLISECOND)}
    return {
        "filterGroups": [{"filters": [changed]}],
        "sorts": [{"propertyName": "hs_lastmodifieddate", "direction": "ASCENDING"}],
        "properties": ["dealstage"],
        "limit": _PAGE,
        "after": after,
    }


async def _histories(service: Service, ids: Sequence[Mapping[str, str]]) -> list[Payload]:
    if not ids:
        return []
    properties = ["amount", "hs_lastmodifieddate", "hubspot_owner_id"]
    asked = {"inputs": list(ids), "properties": properties, "propertiesWithHistory": ["dealstage"]}
    return Payload(await service.post("crm/v3/objects/deals/batch/read", asked)).records("results")


def _from_history(source: str, desk: Desk, deal: Payload, since: int) -> Normalised:
    """What the webhooks said, and then amount and owner as they are now, as an edit of the fact."""
    id_ = deal.text("id")
    turns = _turns(source, desk, deal)
    said = [_closed(source, id_, at, user, won, None) for at, user, won in turns if at >= since]
    owner = desk.owners.get(deal.maybe_text("properties.hubspot_owner_id") or "")
    if turns and turns[-1][2]:
        at, user, _ = turns[-1]
        edited = max(deal.time("properties.hs_lastmodifieddate"), at + _MILLISECOND)
        said.append(_closed(source, id_, edited, user, True, deal.amount("properties.amount"), owner))
    return Normalised(tuple(said), (owner,) if owner else ())


def _turns(source: str, desk: Desk, deal: Payload) -> list[tuple[int, str | None, bool]]:
    """(when, by whom, whether won) for each change that wins the deal, or takes that back."""
    stages = deal.objects("propertiesWithHistory.dealstage")
    entries = [(entry.time("timestamp"), entry.text("value"), _user(source, entry)) for entry in stages]
    turns: list[tuple[int, str | None, bool]] = []
    for at, stage, user in sorted(entries, key=lambda entry: entry[:2]):
        won = stage in desk.won
        if won != (bool(turns) and turns[-1][2]):
            turns.append((at, user, won))
    return turns
