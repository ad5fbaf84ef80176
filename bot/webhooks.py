"""`plaudit webhooks`: who is told what, what became of it, and another try. Works beside a running bot."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import orjson

from adapters.outgoing.sender import Sender
from adapters.storage import books, outgoing
from adapters.storage.outgoing import WebhookDelivery
from adapters.storage.proposals import writing
from adapters.storage.reading import reading
from adapters.storage.rulings import book_in_force
from bot.books import read_books
from bot.outgoing import described, endpoint_of
from bot.settings import Settings
from core.catalogue import nearest
from core.errors import ConfigurationError, DeliveryError, PlauditError
from core.outgoing import trial as trial_document
from core.rules.webhooks import Webhook
from core.times import write_time

NONE = "No webhook is set up. [[webhook]] in rules.toml names one; see docs/how-to/outgoing-webhooks.md."


@dataclass(frozen=True, slots=True)
class Shown:
    """One webhook as it stands. `state`: on, no secret, or gone (its address answered 410)."""

    community: str
    webhook: Webhook
    state: str
    counts: Counter[str]
    last_sent: int | None


class NotTaken(PlauditError):
    """A document was not taken; the text says why."""


def look(settings: Settings) -> list[Shown]:
    """Every webhook of the books in force."""
    found: list[Shown] = []
    with reading(settings.database_url) as histories:
        for written in read_books(settings.rules):
            history = histories(written.community.id)
            book, stored = book_in_force(history) or written, books.in_force(history)
            there = outgoing.deliveries(history)
            for webhook in book.webhooks:
                gone = outgoing.is_off(history, webhook.name, stored.revision if stored else None)
                state = "gone" if gone else "on" if settings.out_secrets(webhook.secret_env) else "no secret"
                found.append(_shown(history.community, webhook, state, there))
    return found


def _shown(community: str, webhook: Webhook, state: str, there: Iterable[WebhookDelivery]) -> Shown:
    ours = [d for d in there if d.webhook == webhook.name]
    counts = Counter("waiting" if d.state == "leased" else d.state for d in ours)
    last = max((d.done_at for d in ours if d.state == "sent" and d.done_at is not None), default=None)
    return Shown(community, webhook, state, counts, last)


def list_json(found: Iterable[Shown]) -> str:
    """One JSON object; no secret is in it."""
    rows = [
        {
            "community": s.community,
            "name": s.webhook.name,
            "url": s.webhook.url,
            "events": None if s.webhook.events is None else list(s.webhook.events),
            "achievements": None if s.webhook.achievements is None else list(s.webhook.achievements),
            "secret_env": s.webhook.secret_env,
            "state": s.state,
            **{state: s.counts[state] for state in ("waiting", "sent", "failed")},
            "last_sent": _moment(s.last_sent),
        }
        for s in found
    ]
    return orjson.dumps({"webhooks": rows}, option=orjson.OPT_INDENT_2).decode()


def list_lines(found: Sequence[Shown]) -> Iterator[str]:
    """For people."""
    if not found:
        yield NONE
    for s in found:
        events = ", ".join(s.webhook.events or ("everything",))
        about = f" about {', '.join(s.webhook.achievements)}" if s.webhook.achievements else ""
        yield f"{s.webhook.name} ({s.community}): {_state(s)}"
        yield f"  {s.webhook.url}"
        yield f"  told: {events}{about}"
        last = f"; the last one {_moment(s.last_sent)}" if s.last_sent else ""
        yield f"  {s.counts['sent']} sent, {s.counts['waiting']} waiting, {s.counts['failed']} failed{last}"


def _state(s: Shown) -> str:
    if s.state == "no secret":
        return f"off, {s.webhook.secret_env} is not set"
    return s.state if s.state == "on" else f"off, its address answered 410; see plaudit webhooks test {s.webhook.name}"


def deliveries(settings: Settings, name: str | None, state: str | None, most: int) -> list[WebhookDelivery]:
    """The latest first."""
    with reading(settings.database_url) as histories:
        there = [d for book in read_books(settings.rules) for d in outgoing.deliveries(histories(book.community.id))]
    found = [d for d in there if name in (None, d.webhook) and state in (None, d.state)]
    return sorted(found, key=lambda d: (d.created_at, d.row), reverse=True)[:most]


def deliveries_json(found: Iterable[WebhookDelivery]) -> str:
    """One JSON object, without the documents."""
    rows = [
        {
            "id": d.id,
            "community": d.community,
            "webhook": d.webhook,
            "event": d.event,
            "state": d.state,
            "attempts": d.attempts,
            "created_at": _moment(d.created_at),
            "done_at": _moment(d.done_at),
            "next_at": _moment(d.due_at) if d.state == "waiting" else None,
            "status": int(d.receipt) if d.receipt else None,
            "error": d.error,
        }
        for d in found
    ]
    return orjson.dumps({"deliveries": rows}, option=orjson.OPT_INDENT_2).decode()


def deliveries_lines(found: Sequence[WebhookDelivery]) -> Iterator[str]:
    """For people."""
    if not found:
        yield "There is nothing to show."
    for d in found:
        tries = f"{d.attempts} {'try' if d.attempts == 1 else 'tries'}"
        yield f"{_moment(d.created_at)}  {d.webhook}  {d.event}  {d.state}, {tries}  {d.id}"
        if d.state == "waiting" and d.attempts:
            yield f"  {d.error}; again at {_moment(d.due_at)}"
        elif d.error:
            yield f"  {d.error}"


def replay(settings: Settings, name: str | None, ids: Collection[str], since: int | None) -> int:
    """Try again what has failed: these, or what came since then, or all. Returns how much that is.

    Raises NotTaken where an id is of nothing that failed.
    """
    failed = [d for d in deliveries(settings, name, "failed", 1 << 30) if since is None or d.created_at >= since]
    if unknown := set(ids) - {d.id for d in failed}:
        raise NotTaken(
            f"{', '.join(sorted(unknown))}: nothing that failed has this id; see plaudit webhooks deliveries"
        )
    chosen = [d for d in failed if not ids or d.id in ids]
    now = time.time_ns() // 1_000
    with writing(settings.database_url) as begin:
        for community in sorted({d.community for d in chosen}):
            outgoing.send_again(begin(community), [d.row for d in chosen if d.community == community], now)
    return len(chosen)


def test(settings: Settings, name: str) -> list[str]:
    """Send a trial document now, to every webhook of this name. Returns what to say; whoever takes it is switched on
    again. Raises NotTaken, ConfigurationError."""
    there = look(settings)
    found = [s for s in there if s.webhook.name == name]
    if not found:
        raise ConfigurationError(_unknown(name, [s.webhook.name for s in there]))
    return [line for shown in found for line in _try(settings, shown)]


def _try(settings: Settings, shown: Shown) -> Iterator[str]:
    webhook, now = shown.webhook, time.time_ns() // 1_000
    keys = settings.out_secrets(webhook.secret_env)
    if not keys:
        raise ConfigurationError(f"{webhook.secret_env}: is not set; write whsec_ and base64 into .env")
    document, id_ = trial_document(shown.community, now), f"msg_test_{secrets.token_hex(12)}"
    try:
        reply = asyncio.run(Sender().send(endpoint_of(webhook, keys), id_, document, now))
    except DeliveryError as fault:
        raise NotTaken(f"{webhook.name}: {fault}") from fault
    if not reply.taken:
        raise NotTaken(f"{webhook.name}: {described(reply)}")
    yield f"{webhook.name}: taken, it answered {reply.status}."
    with writing(settings.database_url) as begin:
        if outgoing.switch_on(begin(shown.community), webhook.name):
            yield f"It is on again. What failed meanwhile: plaudit webhooks replay {webhook.name}"


def _unknown(name: str, known: Collection[str]) -> str:
    near = nearest(name, known)
    remedy = f'did you mean "{near}"?' if near else "plaudit webhooks list shows them"
    return f'no webhook is called "{name}"; {remedy}'


def _moment(at: int | None) -> str | None:
    return None if at is None else write_time(at - at % 1_000_000)
