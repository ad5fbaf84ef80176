"""Which statements make accounts one person, or part them, and what stands against it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from core.events import WITHDRAW, Account, Fact, Statement
from core.link_codes import Outcome, Way
from core.members import People, in_chat, join
from core.plan import LINKED

SOURCE = "moderator"
LINK = "link:"
"""How the ids of links begin."""
REASONS = {
    "chat": "a code from one chat was typed in the other",
    "email": "a code that came by e-mail was typed",
    "forge": "a code was posted by the account",
    "moderator": "a moderator knows them",
}


def link_id(first: Account, second: Account) -> str:
    return f"{LINK}{first}+{second}"


def hindrance(people: People, one: Account, other: Account, way: Way) -> Outcome | None:
    """Why these two are not linked, None where nothing stands against it.

    Two accounts of one workspace are two people, as far as anybody but a moderator can know. A mailbox and an account
    elsewhere may be shared: what belongs to somebody stays theirs.
    """
    ours, theirs = (people.accounts(people.member(a)) for a in (one, other))
    if other in ours:
        return "already"
    if way == "moderator":
        return None
    if way != "chat" and any(map(in_chat, theirs)):
        return "taken"
    return "same place" if _sources(ours) & _sources(theirs) else None


def link(
    people: People, one: Account, other: Account, way: Way, by: Account, at: int, reason: str | None = None
) -> Statement:
    """Joins the groups of both: a chat account names the person, that of the larger group, else that of `one`."""

    def fitness(head: Account) -> tuple[bool, int]:
        return in_chat(head), len(people.accounts(head))

    first, second = sorted((people.member(one), people.member(other)), key=fitness, reverse=True)
    return _statement(first, second, way, by, at, reason)


@dataclass(frozen=True, slots=True)
class Parting:
    """`withdrawn`: links that end. `anew`: links (first, second) that keep the others together."""

    withdrawn: tuple[Fact, ...]
    anew: tuple[tuple[Account, Account], ...]


def parting(group: Collection[Account], head: Account, leaving: Account, links: Iterable[Fact]) -> Parting:
    """How one account leaves and the others stay one person. `links`: the live ones among the group."""
    known = list(links)
    rest = sorted(a for a in group if a != leaving)
    kept = [(f.actor, f.target) for f in known if leaving not in (f.actor, f.target)]
    found = join([(a, b) for a, b in kept if a is not None and b is not None])
    heads = sorted({found.member(a) for a in rest})
    first = _head(heads, head)
    anew = tuple((first, other) for other in heads if other != first)
    return Parting(tuple(f for f in known if leaving in (f.actor, f.target)), anew)


def withdrawal(fact: Fact, by: Account, now: int, reason: str | None) -> Statement:
    return Statement(fact.source, fact.id, max(now, fact.at), op=WITHDRAW, reason=reason, by=by)


def kept_together(first: Account, second: Account, by: Account, at: int) -> Statement:
    """The link that takes the place of one that somebody left."""
    return _statement(first, second, "chat", by, at, "they stay together after another account left")


def _statement(first: Account, second: Account, way: Way, by: Account, at: int, reason: str | None) -> Statement:
    return Statement(
        SOURCE,
        link_id(first, second),
        at,
        LINKED,
        actor=first,
        target=second,
        facts={"way": way},
        reason=reason or REASONS[way],
        by=by,
    )


def _head(heads: Sequence[Account], before: Account) -> Account:
    """Who names those that stay: as before, else a chat account."""
    if before in heads:
        return before
    return next((a for a in heads if in_chat(a)), heads[0])


def _sources(accounts: Iterable[Account]) -> set[str]:
    """Where a person can have only one account. Mailboxes one can have many of."""
    return {a.partition("/")[0] for a in accounts} - {"email"}
