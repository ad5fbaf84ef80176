"""What a connector is, to whoever hears its service and to whoever asks that service what was missed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from core.events import Account, Statement
from core.ports import Person


@dataclass(frozen=True, slots=True)
class Incoming:
    """One request as it came. `source`: the full source of the address (`github:acme`); `headers`: lower-case names;
    `body`: raw bytes; `now`: UTC microseconds of its arrival; `url`: the whole address as the sender wrote it, query
    included."""

    source: str
    headers: Mapping[str, str]
    body: bytes
    now: int
    method: str = "POST"
    url: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """An account posted a code that somebody in the chat was given (`core.link_codes`); `name` is for display."""

    account: Account
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Normalised:
    """What a request says: statements, people it names (for display and matching, never for awards), and what was left
    out: (kind, reason). `parsed`: the statements came as such and were read by `core.lines`. `proofs`: codes that
    somebody posted to link their account."""

    statements: tuple[Statement, ...] = ()
    people: tuple[Person, ...] = ()
    ignored: tuple[tuple[str, str], ...] = ()
    parsed: bool = False
    proofs: tuple[Proof, ...] = ()


class Unreachable(Exception):
    """The service's API did not give what was asked; the text is for the operator. `status`: of HTTP, if any."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class Service(Protocol):
    """The service's API: authenticated, time-limited, loopback or https only. Paths are under its base address."""

    async def get(self, path: str, **parameters: str) -> Any:
        """Decoded JSON. Raises Unreachable with words for the operator."""
        ...

    def pages(self, path: str, **parameters: str) -> AsyncIterator[Any]:
        """The same, page by page, as the answers' `Link` headers lead on. Raises Unreachable."""
        ...

    async def post(self, path: str, body: Mapping[str, object] | None = None) -> Any:
        """Decoded JSON, None for an empty answer. Raises Unreachable."""
        ...


class Connector(Protocol):
    """A module is one: mypy accepts it as an implementation."""

    @property
    def IGNORED(self) -> Mapping[str, str]:
        """Kinds of events left out on purpose, each with the reason in plain words."""
        ...

    def verify(self, incoming: Incoming, secrets: Sequence[str]) -> str:
        """The delivery id: the service's, else a digest of the signed body. Raises Forged (a bad or stale signature).

        Several secrets live at once while they are rotated; compared in constant time over the raw bytes."""
        ...

    def normalise(self, incoming: Incoming) -> Normalised:
        """Pure. Raises MalformedStatement, which names the field and what to send instead."""
        ...

    def reconcile(self, service: Service, source: str, since: int) -> AsyncIterator[Normalised]:
        """What was missed since then (UTC microseconds), asked of the service's own API. Raises Unreachable."""
        ...
