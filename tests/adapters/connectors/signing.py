"""How services sign, written out here, so that the tests do not trust the code that they test."""

from __future__ import annotations

import base64
import hashlib
import hmac


def by_jira(body: bytes, secret: str) -> dict[str, str]:
    return {"x-hub-signature": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def by_zendesk(body: bytes, secret: str, sent: str = "2026-03-02T09:15:00Z") -> dict[str, str]:
    return {
        "x-zendesk-webhook-signature": _base64(secret, sent.encode() + body),
        "x-zendesk-webhook-signature-timestamp": sent,
        "x-zendesk-webhook-invocation-id": "01HABC",
    }


def by_hubspot(body: bytes, secret: str, url: str, sent: int) -> dict[str, str]:
    """`sent`: milliseconds since 1970."""
    signature = _base64(secret, b"POST" + url.encode() + body + str(sent).encode())
    return {"x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": str(sent)}


def by_password(pair: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def _base64(secret: str, content: bytes) -> str:
    return base64.b64encode(hmac.new(secret.encode(), content, hashlib.sha256).digest()).decode()
