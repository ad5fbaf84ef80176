"""Who sent this, and when: Standard Webhooks (https://www.standardwebhooks.com), or a digest of the body."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook

from core.errors import Forged

WINDOW = 300  # seconds that a sender's clock, or a copy of the request, may be off
LONGEST_DELIVERY = 500


def verify_standard(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: int) -> str:
    """The delivery id of a request that one of the `secrets` (`whsec_…`) signed. `now`: UTC microseconds.

    Raises Forged. The library signs; time and comparison are ours, because it only knows the machine's clock.
    """
    delivery = headers.get("webhook-id", "")
    signatures = headers.get("webhook-signature", "")
    if not delivery or not signatures or len(delivery) > LONGEST_DELIVERY:
        raise Forged("send the headers webhook-id, webhook-timestamp and webhook-signature")
    sent = check_time(headers.get("webhook-timestamp", ""), now, "webhook-timestamp")
    offered = [s.removeprefix("v1,") for s in signatures.split(" ")[:20] if s.startswith("v1,")]
    if not any(_matches(secret, delivery, sent, body, offered) for secret in secrets):
        raise Forged("no webhook-signature matches; is it the right secret, over id.timestamp.body?")
    return delivery


def check_time(text: str, now: int, header: str) -> datetime:
    """The time that a header says in seconds since 1970. Raises Forged when it is none or over five minutes off."""
    if not (text.isascii() and text.isdigit() and len(text) <= 11):
        raise Forged(f"{header} must be whole seconds since 1970")
    if abs(int(text) - now / 1_000_000) > WINDOW:
        raise Forged(f"{header} is more than five minutes off; sign each attempt anew")
    return datetime.fromtimestamp(int(text), UTC)


def verify_hex(header: str, offered: str, body: bytes, secrets: Sequence[str]) -> None:
    """`sha256=` and the HMAC-SHA256 of the body in hexadecimal digits, as in X-Hub-Signature-256. Raises Forged."""
    if not offered.startswith("sha256="):
        raise Forged(f"send the header {header}: sha256= and the HMAC-SHA256 of the body")
    expected = ("sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest() for secret in secrets)
    if not any_same(offered, expected):
        raise Forged(f"{header} does not match; is the same secret set on both sides?")


def base64_hmac(secret: str, signed: bytes) -> str:
    """The HMAC-SHA256 in base64."""
    return base64.b64encode(hmac.digest(secret.encode(), signed, hashlib.sha256)).decode()


def any_same(offered: str, expected: Iterable[str]) -> bool:
    """Whether the text is one of those: every one is compared, in constant time."""
    return sum(hmac.compare_digest(offered.encode(), text.encode()) for text in expected) > 0


def digest(body: bytes) -> str:
    """A delivery id for a service that has none: the same body is the same delivery."""
    return hashlib.sha256(body).hexdigest()


def _matches(secret: str, delivery: str, sent: datetime, body: bytes, offered: Sequence[str]) -> bool:
    if not secret.startswith("whsec_"):
        return False  # the library would take any text for base64, and make a short key of it
    try:
        expected = Webhook(secret).sign(delivery, sent, body.decode()).removeprefix("v1,")
    except UnicodeError:  # the library signs texts: what is no UTF-8 has no signature
        return False
    return any(hmac.compare_digest(expected.encode(), signature.encode()) for signature in offered)
