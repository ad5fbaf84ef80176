"""What people ask (a slash command, a mention, a button) and what they get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from core.cards import Card
from core.challenges import Change as ChallengeChange
from core.claims import Change
from core.events import Account, Statement, Value
from core.forms import Form
from core.giving import Say
from core.rewards import Redeem, Settle
from core.rights import Role, at_least
from core.setups import Change as SetupChange


@dataclass(frozen=True, slots=True)
class Request:
    """One question. `verb` is the command's name as in `core.commands.VERBS`; `id` is the platform's (trigger or
    interaction) and makes what follows from it idempotent.

    `arguments` by name: `member` (account), `achievement` (id or name), `kind`, `reason`, `proof`, `period`, `choice`,
    `timezone`; days as 2026-07-01: `from`, `until`, `day`.
    `role`: what the platform says this person is here (the adapter asks at every call). `groups`: of the user groups or
    roles that `[[givers]]` names, those that this person is in, as the book writes them; asked for `grant` and `help`.
    `there`: facts of the channel, as every statement from it carries them.
    """

    id: str
    source: str
    account: Account
    verb: str
    at: int
    arguments: Mapping[str, str] = field(default_factory=dict)
    role: Role = "member"
    channel: str | None = None
    locale: str = "en"
    there: Mapping[str, Value] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()

    @property
    def moderator(self) -> bool:
        """May this person decide about others?"""
        return at_least(self.role, "moderator")


Changes = (
    tuple[Change, ...]
    | tuple[Say, ...]
    | tuple[Redeem | Settle, ...]
    | tuple[ChallengeChange, ...]
    | tuple[SetupChange, ...]
)
"""What is to be changed in one commit: all of one kind, for each kind is done in its own way."""
SAID = "{said}"
Deed = Literal["export", "erase", "join"]


@dataclass(frozen=True, slots=True)
class File:
    """Something to be handed over."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What to show. `private` answers are ephemeral. `statements` are already stored when an adapter sees the answer.
    `replace`: show it in place of the message whose button was pressed. `form`: open this window instead of the card,
    where one can be opened. `changes` are done when an adapter sees the answer; where somebody was faster, the question
    was asked anew. `deed`: what is to be done with everything that is kept about the person who asked; it is done too.
    `files`: for that person alone. `said`: for everybody in the channel, and first: in buttons of the private card SAID
    stands for that message."""

    card: Card
    private: bool = True
    statements: tuple[Statement, ...] = ()
    replace: bool = False
    notes: tuple[Card, ...] = ()
    form: Form | None = None
    changes: Changes = ()
    deed: Deed | None = None
    files: tuple[File, ...] = ()
    said: Card | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of an autocomplete list."""

    value: str
    label: str


def naming(card: Card, message: str) -> Card:
    """The private card with buttons that know what was said in the channel; "" where it could not be said."""
    buttons = (replace(b, argument=b.argument.replace(SAID, message)) for b in card.buttons)
    return replace(card, buttons=tuple(buttons))
