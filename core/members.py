"""Who is who: accounts joined by links are one member, named by the account that heads a link and follows in none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.events import Account

Member = str
Span = tuple[int, int | None]


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
    microseconds."""

    members: dict[Account, Member] = field(default_factory=dict)
    groups: dict[Member, tuple[Account, ...]] = field(default_factory=dict)
    silent: dict[Member, list[Span]] = field(default_factory=dict)
    lives: dict[Member, Life] = field(default_factory=dict)
    deaf: tuple[tuple[int, int], ...] = ()

    def member(self, account: Account) -> Member:
        return self.members.get(account, account)

    def accounts(self, member: Member) -> tuple[Account, ...]:
        return self.groups.get(member, (member,))

    def tracked(self, member: Member, at: int) -> bool:
        """Does what this member did at that time count for them?"""
        spans = self.silent.get(member)
        return spans is None or not any(start <= at and (end is None or at < end) for start, end in spans)


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


def silences(changes: Iterable[tuple[int, bool]]) -> list[Span]:
    """Spans without tracking, from (at, tracked) in any order. Two at the same time: not tracked wins."""
    spans: list[Span] = []
    start: int | None = None
    for at, tracked in sorted(changes, key=lambda c: (c[0], not c[1])):
        if not tracked and start is None:
            start = at
        elif tracked and start is not None:
            spans.append((start, at))
            start = None
    if start is not None:
        spans.append((start, None))
    return spans
