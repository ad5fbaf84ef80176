"""What the forges have in common: one event with its people, commit messages, and issues that a change closes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from adapters.connectors.connector import Normalised, Proof
from adapters.connectors.payload import Payload
from core.events import NO_FACTS, WITHDRAW, Account, Statement, Value
from core.ports import Person
from core.times import write_time

LONGEST_KIND = 100
MOST_LABELS = 100
_TRAILER = re.compile(r"^co-authored-by:[^<\n]{0,200}<([^<>\n]{3,254})>[ \t]*$", re.I | re.M)
_CLOSES = re.compile(
    r"\b(?:close[sd]?|closing|fix(?:e[sd]|ing)?|resolve[sd]?|resolving|implement(?:s|ed|ing)?):?\s{1,5}"
    r"(?:([\w.-]{1,100}(?:/[\w.-]{1,100}){1,5}))?#(\d{1,12})\b",
    re.I,
)
_SECOND = 1_000_000


_PROOF = re.compile(r"^[ \t]{0,3}plaudit-link:[ \t]*([a-z0-9]{4}-?[a-z0-9]{4}-?[a-z0-9]{2})[ \t]*\r?$", re.I | re.M)
MOST_PROOFS = 3


class LeftOut(Exception):
    """This event of a known kind says nothing that rules count; the text says why."""


@dataclass(slots=True)
class Cast:
    """The people of one event, as they are met."""

    source: str
    people: dict[Account, Person] = field(default_factory=dict)

    def meet(self, user: str, name: str, bot: bool = False) -> Account:
        account = f"{self.source}/{user}"
        self.people[account] = Person(account, name, bot)
        return account

    def is_bot(self, account: Account | None) -> bool:
        return account in self.people and self.people[account].bot


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a forge. `repository`: as `acme/site`."""

    data: Payload
    cast: Cast
    repository: str

    def say(
        self,
        id_: str,
        type_: str,
        at: int,
        actor: Account | None,
        *,
        author: Account | None = None,
        participants: tuple[Account, ...] = (),
        more: Mapping[str, Value | None] = NO_FACTS,
        **facts: Value | None,
    ) -> Statement:
        """An assertion; facts that are None or an empty list are left out."""
        known: dict[str, Value] = {"repository": self.repository}
        known.update({name: v for name, v in {**facts, **more}.items() if v is not None and v != ()})
        if self.cast.is_bot(actor):
            known["bot"] = True
        return Statement(
            self.cast.source, id_, at, type_, actor=actor, author=author, participants=participants, facts=known
        )

    def pushed(
        self, commit: Payload, branch: str, at: int, actor: Account | None, *others: Account | None
    ) -> Statement:
        """A commit that arrived; it has participants where several people wrote it."""
        sha, together = commit.short_text("id"), unique(actor, *others)
        return self.say(
            f"commit:{self.repository}@{sha}",
            "commit.pushed",
            at,
            actor,
            participants=together if len(together) > 1 else (),
            commit=sha,
            branch=branch,
            proof=commit.link("url"),
        )

    def withdraw(self, id_: str, type_: str, at: int, reason: str) -> Statement:
        return Statement(self.cast.source, id_, at, type_, WITHDRAW, reason=reason)


Handler = Callable[[Event], Sequence[Statement]]


def normalised(handler: Handler, event: Event, kind: str) -> Normalised:
    """What a handler finds in an event. Raises MalformedStatement."""
    try:
        statements = tuple(handler(event))
    except LeftOut as reason:
        return Normalised(ignored=((kind, str(reason)),))
    return Normalised(statements, tuple(event.cast.people.values()))


def left_out(kind: str, ignored: Mapping[str, str], unknown: str) -> Normalised:
    """Why an event without a handler is left out; `kind` may have an action behind a dot."""
    reason = ignored.get(kind) or ignored.get(kind.partition(".")[0]) or unknown
    return Normalised(ignored=((kind[:LONGEST_KIND], reason),))


def proofs(text: str, account: Account, name: str) -> tuple[Proof, ...]:
    """Codes that somebody posted to link their account."""
    return tuple(Proof(account, name, code) for code in codes_in(text))


def codes_in(text: str) -> list[str]:
    """Those on a line of their own: who quotes a line posts none."""
    found: list[str] = _PROOF.findall(text[:100_000])
    return found[:MOST_PROOFS]


def with_proofs(found: Normalised, posted: tuple[Proof, ...]) -> Normalised:
    """What a delivery says, and that somebody posted codes; who did is met by name."""
    if not posted:
        return found
    met = tuple(Person(p.account, p.name) for p in posted[:1])
    return replace(found, proofs=posted, people=(*found.people, *(p for p in met if p not in found.people)))


def co_authors(message: str) -> list[str]:
    """E-mail addresses of the trailers of a commit message, in order."""
    return [address.strip() for address in _TRAILER.findall(message[-10_000:])]


def closed_issue(text: str, repository: str) -> str | None:
    """The first issue that a description says it closes, as `acme/site#7`."""
    found = _CLOSES.search(text[:100_000])
    return f"{found[1] or repository}#{found[2]}" if found else None


def label_names(event: Payload, key: str, name: str) -> tuple[str, ...]:
    return tuple(label.short_text(name) for label in event.maybe_objects(key))[:MOST_LABELS]


def second_of(at: int) -> str:
    """Part of an id: the time to the second, as `2026-03-02T09:15:00Z`."""
    return write_time(at - at % _SECOND)


def since(start: int, end: int) -> int:
    """Whole seconds between, never less than none: clocks of a service may differ."""
    return max(0, end - start) // _SECOND


def branch_of(ref: str) -> str | None:
    """`main` of `refs/heads/main`; None for a tag."""
    return ref.removeprefix("refs/heads/") if ref.startswith("refs/heads/") else None


def commits(data: Payload) -> list[Payload]:
    """Of a push, each once, by its hash."""
    found: dict[str, Payload] = {}
    for commit in data.maybe_objects("commits"):
        found.setdefault(commit.short_text("id"), commit)
    return list(found.values())


def unique(*accounts: Account | None) -> tuple[Account, ...]:
    """Those that are known, each once, in order."""
    return tuple(dict.fromkeys(account for account in accounts if account is not None))


def leads_to(address: str, source: str) -> bool:
    """Whether a webhook's address is that of a source here, on whatever host."""
    path = address.partition("?")[0].rstrip("/").replace("%3A", ":").replace("%3a", ":")
    return path.endswith(f"/hooks/{source}")
