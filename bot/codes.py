"""Codes and links over the store: for the desk, the pages and the commands of this installation."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from adapters.storage import codes, links
from adapters.storage.store import Store
from core.cards import Card, note
from core.claim_codes import CONFIRMATION_LENGTH, Choose, Glance, make, told
from core.errors import StorageUnavailable
from core.guessing import Guesses, Lines
from core.language import Language
from core.requests import Answer, Request
from core.serving import Served
from core.tracked_links import address, token, whose

BUSY = "I could not write that down just now. Please try again in a minute."


class CodeDesk:
    """adapters.web.codes.Codes and Links. `choose` picks one of some characters, unforeseeably; `fresh` makes a key."""

    def __init__(
        self,
        store: Store,
        public_url: str | None,
        choose: Choose = secrets.choice,
        fresh: Callable[[], str] = secrets.token_hex,
    ) -> None:
        self._store = store
        self._public_url = public_url
        self._choose = choose
        self._fresh = fresh
        self._guesses = Guesses()
        self._lines = Lines()
        self._signing_key: bytes | None = None

    # ---- pages

    async def look(self, code: str, who: str) -> Glance:
        now = self._store.now()
        if self._guesses.locked(who, now):
            return Glance("locked")
        glance = await self._store.look(lambda db: codes.look(db, code, now))
        if glance.outcome == "wrong":
            self._guesses.note(who, code, now)
        return glance

    async def confirm(self, code: str, who: str) -> Glance:
        glance = await self.look(code, who)
        if glance.outcome != "right":
            return glance
        if not self._lines.give(who, self._store.now()):
            return Glance("crowded", glance.name)
        now, confirmation = self._store.now(), make(self._choose, CONFIRMATION_LENGTH)
        return await self._store.perform(lambda db: codes.confirm(db, code, confirmation, now))

    async def follow(self, code: str, written: str) -> str | None:
        """A visitor gets where they want also while the database is full."""
        link = await self._store.look(lambda db: links.by_code(db, code))
        served = self._store.communities.served.get(link.community) if link is not None else None
        if link is None or served is None:
            return None
        account = whose(await self._key(), link, written) if written else None
        if account is not None and not await self._counts(served, account):
            account = None
        now = self._store.now()
        try:
            await self._store.perform(lambda db: links.visit(db, served, link, account, now))
        except StorageUnavailable:
            return link.to  # the visit is not counted; the log of the writer says that the database is full
        return link.to

    # ---- the desk

    async def redeem(self, request: Request, served: Served) -> Answer:
        """`/claim CODE`."""
        if not await self._counts(served, request.account):
            return Answer(_opted_out(served.speaking_to(request.account)))
        typed, now = request.arguments["code"], self._store.now()
        glance = await self._store.perform(lambda db: codes.redeem(db, served, request.account, typed, now))
        return Answer(told(glance, served.plan.book, served.speaking_to(request.account)))

    async def my_link(self, request: Request, served: Served) -> Answer:
        """`/plaudit mylink NAME`."""
        name, community = request.arguments.get("name", "").strip(), served.plan.community
        t = served.speaking_to(request.account)
        link = await self._store.look(lambda db: links.by_name(db, community, name))
        if link is None:
            known = await self._store.look(lambda db: links.links(db, community))
            return Answer(_no_link([known_link.name for known_link in known], t))
        if self._public_url is None:
            text = t.gettext("Links need an address that others can reach. An operator sets it.")
            return Answer(note(text, tone="error"))
        own = address(self._public_url, link, token(await self._key(), link, request.account))
        return Answer(note(t.gettext("Your own link. A visit through it counts for you, once a day: "), own))

    async def _counts(self, served: Served, account: str) -> bool:
        member = served.people.member(account)
        return (await self._store.records(served.plan.community).choice(member)).tracked

    async def _key(self) -> bytes:
        if self._signing_key is None:
            self._signing_key = await self._store.perform(lambda db: links.signing_key(db, self._fresh))
        return self._signing_key


def _opted_out(t: Language) -> Card:
    text = t.gettext("You opted out, so nothing is recorded about you. /plaudit settings changes that.")
    return note(text, tone="error")


def _no_link(names: list[str], t: Language) -> Card:
    if not names:
        return note(t.gettext("There are no links to share yet. An operator makes them."), tone="error")
    return note(t.gettext("Which link? There is: {names}.").format(names=t.listed(names[:20])), tone="error")
