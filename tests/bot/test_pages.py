"""Pages for people: in the language of their browser, for a hall of phones but no script, behind a proxy or not."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from fastapi import FastAPI

from adapters.web.app import create_app
from adapters.web.codes import add_pages
from adapters.web.languages import preferred
from adapters.web.server import serving
from bot.proxies import read_proxies
from core.claim_codes import CONFIRMED_WITHIN
from core.guessing import MOST_LINES, Lines
from tests.adapters.storage.said import HOUR, NOON
from tests.adapters.web.desk import Shelf
from tests.bot.office import Office, opened
from tests.bot.test_codes import RIGHT, WRONG, add
from tests.bot.test_sign_ins import rigged

LIMIT = aiohttp.ClientTimeout(total=5)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path) as office:
        await add(office, capacity=1_000)
        yield office


def web(office: Office) -> FastAPI:
    shelf = Shelf()
    app = create_app(
        shelf,
        lambda _: (),
        office.clock,
        ready=lambda: [],
        seen=shelf.seen,
        connector_of=lambda _: None,  # type: ignore[arg-type,return-value] # no webhook comes here
        leave_out=shelf.leave_out,
    )
    add_pages(app, office.codes, office.codes, b"key")
    return app


class Visitor:
    def __init__(self, http: aiohttp.ClientSession, address: str) -> None:
        self.http, self.address = http, address

    async def ask(self, method: str, path: str, **headers: str) -> tuple[int, str]:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.request(method, self.address + path, headers=given, timeout=LIMIT) as answer:
            return answer.status, await answer.text()

    async def press(self, behind: str = "") -> int:
        return (await self.ask("POST", f"/claim/{RIGHT}", **{"X_Forwarded_For": behind} if behind else {}))[0]


@asynccontextmanager
async def visiting(office: Office, proxies: Sequence[str] = (), source: str = "127.0.0.1") -> AsyncIterator[Visitor]:
    """`source`: the address that the visitor, or the proxy, comes from."""
    there = aiohttp.TCPConnector(local_addr=(source, 0))
    async with (
        serving(web(office), "127.0.0.1", 0, proxies) as port,
        aiohttp.ClientSession(connector=there) as http,
    ):
        yield Visitor(http, f"http://127.0.0.1:{port}")


# ---- languages


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("fr, ja;q=0.3", "ja"),
        ("en;q=0.2, ES-mx;Q=0.8", "es"),
        ("fr-CH, pt;q=0.9", "en"),
        ("de;q=0, *", "en"),
        ("de;q=x, ar;q=0.1", "ar"),
        ("de;q=nan, de;q=9, de;q=-1", "en"),
        (";;q=,,=;-", "en"),
        ("x," * 100_000 + "de", "en"),
    ],
)
def test_the_language_is_the_one_of_ours_that_the_browser_wants_most(header: str, locale: str) -> None:
    assert preferred(header) == locale


@pytest.mark.parametrize(
    ("locale", "direction", "right", "typed", "wrong"),
    [
        ("en", "ltr", "Count me in", "Type this", "This code does not work"),
        ("de", "ltr", "Ich war dabei", "Schreib das", "Dieser Code geht nicht"),
        ("es", "ltr", "Cuenta conmigo", "Escribe esto", "Este código no funciona"),
        ("ja", "ltr", "参加しました", "入力", "このコードは使えません"),
        ("ar", "rtl", "احسبني", "اكتب هذا", "هذا الرمز لا يعمل"),
    ],
)
async def test_a_page_and_its_errors_speak_the_language_of_the_browser(
    office: Office, locale: str, direction: str, right: str, typed: str, wrong: str
) -> None:
    async with visiting(office) as visitor:
        pages = [
            await visitor.ask(method, path, Accept_Language=f"{locale}-XX, fr;q=0.5", Accept="text/html")
            for method, path in (
                ("GET", f"/claim/{RIGHT}"),
                ("POST", f"/claim/{RIGHT}"),
                ("GET", f"/claim/{WRONG}"),
                ("GET", "/go/NOPE"),
                ("GET", "/nowhere"),
                ("DELETE", f"/claim/{RIGHT}"),
            )
        ]
    assert [status for status, _ in pages] == [200, 200, 404, 404, 404, 405]
    for _, text in pages:
        assert f'<html lang="{locale}" dir="{direction}">' in text
    for (_, text), words in zip(pages, (right, typed, wrong), strict=False):
        assert words in text
    assert re.search(r'dir="ltr">/claim [A-Z2-9]{4}-[A-Z2-9]{4}<', pages[1][1])
    if locale != "en":
        assert all("This did not work" not in text and "again" not in text for _, text in pages)


async def test_a_program_that_goes_wrong_reads_json_and_a_browser_a_page(office: Office) -> None:
    async with visiting(office) as visitor:
        assert await visitor.ask("GET", "/nowhere", Accept_Language="de") == (404, '{"error":"Not Found"}')
        with sqlite3.connect(office.url.removeprefix("sqlite+aiosqlite:///")) as db:
            db.execute("CREATE TRIGGER full BEFORE INSERT ON confirmation BEGIN SELECT RAISE(FAIL, 'disk'); END")
        status, text = await visitor.ask("POST", f"/claim/{RIGHT}", Accept="text/html", Accept_Language="de")
    assert status >= 500
    assert "Hier ist etwas schiefgegangen" in text
    assert "disk" not in text


@pytest.mark.parametrize(
    ("locale", "direction", "joins", "elsewhere"),
    [
        ("de", "ltr", "Das verbindet ein GitHub-Konto mit", "Du hast nicht hier in diesem Browser begonnen."),
        ("ar", "rtl", "يربط هذا حساب GitHub مع", "لم تبدأ هنا في هذا المتصفح."),
    ],
)
async def test_signing_in_speaks_it_too_and_a_name_keeps_its_own_direction(
    tmp_path: Path, locale: str, direction: str, joins: str, elsewhere: str
) -> None:
    async with rigged(tmp_path) as rig, aiohttp.ClientSession() as http:
        visitor, link = Visitor(http, ""), await rig.link()
        _, shown = await visitor.ask("GET", link, Accept_Language=locale)
        status, refused = await visitor.ask("GET", f"{rig.url}/link/github/back?state=x", Accept_Language=locale)
    name = "\u2068Lena on Slack\u2069" if locale == "ar" else "Lena on Slack"
    assert f"{joins} <bdi><strong>{name}</strong></bdi>" in shown
    assert (status, elsewhere in refused) == (403, True)
    for page in (shown, refused):
        assert f'<html lang="{locale}" dir="{direction}">' in page


# ---- a fair limit


async def test_two_hundred_phones_behind_one_address_are_served_and_a_script_is_not(office: Office) -> None:
    phones = await asyncio.gather(*(office.codes.confirm(RIGHT, "hall") for _ in range(200)))
    assert {phone.outcome for phone in phones} == {"right"}
    script = await asyncio.gather(*(office.codes.confirm(RIGHT, "hall") for _ in range(300)))
    assert sum(one.outcome == "right" for one in script) == MOST_LINES - 200
    assert script[-1].confirmation == ""
    assert office.rows("SELECT COUNT(*) FROM confirmation") == [(MOST_LINES,)]
    assert (await office.codes.confirm(RIGHT, "elsewhere")).outcome == "right"
    office.clock.now += CONFIRMED_WITHIN
    assert (await office.codes.confirm(RIGHT, "hall")).outcome == "right"


async def test_who_gets_no_line_any_more_is_told_to_type_the_code_and_it_counts(office: Office) -> None:
    async with visiting(office) as visitor:
        _, text = await visitor.ask("POST", f"/claim/{RIGHT}", X_Forwarded_For="203.0.113.5")
        assert "yours alone" in text
        (who,) = office.codes._lines._given
        assert all(office.codes._lines.give(who, office.clock()) for _ in range(MOST_LINES - 1))
        status, text = await visitor.ask("POST", f"/claim/{RIGHT.lower()}", X_Forwarded_For="203.0.113.5")
        assert await visitor.press("203.0.113.6") == 200
    assert (status, f">/claim {RIGHT}<" in text, "Many people from your network" in text) == (429, True, True)
    assert "Counted: Fair" in await office.said("J", "claim", code=RIGHT)


def test_of_an_address_little_is_kept_and_of_so_many() -> None:
    lines = Lines(most=2, addresses=2)
    assert [lines.give("A", NOON + n) for n in range(3)] == [True, True, False]
    assert [lines.give("A", NOON + n * HOUR) for n in range(1, 4)] == [True] * 3
    assert len(lines._given["A"]) == 1
    assert [lines.give(who, NOON) for who in "BC"] == [True, True]
    assert set(lines._given) == {"B", "C"}


# ---- proxies


async def known_as(office: Office, proxies: Sequence[str], source: str, *behind: str) -> int:
    """As how many different visitors these are seen."""
    async with visiting(office, proxies, source) as visitor:
        for header in behind:
            assert await visitor.press(header) == 200
    return len(office.codes._lines._given)


async def test_a_forged_header_means_nothing(office: Office) -> None:
    assert await known_as(office, (), "127.0.0.2", "203.0.113.5", "203.0.113.6", "127.0.0.1", "") == 1


async def test_a_proxy_that_is_named_is_believed_about_whom_it_talks_to(office: Office) -> None:
    two = ("203.0.113.5", "1.2.3.4, 203.0.113.6", "5.6.7.8, 203.0.113.6", "203.0.113.6:4711")
    assert await known_as(office, ("127.0.0.2",), "127.0.0.2", *two) == 2


async def test_a_chain_of_named_proxies_leads_to_the_visitor_and_no_further(office: Office) -> None:
    chain = ("9.9.9.9, 203.0.113.5, 10.1.0.7", "8.8.8.8, 203.0.113.5, 127.0.0.1, 10.1.0.8")
    assert await known_as(office, ("127.0.0.2", "10.1.0.0/16"), "127.0.0.2", *chain) == 1


async def test_the_environment_of_the_server_names_no_proxy(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    assert await known_as(office, (), "127.0.0.2", "203.0.113.5", "203.0.113.6") == 1


def test_proxies_are_addresses_and_networks_but_never_everybody() -> None:
    assert read_proxies("10.0.0.5, 10.1.0.0/16  2001:db8::1") == ("10.0.0.5", "10.1.0.0/16", "2001:db8::1")
    for wrong, why in (("*", "no list"), ("proxy.local", "no list"), ("10.0.0.5/8", "no list"), ("::/0", "everybody")):
        with pytest.raises(ValueError, match=why):
            read_proxies(wrong)
