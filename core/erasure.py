"""Taking a person out of the history without taking anything from others, and keeping them out.

An account becomes a random pseudonym wherever it is named. What arrives later about the person is left at the door
until they ask to be counted again. Who was erased is known only by marks that need a key to be made.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.events import ASSERT, Account, Statement, Value

KEY_BYTES = 32
SOMEBODY = "someone"
REDACTED = "erased"
AT_THE_DOOR = "somebody who asked to be erased"
_USER = "erased-"
_CHATS = ("slack:", "discord:")
_OWN = frozenset({"moderator", "clock", "engine", "code"})
ACCOUNT = re.compile(r"[a-z][a-z0-9_]*:[^\s/:\"'\\,\[\]{}()<>]+/[^\s/:\"'\\,\[\]{}()<>]+")
_ENDS = r"(?![\w@+-]|\.\w)"
SHORTEST_NUMBER = 6
"""Ids of people are long; a shorter number may be anything."""


def mark_of(key: bytes, account: Account) -> bytes:
    """What stands for an account in the list of those who were erased."""
    return hmac.digest(key, account.encode(), hashlib.sha256)


def pseudonym(account: Account, token: str) -> Account:
    """The name that takes the place of an account; `token` is random."""
    return f"{account.partition('/')[0]}/{_USER}{token}"


def is_pseudonym(account: Account) -> bool:
    """Does nobody stand behind this account any more?"""
    return account.partition("/")[2].startswith(_USER)


def user_of(account: Account) -> str:
    """The account without its source."""
    return account.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Renaming:
    """`accounts`: each with its pseudonym. `ids`: of facts of other sources than chats, old and new. `names`: words
    that name the person."""

    accounts: Mapping[Account, Account]
    names: Sequence[str] = ()
    ids: Mapping[str, str] = field(default_factory=dict)

    def everywhere(self) -> Callable[[str], str]:
        """Replaces accounts, ids of facts, and on chats also the bare user, whose id is nobody else's."""
        chats = {user_of(a): user_of(p) for a, p in self.accounts.items() if a.startswith(_CHATS)}
        users = {user: name for user, name in chats.items() if len(user) > SHORTEST_NUMBER or not user.isdigit()}
        whole = _replacing({**self.ids, **self.accounts}, _ENDS)
        bare = _replacing(users, r"(?!\w)")
        return lambda text: bare(whole(text))

    def within(self, source: str) -> Callable[[str], str]:
        """Replaces the bare users of a source: for the ids of facts that name them."""
        mine = {a: p for a, p in self.accounts.items() if a.startswith(f"{source}/")}
        return _replacing({user_of(a): user_of(p) for a, p in mine.items()}, _ENDS)

    def words(self) -> Callable[[str], str]:
        """Replaces the person's names in what people wrote."""
        return _replacing(dict.fromkeys((n for n in self.names if n.strip()), SOMEBODY), r"(?!\w)")


def _replacing(pairs: Mapping[str, str], ends: str) -> Callable[[str], str]:
    if not pairs:
        return lambda text: text
    longest_first = "|".join(map(re.escape, sorted(pairs, key=len, reverse=True)))
    found = re.compile(rf"(?<!\w)(?:{longest_first}){ends}")
    return lambda text: found.sub(lambda m: pairs[m[0]], text)


Known = Callable[[str, str], bool]
"""Does the log speak of this (source, id)?"""


@dataclass(frozen=True, slots=True)
class Erased:
    """Who was erased: `pseudonyms` by mark. `key` makes the marks."""

    key: bytes = b""
    pseudonyms: Mapping[bytes, Account] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.pseudonyms)

    def of(self, account: Account | None) -> Account | None:
        """What stands for the account; None for somebody who was not erased."""
        return None if account is None else self.pseudonyms.get(mark_of(self.key, account))

    def admit(self, s: Statement, known: Known) -> Statement | None:
        """The statement as the log may have it; None if it is the person's own.

        About a fact that the log knows, it says the same as the log: otherwise a repetition would change the fact, and
        others would lose by it. In a new fact the person is not there.
        """
        if self.of(s.actor) is not None or (s.source in _OWN and self.of(s.target) is not None):
            return None
        id_ = self._renamed(s)
        if id_ != s.id and s.op != ASSERT:
            return None
        people = {a: p for a in _named(s) if (p := self.of(a)) is not None}
        if not people and id_ == s.id:
            return s
        return _without(replace(s, id=id_), people, keep=known(s.source, id_))

    def _renamed(self, s: Statement) -> str:
        """The id with pseudonyms in the place of who was erased."""
        accounts = {a: p for a in ACCOUNT.findall(s.id) if (p := self.of(a)) is not None}
        parts = set(re.split(r"[/:]", s.id))
        users = {u: user_of(p) for u in parts if u and (p := self.of(f"{s.source}/{u}")) is not None}
        return _replacing({**users, **accounts}, _ENDS)(s.id)


def _named(s: Statement) -> set[Account]:
    listed = (v for value in s.facts.values() for v in (value if isinstance(value, tuple) else (value,)))
    named = {s.author, s.target, s.by, *s.participants, *(v for v in listed if isinstance(v, str) and "/" in v)}
    return {a for a in named if a is not None}


def _without(s: Statement, people: Mapping[Account, Account], *, keep: bool) -> Statement:
    """With pseudonyms where the log has them (`keep`), else without these people."""

    def one(account: Account | None) -> Account | None:
        return account if account is None or account not in people else (people[account] if keep else None)

    def some(accounts: Iterable[str]) -> tuple[str, ...]:
        return tuple(kept for a in accounts if (kept := one(a)) is not None)

    facts: dict[str, Value] = {}
    for name, value in s.facts.items():
        if isinstance(value, tuple):
            facts[name] = some(value)
        elif not isinstance(value, str):
            facts[name] = value
        elif (kept := one(value)) is not None:
            facts[name] = kept
    by = people.get(s.by, s.by) if s.by is not None else None
    return replace(s, author=one(s.author), target=one(s.target), participants=some(s.participants), facts=facts, by=by)


def farewell(name: Account, at: int) -> Statement:
    """What the log says of a pseudonym: from now on nothing counts for it, and nobody is shown it."""
    return Statement(
        source=name.partition("/")[0],
        id=f"settings:{name}/{REDACTED}",
        at=at,
        type="member.settings_changed",
        actor=name,
        facts={"announce": "none", "boards": "hidden", "tracking": "off"},
        by=name,
    )
