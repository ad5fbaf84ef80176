"""Mails over a real SMTP connection, and what goes wrong with it."""

from __future__ import annotations

import pytest

from adapters.mail.sender import MailSender, MailTrouble, read_server
from core.errors import ConfigurationError
from tests.mailserver import Trouble, mail_server

FROM, TO = "plaudit@example.org", "lena@example.org"


async def test_a_mail_arrives_as_plain_text() -> None:
    async with mail_server() as server:
        await MailSender(read_server(server.url), FROM).send(TO, "Your code", "Write this:\n\n    ABCD\n.\nLena é\n")
        ((to, message),) = server.taken
    assert to == TO
    assert (message["From"], message["To"], message["Subject"]) == (FROM, TO, "Your code")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert message.get_content().replace("\r\n", "\n") == "Write this:\n\n    ABCD\n.\nLena é\n"


@pytest.mark.parametrize("trouble", ["refuses", "silent", "hangs up"])
async def test_trouble_is_told_without_names(trouble: Trouble) -> None:
    async with mail_server() as server:
        server.trouble = trouble
        with pytest.raises(MailTrouble) as told:
            await MailSender(read_server(server.url), FROM, slowest_step=0.2).send(TO, "Your code", "x")
        assert server.taken == []
    assert "127.0.0.1" in str(told.value)
    assert "lena" not in str(told.value)


async def test_nobody_there_is_told_too() -> None:
    async with mail_server() as server:
        url = server.url
    with pytest.raises(MailTrouble, match="ConnectionRefusedError"):
        await MailSender(read_server(url), FROM).send(TO, "Your code", "x")


async def test_elsewhere_nothing_is_said_in_clear() -> None:
    async with mail_server("127.0.0.2") as server:  # stands for a server elsewhere, without STARTTLS
        with pytest.raises(MailTrouble, match="SMTPNotSupportedError"):
            await MailSender(read_server(server.url), FROM).send(TO, "Your code", "x")
        assert server.taken == []


def test_addresses_of_servers() -> None:
    found = read_server("smtps://me%40x.org:pass%2Fword@mail.example.org")
    assert (found.host, found.port, found.user, found.password) == ("mail.example.org", 465, "me@x.org", "pass/word")
    assert read_server("smtp://mail.example.org").port == 587
    for wrong in ("mail.example.org", "http://x", "smtp://", "smtp://x:99999", "smtp://x/path", "smtp://x:y:z"):
        with pytest.raises(ConfigurationError, match="write smtps://"):
            read_server(wrong)
