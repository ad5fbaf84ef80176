"""An address becomes a part of a person: whoever reads its mail proves it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.mail.sender import MailSender, read_server
from bot.desk import FrontDesk
from bot.linkdesk import LinkDesk
from core.events import Statement
from core.ports import Person
from tests.adapters.storage.said import NOON
from tests.bot.office import opened
from tests.bot.test_linking import LENA, NO, RULES, THERE, Desk
from tests.mailserver import MailServer, mail_server

ADDRESS = "lena.b@example.org"
MAILED = '[achievement.mailed]\nname = "Mailed"\nwhen = "commit.pushed"\n'
HOUR = 3_600_000_000


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as there:
        yield there


@pytest.fixture
async def desk(tmp_path: Path, server: MailServer) -> AsyncIterator[Desk]:
    async with opened(tmp_path, RULES + MAILED) as office:
        await office.store.meet([Person(THERE, "lena.b")])
        desk = Desk(office)
        desk.links = LinkDesk(office.store, MailSender(read_server(server.url), "plaudit@example.org", 0.3))
        desk.desk = FrontDesk(office.store, office.codes, desk.links)
        yield desk
        await desk.links.close()


async def code_in(server: MailServer, number: int = 1) -> str:
    async with asyncio.timeout(5):
        while len(server.taken) < number:  # noqa: ASYNC110 - the server tells nobody when it has taken a mail
            await asyncio.sleep(0.01)
    return str(re.findall(r"/plaudit link (\S+)", server.taken[number - 1][1].get_content())[0])


async def test_from_the_form_to_the_linked_address(desk: Desk, server: MailServer) -> None:
    pushed = Statement("github:acme", "commit:x@1", NOON - HOUR, "commit.pushed", actor=f"email/{ADDRESS}")
    await desk.office.store.take([pushed])
    await desk.ask(LENA, "link-email")
    form = desk.answers[LENA].form
    assert form is not None
    assert (form.verb, [f.name for f in form.fields]) == ("link-email-send", ["address"])
    assert "on its way" in await desk.ask(LENA, "link-email-send", address=f" {ADDRESS.title()} ")
    code = await code_in(server)
    assert server.taken[0][0] == ADDRESS
    assert "You are one person here now: 1 badge, 1 of them from e-mail" in await desk.ask(LENA, "link", code=code)
    assert desk.held() == {LENA: {"mailed"}}
    assert ADDRESS in await desk.ask(LENA, "link")
    assert code.replace("-", "") not in "".join(desk.office.dump())


async def test_a_code_is_worth_nothing_to_anybody_else(desk: Desk, server: MailServer) -> None:
    await desk.ask(LENA, "link-email", address=ADDRESS)
    code = await code_in(server)
    assert NO in await desk.ask(THERE, "link", code=code)
    assert NO in await desk.ask("slack:T1/J", "link", code=code)
    assert "You are one person" in await desk.ask(LENA, "link", code=code)
    assert NO in await desk.ask(LENA, "link", code=code)


async def test_three_mails_an_hour_for_an_account_and_for_an_address(desk: Desk, server: MailServer) -> None:
    for n in range(3):
        assert "on its way" in await desk.ask(LENA, "link-email", address=f"l{n}@example.org")
    assert "Three mails" in await desk.ask(LENA, "link-email", address="l4@example.org")
    for who in "JAO":
        said = await desk.ask(f"slack:T1/{who}", "link-email", address="l0@example.org")
        assert ("Three mails" in said) is (who == "O")
    desk.office.clock.now += HOUR
    assert "on its way" in await desk.ask(LENA, "link-email", address="l4@example.org")
    await code_in(server, 6)
    assert "example.org" not in str(desk.office.rows("SELECT * FROM link_mail"))


@pytest.mark.parametrize("typed", ["lena", "lena@", "a b@c.de", "x@y.org\r\nBcc: all@y.org", "a@b,c@d.org", "@x.org"])
async def test_what_is_no_address_gets_no_mail(desk: Desk, server: MailServer, typed: str) -> None:
    assert "no e-mail address" in await desk.ask(LENA, "link-email-send", address=typed)
    assert desk.office.rows("SELECT COUNT(*) FROM link_code") == [(0,)]


async def test_without_a_server_and_with_a_broken_one_people_are_told(desk: Desk, server: MailServer) -> None:
    server.trouble = "refuses"
    assert "on its way" in await desk.ask(LENA, "link-email", address=ADDRESS)
    await desk.links.close()
    assert "could not be sent" in str(desk.office.rows("SELECT card FROM outbox"))
    desk.links.mailer = None
    assert "No mails are sent" in await desk.ask(LENA, "link-email", address=ADDRESS)


async def test_a_shared_mailbox_makes_nobody_the_same_person(desk: Desk, server: MailServer) -> None:
    await desk.ask(LENA, "link-email", address=ADDRESS)
    await desk.ask(LENA, "link", code=await code_in(server))
    await desk.ask("slack:T1/J", "link-email", address=ADDRESS)
    said = await desk.ask("slack:T1/J", "link", code=await code_in(server, 2))
    assert "belongs to somebody here already" in said


async def test_whoever_is_erased_leaves_no_address(desk: Desk, server: MailServer) -> None:
    pushed = Statement("github:acme", "commit:x@1", NOON - HOUR, "commit.pushed", actor=f"email/{ADDRESS}")
    await desk.office.store.take([pushed])
    await desk.ask(LENA, "link-email", address=ADDRESS)
    await desk.ask(LENA, "link", code=await code_in(server))
    await desk.ask(LENA, "link-email", address=f"second.{ADDRESS}")
    assert ADDRESS in "".join(desk.office.dump())
    await desk.ask(LENA, "erase-confirmed", word="ERASE")
    assert desk.office.rows("SELECT COUNT(*) FROM link_code") == [(0,)]
    assert ADDRESS not in "".join(desk.office.dump())
