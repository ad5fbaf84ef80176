"""Standard Webhooks signatures: who sent this, and when (https://www.standardwebhooks.com)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook

WINDOW = 300  # seconds that a sender's clock, or a copy of the request, may be off


class Forged(Exception):
    """The request is not shown to come, now, from somebody who knows the secret."""


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: int) -> str:
    """The delivery id of a request that one of the `secrets` (`whsec_…`) signed. `now`: UTC microseconds.

    Raises Forged. The library signs; time and comparison are ours, because it only knows the machine's clock.
    """
    delivery = headers.get("webhook-id", "")
    signatures = headers.get("webhook-signature", "")
    if not delivery or not signatures or len(delivery) > 500:
        raise Forged("send the headers webhook-id, webhook-timestamp and webhook-signature")
    sent = _check_time(headers.get("webhook-timestamp", ""), now)
    offered = [s.removeprefix("v1,") for s in signatures.split(" ")[:20] if s.startswith("v1,")]
    if not any(_matches(secret, delivery, sent, body, offered) for secret in secrets):
        raise Forged("no webhook-signature matches; is it the right secret, over id.timestamp.body?")
    return delivery


def _check_time(text: str, now: int) -> datetime:
    if not (text.isascii() and text.isdigit() and len(text) <= 11):
        raise Forged("webhook-timestamp must be whole seconds since 1970")
    if abs(int(text) - now / 1_000_000) > WINDOW:
        raise Forged("webhook-timestamp is more than five minutes off; sign each attempt anew")
    return datetime.fromtimestamp(int(text), UTC)


def _matches(secret: str, delivery: str, sent: datetime, body: bytes, offered: Sequence[str]) -> bool:
    try:
        expected = Webhook(secret).sign(delivery, sent, body.decode()).removeprefix("v1,")
    except UnicodeError:  # the library signs texts: what is no UTF-8 has no signature
        return False
    return any(hmac.compare_digest(expected.encode(), signature.encode()) for signature in offered)
