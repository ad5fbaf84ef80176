"""Brings cards to mail addresses: core.ports.Messenger. A mail that was sent twice has the same Message-ID."""

from __future__ import annotations

import hashlib

from adapters.mail.cards import as_html, as_text, subject
from adapters.mail.sender import MailRefused, MailSender, MailTrouble
from core.errors import RetryLater, Undeliverable
from core.events import Account
from core.pictures import Draw, no_picture
from core.ports import Delivery, Receipt

SOURCE = "mail"
AGAIN = 600.0  # seconds


class MailMessenger:
    """For destinations of the source `mail`, whose account is `mail/` and the address."""

    def __init__(self, sender: MailSender, draw: Draw = no_picture) -> None:
        self._sender = sender
        self._draw = draw

    async def send(self, delivery: Delivery) -> Receipt:
        """Raises RetryLater or Undeliverable; neither names the address."""
        address = (delivery.to.account or "").removeprefix(f"{SOURCE}/")
        text = as_text(delivery.card)
        name = hashlib.sha256(f"{delivery.id}\n{address}\n{text}".encode()).hexdigest()[:32]
        picture = await self._draw(delivery.card.picture) if delivery.card.picture is not None else None
        shown = as_html(delivery.card, drawn=picture is not None)
        try:
            await self._sender.send(address, subject(delivery.card), text, shown, name, picture)
        except MailRefused as fault:
            raise Undeliverable(f"{fault}; look at [digest] mail") from fault
        except MailTrouble as fault:
            raise RetryLater(AGAIN, str(fault)) from fault
        return Receipt()

    async def set_roles(self, account: Account, wanted: frozenset[str], managed: frozenset[str]) -> None:
        raise Undeliverable("a mail address has no roles")
