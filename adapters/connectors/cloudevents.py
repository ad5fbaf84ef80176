"""CloudEvents 1.0 over HTTP (https://cloudevents.io): structured, batched and binary, from any source.

`type` is our type where we know it; else the book's `[connectors]` table of the source says what it means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import unquote

from adapters.connectors.connector import Incoming, Normalised
from adapters.connectors.findings import fact_value, say, together
from adapters.connectors.mapping import map_item
from adapters.connectors.payload import Payload, decode_body
from adapters.connectors.people import email_account
from core.catalogue import KNOWN
from core.errors import MalformedStatement
from core.rules.connectors import Mapped
from core.texts import clean

STRUCTURED = "application/cloudevents+json"
BATCHED = "application/cloudevents-batch+json"
_HEADER = "ce-"
_MOST = 1_000
_NO_TYPE = "is no event type of ours; add a [connectors] table for this source to the rule book, or declare the type"

Knows = Callable[[str], bool]


def is_cloudevent(headers: Mapping[str, str]) -> bool:
    """Whether the request says that it carries one, or several."""
    return _media(headers).startswith("application/cloudevents") or f"{_HEADER}specversion" in headers


def normalise(incoming: Incoming, mapped: Mapped | None, knows: Knows = KNOWN.__contains__) -> Normalised:
    """`mapped`: what the book says about this source. `knows`: whether a type is catalogued or declared.

    Raises MalformedStatement, which names the attribute.
    """
    return together(_event(incoming, event, mapped, knows) for event in _events(incoming))


def _events(incoming: Incoming) -> list[Payload]:
    media = _media(incoming.headers)
    if media == STRUCTURED:
        return [_object(decode_body(incoming.body), "the body")]
    if media == BATCHED:
        found = decode_body(incoming.body)
        if not isinstance(found, list) or len(found) > _MOST:
            raise MalformedStatement(f"a batch is a list of at most {_MOST:,} events")
        return [_object(event, f"item {n}") for n, event in enumerate(found, 1)]
    if media.startswith("application/cloudevents"):
        raise MalformedStatement(f"content-type: send {STRUCTURED} or {BATCHED}; other formats are not read")
    return [_binary(incoming)]


def _binary(incoming: Incoming) -> Payload:
    """Attributes are headers, with what is no plain ASCII percent-encoded; the body is the data."""
    attributes: dict[str, object] = {
        name.removeprefix(_HEADER): unquote(value)
        for name, value in incoming.headers.items()
        if name.startswith(_HEADER)
    }
    media = _media(incoming.headers)
    if incoming.body and (media == "" or media == "application/json" or media.endswith("+json")):
        attributes["data"] = decode_body(incoming.body)
    return Payload(attributes)


def _event(incoming: Incoming, event: Payload, mapped: Mapped | None, knows: Knows) -> Normalised:
    if event.look("specversion") != "1.0":
        raise MalformedStatement('specversion: this is read as CloudEvents 1.0; send "1.0"')
    kind = event.text("type")
    identity = f"{event.text('source')}#{event.text('id')}"
    if mapped is not None and not knows(kind):
        return map_item(mapped, incoming.source, event, incoming.now)
    if not knows(kind):
        return Normalised(ignored=((kind[:100], f'"{kind[:100]}" {_NO_TYPE}'),))
    at = event.any_time("time") if "time" in event else incoming.now
    facts, dropped = _facts(event.look("data"))
    statement = say(incoming.source, identity, kind, at, actor=_actor(incoming.source, event), facts=facts)
    return Normalised((statement,), (), dropped)


def _actor(source: str, event: Payload) -> str | None:
    """The subject: an account as it is (`slack:T1/U7`), an e-mail address, or somebody of this source."""
    if "subject" not in event:
        return None
    subject = event.text("subject").strip()
    kind, slash, user = subject.partition("/")
    if ":" in kind and slash and user:
        return subject
    return email_account(subject) or f"{source}/{subject}"


def _facts(data: object) -> tuple[dict[str, object], tuple[tuple[str, str], ...]]:
    facts: dict[str, object] = {}
    dropped = []
    for name, found in data.items() if isinstance(data, Mapping) else ():
        value, why = fact_value(found)
        if why is None:
            facts[name] = value
        elif found is not None:
            shown = clean(str(name))[:100]
            dropped.append((f"facts.{shown}", f'"data.{shown}" {why}'))
    return facts, tuple(dropped)


def _media(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _object(found: object, where: str) -> Payload:
    if not isinstance(found, Mapping):
        raise MalformedStatement(f'{where} is no CloudEvent: an object like {{"specversion": "1.0", …}}')
    return Payload(found)
