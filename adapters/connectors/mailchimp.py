"""Mailchimp's audience webhooks: who subscribed, and who did not want to any longer. They come as a form, not as JSON.

Mailchimp signs only webhooks that were made with its API; for the others the secret stands in the address.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial
from urllib.parse import parse_qs, parse_qsl, urlsplit

from adapters.connectors.connector import Incoming, Normalised, Service
from adapters.connectors.findings import left_out, person, say, tried
from adapters.connectors.payload import SECOND, Payload
from adapters.connectors.people import email_account
from adapters.connectors.signatures import any_same, check_time, digest
from core.errors import Forged, MalformedStatement
from core.events import WITHDRAW
from core.times import write_time

HEADER = "x-mailchimp-signature"
PARAMETER = "secret"
IGNORED: Mapping[str, str] = {
    "profile": "a changed profile says nothing about what somebody did",
    "upemail": "the subscription goes on under another address",
    "cleaned": "the address does not work any more; its owner did nothing",
    "campaign": "the newsletter was sent; nobody has read it yet",
    "probe": "an empty request asks whether anybody is here",
}
_SUBSCRIBED = "newsletter.subscribed"
_MOST_FIELDS = 500
_PAGE = 200
_MOST_PAGES = 200
_FIELDS = "members.unique_email_id,members.email_address,members.status,members.timestamp_opt,members.last_changed"
_NAMES = "members.merge_fields.FNAME,members.merge_fields.LNAME,total_items"

Form = Mapping[str, str]


def verify(incoming: Incoming, secrets: Sequence[str]) -> str:
    """The signature where there is one, else the secret in the address. Raises Forged."""
    if HEADER in incoming.headers:
        _verify_signature(incoming, secrets)
    else:
        offered = parse_qs(urlsplit(incoming.url).query).get(PARAMETER, [""])
        if not any_same(offered[0], secrets):
            raise Forged(f"the address that Mailchimp was given does not end in ?{PARAMETER}= and the secret")
    return digest(incoming.body)


def normalise(incoming: Incoming) -> Normalised:
    """Raises MalformedStatement."""
    form = _read(incoming.body)
    kind = form.get("type", "") if form else "probe"
    if kind not in ("subscribe", "unsubscribe"):
        return left_out(kind or "without type", IGNORED)
    at, list_, who = _time(form), _field(form, "data[list_id]"), _field(form, "data[id]")
    named = (form.get("data[merges][FNAME]"), form.get("data[merges][LNAME]"))
    return _changed(incoming.source, list_, who, _field(form, "data[email]"), at, kind == "subscribe", named)


async def reconcile(service: Service, source: str, since: int) -> AsyncIterator[Normalised]:
    """Members of every audience who changed since then. Raises Unreachable."""
    lists = Payload(await service.get("lists", fields="lists.id", count="1000"))
    for list_ in (one.text("id") for one in lists.records("lists")):
        async for member in _members(service, list_, since):
            yield tried("member", partial(_member, source, list_, member))


def _verify_signature(incoming: Incoming, secrets: Sequence[str]) -> None:
    """`t=` seconds, then `v1=` the HMAC-SHA256 of time, dot and body; several `v1` while a secret is changed."""
    said = [one.strip().partition("=") for one in incoming.headers[HEADER].split(",")[:20]]
    time = next((value for name, _, value in said if name == "t"), "")
    check_time(time, incoming.now, "the time in X-Mailchimp-Signature")
    signed = time.encode() + b"." + incoming.body
    expected = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    if not any([any_same(value, expected) for name, _, value in said if name == "v1"]):  # noqa: C419 - compare every one
        raise Forged("X-Mailchimp-Signature does not match; is the same secret set on both sides?")


def _changed(
    source: str, list_: str, who: str, address: str, at: int, subscribed: bool, named: tuple[object, object]
) -> Normalised:
    """`who`: the id that Mailchimp gives the address. The address itself is only the account."""
    account = email_account(address)
    if account is None:
        raise MalformedStatement("data[email]: is no e-mail address; send it as Mailchimp documents it")
    id_ = f"subscription:{list_}/{who}"
    if not subscribed:
        return Normalised((say(source, id_, _SUBSCRIBED, at, op=WITHDRAW, reason="unsubscribed"),))
    name = " ".join(part.strip() for part in named if isinstance(part, str) and part.strip())
    people = (person(account, name),) if name else ()
    return Normalised((say(source, id_, _SUBSCRIBED, at, actor=account, facts={"newsletter": list_}),), people)


def _member(source: str, list_: str, member: Payload) -> Normalised:
    """One member of an audience, as the API lists them."""
    status = member.text("status")
    if status not in ("subscribed", "unsubscribed"):
        return Normalised()
    subscribed = status == "subscribed"
    at = member.time("timestamp_opt" if subscribed and member.maybe_text("timestamp_opt") else "last_changed")
    named = (member.look("merge_fields.FNAME"), member.look("merge_fields.LNAME"))
    return _changed(source, list_, member.text("unique_email_id"), member.text("email_address"), at, subscribed, named)


async def _members(service: Service, list_: str, since: int) -> AsyncIterator[Payload]:
    for page in range(_MOST_PAGES):
        asked = {
            "since_last_changed": write_time(since - since % SECOND),
            "fields": f"{_FIELDS},{_NAMES}",
            "count": str(_PAGE),
            "offset": str(page * _PAGE),
        }
        found = Payload(await service.get(f"lists/{list_}/members", **asked))
        for member in found.records("members"):
            yield member
        if (page + 1) * _PAGE >= (found.amount("total_items") or 0):
            return


def _read(body: bytes) -> Form:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"))
    except ValueError:  # no UTF-8, or more fields than a form has
        raise MalformedStatement("the body is no form; Mailchimp sends application/x-www-form-urlencoded") from None


def _field(form: Form, name: str) -> str:
    value = form.get(name, "")
    if not 0 < len(value) <= 300:
        raise MalformedStatement(f"{name}: is {'too long' if value else 'missing'}; send it as Mailchimp documents it")
    return value


def _time(form: Form) -> int:
    """Mailchimp writes UTC without saying so."""
    written = _field(form, "fired_at").replace(" ", "T")
    return Payload({"fired_at": f"{written}Z"}).time("fired_at")
