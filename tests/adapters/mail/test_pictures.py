"""A mail with a picture: beside the HTML that shows it; the plain text is whole without."""

from __future__ import annotations

from email.message import EmailMessage

from adapters.mail.messenger import MailMessenger
from adapters.mail.sender import MailSender, read_server
from core.cards import Card, Mention, Picture, Row, Section, line
from core.pictures import Draw
from core.ports import Delivery, Destination
from tests.adapters.drawn import PNG, drawing, failing
from tests.mailserver import mail_server

WHO = Mention("slack:T1/U1", 'Amira "<b>"')
CARD = Card((Section((line(WHO, " · 5"),)),), line("This week"), picture=Picture(line("This week"), (Row((WHO,)),)))


async def sent(draw: Draw) -> EmailMessage:
    async with mail_server() as server:
        messenger = MailMessenger(MailSender(read_server(server.url), "plaudit@example.org"), draw)
        await messenger.send(Delivery("d1", Destination("mail", "direct", account="mail/list@example.org"), CARD))
    ((_, message),) = server.taken
    return message


async def test_a_mail_brings_its_picture_beside_the_html_that_shows_it() -> None:
    message = await sent(drawing)
    html = message.get_body(("html",))
    assert html is not None
    (image,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert image.get_payload(decode=True) == PNG
    shown = html.get_content()
    assert f'src="cid:{image["Content-ID"].strip("<>")}"' in shown
    assert 'alt="This week&#10;Amira &quot;&lt;b&gt;&quot;"' in shown
    plain = message.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().splitlines()[0] == "This week"


async def test_a_mail_goes_out_without_a_picture_that_is_not_drawn() -> None:
    message = await sent(failing)
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    html = message.get_body(("html",))
    assert html is not None
    assert "<img" not in html.get_content()
