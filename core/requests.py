"""What people ask (a slash command, a mention, a button) and what they get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.cards import Card
from core.events import Account, Statement

NO_ARGUMENTS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Request:
    """One question. `verb` is the command's name as in `core.commands.VERBS`; `id` is the platform's (trigger or
    interaction) and makes what follows from it idempotent.

    `arguments` by name: `member` (account), `achievement` (id or name), `kind`, `reason`, `proof`, `period`, `choice`,
    `timezone`; days as 2026-07-01: `from`, `until`, `day`.
    `moderator`: the platform says this person may grant, revoke and validate here (the adapter checks at every call).
    """

    id: str
    source: str
    account: Account
    verb: str
    at: int
    arguments: Mapping[str, str] = field(default_factory=dict)
    moderator: bool = False
    channel: str | None = None
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Answer:
    """What to show. `private` answers are ephemeral. `statements` are already stored when an adapter sees the answer.
    `replace`: show it in place of the message whose button was pressed."""

    card: Card
    private: bool = True
    statements: tuple[Statement, ...] = ()
    replace: bool = False
    notes: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of an autocomplete list."""

    value: str
    label: str
