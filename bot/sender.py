"""One signed request to `/hooks/{source}`, and what its answer means. Standard library and standardwebhooks only."""

from __future__ import annotations

import base64
import binascii
import hashlib
import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any

from standardwebhooks import Webhook

FIRST_PAUSE = 0.5  # seconds
LONGEST_PAUSE = 60.0
LONGEST_ASKED = 3600.0
LARGEST_ANSWER = 4_000  # bytes that are read of it
_FOR_GOOD = frozenset({401, 403, 404, 405, 413, 422})


class Unreached(Exception):
    """Nobody answered, or not to the end: whether the request arrived is unknown. The text says what was seen."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`said`: the JSON object of the answer, empty if there was none. `retry_after`: seconds, if the answer asks so."""

    status: int
    said: Mapping[str, Any]
    retry_after: float | None = None

    @property
    def taken(self) -> bool:
        """Everything is on the bot's disk."""
        return self.status in (200, 202)

    @property
    def refused(self) -> bool:
        """The same request would be refused again."""
        return self.status in _FOR_GOOD

    @property
    def reason(self) -> str:
        """Why it was not taken, in the words of the answer."""
        return str(self.said.get("error") or f"the answer was {self.status}")[:500]

    @property
    def ignored(self) -> list[str]:
        """Why some of it is kept, but counts for nothing."""
        found = self.said.get("ignored")
        return [str(reason)[:500] for reason in found] if isinstance(found, list) else []


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send: `url` as http://127.0.0.1:8080, without the path. `secret`: `whsec_…`.

    Raises ValueError, which names what is wrong; the secret is not repeated."""

    url: str
    source: str
    secret: str

    def __post_init__(self) -> None:
        parts = urllib.parse.urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or not self.url.isascii() or " " in self.url:
            raise ValueError(f"{self.url} is no address; write http://host:port")
        if not _is_secret(self.secret):
            raise ValueError("the secret is none; write whsec_ and base64, as on the side of the bot")

    @property
    def address(self) -> str:
        return f"{self.url.rstrip('/')}/hooks/{urllib.parse.quote(self.source, safe=':')}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """A signed request goes where it was sent, or nowhere."""


_OPENER = urllib.request.build_opener(_NoRedirect)


def post(target: Target, body: bytes, now: float, timeout: float) -> Answer:
    """One attempt. The delivery id is made of the body: each attempt to send it is the same delivery.

    `now`: seconds since 1970, for the signature. `timeout`: seconds of silence. Raises Unreached.
    """
    delivery = hashlib.sha256(target.source.encode() + b"\n" + body).hexdigest()[:32]
    sent = datetime.fromtimestamp(int(now), UTC)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": delivery,
        "webhook-timestamp": str(int(now)),
        "webhook-signature": Webhook(target.secret).sign(delivery, sent, body.decode()),
    }
    request = urllib.request.Request(target.address, body, headers, method="POST")  # noqa: S310 - the caller's address
    try:
        with _OPENER.open(request, timeout=timeout) as answer:
            return _read(answer.status, answer.headers, answer)
    except urllib.error.HTTPError as error:
        with error:
            return _read(error.code, error.headers, error)
    except (OSError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise Unreached(f"{target.url} cannot be reached ({str(reason) or type(reason).__name__})") from None


def pause(attempt: int, answer: Answer | None, chance: float) -> float:
    """Seconds to wait after so many failed attempts (from 1). `chance`: 0 to 1, so that many senders do not return
    together. What the answer asks for is kept, up to an hour."""
    if answer is not None and answer.retry_after is not None:
        return min(answer.retry_after, LONGEST_ASKED)
    if answer is not None and answer.refused:
        return LONGEST_PAUSE
    longest: float = min(FIRST_PAUSE * 2 ** min(attempt - 1, 10), LONGEST_PAUSE)
    return longest * (0.5 + chance / 2)


def _is_secret(text: str) -> bool:
    try:
        return text.startswith("whsec_") and len(base64.b64decode(text.removeprefix("whsec_") + "==")) >= 16
    except binascii.Error:
        return False


def _read(status: int, headers: Any, stream: IO[bytes]) -> Answer:
    try:
        said = json.loads(stream.read(LARGEST_ANSWER))
    except (
        ValueError,
        OSError,
        http.client.HTTPException,
    ):  # a proxy's page, or an answer cut short: the status counts
        said = {}
    return Answer(status, said if isinstance(said, dict) else {}, _seconds(headers.get("Retry-After", "")))


def _seconds(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
