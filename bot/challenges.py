"""Challenges as the desk reads them, and what happens to them by itself: the start is said, the end is celebrated."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from adapters.storage import challenge_boards, challenge_changes, challenges, rulings
from adapters.storage.history import SqlHistory
from adapters.storage.reading import reading
from adapters.storage.store import Store
from adapters.storage.transactions import SqlTransaction
from bot.arrears import Arrears
from bot.sharing import Sharing
from core import challenge_cards
from core.cards import Card, Section, line
from core.challenge_boards import Board
from core.challenges import SETTLING, Challenge, Draft, Result, Wish
from core.errors import ConfigurationError, StorageUnavailable
from core.events import Account
from core.language import Language
from core.languages import ours
from core.ports import Destination
from core.serving import Served

T = TypeVar("T")
COUNTING = 1.2  # seconds in which a preview may count: whoever sent the form waits, and Slack no longer than three
PATIENT = 12.0  # seconds, for whoever pressed a button
CLOSING = 120.0  # seconds, for results that nobody waits for
COUNTERS = ThreadPoolExecutor(2, "challenges")
"""However many people ask at once, this many counts are under way, and nothing else waits for them."""
BOARDS: Sharing[Board] = Sharing()
"""When a challenge begins, everybody looks at it at once."""
Room = Literal["announcements", "digest", "moderators"]
RoomsOf = Callable[[str, Room], Sequence[Destination]]
"""A channel of the book (announcements, digest) of a community, on each platform that is connected."""


@dataclass(frozen=True, slots=True)
class StoredChallenges:
    """core.challenge_boards.Challenges of one community."""

    store: Store
    community: str

    @property
    def _served(self) -> Served:
        return self.store.communities.served[self.community]

    async def all(self) -> Mapping[str, Challenge]:
        return await self.store.look(lambda db: challenges.read_challenges(SqlHistory(db, self.community)))

    async def retired(self) -> Collection[str]:
        return await self.store.look(lambda db: rulings.retired(SqlHistory(db, self.community)))

    async def draft(self, id_: str) -> Draft | None:
        return await self.store.look(lambda db: challenges.read_draft(SqlHistory(db, self.community), id_))

    async def joined(self, challenge: str) -> Sequence[Account]:
        return await self.store.look(lambda db: challenges.joined(SqlHistory(db, self.community), challenge))

    async def board(self, challenge: Challenge, seconds: float = PATIENT) -> Board:
        """Raises StorageUnavailable, also where it takes longer than so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                return await BOARDS.ask((self.store.url, self.community, challenge), lambda: self._board(challenge))
        except TimeoutError:
            raise StorageUnavailable("counting a challenge takes too long now") from None

    async def _board(self, challenge: Challenge) -> Board:
        now = self.store.now()
        return await self._beside(
            lambda history: challenge_boards.board(history, self._served, challenge, now), CLOSING
        )

    async def would_reach(self, wish: Wish, *, patient: bool) -> int | None:
        now, served, seconds = self.store.now(), self._served, PATIENT if patient else COUNTING
        try:
            return await self._beside(
                lambda history: challenge_boards.would_reach(history, served, wish, now, seconds), seconds
            )
        except TimeoutError:  # others are being counted
            return None

    async def _beside(self, read: Callable[[SqlHistory], T], seconds: float) -> T:
        """What goes through the history of many people, in a thread: the loop goes on. Raises StorageUnavailable,
        TimeoutError."""

        def work() -> T:
            try:
                with reading(self.store.url) as histories:
                    return read(histories(self.community))
            except ConfigurationError as error:  # it was there at the start: somebody holds it
                raise StorageUnavailable(str(error)) from error

        async with asyncio.timeout(seconds):
            return await asyncio.get_running_loop().run_in_executor(COUNTERS, work)


class Challengekeeper:
    """Looks what has begun or is over, at every tick; each is said once, however many processes look. `since`: when the
    bot was started (UTC microseconds); `caught_up`: whether all is read that it missed. Results wait for that."""

    def __init__(
        self, store: Store, rooms: RoomsOf, since: int = 0, caught_up: Callable[[], bool] = lambda: True
    ) -> None:
        self._store = store
        self._rooms = rooms
        self._since = since
        self._arrears = Arrears(caught_up)

    async def tick(self) -> None:
        """Raises StorageUnavailable."""
        is_complete = self._arrears.are_over(self._store.now())
        for community, served in self._store.communities.served.items():
            for challenge, is_started in await self._due(community):
                await self._look(served, challenge, is_started=is_started, is_complete=is_complete)

    async def _due(self, community: str) -> list[tuple[Challenge, bool]]:
        return await self._store.look(lambda db: challenges.unfinished(SqlHistory(db, community)))

    async def _look(self, served: Served, challenge: Challenge, *, is_started: bool, is_complete: bool) -> None:
        calendar, now = served.plan.calendar, self._store.now()
        state = challenge.state(calendar, now)
        if state == "open" and not is_started:
            await self._start(served, challenge)
        elif state == "closed" and is_complete and now >= self._results_at(served, challenge):
            await self._close(served, challenge)

    def _results_at(self, served: Served, challenge: Challenge) -> int:
        """What settles is settled by then, and what the bot missed is caught up."""
        rule = served.plan.book.achievements.get(challenge.id)
        settled = challenge.ends(served.plan.calendar) + (rule.settle.microseconds if rule is not None else 0)
        return max(settled, self._since) + SETTLING

    async def _start(self, served: Served, challenge: Challenge) -> None:
        community, now = served.plan.community, self._store.now()
        there = await StoredChallenges(self._store, community).joined(challenge.id)
        book = served.plan.book
        if challenge.id not in book.achievements:
            return
        people = len(set(map(served.people.member, there)))
        card = challenge_cards.started(challenge, book, people, served.plan.calendar, language(served))
        to = self._places(community, challenge)
        await self._store.perform(
            lambda db: challenge_changes.start(SqlTransaction(db, community), challenge, card, to, now)
        )

    async def _close(self, served: Served, challenge: Challenge) -> None:
        community, now = served.plan.community, self._store.now()
        board = await StoredChallenges(self._store, community).board(challenge, CLOSING)
        result = Result(board.reached, board.joined, board.teams, now)
        card = challenge_cards.ceremony(challenge, result, board.people, language(served))
        to = self._places(community, challenge)
        await self._store.perform(lambda db: challenge_changes.close(db, served, challenge, result, card, to))

    def _places(self, community: str, challenge: Challenge) -> Sequence[Destination]:
        """Where it is announced; where the book names no such channel, the one where it was made."""
        wish = challenge.wish
        found = self._rooms(community, wish.place) if wish.place != "here" else []
        source, _, channel = wish.channel.partition("/")
        return found or ([Destination(source, "channel", channel)] if channel else [])


def language(served: Served) -> Language:
    """How a community is spoken to."""
    return ours(served.plan.book)


async def with_challenges(card: Card | None, store: Store, community: str) -> Card | None:
    """The digest with a line for each challenge that is open or near."""
    served = store.communities.served[community]
    there = await StoredChallenges(store, community).all()
    lines = challenge_cards.digest_lines(there.values(), served.plan.calendar, store.now(), language(served))
    if not lines:
        return card
    section = Section(tuple(lines))
    return (
        Card((section,), line(language(served).gettext("This week")))
        if card is None
        else replace(card, sections=(*card.sections, section))
    )
