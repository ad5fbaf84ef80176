"""A community is set up from the chat: what the desk knows for it, and the book to begin with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from adapters.storage.books import mark_of
from adapters.storage.challenges import extended
from adapters.storage.engines import database_file
from adapters.storage.history import SqlHistory
from adapters.storage.lookback import since
from adapters.storage.reading import reading
from adapters.storage.serving import findings
from adapters.storage.setups import read_answers, waits
from adapters.storage.store import Store
from adapters.storage.upgrade import upgrade
from bot import templates
from bot.bookfiles import books_to_serve, file_of, require_writable, text_of
from bot.settings import Settings
from bot.spool import Spool
from core.errors import ConfigurationError
from core.plan import compile_plan
from core.replay import Log, replay
from core.rules.book import RuleBook
from core.rules.findings import BookRefused
from core.rules.loading import load
from core.serving import Served
from core.setups import DAYS, WAITING, Answers, Base, Foreseen
from core.times import read_time

MOST, MOST_WHEN_PATIENT = 5_000, 200_000  # statements: a form waits 2.5 seconds for its answer, a button 20
_DAY = 86_400_000_000
_EDITED = "holds changes that are not in force; restart the bot or run plaudit apply first"
Finds = Callable[[str, str, bool], bool | None]
"""Whether a source has this channel, else this role or user group; None where nobody can say now."""


def books_to_run(settings: Settings) -> tuple[RuleBook, ...]:
    """The books of the files; where there is no file, never was one, and PLAUDIT_RULES names none, a book that waits
    to be set up from the chat.

    Raises ConfigurationError with every fault of every file.
    """
    is_named = "rules" in settings.model_fields_set  # somebody has one, and it is not where they said
    if is_named or settings.rules.exists() or not _may_wait(settings):
        return books_to_serve(settings)
    return (load(WAITING, str(settings.rules)),)


def _may_wait(settings: Settings) -> bool:
    if not Path(database_file(settings.database_url)).exists():
        return True
    upgrade(settings.database_url)  # as at any start: one of an earlier version cannot be read
    with reading(settings.database_url) as histories:
        return waits(histories(""))


class SetupDesk:
    """`rules`: the file or folder of PLAUDIT_RULES. `finds`: who knows the channels, as soon as there is anybody."""

    def __init__(self, store: Store, rules: Path) -> None:
        self.store = store
        self.rules = rules
        self.finds: Finds = lambda source, ref, channel: None

    def at(self, served: Served) -> StoredSetups:
        """What one community knows."""
        return StoredSetups(self, served)


@dataclass(frozen=True, slots=True)
class StoredSetups:
    """core.setups.Setups of one community."""

    desk: SetupDesk
    served: Served

    def templates(self) -> Mapping[str, str]:
        return templates.TEMPLATES

    def text(self, template: str) -> str:
        return templates.text(template, templates.BOOK)

    def is_there(self, source: str, ref: str, *, channel: bool) -> bool | None:
        return self.desk.finds(source, ref, channel)

    async def answers(self, source: str) -> Answers | None:
        community = self.served.plan.community
        return await self.desk.store.look(lambda db: read_answers(SqlHistory(db, community), source))

    async def base(self) -> Base:
        store, community = self.desk.store, self.served.plan.community
        text, revision = self.served.plan.book.written.text, self.served.revision or 0
        days = (store.now() - await store.first_start(community)) // _DAY
        there, obstacle = await asyncio.to_thread(_file, self.desk.rules, community, text)
        return Base(text, revision, mark_of(there), obstacle, days)

    async def fault(self, text: str) -> str:
        community, file = self.served.plan.community, self.served.plan.book.written.file

        def find(history: SqlHistory) -> str:
            try:
                return "\n".join(map(str, findings(history, extended(history, load(text, file)))))
            except BookRefused as refused:
                return str(refused)

        return await self.desk.store.look(lambda db: find(SqlHistory(db, community)))

    async def foreseen(self, text: str, *, patient: bool) -> Foreseen | None:
        most = MOST_WHEN_PATIENT if patient else MOST
        book = load(text, self.served.plan.book.written.file)
        return await asyncio.to_thread(_foreseen, self.desk.store.url, book, self.desk.store.now(), most)


def _file(rules: Path, community: str, text: str) -> tuple[str, str]:
    """What the file holds, and why it cannot be replaced by another book than `text`, "" where it can."""
    try:
        file = file_of(rules, community)
        there = text_of(file)
        if there and there != text:
            return there, f"{file.name}: {_EDITED}"
        require_writable(file)
    except ConfigurationError as error:
        return "", str(error)
    return there, ""


def _foreseen(url: str, book: RuleBook, now: int, most: int) -> Foreseen | None:
    """In a thread of its own: a month of the log, decided by this book."""
    begin = now - DAYS * _DAY
    log = Log(compile_plan(book), now, Spool())
    with reading(url) as histories:
        for number, statement in enumerate(since(histories(book.community.id), begin)):
            if number >= most:
                return None
            log.take(statement)
    found: dict[str, set[str]] = {}
    for award in replay(log.plan, log, progress=False).awards:
        if award["state"] != "revoked" and read_time(award["earned_at"]) >= begin:
            found.setdefault(award["achievement"], set()).add(award["member"])
    people = set().union(*found.values())
    return Foreseen(len(people), {name: len(members) for name, members in found.items()})
