"""Who brings messages: the platforms that are connected, and mail where it is set up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from adapters.mail.messenger import SOURCE, MailMessenger
from adapters.mail.sender import MailSender
from core.pictures import Draw, no_picture
from core.ports import Messenger
from core.rules.book import RuleBook


class Posts:
    """`chats`: who brings messages to the sources that are connected now; `mailer`: None where no mails are sent."""

    def __init__(
        self, chats: Callable[[], Mapping[str, Messenger]], mailer: MailSender | None, draw: Draw = no_picture
    ) -> None:
        self._chats = chats
        self._mails: Mapping[str, Messenger] = {} if mailer is None else {SOURCE: MailMessenger(mailer, draw)}

    def messengers(self) -> Mapping[str, Messenger]:
        return {**self._chats(), **self._mails}

    def warnings(self, books: Iterable[RuleBook]) -> Iterator[str]:
        """What books ask for and nobody can do."""
        for book in books:
            if book.digest.mail and not self._mails:
                what = "[digest] mail names addresses, and no mails are sent"
                yield f"{book.community.id}: {what}; set PLAUDIT_SMTP_URL and PLAUDIT_MAIL_FROM"
