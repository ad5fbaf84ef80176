"""Answers people: the commands of core over the store, with what waited for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from adapters.storage.changes import carry_out
from adapters.storage.claims import StoredClaims
from adapters.storage.duties import StoredDuties
from adapters.storage.giving import StoredGifts
from adapters.storage.memberships import StoredTeams
from adapters.storage.rewards import StoredRewards
from adapters.storage.store import Store
from bot.challenges import StoredChallenges
from bot.codes import CodeDesk
from bot.deeds import Deeds
from bot.fairness import StoredFindings
from bot.linkdesk import LinkDesk
from bot.setups import SetupDesk
from core import commands, trouble
from core.cards import Card
from core.events import Account
from core.forms import RETURNING
from core.language import ENGLISH, Language
from core.requests import Answer, Changes, Request, Suggestion
from core.serving import Served

TRIES = 3
_NOBODY = trouble.of_nobody(ENGLISH)  # whose language, nobody knows
_HARMLESS = frozenset(
    {
        *("achievements", "leaderboard", "why", "why-not", "help"),
        *("export", "erase", "erase-confirm", "erase-confirmed"),
    }
)


class FrontDesk:
    """core.ports.Desk. `codes`: who knows codes and links, where there is anybody; `links`: who links accounts;
    `setups`: who sets communities up; `asked` hears what is asked."""

    def __init__(
        self,
        store: Store,
        codes: CodeDesk | None = None,
        links: LinkDesk | None = None,
        setups: SetupDesk | None = None,
        asked: Callable[[str, Mapping[str, str]], None] = lambda verb, arguments: None,
    ) -> None:
        self._store = store
        self._codes = codes
        self._deeds = Deeds(store)
        self._links = links or LinkDesk(store)
        self._setups = setups
        self._asked = asked

    async def answer(self, request: Request) -> Answer:
        """What the person asked for is stored when this returns; private notes that waited come with it."""
        community = self._store.communities.of_account(request.account)
        if community is None:
            return Answer(_NOBODY)
        self._asked(request.verb, request.arguments)
        answer = await self._answer(request, community)
        if answer.statements:
            await self._store.take(answer.statements)
        if answer.deed is not None:
            answer = await self._deeds.do(answer, request.account, self.speaking_to(request.account))
        if request.verb in RETURNING:
            return answer
        notes = await self._store.held_notes(request.account)
        return replace(answer, notes=(*answer.notes, *notes)) if notes else answer

    async def _answer(self, request: Request, community: str) -> Answer:
        """Where somebody else is faster in what is to be changed, the question is answered anew, as things are then."""
        served, records = self._store.communities.served[community], self._store.records(community)
        if served.erased.of(request.account) is not None and not _leaves_nothing(request):
            return commands.erased(request, served.plan.book, records)
        if self._codes is not None and request.verb == "claim" and request.arguments.get("code"):
            return await self._codes.redeem(request, served)
        if self._codes is not None and request.verb == "mylink":
            return await self._codes.my_link(request, served)
        claims, gifts = StoredClaims(self._store.look, community), StoredGifts(self._store.look, community)
        links, findings = self._links.at(served), StoredFindings(self._store, community)
        rewards = StoredRewards(self._store.look, served, self._store.now())
        challenges = StoredChallenges(self._store, community)
        setups = self._setups.at(served) if self._setups is not None else None
        for _ in range(TRIES):
            answer = await commands.answer(
                request,
                served.plan.book,
                records,
                served.people,
                claims=claims,
                gifts=gifts,
                links=links,
                findings=findings,
                rewards=rewards,
                challenges=challenges,
                setups=setups,
                duties=StoredDuties(self._store.look, served, self._store.now()),
                teams=StoredTeams(self._store.look, served, self._store.now()),
            )
            if not answer.changes or await self._carry_out(answer.changes, served):
                return answer
        return Answer(trouble.busy(self.speaking_to(request.account)))

    async def _carry_out(self, changes: Changes, served: Served) -> bool:
        """In one commit. False: somebody else was faster, and nothing was changed."""
        now = self._store.now()
        return await self._store.perform(lambda db: carry_out(db, served, changes, now))

    async def suggest(self, request: Request, argument: str, typed: str) -> list[Suggestion]:
        community = self._store.communities.of_account(request.account)
        if community is None:
            return []
        served = self._store.communities.served[community]
        records = self._store.records(community)
        return await commands.suggest(request, argument, typed, served.plan.book, records, served.people)

    async def home(self, account: Account) -> Card:
        community = self._store.communities.of_account(account)
        if community is None:
            return _NOBODY
        served = self._store.communities.served[community]
        records = self._store.records(community)
        return await commands.home(account, served.plan.book, records, self._store.now(), served.people)

    def speaking_to(self, account: Account) -> Language:
        community = self._store.communities.of_account(account)
        return ENGLISH if community is None else self._store.communities.served[community].speaking_to(account)


def _leaves_nothing(request: Request) -> bool:
    """Whether somebody who was erased may ask it: what keeps nothing, and to be counted again."""
    return request.verb in _HARMLESS or (request.verb == "privacy" and any(request.arguments.values()))
