"""A code in a gist: read through the API alone, and proof of whose the gist is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.connectors.github.gists import root_of
from adapters.storage.store import open_store
from bot import github as bot_github
from bot import logs
from bot.desk import FrontDesk
from bot.github import GitHub
from bot.hook_settings import Api
from bot.linkdesk import LinkDesk
from core.link_gists import gist_id
from core.ports import Person
from core.times import write_time
from tests import lookalike
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import NOON, book
from tests.bot.office import opened
from tests.bot.test_linking import LENA, MINUTE, NO, RULES, THERE, WORK, Desk
from tests.databases import fresh
from tests.lookalike import MALLORY, gist, github_like

ID = "0123456789abcdef0123456789abcdef"
ADDRESS = f"https://gist.github.com/lena-k/{ID}"
JONAS = "slack:T1/J"


@dataclass
class Rig:
    desk: Desk
    there: lookalike.GitHub

    async def show(self, account: str = LENA, address: str = ADDRESS) -> str:
        return await self.desk.ask(account, "link-gist-read", address=address)

    def put(self, *texts: str, id_: str = ID, late: int = 0, **more: object) -> None:
        """A gist that was saved `late` minutes from now."""
        at = write_time(self.desk.office.clock() + late * MINUTE)
        self.there.gists[id_] = gist(*texts, at=at, **more)

    async def code(self, account: str = LENA) -> str:
        return f"Plaudit-Link: {await self.desk.code(account, 'link-forge')}"


def linkdesk(desk: Desk, url: str) -> LinkDesk:
    apis = {"GITHUB_ACME": Api(f"{url}/orgs/acme", SecretStr("t-1"))} if url else {}
    return LinkDesk(desk.office.store, github=GitHub(desk.office.store, apis, ["GITHUB_ACME"]))


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with github_like() as there, opened(tmp_path, RULES) as office:
        await office.store.meet([Person(THERE, "lena.b")])
        desk = Desk(office)
        desk.links = linkdesk(desk, there.url)
        desk.desk = FrontDesk(office.store, office.codes, desk.links)
        yield Rig(desk, there)


async def test_from_the_button_to_one_person(rig: Rig) -> None:
    line = await rig.code()
    assert "It is in a gist…" in [b.label for b in rig.desk.answers[LENA].card.buttons]
    await rig.desk.press(LENA, "It is in a gist…")
    form = rig.desk.answers[LENA].form
    assert form is not None
    assert (form.verb, [f.name for f in form.fields]) == ("link-gist-read", ["address"])
    rig.put("Something else", f"Hello\n{line}\n")
    assert "lena-k on GitHub. Is that you?" in await rig.show()
    assert rig.desk.office.rows("SELECT COUNT(*) FROM statement") == [(0,)]
    assert rig.there.asked == [(f"/gists/{ID}", "Bearer t-1")]
    assert "lena-k on GitHub" in await rig.show()  # once more, before the answer
    await rig.show()
    assert "You are one person here now" in await rig.desk.press(LENA, "Link us")
    people = rig.desk.office.store.communities.served["default"].people
    assert people.member(WORK) == LENA
    assert "Ask for a code first" in await rig.show()
    assert "Hello" not in "".join(rig.desk.office.dump())


async def test_no_gist_of_another_proves_anything(rig: Rig) -> None:
    """Whoever shows a gist shows their own code in it; whose the gist is says GitHub, not its address."""
    lena, jonas = await rig.code(), await rig.code(JONAS)
    rig.put(lena)
    assert "Your code is not in this gist" in await rig.show(JONAS)
    rig.put(jonas, owner=MALLORY)
    assert "mallory on GitHub" in await rig.show(JONAS)
    rig.put(jonas)
    assert "Somebody else posted your code" in await rig.show(JONAS)
    assert rig.desk.office.rows("SELECT other FROM link_code WHERE account = ?", LENA) == [(None,)]


async def test_a_fork_holds_the_words_of_another(rig: Rig) -> None:
    """A fork is its owner's at the press of a button, with the code that somebody else wrote into it."""
    line = await rig.code()
    history = [{"user": dict(lookalike.LENA)}, {"user": dict(MALLORY)}]
    for more in ({"fork_of": {"id": "1"}}, {"history": history}, {"history": [{"user": None}]}, {"history": []}):
        rig.put(line, **more)
        assert "fork, or somebody else wrote in it" in await rig.show()
    rig.put(line, owner={**lookalike.LENA, "type": "Organization"})
    assert "somebody else wrote in it" in await rig.show()


async def test_what_is_older_than_the_code_proves_nothing(rig: Rig) -> None:
    line = await rig.code()
    rig.put(line, late=-3)
    assert "older than your code" in await rig.show()
    rig.put(line, late=-3, updated_at=write_time(rig.desk.office.clock()))
    assert "Is that you?" in await rig.show()
    rig.desk.office.clock.now += 15 * MINUTE
    assert "Ask for a code first" in await rig.show()


async def test_quoted_lines_and_old_codes_are_no_codes(rig: Rig) -> None:
    old = await rig.code()
    await rig.code()
    rig.put(f"> {old}")
    assert "is not in this gist" in await rig.show()
    rig.put(old)
    assert "is not in this gist" in await rig.show()
    rig.put()
    assert "is not in this gist" in await rig.show()


async def test_a_code_of_a_gist_works_nowhere_else(rig: Rig) -> None:
    line = await rig.code()
    chat = await rig.desk.code(LENA)
    assert NO in await rig.desk.ask(THERE, "link", code=line.removeprefix("Plaudit-Link: "))
    rig.put(f"Plaudit-Link: {chat}")
    assert "is not in this gist" in await rig.show()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, "knows no such gist"),
        (403, "asks me to wait"),
        (429, "asks me to wait"),
        (401, "did not answer as it should"),
        (500, "did not answer as it should"),
        (302, "did not answer as it should"),
    ],
)
async def test_what_github_answers_is_told(rig: Rig, status: int, said: str) -> None:
    stream = StringIO()
    logs.configure(stream=stream, human=False)
    await rig.code()
    rig.there.status = status
    assert said in await rig.show()
    assert len(rig.there.asked) == 1  # a redirect is not followed
    assert ("a gist could not be read" in stream.getvalue()) is (status != 404)
    assert "t-1" not in stream.getvalue()


async def test_whoever_does_not_answer_in_time_or_says_too_much_is_left(rig: Rig) -> None:
    line = await rig.code()
    rig.put(line + "\n" + "x" * bot_github.LARGEST)
    assert "did not answer as it should" in await rig.show()
    rig.put(line)
    rig.there.gists[ID]["owner"] = None
    assert "did not answer as it should" in await rig.show()
    rig.put(line)
    rig.desk.links.github.slowest = 0.1
    rig.there.pause = 0.5
    assert "did not answer as it should" in await rig.show()


async def test_only_so_many_gists_that_do_not_fit(rig: Rig) -> None:
    line = await rig.code()
    for _ in range(5):
        assert "knows no such gist" in await rig.show()
    rig.put(line)
    assert "Too many gists" in await rig.show()
    assert len(rig.there.asked) == 5
    await rig.code(JONAS)
    assert "is not in this gist" in await rig.show(JONAS)  # others are not kept from it
    rig.desk.office.clock.now += 10 * MINUTE
    assert "Is that you?" in await rig.show()


async def test_without_an_api_it_is_said(rig: Rig) -> None:
    await rig.code()
    rig.desk.links = linkdesk(rig.desk, "")
    rig.desk.desk = FrontDesk(rig.desk.office.store, rig.desk.office.codes, rig.desk.links)
    assert "I cannot read gists here" in await rig.show()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (ADDRESS, ID),
        (f"  {ADDRESS.upper()}#file-a-md ", ID),
        (f"{ADDRESS}.git", ID),
        (f"{ADDRESS}/?x=1", ID),
        (ID, ID),
        (f"http://169.254.169.254/{ID}", ID),  # only the id is taken
        ("https://gist.github.com/lena-k", None),
        (f"https://gist.github.com/lena-k/{ID}/../../user", None),
        (f"https://gist.github.com/lena-k/{ID}@evil.example", None),
        (f"{ID}x", None),
        ("a" * 41, None),
        ("a" * 19, None),
        ("", None),
    ],
)
def test_of_an_address_the_id_alone_is_used(typed: str, found: str | None) -> None:
    assert gist_id(typed) == found


@pytest.mark.parametrize("place", ["", "/orgs/acme", "/repos/acme/site", "/repos/orgs/site", "/repos/acme/site/"])
def test_where_the_api_begins(place: str) -> None:
    assert root_of(f"https://github.example.org/api/v3{place}") == "https://github.example.org/api/v3"


async def test_each_community_has_its_own_github(tmp_path: Path) -> None:
    ours = '["slack:T1", "discord:2", "github:acme"]'
    texts = [RULES.replace("[community]", f'[community]\nid = "{name}"') for name in ("one", "other")]
    texts[0] = texts[0].replace(ours, '["slack:T1", "github:b-side", "github:a"]')
    texts[1] = texts[1].replace(ours, '["discord:2", "github:acme"]')
    apis = {"GITHUB_ACME": Api("https://api.github.com/orgs/acme", SecretStr("t-1"))}
    store = await open_store(fresh(tmp_path), [book(text) for text in texts], Clock(NOON))
    try:
        github = GitHub(store, apis, ["GITHUB_A", "GITHUB_B_SIDE", "GITHUB_ACME", "GITLAB_ACME"])
        assert (await github.source("one"), await github.source("other")) == ("github:b-side", "github:acme")
        assert (await github.reads_gists("one"), await github.reads_gists("other")) == (False, True)
    finally:
        await store.close()


async def test_what_is_no_gist_is_not_asked_for(rig: Rig) -> None:
    await rig.code()
    assert "This is no gist" in await rig.show(address="https://example.org/x")
    assert rig.there.asked == []
