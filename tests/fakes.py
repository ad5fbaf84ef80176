"""The core's side of the ports, in memory, for tests of the edges: what an edge handed over and what it was told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

from core.cards import Card, note
from core.errors import StorageUnavailable
from core.events import Account, Fact, Statement, resolve
from core.language import ENGLISH, Language
from core.ports import Person, Taken
from core.requests import Answer, Request, Suggestion
from core.stays import Key, Stay


class FakeInbox:
    """Keeps what it takes. The next `refusals` calls of `take` raise StorageUnavailable."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.people: dict[Account, Person] = {}
        self.refusals = 0
        self.refused = 0

    async def take(self, statements: Sequence[Statement]) -> Taken:
        if self.refusals:
            self.refusals -= 1
            self.refused += 1
            raise StorageUnavailable("the database is full")
        self.statements.extend(statements)
        return Taken(len(statements))

    async def meet(self, people: Sequence[Person]) -> None:
        self.people.update({person.account: person for person in people})

    def of_type(self, kind: str) -> list[Statement]:
        """The assertions of one type, in the order they came."""
        return [s for s in self.statements if s.type == kind]

    def withdrawals(self) -> list[Statement]:
        return [s for s in self.statements if s.op == "withdraw"]

    def live(self) -> dict[str, Fact]:
        """What the statements add up to, by the facts' ids."""
        about: dict[tuple[str, str], list[tuple[int, Statement]]] = defaultdict(list)
        for place, statement in enumerate(self.statements, 1):
            about[statement.source, statement.id].append((place, statement))
        facts = (resolve(statements) for statements in about.values())
        return {fact.id: fact for fact in facts if fact is not None}


class FakeDesk:
    """Answers with `reply`: an answer, or a function of the request. Raises it when it is an exception."""

    def __init__(self, reply: Answer | Exception | Callable[[Request], Answer] | None = None) -> None:
        self.reply = reply or Answer(note("Here you are."))
        self.requests: list[Request] = []
        self.suggestions: list[Suggestion] = []
        self.typed: list[tuple[Request, str, str]] = []

    async def answer(self, request: Request) -> Answer:
        self.requests.append(request)
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply if isinstance(self.reply, Answer) else self.reply(request)

    async def suggest(self, request: Request, argument: str, typed: str) -> list[Suggestion]:
        self.typed.append((request, argument, typed))
        return [s for s in self.suggestions if typed.casefold() in s.label.casefold()]

    async def home(self, account: Account) -> Card:
        return note(f"The badges of {account}.")

    def speaking_to(self, account: Account) -> Language:
        return ENGLISH


class FakeStays:
    """Open stays in memory. The next `refusals` calls that write raise StorageUnavailable."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[Key, Stay]] = defaultdict(dict)
        self.refusals = 0

    async def open(self, source: str) -> list[Stay]:
        return list(self.kept[source].values())

    async def keep(self, source: str, stays: Sequence[Stay]) -> None:
        self._refuse()
        self.kept[source].update({stay.key: stay for stay in stays})

    async def forget(self, source: str, keys: Collection[Key]) -> None:
        self._refuse()
        self.kept[source] = {key: stay for key, stay in self.kept[source].items() if key not in keys}

    def _refuse(self) -> None:
        if self.refusals:
            self.refusals -= 1
            raise StorageUnavailable("the database is full")


class FakeNotebook:
    """A notebook in memory; hand the same one to a second edge to play a restart."""

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}

    async def read(self, key: str) -> str | None:
        return self.entries.get(key)

    async def write(self, entries: Mapping[str, str]) -> None:
        self.entries.update(entries)
