"""Codes, mails and links over the store: what people link, what is proved elsewhere, what moderators say."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from adapters.mail.sender import MailTrouble
from adapters.storage import link_codes, strangers, unions
from adapters.storage.history import SqlHistory
from adapters.storage.link_codes import Fresh
from adapters.storage.store import Store
from adapters.storage.transactions import SqlTransaction
from bot.github import GitHub
from core import link_cards
from core.cards import note
from core.claim_codes import Choose, make
from core.connectors import Proof
from core.events import Account
from core.language import Language
from core.likeness import Stranger
from core.link_codes import CODE_LENGTH, TOKEN_LENGTH, Found, Joined, Mailed, Outcome, Parted, Way
from core.link_gists import ReadGist
from core.members import Member
from core.serving import Served

PATIENCE = 2.0  # seconds that a stop waits for mails on their way
log = structlog.get_logger(__name__)


class Mailer(Protocol):
    async def send(self, to: str, subject: str, text: str) -> None:
        """Raises MailTrouble."""
        ...


class LinkDesk:
    """One for the whole process. `mailer`: None where no mails are sent; `choose` picks a character, unforeseeably;
    `github`: for gists, and for signing in there."""

    def __init__(
        self,
        store: Store,
        mailer: Mailer | None = None,
        choose: Choose = secrets.choice,
        github: GitHub | None = None,
    ) -> None:
        self.store = store
        self.mailer = mailer
        self.choose = choose
        self.github = github or GitHub(store, {})
        self._mails: set[asyncio.Task[None]] = set()

    def fresh(self) -> Fresh:
        return Fresh(make(self.choose, CODE_LENGTH), make(self.choose, TOKEN_LENGTH))

    def at(self, served: Served) -> StoredLinks:
        return StoredLinks(self, served)

    def post(self, served: Served, account: Account, address: str, code: str, channel: str | None) -> None:
        """Send a mail behind the answer: a platform waits less long than a mail server takes."""
        task = asyncio.create_task(self._post(served, account, address, code, channel))
        self._mails.add(task)
        task.add_done_callback(self._mails.discard)

    async def _post(self, served: Served, account: Account, address: str, code: str, channel: str | None) -> None:
        if self.mailer is None:
            return
        try:
            await self.mailer.send(address, *link_cards.mail(code, served.speaking_to(account)))
        except MailTrouble as trouble:
            log.warning("a mail was not sent", reason=str(trouble))
            await self._apologise(served, account, channel)

    async def _apologise(self, served: Served, account: Account, channel: str | None) -> None:
        now, card = self.store.now(), note(_not_sent(served.speaking_to(account)), tone="error")
        community, cause = served.plan.community, f"link:mail:{self.fresh().token}"
        await self.store.perform(
            lambda db: link_codes.whisper(SqlTransaction(db, community), cause, account, channel, card, now)
        )

    async def prove(self, source: str, proof: Proof) -> str:
        """An account elsewhere posted a code; whoever asked for it is shown by whom. Returns what became of it."""
        community = self.store.communities.of_source(source)
        if community is None:
            return "the source belongs to no community"
        served, now = self.store.communities.served[community], self.store.now()

        def work(db: link_codes.Db) -> str:
            proved = link_codes.prove(db, served, proof, now)
            if proved.token:
                t = served.speaking_to(proved.account)
                card = link_cards.posted(proof.account, proof.name, proved.token, t)
                tx, cause = SqlTransaction(db, community), f"link:{proved.token}:posted"
                link_codes.whisper(tx, cause, proved.account, proved.channel, card, now)
            return proved.reason

        return await self.store.perform(work)

    async def close(self) -> None:
        """Mails on their way have a moment."""
        if self._mails:
            _, late = await asyncio.wait(self._mails, timeout=PATIENCE)
            for task in late:
                task.cancel()


@dataclass(frozen=True, slots=True)
class StoredLinks:
    """core.link_codes.Links of one community."""

    desk: LinkDesk
    served: Served

    async def code(self, account: Account, way: Way, channel: str | None) -> str:
        fresh, now = self.desk.fresh(), self._store.now()
        await self._store.perform(lambda db: link_codes.keep(db, self._community, account, way, fresh, channel, now))
        return fresh.characters

    async def mail(self, account: Account, address: str, channel: str | None) -> Mailed:
        if self.desk.mailer is None:
            return "off"
        fresh, now = self.desk.fresh(), self._store.now()
        if not await self._store.perform(
            lambda db: link_codes.keep_for_mail(db, self._community, account, address, fresh, channel, now)
        ):
            return "often"
        self.desk.post(self.served, account, address, fresh.characters, channel)
        return "sent"

    async def sign_in(self, account: Account) -> str | None:
        return await self.desk.github.sign_in(self._community, account, self.desk.choose)

    async def reads_gists(self) -> bool:
        return await self.desk.github.reads_gists(self._community)

    async def read_gist(self, account: Account, gist: str) -> ReadGist:
        return await self.desk.github.read_gist(self.served, account, gist)

    async def show(self, account: Account, typed: str) -> Found:
        now = self._store.now()
        return await self._store.perform(lambda db: link_codes.show(db, self.served, account, typed, now))

    async def confirm(self, account: Account, token: str) -> Joined:
        now = self._store.now()
        return await self._store.perform(
            lambda db: link_codes.confirm(db, self.served, account, token, now, link_cards.told)
        )

    async def drop(self, account: Account, token: str) -> None:
        now = self._store.now()
        await self._store.perform(lambda db: link_codes.drop(db, self._community, account, token, now))

    async def part(self, account: Account, leaving: Account) -> Parted | None:
        now, reason = self._store.now(), "the person parted their accounts"
        return await self._store.perform(
            lambda db: unions.part(db, self.served, account, leaving, account, now, reason)
        )

    async def strangers(self, most: int) -> Sequence[Stranger]:
        def read(db: link_codes.Db) -> list[Stranger]:
            history = SqlHistory(db, self._community)
            return strangers.with_guesses(history, self.served, strangers.strangers(history, self.served)[:most])

        return await self._store.look(read)

    async def match(self, by: Account, account: Account, candidate: Account) -> Outcome:
        now = self._store.now()
        return (
            await self._store.perform(lambda db: unions.match(db, self.served, account, candidate, by, now))
        ).outcome

    async def reject(self, by: Account, account: Account, candidate: Account) -> None:
        now = self._store.now()
        await self._store.perform(lambda db: strangers.decline(db, self.served, account, candidate, by, now))

    async def members(self, account: Account) -> tuple[Member, Sequence[Account]]:
        member = self.served.people.member(account)
        return member, self.served.people.accounts(member)

    @property
    def _store(self) -> Store:
        return self.desk.store

    @property
    def _community(self) -> str:
        return self.served.plan.community


def _not_sent(t: Language) -> str:
    return t.gettext("The mail with your code could not be sent. Please try again later, or tell an operator.")
