"""Answers people: the commands of core over the store, with what waited for them."""

from __future__ import annotations

from dataclasses import replace

from adapters.storage.store import Store
from core import commands
from core.cards import Card, note
from core.events import Account
from core.requests import Answer, Request, Suggestion

_NOBODY = note("This server is not part of a community that I look after. An operator can add it to the rule book.")


class FrontDesk:
    """core.ports.Desk. `clock` says what time it is for cards without a request."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def answer(self, request: Request) -> Answer:
        """What the person asked for is stored when this returns; private notes that waited come with it."""
        community = self._store.communities.of_account(request.account)
        if community is None:
            return Answer(_NOBODY)
        served = self._store.communities.served[community]
        answer = await commands.answer(request, served.plan.book, self._store.records(community), served.people)
        if answer.statements:
            await self._store.take(answer.statements)
        notes = await self._store.held_notes(request.account)
        return replace(answer, notes=(*answer.notes, *notes)) if notes else answer

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
