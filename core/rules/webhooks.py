"""`[[webhook]]`: who outside is told what happened here, and what of its address can be judged without the network."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import BeforeValidator, Field, PlainValidator

from core.addresses import reach
from core.catalogue import nearest
from core.rules.grammar import Flag, Table, Text, Texts
from core.rules.locations import Path

Happened = Literal["award.given", "award.revoked", "level.reached", "claim.decided", "digest.posted"]
PORTS = frozenset({None, 443, 8443})

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_SECRET = re.compile(r"PLAUDIT_OUT_[A-Z0-9_]+_SECRET")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?\.?")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
_PRINTED = re.compile(r"[!-~]+")
_NO_ADDRESS = 'is no address; write "https://host/path"'
_NOT_PUBLIC = "this address is not public; if it is meant, write allow_private = true beside it"
_NEVER = "nothing is sent to such an address (link-local, reserved, or a tunnel); write the name of a host"


def _webhook_name(value: object) -> str:
    if isinstance(value, str) and _NAME.fullmatch(value):
        return value
    raise ValueError('write a short name of letters, digits, - and _, as "crm"')


def _secret_env(value: object) -> str:
    if isinstance(value, str) and _SECRET.fullmatch(value):
        return value
    raise ValueError('write the name of a variable in .env, as "PLAUDIT_OUT_CRM_SECRET"; the secret itself stays there')


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Webhook(Table):
    """`events` and `achievements` None: all of them."""

    name: Annotated[str, PlainValidator(_webhook_name)]
    url: Text
    secret_env: Annotated[str, PlainValidator(_secret_env)]
    events: Annotated[tuple[Happened, ...], BeforeValidator(_listed), Field(min_length=1)] | None = None
    achievements: Texts | None = None
    allow_private: Flag = False

    def wants(self, event: Happened, achievement: str | None = None) -> bool:
        """Whether this is to be told. What is about no achievement passes the filter by achievements."""
        if self.events is not None and event not in self.events:
            return False
        return achievement is None or self.achievements is None or achievement in self.achievements


def webhook_faults(webhooks: Sequence[Webhook], achievements: Collection[str]) -> Iterator[tuple[Path, str, str]]:
    """What no key shows alone, as (path, what to write instead, number). `achievements`: ids that exist."""
    times = Counter(w.name for w in webhooks)
    for number, webhook in enumerate(webhooks):
        path: Path = ("webhook", number)
        if (fault := url_fault(webhook.url, private=webhook.allow_private)) is not None:
            yield (*path, "url"), fault, "R0"
        if times[webhook.name] > 1:
            yield (*path, "name"), f'another webhook is called "{webhook.name}"; give each its own name', "R0"
        for name in webhook.achievements or ():
            if name not in achievements:
                near = nearest(name, achievements)
                remedy = f'Did you mean "{near}"?' if near else "Write the id of one"
                yield (*path, "achievements"), f'no achievement is called "{name}". {remedy}', "R4"


def url_fault(url: str, *, private: bool) -> str | None:
    """Why nothing can be sent there, with the remedy; None if all is well. Where a name leads is seen later."""
    if not _PRINTED.fullmatch(url) or "\\" in url:
        return "write the address without blanks, and other letters than a to z in their ASCII form (xn--…, %C3%A9)"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return _NO_ADDRESS
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        return "write https://…; what is told is about people"
    if "@" in parts.netloc:
        return "holds a name or password before the host; leave it out, the signature shows who sends"
    if port not in PORTS and not private:
        return f"port {port} is not for the web; write 443 or 8443, or allow_private = true on your own network"
    return _host_fault(parts, private)


def _host_fault(parts: SplitResult, private: bool) -> str | None:
    host = parts.hostname or ""
    if parts.netloc.startswith("["):
        return _literal_fault(host, IPv6Address, private)
    if not _HOST.fullmatch(host) or parts.fragment:
        return _NO_ADDRESS
    if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):  # as browsers do: who ends in a number is an address
        return _literal_fault(host, IPv4Address, private)
    return None


def _literal_fault(host: str, kind: type[IPv4Address] | type[IPv6Address], private: bool) -> str | None:
    try:
        found = reach(str(kind(host))) if "%" not in host else None
    except ValueError:
        found = None
    if found is None:
        return "is an address in an unusual form; write it as 192.0.2.7 or [2001:db8::7], or write the name of a host"
    if found == "private":
        return None if private else _NOT_PUBLIC
    return _NEVER if found == "never" else None
