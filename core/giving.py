"""What people give each other by hand: what is to be said if it still may be, and what is looked up before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from core.cards import Card
from core.events import Account, Fact, Statement

KUDOS = "kudos.given"
HELPFUL = "reply.marked_helpful"
NOMINATED = "nomination.made"


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `most` live facts whose actor is one of these accounts. `since`: by type, from when on they count (UTC
    microseconds). `achievements`: only facts about one of these; None: whatever they are about."""

    accounts: tuple[Account, ...]
    since: Mapping[str, int]
    most: int
    achievements: frozenset[str] | None = None

    def counts(self, fact: Fact) -> bool:
        """Whether a live fact uses some of it up."""
        if fact.actor not in self.accounts or fact.at < self.since.get(fact.type, fact.at + 1):
            return False
        return self.achievements is None or fact.facts.get("achievement") in self.achievements


@dataclass(frozen=True, slots=True)
class Notice:
    """A card for the moderators' channel on a platform of `about`; with `over` (channel, message) in place of a message
    of ours there. `cause` happens once."""

    cause: str
    about: Account
    card: Card
    over: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """A statement with its notices, in one commit; not where the quota is used up meanwhile, nor where the fact is
    alive although `alive` is False, or the other way round; nor where two accounts in `apart` are one member then."""

    statement: Statement
    quota: Quota | None = None
    alive: bool | None = None
    notices: tuple[Notice, ...] = ()
    apart: tuple[Account, ...] = ()


class Gifts(Protocol):
    """Reads of one community."""

    async def fact(self, source: str, id_: str) -> Fact | None:
        """The live fact of that identity."""
        ...

    async def ever_linked(self, one: Account, other: Account) -> bool:
        """Whether two accounts are one member, or were at any time."""
        ...

    async def used(self, quota: Quota) -> int:
        """How much of a quota is used up."""
        ...

    async def about(self, target: Account, type_: str) -> list[Fact]:
        """Live facts of a type whose target this is."""
        ...
