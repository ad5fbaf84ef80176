"""The database as the rest of the bot sees it: takes statements, remembers people, hands out what is due."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.storage import arrivals, judging, outbox, roster, waiting
from adapters.storage.boards import Boards
from adapters.storage.communities import Communities
from adapters.storage.given_roles import given_roles
from adapters.storage.history import SqlHistory
from adapters.storage.outbox import Parcel
from adapters.storage.records import StoredRecords, read_engine
from adapters.storage.runs import post_once
from adapters.storage.serving import begin, climb_further
from adapters.storage.transactions import SqlTransaction
from adapters.storage.waiting import Waiting
from adapters.storage.writer import Writer
from core.awarding import settle_due
from core.cards import Card
from core.diagnosis import Diagnosis
from core.evaluation import Evaluation
from core.events import Account, Statement, resolve
from core.ladder import climb, touched
from core.language import Language
from core.members import Member
from core.pipeline import Fate, ingest, taken, telling_of
from core.plan import compile_plan
from core.ports import Destination, Person, Taken
from core.records import ProgressLine
from core.rules.book import RuleBook
from core.serving import LIVE, Mode, Served

T = TypeVar("T")
log = structlog.get_logger(__name__)
_NOTE = "INSERT INTO notebook (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
_LAST_RUN = "SELECT MAX(period) FROM run WHERE community = ? AND job = ?"
_HOLDERS = """
SELECT achievement, COUNT(DISTINCT member) FROM award WHERE community = ? AND state IN ('awarded', 'pending')
GROUP BY achievement
"""


class Store:
    """Open it with `open_store`. It is core.ports.Inbox and core.ports.Notebook."""

    def __init__(self, url: str, communities: Communities, writer: Writer, clock: Callable[[], int]) -> None:
        self.communities = communities
        self.url = url
        self._writer = writer
        self._clock = clock
        self._reader: AsyncEngine = read_engine(url)
        self.boards = Boards(url, lambda: self.perform(lambda db: None))

    # ---- Inbox

    async def take(self, statements: Sequence[Statement], mode: Mode = LIVE) -> Taken:
        """Returns when they are on disk. Raises StorageUnavailable."""
        fates: list[Fate] = []
        groups, strangers = self.communities.sort_out(statements)
        for community, group in groups.items():
            fates += await self._writer.take(community, group, mode)
        return taken([*fates, *strangers])

    async def meet(self, people: Sequence[Person]) -> None:
        """Remember what platforms say about accounts."""
        known = [(c, p) for p in people if (c := self.communities.of_account(p.account)) is not None]
        if known:
            await self.perform(lambda db: roster.meet(db, self.communities.met(known)))

    # ---- Notebook

    async def read(self, key: str) -> str | None:
        async with self._reader.connect() as db:
            found = await db.exec_driver_sql("SELECT value FROM notebook WHERE key = ?", (key,))
            value = found.scalar_one_or_none()
            return None if value is None else str(value)

    async def write(self, entries: Mapping[str, str]) -> None:
        rows = list(entries.items())
        if rows:
            await self.perform(lambda db: db.exec_driver_sql(_NOTE, rows).rowcount)

    def now(self) -> int:
        """UTC microseconds, by the clock of this installation."""
        return self._clock()

    # ---- reading

    def records(self, community: str) -> StoredRecords:
        """What commands and the digest read."""
        served = self.communities.served[community]

        async def standing(member: Member, t: Language) -> list[ProgressLine]:
            return await self.look(lambda db: judging.progress(db, served, member, self._clock(), t))

        async def examine(member: Member, name: str, own: bool, t: Language) -> Diagnosis | None:
            return await self.look(lambda db: judging.examine(db, served, member, name, self._clock(), t, own=own))

        return StoredRecords(self._reader, community, standing, examine, served.people, self.boards.of(served))

    async def look(self, query: Callable[[sa.Connection], T]) -> T:
        """Run a read on a connection of its own."""
        async with self._reader.connect() as db:
            return await db.run_sync(query)

    async def wanted_roles(self, account: Account) -> tuple[frozenset[str], frozenset[str]]:
        """The roles that awards and levels give an account, and all that the book gives, as its platform calls them."""
        community = self.communities.of_account(account)
        if community is None:
            return frozenset(), frozenset()
        served = self.communities.served[community]
        member = served.people.member(account)
        wanted = await self.look(lambda db: given_roles(db, served.plan.book, member, served.people.accounts(member)))
        places = served.plan.book.places("slack" if account.startswith("slack:") else "discord")
        return frozenset(map(places.role, wanted)), frozenset(map(places.role, places.given_roles))

    async def unserved(self) -> list[str]:
        """Communities that the database holds and no book names, as after a change of `[community] id`."""
        return [name for name in await self.look(roster.communities) if name not in self.communities.served]

    async def present(self, source: str) -> list[Person]:
        """Whom the platform was last heard to have in this workspace or server."""
        community = self.communities.of_source(source)
        return await self.look(lambda db: roster.present(db, community, source))

    async def wants_quiet(self, account: Account) -> bool:
        """Has the person chosen that badges are not told aloud, or opted out?"""
        community = self.communities.of_account(account)
        if community is None:
            return False
        choice = await self.records(community).choice(self.communities.served[community].people.member(account))
        return not choice.tracked or choice.announce in ("private", "digest", "none", "dm")

    async def reactions_on(self, source: str, message: str) -> list[str]:
        """Ids of the live reactions on a message, and of the votes in its poll."""
        community = self.communities.of_source(source)
        if community is None:
            return []

        def find(db: sa.Connection) -> list[str]:
            history = SqlHistory(db, community)
            found = {s.id for _, s in history.about([(source, message)]) if s.id.startswith(("reaction:", "poll:"))}
            said = history.statements([(source, id_) for id_ in found], 1 << 62)
            return sorted(key[1] for key, statements in said.items() if resolve(statements) is not None)

        return await self.look(find)

    @property
    def trouble(self) -> str | None:
        """Why the database did not take the last thing, None when it did."""
        return self._writer.trouble

    async def holders(self, community: str) -> Mapping[str, int]:
        """How many members hold each achievement."""
        rows = await self.look(lambda db: db.exec_driver_sql(_HOLDERS, (community,)).all())
        return {row[0]: int(row[1]) for row in rows}

    # ---- writing

    async def perform(self, work: Callable[[sa.Connection], T]) -> T:
        """Run a piece of work inside the next commit."""
        return await self._writer.run(work)

    async def seen(self, source: str, delivery: str, at: int) -> bool:
        """Note a signed request that arrived then; True if it was noted before."""
        return await self.perform(lambda db: arrivals.note(db, source, delivery, at))

    async def arrived(self, source: str, delivery: str) -> int | None:
        return await self.look(lambda db: arrivals.arrived(db, source, delivery))

    async def claim(self, sources: Sequence[str], limit: int) -> list[Parcel]:
        now, names = self._clock(), json.dumps(list(sources))
        return await self.perform(lambda db: outbox.claim(db, now, names, limit))

    async def finish(
        self, parcel: Parcel, state: str, after: float = 0, error: str | None = None, receipt: str | None = None
    ) -> None:
        """What became of a parcel; `after`: seconds until it is tried again."""
        now = self._clock()
        due = now + round(after * 1e6)
        await self.perform(lambda db: outbox.finish(db, parcel.id, state, now, due, error, receipt))

    async def held_notes(self, account: Account) -> list[Card]:
        """Private notes that waited for this person; they count as delivered from now on."""
        community = self.communities.of_account(account)
        if community is None or not await self.look(lambda db: outbox.held(db, community, account)):
            return []
        now = self._clock()

        def hand_over(db: sa.Connection) -> list[Card]:
            notes = outbox.held(db, community, account)
            for id_, _ in notes:
                outbox.finish(db, id_, "sent", now, now)
            return [card for _, card in notes]

        return await self.perform(hand_over)

    async def settle(self) -> int:
        """Award what has settled. Returns how many awards changed."""
        now = self._clock()

        def work(db: sa.Connection) -> int:
            return sum(self._settle(db, served, now) for served in self.communities.served.values())

        return await self.perform(work)

    def _settle(self, db: sa.Connection, served: Served, now: int) -> int:
        tx = SqlTransaction(db, served.plan.community)
        evaluation = Evaluation(served.plan, served.people, served.memory, tx, now)
        telling = telling_of(tx, served, now, LIVE)
        happened = settle_due(tx, served.plan, evaluation, telling)
        climb(tx, served, touched(evaluation.outcome, happened), telling)
        served.touches.add(touched(evaluation.outcome, happened))
        return len(happened)

    async def climb(self, community: str) -> None:
        """Bring a changed ladder to everybody who waits for it, a page in each commit: others write in between."""
        served, now = self.communities.served[community], self._clock()
        while await self.perform(lambda db: climb_further(SqlTransaction(db, community), served, now)):
            pass

    async def last_run(self, community: str, job: str) -> str | None:
        """The latest period that somebody claimed."""
        return await self.look(lambda db: db.exec_driver_sql(_LAST_RUN, (community, job)).scalar_one())

    async def first_start(self, community: str) -> int:
        now = self._clock()
        return await self.perform(lambda db: SqlTransaction(db, community).first_start(now))

    async def run_once(
        self,
        community: str,
        job: str,
        period: str,
        card: Card | None,
        to: Sequence[Destination],
        end: int | None = None,
    ) -> bool:
        """Claim a job's period and queue its card in the same commit. False if somebody else did."""
        served, now = self.communities.served[community], self._clock()
        return await self.perform(lambda db: post_once(db, served, job, period, card, to, now, end))

    # ---- facts that were asked for

    async def unstamped(self, sources: Sequence[str]) -> list[Waiting]:
        """Statements that wait for facts of the message they are about."""
        now, names = self._clock(), json.dumps(list(sources))
        return await self.look(lambda db: waiting.unstamped(db, now, names))

    async def ask_later(self, held: Waiting, seconds: float) -> None:
        due = self._clock() + round(seconds * 1e6)
        await self.perform(lambda db: waiting.ask_later(db, held.id, due))

    async def stamped(self, held: Waiting, known: Mapping[str, object] | None) -> None:
        """The log receives it, with what is known now; None: the message is gone."""
        await self.take([waiting.completed(held.statement, known)])
        await self.perform(lambda db: waiting.done(db, held.id))

    async def retry_parked(self) -> None:
        """Decide once more on what could not be decided, as after an update; what fails again stays parked."""
        for id_, served in self.communities.served.items():
            for held in await self.look(lambda db, c=id_: waiting.parked(db, c)):  # type: ignore[misc] # bound now
                try:
                    await self.perform(lambda db, s=served, h=held: self._again(db, s, h))  # type: ignore[misc] # the same
                except Exception:  # whatever the decision raises: it is logged, and the statement stays parked
                    log.exception("a parked statement cannot be decided yet", id=held.statement.id)

    def _again(self, db: sa.Connection, served: Served, held: Waiting) -> None:
        ingest(SqlTransaction(db, served.plan.community), served, [held.statement], self._clock())
        waiting.done(db, held.id)

    async def close(self) -> None:
        """Finish what is queued and let go of the file."""
        await self._writer.close()
        self.boards.close()
        await self._reader.dispose()


async def open_store(url: str, books: Sequence[RuleBook], clock: Callable[[], int]) -> Store:
    """The database must be migrated. What changed rules count differently is rebuilt before anything is decided.
    Raises BookRefused, with nothing touched, where a rule changed and its version did not."""
    served = {book.community.id: Served(compile_plan(book)) for book in books}
    communities = Communities(served)
    writer = Writer(url, served, clock)
    writer.start()
    store = Store(url, communities, writer, clock)
    try:
        await store.perform(lambda db: begin(db, served.values(), clock()))
    except BaseException:
        await store.close()
        raise
    return store
