"""Signing in at GitHub over the store: adapters.web.sign_in.SignIns."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import structlog

from adapters.connectors.github.sign_in import Coder, address, who
from adapters.storage import link_codes, sign_ins
from adapters.storage.sign_ins import SignIn
from adapters.storage.store import Store
from adapters.storage.transactions import SqlTransaction
from adapters.web.sign_in import BACK
from bot.github import GitHub
from core import link_cards
from core.connectors import Unreachable
from core.link_codes import called
from core.ports import Person
from core.rules.community import Community
from core.serving import Served
from core.sign_ins import Agreed, Door, Joining, derived

log = structlog.get_logger(__name__)


class SignInDesk:
    """`fresh` makes what a browser's cookie holds, unforeseeably. Whoever has neither link nor cookie of ours makes
    nobody write: anybody can send what looks like them."""

    def __init__(self, store: Store, github: GitHub, door: Door, fresh: Callable[[], str] = secrets.token_hex) -> None:
        self._store = store
        self._github = github
        self._door = door
        self._fresh = fresh
        self._back = door.public_url + BACK

    async def look(self, link: str) -> Joining | None:
        now = self._store.now()
        return await self._joining(await self._store.look(lambda db: sign_ins.unused(db, link, now)))

    async def begin(self, link: str) -> tuple[str, str] | None:
        browser, now = self._fresh(), self._store.now()
        if await self.look(link) is None or not await self._store.perform(
            lambda db: sign_ins.begin(db, link, browser, now)
        ):
            return None
        return browser, address(self._door.app, self._back, derived(browser, "state"), derived(browser, "verifier"))

    async def come_back(self, browser: str, code: str) -> None:
        now = self._store.now()
        if await self._found(browser) is None:
            return
        if not await self._store.perform(lambda db: sign_ins.come_back(db, browser, now)):
            return
        try:
            coder = await who(self._door.app, code, self._back, derived(browser, "verifier"))
        except Unreachable as error:
            log.warning("GitHub did not say who signed in", reason=str(error))
            await self.give_up(browser)
            return
        await self._name(browser, coder)

    async def under_way(self, browser: str) -> Joining | None:
        found = await self._found(browser)
        return await self._joining(found) if found is not None and found.account is not None else None

    async def agree(self, browser: str) -> Agreed:
        """The code is proved, and whoever asked for it is shown by whom, as when it was posted."""
        now = self._store.now()
        if await self.under_way(browser) is None:
            return "wrong"

        def work(db: link_codes.Db) -> tuple[Agreed, Person | None]:
            found = sign_ins.under_way(db, browser, now)
            sign_ins.end(db, browser)
            if found is None or found.account is None:
                return "wrong", None
            served = self._store.communities.served[found.community]
            return _prove(db, found, found.account, served, now), Person(found.account, found.name or "")

        agreed, person = await self._store.perform(work)
        if agreed == "right" and person is not None:
            await self._store.meet([person])
        return agreed

    async def give_up(self, browser: str) -> None:
        if await self._found(browser) is not None:
            await self._store.perform(lambda db: sign_ins.end(db, browser))

    async def _name(self, browser: str, coder: Coder) -> None:
        found = await self._found(browser)
        source = await self._github.source(found.community) if found is not None else None
        if source is not None:
            account = f"{source}/{coder.id}"
            await self._store.perform(lambda db: sign_ins.name(db, browser, account, coder.login))

    async def _found(self, browser: str) -> SignIn | None:
        now = self._store.now()
        return await self._store.look(lambda db: sign_ins.under_way(db, browser, now))

    async def _joining(self, found: SignIn | None) -> Joining | None:
        if found is None or found.community not in self._store.communities.served:
            return None
        known = await self._store.records(found.community).people((found.asker,))
        name = known[found.asker].name if found.asker in known else None
        community = "" if found.community == Community().id else found.community
        return Joining(called(found.asker, name), community, found.name or "")


def _prove(db: link_codes.Db, found: SignIn, account: str, served: Served, now: int) -> Agreed:
    proved = link_codes.take(db, found.community, found.token, account, now)
    if proved is None:
        return "wrong"
    if not proved.token:
        return "taken"
    card = link_cards.posted(
        account, found.name or "", proved.token, served.speaking_to(proved.account), signed_in=True
    )
    tx, cause = SqlTransaction(db, found.community), f"link:{proved.token}:posted"
    link_codes.whisper(tx, cause, proved.account, proved.channel, card, now)
    return "right"
