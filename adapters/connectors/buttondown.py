"""Buttondown: who subscribed, answered a newsletter, or followed one of its links.

Its messages name the subscriber by id and have no time: what has none of its own is dated by its arrival.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial
from urllib.parse import urlsplit

from adapters.connectors.connector import Incoming, Normalised, Service
from adapters.connectors.findings import left_out, say, tried
from adapters.connectors.payload import Payload, read_object
from adapters.connectors.signatures import digest, verify_hex
from core.events import WITHDRAW

IGNORED: Mapping[str, str] = {
    "subscriber.created": "it counts when the subscription is confirmed, which Buttondown tells next",
    "subscriber.opened": "mail programs open newsletters that nobody reads",
    "subscriber.updated": "a changed profile says nothing about what somebody did",
    "subscriber.delivered": "the newsletter arrived; nobody has read it yet",
    "subscriber.deleted": "who is deleted was subscribed; leaving is told apart",
    **dict.fromkeys(("email.created", "email.sent"), "the newsletter was sent; nobody has read it yet"),
}
HEADER = "x-buttondown-signature"
_LONGEST_LINK = 100
_MOST_PAGES = 200
_CONFIRMED = frozenset({"regular", "premium", "gifted", "trialed"})
_LEFT = "unsubscribed"


def verify(incoming: Incoming, secrets: Sequence[str]) -> str:
    """`sha256=` and the HMAC-SHA256 of the body in hexadecimal digits. The scheme has no time. Raises Forged."""
    verify_hex("X-Buttondown-Signature", incoming.headers.get(HEADER, ""), incoming.body, secrets)
    return digest(incoming.body)


def normalise(incoming: Incoming) -> Normalised:
    """Raises MalformedStatement."""
    body = read_object(incoming.body)
    kind, data, source = body.text("event_type"), body.object("data"), incoming.source
    exact = body.maybe_text("creation_date") is not None
    at = body.time("creation_date") if exact else incoming.now
    facts = {} if exact else {"at_is_approximate": True}
    match kind:
        case "subscriber.confirmed":
            return _subscribed(source, _subscriber(data), at, facts)
        case "subscriber.unsubscribed":
            return _unsubscribed(source, _subscriber(data), at)
        case "subscriber.replied":
            return _replied(source, data, at, facts)
        case "subscriber.clicked":
            return _clicked(source, _subscriber(data), _issue(data.maybe_text("email")), data.text("url"), at, facts)
    return left_out(kind, IGNORED)


async def reconcile(service: Service, source: str, since: int) -> AsyncIterator[Normalised]:
    """Who subscribed since then, and who followed links; the API does not say that it lists answers. Raises
    Unreachable."""
    async for one in _newest(service, since, "subscribers"):
        yield tried("subscriber", partial(_listed, source, one))
    async for one in _newest(service, since, "events", event_type="clicked"):
        yield tried("event", partial(_followed, source, one))


async def _newest(service: Service, since: int, path: str, **only: str) -> AsyncIterator[Payload]:
    """Newest first, as far back as that."""
    for page in range(1, _MOST_PAGES):
        found = Payload(await service.get(path, ordering="-creation_date", page=str(page), **only))
        for one in found.records("results"):
            if one.time("creation_date") < since:
                return
            yield one
        if not found.has("next"):
            return


def _subscriber(data: Payload) -> str:
    """Its id: older messages have it as it is, newer ones inside an object."""
    return data.text("subscriber.id" if isinstance(data.look("subscriber"), dict) else "subscriber")


def _issue(issue: str | None) -> str:
    """The id of the newsletter's issue; an address of somebody is none."""
    return issue if issue is not None and "@" not in issue else "any"


def _subscribed(source: str, who: str, at: int, facts: Mapping[str, object]) -> Normalised:
    id_ = f"subscription:{who}"
    return Normalised((say(source, id_, "newsletter.subscribed", at, actor=f"{source}/{who}", facts=facts),))


def _unsubscribed(source: str, who: str, at: int) -> Normalised:
    id_ = f"subscription:{who}"
    return Normalised((say(source, id_, "newsletter.subscribed", at, op=WITHDRAW, reason="unsubscribed"),))


def _replied(source: str, data: Payload, at: int, facts: Mapping[str, object]) -> Normalised:
    """One answer to each newsletter counts: the message does not tell a second one from a repetition."""
    who, issue = _subscriber(data), _issue(data.maybe_text("email"))
    said = {**facts, "newsletter": issue}
    return Normalised(
        (say(source, f"reply:{who}/{issue}", "newsletter.replied", at, actor=f"{source}/{who}", facts=said),)
    )


def _clicked(source: str, who: str, issue: str, url: str, at: int, facts: Mapping[str, object]) -> Normalised:
    """Each link of a newsletter once for each subscriber. What follows `?` may name the person, and is not kept."""
    link = _bare(url)
    place = hashlib.sha256(link.encode(errors="replace")).hexdigest()[:16]
    said = {**facts, "newsletter": issue, "link": link if len(link) <= _LONGEST_LINK else None}
    return Normalised(
        (say(source, f"click:{who}/{issue}/{place}", "link.visited", at, actor=f"{source}/{who}", facts=said),)
    )


def _bare(link: str) -> str:
    try:
        address = urlsplit(link)
    except ValueError:  # brackets that hold no address
        return link.partition("?")[0]
    return f"{address.scheme}://{address.netloc.rpartition('@')[2]}{address.path}"


def _followed(source: str, one: Payload) -> Normalised:
    """A click as the API lists it, with its exact time. Buttondown's pages do not promise that it names the link."""
    url = one.maybe_text("metadata.url")
    if url is None:
        return Normalised(ignored=(("event", "the API does not name the link that was followed"),))
    who, issue = one.text("subscriber_id"), _issue(one.maybe_text("email_id"))
    return _clicked(source, who, issue, url, one.time("creation_date"), {})


def _listed(source: str, one: Payload) -> Normalised:
    """A subscriber as the API lists them; the time of a subscription is exact here."""
    who, state, at = one.text("id"), one.maybe_text("type"), one.time("creation_date")
    if state in _CONFIRMED:
        return _subscribed(source, who, at, {})
    if state == _LEFT and one.maybe_text("unsubscription_date") is not None:
        said, left = _subscribed(source, who, at, {}), _unsubscribed(source, who, one.time("unsubscription_date"))
        return Normalised(said.statements + left.statements)
    return Normalised()
