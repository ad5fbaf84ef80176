"""One mail over SMTP. The library waits with its thread, so everything has a limit, and nothing waits for it here."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from core.errors import ConfigurationError, PlauditError
from core.pictures import NAME

SLOWEST_STEP = 10.0  # seconds for one answer of the server
SLOWEST = 30.0  # seconds for the whole mail
PICTURE = "picture@plaudit"
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


class MailTrouble(PlauditError):
    """The mail was not taken. The text is for the operator and names nobody."""


class MailRefused(MailTrouble):
    """The server will never take it: it said so with a number of 500 or more."""


@dataclass(frozen=True, slots=True)
class Server:
    """`smtps`: TLS from the first byte; `smtp`: STARTTLS, without which only this machine is spoken to."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""


def read_server(url: str) -> Server:
    """`smtps://user:password@mail.example.org:465`. Raises ConfigurationError, which repeats nothing of it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path not in ("", "/"):
        raise ConfigurationError("is no address of a mail server; write smtps://user:password@host:465")
    standard = 465 if parts.scheme == "smtps" else 587
    return Server(
        parts.scheme, parts.hostname, port or standard, unquote(parts.username or ""), unquote(parts.password or "")
    )


def _attach(message: EmailMessage, picture: bytes | None) -> None:
    """Puts it beside the HTML, which is the last part."""
    if picture is not None and isinstance(beside := list(message.iter_parts())[-1], EmailMessage):
        beside.add_related(picture, "image", "png", cid=f"<{PICTURE}>", disposition="inline", filename=NAME)


class MailSender:
    """`sender`: the address that mails come from."""

    def __init__(self, server: Server, sender: str, slowest_step: float = SLOWEST_STEP) -> None:
        self._server = server
        self._sender = sender
        self._step = slowest_step

    async def send(
        self,
        to: str,
        subject: str,
        text: str,
        html: str | None = None,
        name: str | None = None,
        picture: bytes | None = None,
    ) -> None:
        """Returns when the server has taken it. `html`: the same text; `name`: makes the Message-ID, which is random
        without; `picture`: a PNG file that the HTML shows as `cid:` and PICTURE. Raises MailTrouble."""
        message = self._message(to, subject, text, name)
        if html is not None:
            message.add_alternative(html, subtype="html")
            _attach(message, picture)
        try:
            async with asyncio.timeout(SLOWEST):
                await asyncio.to_thread(self._send, to, message)
        except TimeoutError:
            raise MailTrouble(f"{self._server.host} took longer than {SLOWEST:g} seconds") from None
        except smtplib.SMTPResponseException as error:
            raise _refused(self._server.host, error.smtp_code) from None
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(self._server.host, min(code for code, _ in error.recipients.values())) from None
        except (smtplib.SMTPException, OSError) as error:
            raise MailTrouble(f"{self._server.host} did not take the mail ({type(error).__name__})") from None

    def _message(self, to: str, subject: str, text: str, name: str | None) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, to, subject
        message["Date"] = formatdate()
        domain = self._sender.rpartition("@")[2]
        message["Message-ID"] = f"<plaudit.{name}@{domain}>" if name else make_msgid(domain=domain)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        return message

    def _send(self, to: str, message: EmailMessage) -> None:
        server = self._server
        with self._connected() as line:
            if server.user:
                line.login(server.user, server.password)
            line.send_message(message, self._sender, [to])

    def _connected(self) -> smtplib.SMTP:
        """Nothing is said in clear, but to this machine."""
        server, context = self._server, ssl.create_default_context()
        if server.scheme == "smtps":
            return smtplib.SMTP_SSL(server.host, server.port, timeout=self._step, context=context)
        line = smtplib.SMTP(server.host, server.port, timeout=self._step)
        try:
            line.ehlo()
            if server.host not in _LOCAL or line.has_extn("starttls"):
                line.starttls(context=context)
        except BaseException:
            line.close()
            raise
        return line


def _refused(host: str, code: int) -> MailTrouble:
    kind = MailRefused if code >= 500 else MailTrouble
    return kind(f"{host} refused the mail with {code}")
