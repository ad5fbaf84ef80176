"""Answers people: the commands of core over the store, with what waited for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adapters.storage.claim_changes import Changer
from adapters.storage.claims import StoredClaims
from adapters.storage.giving import StoredGifts, say
from adapters.storage.store import Store
from bot.codes import CodeDesk
from bot.deeds import Deeds
from bot.fairness import StoredFindings
from bot.linkdesk import LinkDesk
from core import commands
from core.cards import Card, note
from core.claims import Change
from core.events import Account
from core.forms import RETURNING
from core.giving import Say
from core.requests import Answer, Request, Suggestion
from core.serving import Served

TRIES = 3
_BUSY = note("Somebody else is changing the same thing. Please try again in a moment.", tone="error")
_NOBODY = note("This server is not part of a community that I look after. An operator can add it to the rule book.")
_HARMLESS = frozenset(
    {
        *("achievements", "leaderboard", "why", "why-not", "help"),
        *("export", "erase", "erase-confirm", "erase-confirmed"),
    }
)


class FrontDesk:
    """core.ports.Desk. `codes`: who knows codes and links, where there is anybody; `links`: who links accounts."""

    def __init__(self, store: Store, codes: CodeDesk | None = None, links: LinkDesk | None = None) -> None:
        self._store = store
        self._codes = codes
        self._deeds = Deeds(store)
        self._links = links or LinkDesk(store)

    async def answer(self, request: Request) -> Answer:
        """What the person asked for is stored when this returns; private notes that waited come with it."""
        community = self._store.communities.of_account(request.account)
        if community is None:
            return Answer(_NOBODY)
        answer = await self._answer(request, community)
        if answer.statements:
            await self._store.take(answer.statements)
        if answer.deed is not None:
            answer = await self._deeds.do(answer, request.account)
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
        for _ in range(TRIES):
            answer = await commands.answer(
                request, served.plan.book, records, served.people, claims, gifts, links, findings
            )
            if not answer.changes or await self._carry_out(answer.changes, served):
                return answer
        return Answer(_BUSY)

    async def _carry_out(self, changes: Sequence[Change | Say], served: Served) -> bool:
        now = self._store.now()
        said = [c for c in changes if isinstance(c, Say)]
        if said:
            return await self._store.perform(lambda db: say(db, served, said, now))
        claimed = [c for c in changes if not isinstance(c, Say)]
        return await self._store.perform(lambda db: Changer(db, served, now).carry_out(claimed))

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


def _leaves_nothing(request: Request) -> bool:
    """Whether somebody who was erased may ask it: what keeps nothing, and to be counted again."""
    return request.verb in _HARMLESS or (request.verb == "privacy" and any(request.arguments.values()))
