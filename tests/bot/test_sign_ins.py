"""Signing in at GitHub, from the link in the chat to the last word there: real sockets, a browser with cookies, and
whoever would have somebody else sign in for them."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from yarl import URL

from adapters.web.server import serving
from adapters.web.sign_in import add_sign_in
from bot import logs
from bot.desk import FrontDesk
from bot.github import GitHub
from bot.hook_settings import Api
from bot.linkdesk import LinkDesk
from bot.sign_ins import SignInDesk
from core.ports import Person
from core.sign_ins import App, Door, derived
from tests import lookalike
from tests.bot.browsing import Browser, free_port
from tests.bot.office import opened
from tests.bot.test_linking import LENA, MINUTE, RULES, THERE, WORK, Desk, waiting
from tests.lookalike import CLIENT, MALLORY, SECRET, github_like

JONAS = "slack:T1/J"


@dataclass
class Rig:
    desk: Desk
    there: lookalike.GitHub
    url: str
    door: Door

    async def link(self, account: str = LENA) -> str:
        """What the bot offers beside the code."""
        said = await self.desk.ask(account, "link-forge")
        (found,) = re.findall(rf"{self.url}/link/github\?state=[A-Z2-9]{{32}}", said)
        return str(found)

    def linked(self, account: str = LENA, other: str = WORK) -> bool:
        return self.desk.office.store.communities.served["default"].people.member(other) == account


@asynccontextmanager
async def rigged(folder: Path, rules: str = RULES) -> AsyncIterator[Rig]:
    async with github_like() as there, opened(folder, rules) as office:
        await office.store.meet([Person(THERE, "lena.b")])
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        door = Door(App(CLIENT, SecretStr(SECRET), there.url), url)
        there.callback = f"{url}/link/github/back"
        desk = Desk(office)
        github = GitHub(office.store, {}, ["GITHUB_ACME"], door)
        desk.links = LinkDesk(office.store, github=github)
        desk.desk = FrontDesk(office.store, office.codes, desk.links)
        app = FastAPI(docs_url=None)
        add_sign_in(app, SignInDesk(office.store, github, door), door.public_url, door.app.url)
        async with serving(app, "127.0.0.1", port):
            yield Rig(desk, there, url, door)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with rigged(tmp_path) as found:
        yield found


@pytest.fixture
async def browsers() -> AsyncIterator[list[Browser]]:
    async with AsyncExitStack() as stack:
        found = [Browser(), Browser()]
        for browser in found:
            await stack.enter_async_context(browser.http)
        yield found


@pytest.fixture
def browser(browsers: list[Browser]) -> Browser:
    return browsers[0]


@pytest.fixture
def logged() -> StringIO:
    stream = StringIO()
    logs.configure(stream=stream, human=False)
    return stream


async def test_from_the_chat_to_github_and_back(rig: Rig, browser: Browser, logged: StringIO) -> None:
    link = await rig.link()
    first = await browser.get(link)
    assert (first.status, "<bdi><strong>Lena on Slack</strong></bdi>" in first.text) == (200, True)
    assert "If you did not ask for this, close the page" in first.text
    asked = await browser.post(link)
    assert asked.url == f"{rig.url}/link/github/confirm"  # what GitHub wrote into the address is gone
    assert "<bdi><strong>lena-k</strong></bdi>" in asked.text
    assert "<bdi><strong>Lena on Slack</strong></bdi>" in asked.text
    assert "If you did not ask for this, close the page" in asked.text
    assert "Is that you?" not in await waiting(rig.desk, LENA)
    assert "Almost done" in (await browser.agree(asked)).text
    assert not rig.linked()
    assert rig.desk.office.rows("SELECT name FROM account WHERE account = ?", WORK) == [("lena-k",)]
    assert "Your link was used by lena-k on GitHub. Is that you?" in await waiting(rig.desk, LENA)
    assert "You are one person here now" in await rig.desk.press(LENA, "Link us")
    assert rig.linked()
    assert rig.desk.office.rows("SELECT COUNT(*) FROM sign_in") == [(0,)]
    stored, written = "".join(rig.desk.office.dump()), logged.getvalue()
    for secret in ("gho_", "code-0", SECRET, link.rpartition("=")[2], asked.word):
        assert secret not in stored + written


async def test_a_page_keeps_to_itself(rig: Rig, browser: Browser) -> None:
    page = await browser.get(await rig.link())
    policy = page.headers["Content-Security-Policy"]
    assert f"form-action 'self' {rig.there.url};" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "viewport" in page.text
    assert "<script" not in page.text


async def test_looking_uses_nothing_up_and_one_browser_alone_goes_on(rig: Rig, browsers: list[Browser]) -> None:
    link = await rig.link()
    for browser in browsers * 2:
        assert (await browser.get(link)).status == 200
    pages = await asyncio.gather(*(browser.through(link) for browser in browsers))
    assert sorted(page.status for page in pages) == [200, 404]
    assert (await browsers[0].get(link)).status == (await browsers[1].post(link)).status == 404


async def test_a_link_ends_with_its_code(rig: Rig, browser: Browser) -> None:
    link = await rig.link()
    newer = await rig.link()
    assert (await browser.get(link)).status == (await browser.through(link)).status == 404
    assert rig.there.asked == []
    asked = await browser.through(newer)
    rig.desk.office.clock.now += 15 * MINUTE
    assert (await browser.get(asked.url)).status == (await browser.agree(asked)).status == 404
    assert (await browser.get(f"{rig.url}/link/github?state=")).status == 404
    late = await rig.link()
    rig.desk.office.clock.now += 15 * MINUTE
    assert (await browser.through(late)).status == 404


async def test_a_link_that_was_sent_on_says_whose_it_is_and_waits(rig: Rig, browsers: list[Browser]) -> None:
    """Jonas sends his link to Lena, who is signed in at GitHub and has agreed to the app before."""
    victim, thief = browsers
    link = await rig.link(JONAS)
    asked = await victim.through(link)
    assert "<bdi><strong>Jonas on Slack</strong></bdi>" in asked.text
    assert "Is that you?" not in await waiting(rig.desk, JONAS)
    assert rig.desk.office.rows("SELECT COUNT(*) FROM account WHERE account = ?", WORK) == [(0,)]
    page = await thief.post(asked.url, word=asked.word)  # the thief cannot press her button
    assert page.status == 403
    assert (await thief.get(asked.url)).status == 404
    assert rig.desk.office.rows("SELECT other FROM link_code") == [(None,)]


async def test_another_site_cannot_press_the_button(rig: Rig, browser: Browser) -> None:
    asked = await browser.through(await rig.link(JONAS))
    for fields in ({}, {"word": ""}, {"word": "x" * 43}, {f"f{n}": asked.word for n in range(9)}):
        assert (await browser.post(asked.url, **fields)).status == 403
    assert (await browser.post(asked.url, word=asked.word)).status == 200


async def test_github_sends_back_only_who_went_there_from_here(rig: Rig, browsers: list[Browser]) -> None:
    """A thief goes to GitHub and has somebody else's browser come back, with the thief's state or a code of theirs."""
    thief, victim = browsers
    rig.there.who = MALLORY
    async with thief.http.post(await rig.link(JONAS), allow_redirects=False) as answer:
        there = answer.headers["Location"]
    async with thief.http.get(there, allow_redirects=False) as answer:
        back = answer.headers["Location"]
    assert (await victim.get(back)).status == 403  # no cookie at all
    rig.there.who = lookalike.LENA
    await victim.post(await rig.link())
    assert (await victim.get(back)).status == 403  # a cookie, and another state
    code = re.findall(r"code=([^&]+)", back)[0]
    state = re.findall(r"state=([^&]+)", back)[0]
    assert (await victim.get(f"{rig.there.callback}?code={code}&state=")).status == 403
    assert (await thief.get(f"{rig.there.callback}?code=&state={state}x")).status == 403


async def test_a_code_of_another_sign_in_is_of_no_use(rig: Rig, browsers: list[Browser]) -> None:
    """The code that GitHub gave to one browser does not fit the verifier of another."""
    victim, thief = browsers
    async with victim.http.post(await rig.link(), allow_redirects=False) as answer:
        there = answer.headers["Location"]
    async with victim.http.get(there, allow_redirects=False) as answer:
        stolen = re.findall(r"code=([^&]+)", answer.headers["Location"])[0]
    async with thief.http.post(await rig.link(JONAS), allow_redirects=False) as answer:
        state = re.findall(r"state=([^&]+)", answer.headers["Location"])[0]
    page = await thief.get(f"{rig.there.callback}?code={stolen}&state={state}")
    assert (page.status, "GitHub did not tell who you are" in page.text) == (502, True)
    assert rig.desk.office.rows("SELECT account FROM sign_in") == [(None,)]


async def test_coming_back_twice_asks_github_once(rig: Rig, browser: Browser) -> None:
    async with browser.http.post(await rig.link(), allow_redirects=False) as answer:
        there = answer.headers["Location"]
    async with browser.http.get(there, allow_redirects=False) as answer:
        back = answer.headers["Location"]
    pages = [await browser.get(back) for _ in range(2)]
    assert [page.status for page in pages] == [200, 200]
    assert [path for path, _ in rig.there.asked].count("/login/oauth/access_token") == 1
    assert "Almost done" in (await browser.agree(pages[1])).text
    assert (await browser.agree(pages[1])).status == 403  # the cookie is gone


@pytest.mark.parametrize(
    "status", [302, pytest.param(500, marks=pytest.mark.slow), pytest.param(401, marks=pytest.mark.slow)]
)
async def test_when_github_does_not_say_who_it_is_nothing_is_joined(
    rig: Rig, browser: Browser, logged: StringIO, status: int
) -> None:
    async with browser.http.post(await rig.link(), allow_redirects=False) as answer:
        there = answer.headers["Location"]
    async with browser.http.get(there, allow_redirects=False) as answer:
        back = answer.headers["Location"]
    rig.there.status = status
    page = await browser.get(back)
    assert (page.status, "did not tell who you are" in page.text) == (502, True)
    assert [path for path, _ in rig.there.asked][1:] == ["/login/oauth/access_token"]  # a redirect is not followed
    assert "GitHub did not say who signed in" in logged.getvalue()
    assert SECRET not in logged.getvalue()
    assert "code-0" not in logged.getvalue()


async def test_whoever_says_no_at_github_is_told_that_nothing_happened(rig: Rig, browser: Browser) -> None:
    rig.there.refuses = "access_denied"
    page = await browser.through(await rig.link())
    assert "You did not sign in, so nothing was joined" in page.text
    assert rig.desk.office.rows("SELECT COUNT(*) FROM sign_in") == [(0,)]


@pytest.mark.slow
async def test_only_people_sign_in(rig: Rig, browser: Browser) -> None:
    rig.there.who = {**lookalike.LENA, "type": "Bot"}
    assert (await browser.through(await rig.link())).status == 502


async def test_a_code_that_another_account_proved_is_used_up(rig: Rig, browser: Browser) -> None:
    """Somebody saw the link and posted the code elsewhere, or signed in themselves: the first has it."""
    link = await rig.link()
    asked = await browser.through(link)
    await rig.desk.office.store.perform(
        lambda db: db.exec_driver_sql("UPDATE link_code SET other = 'github:acme/66'").rowcount
    )
    assert "used by another account before" in (await browser.agree(asked)).text


async def test_names_are_only_names(tmp_path: Path, browser: Browser) -> None:
    rules = RULES.replace("[community]", '[community]\nid = "makers"')
    async with rigged(tmp_path, rules) as rig:
        await rig.desk.office.store.meet([Person(LENA, "<script>alert(1)</script>\u202e")])
        page = await browser.get(await rig.link())
        assert "&lt;script&gt;" in page.text
        assert "<script" not in page.text
        assert "in the community <bdi><strong>makers</strong></bdi>" in page.text


@pytest.mark.slow
async def test_over_https_the_cookie_is_for_us_alone(rig: Rig, browser: Browser) -> None:
    door = Door(rig.door.app, "https://plaudit.example.org")
    app, port = FastAPI(), free_port()
    add_sign_in(app, SignInDesk(rig.desk.office.store, rig.desk.links.github, door), door.public_url, door.app.url)
    link = (await rig.link()).replace(rig.url, f"http://127.0.0.1:{port}")
    async with serving(app, "127.0.0.1", port), browser.http.post(link, allow_redirects=False) as answer:
        cookie = answer.headers["Set-Cookie"]
        assert "redirect_uri=https%3A%2F%2Fplaudit.example.org%2Flink%2Fgithub%2Fback" in answer.headers["Location"]
    assert cookie.startswith("__Host-plaudit-link=")
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "secure", "samesite=lax", "path=/", "max-age=900"} <= parts


async def test_where_nobody_can_sign_in_no_link_is_shown(rig: Rig) -> None:
    store = rig.desk.office.store
    for github in (GitHub(store, {}, ["GITHUB_ACME"]), GitHub(store, {}, ["GITLAB_ACME"], rig.door)):
        rig.desk.links = LinkDesk(store, github=github)
        rig.desk.desk = FrontDesk(store, rig.desk.office.codes, rig.desk.links)
        said = await rig.desk.ask(LENA, "link-forge")
        assert "Plaudit-Link" in said
        assert "/link/github?" not in said
        assert "gist" not in said


async def test_who_signs_in_at_one_github_is_nobody_of_another(rig: Rig) -> None:
    """A number is one person there and another one here."""
    store, token = rig.desk.office.store, SecretStr("t-1")
    for place, offered in (("https://github.example.org/api/v3", False), (f"{rig.there.url}/api/v3", True)):
        github = GitHub(store, {"GITHUB_ACME": Api(f"{place}/orgs/acme", token)}, [], rig.door)
        rig.desk.desk = FrontDesk(store, rig.desk.office.codes, LinkDesk(store, github=github))
        assert ("/link/github?" in await rig.desk.ask(LENA, "link-forge")) is offered


async def test_what_a_stranger_makes_up_writes_nothing(rig: Rig, browser: Browser) -> None:
    """Anybody can send a cookie with the state and the word that fit it."""
    made_up = "f" * 64
    browser.http.cookie_jar.update_cookies({"plaudit-link": made_up}, URL(rig.url))
    state, word = derived(made_up, "state"), derived(made_up, "word")
    file = rig.desk.office.url.removeprefix("sqlite+aiosqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None)) as held:
        held.execute("BEGIN IMMEDIATE")  # whoever writes has to wait
        pages = [
            await browser.post(f"{rig.url}/link/github?state={'A' * 32}"),
            await browser.post(f"{rig.url}/link/github/confirm", word=word),
        ]
        browser.http.cookie_jar.update_cookies({"plaudit-link": made_up}, URL(rig.url))
        pages.append(await browser.get(f"{rig.there.callback}?state={state}&code=1"))
        browser.http.cookie_jar.update_cookies({"plaudit-link": made_up}, URL(rig.url))
        pages.append(await browser.get(f"{rig.there.callback}?state={state}"))
        held.execute("ROLLBACK")
    assert [page.status for page in pages] == [404, 404, 502, 200]
