"""Which community a source belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.events import Account, Statement
from core.ports import Person
from core.serving import Served

OWN_SOURCES = ("moderator", "clock", "engine", "code", "link")


class Communities:
    """`served` by id. A book that names no sources has all of them; loading allows that only for the one book."""

    def __init__(self, served: Mapping[str, Served]) -> None:
        self.served = served
        self._learn()

    def _learn(self) -> None:
        self._plans = [c.plan for c in self.served.values()]
        communities = {id_: c.plan.book.community for id_, c in self.served.items()}
        self._by_source = {s: id_ for id_, c in communities.items() for s in c.sources or ()}
        open_ = [id_ for id_, c in communities.items() if c.sources is None]
        self._any = open_[0] if len(open_) == 1 else None

    def of_source(self, source: str) -> str | None:
        """The community's id; None if no book names the source."""
        if self._plans != [c.plan for c in self.served.values()]:
            self._learn()  # a book was changed meanwhile, and may name other sources
        return self._by_source.get(source, self._any)

    def of_account(self, account: Account) -> str | None:
        return self.of_source(account.partition("/")[0])

    def met(self, people: Sequence[tuple[str, Person]]) -> list[tuple[str, Person]]:
        """Those that a community may remember, inside the transaction that does: boards look at them again."""
        for community, person in people:
            served = self.served[community]
            served.touches.add((served.people.member(person.account),))
        return self.without_erased(people)

    def without_erased(self, people: Sequence[tuple[str, Person]]) -> list[tuple[str, Person]]:
        """Those that a community may remember."""
        return [(c, p) for c, p in people if self.served[c].erased.of(p.account) is None]

    def sort_out(self, statements: Sequence[Statement]) -> tuple[dict[str, list[Statement]], list[str]]:
        """Statements by community, and why the others are ignored."""
        groups: dict[str, list[Statement]] = {}
        strangers: list[str] = []
        for s in statements:
            community = self._of(s)
            if community is None:
                strangers.append(f"source {s.source} belongs to no community; add it to [community] sources")
            else:
                groups.setdefault(community, []).append(s)
        return groups, strangers

    def _of(self, s: Statement) -> str | None:
        """Our own statements belong where the person they name belongs."""
        if s.source not in OWN_SOURCES:
            return self.of_source(s.source)
        account = s.target or s.actor or s.by
        return self._any if account is None else self.of_account(account)
