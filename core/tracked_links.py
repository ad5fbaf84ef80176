"""Links that lead somewhere else and whose visits count for the member who shared them."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.events import Account, Statement, Value

VISITED = "link.visited"
SOURCE = "link"
CODE_LENGTH = 8
_SIGNED = 16  # bytes of a signature


@dataclass(frozen=True, slots=True)
class TrackedLink:
    """`code` stands in the address, `to` is where it leads, `facts` are what each visit says."""

    community: str
    name: str
    code: str
    to: str
    facts: Mapping[str, str] = field(default_factory=dict)
    visits: int = 0


def token(key: bytes, link: TrackedLink, account: Account) -> str:
    """What makes a link somebody's own: the account, signed for this link alone."""
    named = account.encode()
    return f"{_written(named)}.{_written(_signature(key, link.code, named))}"


def whose(key: bytes, link: TrackedLink, written: str) -> Account | None:
    """Whose link it is; None for what was not signed here, or for another link."""
    named, _, signature = written[:500].partition(".")
    try:
        account, given = _read(named), _read(signature)
    except (binascii.Error, ValueError):
        return None
    if not hmac.compare_digest(given, _signature(key, link.code, account)):
        return None
    return account.decode(errors="replace")


def visited(link: TrackedLink, account: Account, day: int, now: int) -> Statement:
    """That somebody's link was followed, once a day. `day`: the local day's ordinal."""
    name = dt.date.fromordinal(day).isoformat()
    facts: dict[str, Value] = {**link.facts, "link": link.name}
    return Statement(SOURCE, f"link:{link.name}/{account}/{name}", now, VISITED, actor=account, facts=facts)


def address(public_url: str, link: TrackedLink, personal: str = "") -> str:
    """What people share. `public_url`: how this installation is reached from outside."""
    return f"{public_url.rstrip('/')}/go/{link.code}" + (f"?m={personal}" if personal else "")


def _signature(key: bytes, code: str, named: bytes) -> bytes:
    return hmac.digest(key, code.encode() + b"\n" + named, "sha256")[:_SIGNED]


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _read(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
