"""Who is who: accounts joined by links are one member, named by the account that heads a link and follows in none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from core.events import Account, Fact

Member = str
Span = tuple[int, int | None]


class Chosen(NamedTuple):
    """What a person chose, as core.records.ChoiceRow says it."""

    announce: str | None
    hidden: bool
    tracked: bool
    anonymous: bool
    digest: bool = False
    named: bool = False


class Register(Protocol):
    """What people are called and chose, as it is kept."""

    def names(self, accounts: Iterable[Account]) -> dict[Account, str]: ...

    def choices(self, members: Iterable[Member]) -> dict[Member, tuple[str | None, bool, bool]]:
        """announce, hidden (from boards, or by name there), tracked of those who chose something."""
        ...

    def choose(self, member: Member, choice: Chosen) -> None: ...

    def attend(self, rows: Mapping[Account, bool]) -> None:
        """Who is a member of their workspace or server now."""
        ...


@dataclass(frozen=True, slots=True)
class Life:
    """`zones`: (since, IANA name) in order of time. `paused`: spans of local days (ordinals, both ends inside), each
    with the time at which it was said; one without a beginning begins on that day. `frozen`: (local day, achievement or
    None for all) that streaks forgive."""

    zones: tuple[tuple[int, str], ...] = ()
    paused: tuple[tuple[int | None, int, int], ...] = ()
    frozen: tuple[tuple[int, str | None], ...] = ()

    def zone(self, at: int) -> str | None:
        """The member's zone at a time; None before they set one."""
        known = [name for since, name in self.zones if since <= at]
        return known[-1] if known else None


NO_LIFE = Life()


@dataclass(slots=True)
class People:
    """`members`: account -> member where they differ. `groups`: member -> all accounts, where there is more than one.
    `silent`: when a member had opted out of everything, as half-open spans of event time (None: still). `lives`: what
    members said about their zone and their pauses. `deaf`: when the bot heard nothing, as [from, until) in
    microseconds. `opt_in`: whoever said nothing is not tracked. `languages`: of those who chose one, its code."""

    members: dict[Account, Member] = field(default_factory=dict)
    groups: dict[Member, tuple[Account, ...]] = field(default_factory=dict)
    silent: dict[Member, list[Span]] = field(default_factory=dict)
    lives: dict[Member, Life] = field(default_factory=dict)
    deaf: tuple[tuple[int, int], ...] = ()
    opt_in: bool = False
    languages: dict[Member, str] = field(default_factory=dict)

    def member(self, account: Account) -> Member:
        return self.members.get(account, account)

    def accounts(self, member: Member) -> tuple[Account, ...]:
        return self.groups.get(member, (member,))

    def regroup(self, around: Iterable[Account], found: People) -> None:
        """Who is who among these accounts from now on (without any: among all), as `join` found."""
        named = set(around) or {*self.members, *self.groups, *found.members, *found.groups}
        for account in named:
            self.members.pop(account, None)
            self.groups.pop(account, None)
        self.members.update(found.members)
        self.groups.update(found.groups)

    def tracked(self, member: Member, at: int) -> bool:
        """Does what this member did at that time count for them?"""
        spans = self.silent.get(member)
        if spans is None:
            return not self.opt_in
        return not any(start <= at and (end is None or at < end) for start, end in spans)


def join(links: Iterable[Sequence[Account]]) -> People:
    """People from links. Links join transitively, whatever their order; the first account of a line heads it."""
    lines = [tuple(line) for line in links if line]
    parent: dict[Account, Account] = {}

    def root(account: Account) -> Account:
        parent.setdefault(account, account)
        while parent[account] != account:
            account = parent[account]
        return account

    for line in lines:
        for other in line:
            parent[root(other)] = root(line[0])
    heads = {line[0] for line in lines} - {a for line in lines for a in line[1:]}
    groups: dict[Account, list[Account]] = {}
    for account in parent:
        groups.setdefault(root(account), []).append(account)
    people = People()
    for together in groups.values():
        name = min((a for a in together if a in heads), default=min(together))
        people.groups[name] = tuple(sorted(together))
        people.members.update((a, name) for a in together if a != name)
    return people


def links_in(facts: Iterable[Fact]) -> list[tuple[Account, ...]]:
    """Links for `join`: of each the account that names the member, and the one that comes to it."""
    return [(f.actor, f.target) for f in facts if f.actor is not None and f.target is not None]


CHAT = ("slack:", "discord:")


def in_chat(account: Account) -> bool:
    """Can this account be talked to?"""
    return account.startswith(CHAT)


def voice(member: Member, accounts: Iterable[Account], source: str = "") -> Account | None:
    """By which of a member's accounts to speak to them and of them: there where something happened, else the one that
    names them. None for somebody who is known from elsewhere only."""
    here = [a for a in accounts if in_chat(a)]
    there = [a for a in here if a.partition("/")[0] == source]
    return min(there or ([member] if member in here else here), default=None)


_EVER = -(1 << 62)


def silences(changes: Iterable[tuple[int, bool]], opt_in: bool = False) -> list[Span]:
    """Spans without tracking, from (at, tracked) in any order. Two at the same time: not tracked wins. `opt_in`: the
    first span has no beginning, for nobody is tracked before they say so."""
    spans: list[Span] = []
    start: int | None = _EVER if opt_in else None
    for at, tracked in sorted(changes, key=lambda c: (c[0], not c[1])):
        if not tracked and start is None:
            start = at
        elif tracked and start is not None:
            spans.append((start, at))
            start = None
    if start is not None:
        spans.append((start, None))
    return spans
