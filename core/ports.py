"""Everything the core needs from outside, on one page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from core.audit import Act
from core.awards import Award, FactKey, Happened
from core.cards import Card
from core.closings import Board
from core.events import Account, Fact, Statement
from core.language import Language
from core.members import Member, Register
from core.noise import Rooms
from core.requests import Answer, Request, Suggestion
from core.withdrawals import Withdrawals

Kind = Literal["channel", "thread", "private", "reaction", "edit", "direct"]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a message goes. `channel`: the platform's id. `thread`: the platform's id of the thread's root (Slack: ts;
    Discord: the thread channel, or the message to reply to). `message`: what a reaction goes on or an edit replaces.
    `account`: whom a private message is for (with the channel it is shown in), or a direct one, as they asked for."""

    source: str
    kind: Kind
    channel: str | None = None
    thread: str | None = None
    message: str | None = None
    account: Account | None = None
    emoji: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to bring: `id` is the same at every attempt. `again`: an earlier attempt may have arrived."""

    id: str
    to: Destination
    card: Card
    again: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """`reference`: the platform's id of the message. `repeated`: it was found there already and not sent again."""

    reference: str | None = None
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """What a platform says about an account now: shown on cards and used to keep boards fair, never to decide awards.
    `roles`: names of roles or user groups; None: not known yet, so those that were known stay."""

    account: Account
    name: str
    bot: bool = False
    present: bool = True
    timezone: str | None = None
    roles: tuple[str, ...] | None = ()


class Messenger(Protocol):
    """Brings cards to one platform."""

    async def send(self, delivery: Delivery) -> Receipt:
        """Raises RetryLater, Ambiguous or Undeliverable. A private message that the platform cannot show now
        (Discord outside an interaction) raises Held."""
        ...

    async def set_roles(self, account: Account, wanted: frozenset[str], managed: frozenset[str]) -> None:
        """Give the account exactly `wanted` among `managed` (role names or ids of this platform), in one request.
        Raises RetryLater or Undeliverable, whose text names the role and the remedy."""
        ...


class Held(Exception):
    """A private note that waits until the person asks for something."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the statements: `new` ones, `duplicates` already stored, and why others were kept as ignored."""

    new: int = 0
    duplicates: int = 0
    ignored: tuple[str, ...] = ()


class Inbox(Protocol):
    """Takes what the edges saw."""

    async def take(self, statements: Sequence[Statement]) -> Taken:
        """Returns when they are durable: acknowledge only then. Raises StorageUnavailable."""
        ...

    async def meet(self, people: Sequence[Person]) -> None:
        """Remember names, bots, leavers and roles of accounts."""
        ...


class Desk(Protocol):
    """Answers people."""

    async def answer(self, request: Request) -> Answer: ...

    async def suggest(self, request: Request, argument: str, typed: str) -> list[Suggestion]:
        """At most 25 lines for an autocomplete field."""
        ...

    async def home(self, account: Account) -> Card:
        """The badge case: earned and under way."""
        ...

    def speaking_to(self, account: Account) -> Language:
        """How the person is spoken to, for what an edge says by itself."""
        ...


class Notebook(Protocol):
    """Small facts an edge must remember over restarts (catch-up cursors, the hash of the synced commands, back-off)."""

    async def read(self, key: str) -> str | None: ...

    async def write(self, entries: Mapping[str, str]) -> None: ...


class Recall(Protocol):
    """Looks at a platform once for the thing a statement is about."""

    async def recall(self, statement: Statement) -> Mapping[str, object] | None:
        """Facts of the thing (`post_kind`, `length`, `channel`, `object_at`, `author` …), or None if it is gone.
        Raises RetryLater when the platform cannot answer now."""
        ...


class Clock(Protocol):
    """Now, as UTC microseconds. The playground and the tests move it."""

    def __call__(self) -> int: ...


class History(Protocol):
    """Live facts from the log."""

    def facts(self, accounts: Iterable[Account], types: Iterable[str] | None) -> list[Fact]:
        """Those that name one of the accounts and have one of the types (None: any), in order of (at, source, id)."""
        ...

    def of_type(self, types: Iterable[str]) -> list[Fact]:
        """All of these types, whomever they name, in order; only for types in `Plan.open`."""
        ...

    def concerning(self, things: Iterable[str], types: Iterable[str]) -> list[Fact]:
        """Those of these types that are about one of the things, in order; only for types in `Plan.things`."""
        ...

    def by_seq(self, places: Iterable[tuple[int, int]]) -> list[Fact]:
        """Live facts by (place of their content in the log, their time)."""
        ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A statement with its place in the log, the hash of what arrived, and the message it is about (if any)."""

    seq: int
    statement: Statement
    hash: bytes
    about: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message, role change or document to be delivered. `cause` and `destination` make it unique; `due_at` UTC
    microseconds. `document`: the JSON that a webhook is sent."""

    cause: str
    source: str
    kind: Literal["card", "roles", "webhook"]
    destination: str
    card: Card | None
    due_at: int
    document: bytes | None = None


class Transaction(History, Board, Withdrawals, Rooms, Register, Protocol):
    """One unit of work on one community's data. Nothing is visible to others until the store commits it."""

    def next_seq(self) -> int: ...

    def append(self, rows: Sequence[Stored]) -> list[bool]:
        """Append to the log; False for a statement that is there already."""
        ...

    def statements(self, keys: Iterable[FactKey], before: int) -> dict[FactKey, list[tuple[int, Statement]]]:
        """What the log says about these (source, id), as (seq, statement) with seq below `before`."""
        ...

    def about(self, messages: Iterable[tuple[str, str]]) -> list[tuple[int, Statement]]:
        """Statements about these (source, message)."""
        ...

    def unplace(self, rows: Sequence[tuple[Account, str, int, int]]) -> None:
        """Facts that are no longer alive: (account, type, at, seq)."""
        ...

    def place(self, rows: Sequence[tuple[Account, str, int, int]]) -> None: ...

    def blobs(self, keys: Iterable[tuple[Member, str]]) -> dict[tuple[Member, str], bytes]: ...

    def save_blobs(self, rows: Mapping[tuple[Member, str], bytes]) -> None: ...

    def forget_progress(self, member: Member) -> None: ...

    def awards(self, members: Iterable[Member]) -> list[Award]: ...

    def awards_of(self, achievement: str) -> list[Award]:
        """Everybody's awards of one achievement."""
        ...

    def active_since(self, at: int) -> list[Account]:
        """Whom live facts since then name."""
        ...

    def wake(self, rows: Iterable[tuple[Member, str, int]]) -> None:
        """Look at this member's achievement again at that time (UTC microseconds)."""
        ...

    def woken(self, now: int) -> list[tuple[Member, str]]:
        """What is to be looked at again now; it is not told twice."""
        ...

    def due(self, now: int) -> list[Award]:
        """Pending awards whose settling is over."""
        ...

    def overdue(self, now: int, achievements: Sequence[str]) -> list[Award]:
        """Held awards of these whose later facts have settled since they were decided."""
        ...

    def save_awards(self, happened: Sequence[Happened]) -> list[int]:
        """Write what happened; the id of each award (0 where it went)."""
        ...

    def pay(self, rows: Sequence[tuple[Member, int | None, int, int, str]]) -> None:
        """Ledger entries: member, award id (None for a reward), points, at, cause."""
        ...

    def add_scores(self, rows: Mapping[tuple[Member, str, int], int]) -> None: ...

    def set_scores(self, member: Member, rule: str, days: Mapping[int, int]) -> None: ...

    def totals(self, members: Iterable[Member]) -> dict[Member, int]:
        """The score of each over all time."""
        ...

    def levels(self, members: Iterable[Member]) -> dict[Member, frozenset[str]]:
        """Names of the levels that were noted last, for those who hold any."""
        ...

    def climbers(self, after: Member, most: int) -> list[Member]:
        """Who has a score or a level, in order: so many that come after this one."""
        ...

    def forget_levels(self) -> None:
        """Nobody holds one."""
        ...

    def set_levels(self, reached: Mapping[tuple[Member, str], int], fallen: Iterable[tuple[Member, str]]) -> None:
        """Note (member, level) since when it is held (UTC microseconds), and which is held no longer."""
        ...

    def send(self, rows: Sequence[Outgoing]) -> None: ...

    def ignore(self, rows: Sequence[tuple[Statement, str]], at: int) -> None: ...

    def hold(
        self, rows: Sequence[Statement], state: Literal["unstamped", "parked"], at: int, reason: str | None = None
    ) -> int:
        """Keep what cannot go to the log yet; how many were new."""
        ...

    def note_acts(self, acts: Sequence[Act]) -> None:
        """Add to the audit trail."""
        ...

    def first_start(self, now: int) -> int:
        """When this community was first served; `now` the first time it is asked."""
        ...
