"""Codes and links over a real store and socket: once per person, so many people, in time, and not by guessing."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from fastapi import FastAPI

from adapters.storage import codes, links
from adapters.web.codes import add_pages
from adapters.web.server import serving
from bot import posters
from bot.settings import read
from core.claim_codes import ALPHABET, CODE_LENGTH, Code, mark
from core.errors import ConfigurationError
from core.guessing import MOST, Guesses
from core.tracked_links import TrackedLink, token
from tests.adapters.storage.said import DAY, HOUR, NOON, chose
from tests.bot.office import BOOK, URL, Office, opened

RIGHT, WRONG = "ABCD-EFGH-JKMN", "ZZZZ-ZZZZ-ZZZZ"
MINUTE = HOUR // 60
NO = "This code does not work"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path) as office:
        await add(office)
        yield office


async def add(office: Office, name: str = "Fair", characters: str = RIGHT, capacity: int = 3, **more: object) -> None:
    values = {"type": "code.claimed", "achievement": None, "opens": NOON, "closes": NOON + DAY, **more}
    code = Code(name=name, capacity=capacity, used=0, **values)  # type: ignore[arg-type] # a test says which
    assert await office.store.perform(lambda db: codes.make(db, "default", code, characters, NOON))


async def use(office: Office, who: str, typed: str = RIGHT) -> str:
    return await office.said(who, "claim", code=typed)


async def test_a_code_counts_once_for_a_person_however_it_is_typed(office: Office) -> None:
    assert "Counted: Fair" in await use(office, "J", "abcd efgh jkmn")
    assert "already" in await use(office, "J")
    assert office.awards("J") == {"guest"}
    assert office.rows("SELECT id, source FROM statement") == [("code:Fair/slack:T1/J", "code")]
    assert office.rows("SELECT used FROM code") == [(1,)]


async def test_the_code_itself_is_kept_nowhere(office: Office) -> None:
    await use(office, "J")
    assert office.rows("SELECT hash FROM code") == [(mark("abcdefghjkmn"),)]
    text = "".join(office.dump())
    assert "ABCDEFGHJKMN" not in text
    assert RIGHT not in text


async def test_no_more_people_than_there_is_room_for_also_all_at_once(office: Office) -> None:
    answers = await asyncio.gather(*(use(office, f"P{n}") for n in range(8)))
    assert sum("Counted" in text for text in answers) == 3
    assert {text for text in answers if "Counted" not in text} == {await use(office, "X", WRONG)}
    assert office.rows("SELECT COUNT(*) FROM redemption") == [(3,)]


async def test_too_early_and_too_late_are_told_after_a_right_code_only(office: Office) -> None:
    await add(office, "Later", "2222-3333-4444", opens=NOON + HOUR)
    assert "too early" in await use(office, "J", "2222-3333-4444")
    office.clock.now = NOON + DAY
    assert "too late" in await use(office, "J", RIGHT)
    assert NO in await use(office, "J", WRONG)


async def test_guessing_is_over_after_five(office: Office) -> None:
    answers = [await use(office, "J", WRONG) for _ in range(5)]
    assert all(NO in text for text in answers)
    assert "Try again in ten minutes" in await use(office, "J", RIGHT)
    assert "Counted" in await use(office, "L", RIGHT)
    office.clock.now += 9 * MINUTE
    assert "ten minutes" in await use(office, "J", RIGHT)
    office.clock.now += MINUTE
    assert "Counted" in await use(office, "J", RIGHT)


async def test_five_slips_over_an_hour_lock_nobody_out(office: Office) -> None:
    for _ in range(5):
        assert NO in await use(office, "J", WRONG)
        office.clock.now += 12 * MINUTE
    assert "Counted" in await use(office, "J")


async def test_a_code_may_give_a_badge_by_hand(office: Office) -> None:
    await add(office, "Speakers", "SPEA-KERS-2222", achievement="beyond")
    await use(office, "J", "SPEA-KERS-2222")
    assert office.awards("J") == {"beyond"}


async def test_whoever_opted_out_redeems_nothing(office: Office) -> None:
    await office.store.take([chose("J", NOON, tracking="off")])
    assert "opted out" in await use(office, "J")
    assert office.rows("SELECT used FROM code") == [(0,)]


# ---- the page


class Visitor:
    def __init__(self, http: aiohttp.ClientSession, address: str) -> None:
        self.http, self.address = http, address

    async def ask(self, method: str, path: str, behind: str | None = None) -> tuple[int, str, str]:
        headers = {"X-Forwarded-For": behind} if behind else {}
        async with self.http.request(
            method, self.address + path, headers=headers, allow_redirects=False, timeout=aiohttp.ClientTimeout(5)
        ) as answer:
            where = answer.headers.get("Location") or answer.headers.get("Content-Security-Policy", "")
            return answer.status, await answer.text(), where


@pytest.fixture
async def visitor(office: Office) -> AsyncIterator[Visitor]:
    app = FastAPI()
    add_pages(app, office.codes, office.codes, b"key")
    async with serving(app, "127.0.0.1", 0) as port, aiohttp.ClientSession() as http:
        yield Visitor(http, f"http://127.0.0.1:{port}")


async def test_the_page_gives_a_line_for_the_chat(visitor: Visitor, office: Office) -> None:
    status, text, policy = await visitor.ask("GET", f"/claim/{RIGHT}")
    assert (status, "<h1>Fair</h1>" in text, "<script" in text) == (200, True, False)
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert office.rows("SELECT COUNT(*) FROM confirmation") == [(0,)]
    _, text, _ = await visitor.ask("POST", f"/claim/{RIGHT}")
    (line,) = re.findall(r"/claim ([A-Z2-9-]+)<", text)
    assert "Counted: Fair" in await use(office, "J", line)
    assert NO in await use(office, "L", line)


async def test_a_line_is_good_for_half_an_hour(visitor: Visitor, office: Office) -> None:
    _, text, _ = await visitor.ask("POST", f"/claim/{RIGHT}")
    (line,) = re.findall(r"/claim ([A-Z2-9-]+)<", text)
    office.clock.now += 30 * MINUTE
    assert NO in await use(office, "J", line)


async def test_a_wrong_code_and_a_used_up_one_look_the_same(visitor: Visitor, office: Office) -> None:
    await add(office, "Full", "FFFF-GGGG-HHHH", capacity=1)
    await use(office, "J", "FFFF-GGGG-HHHH")
    answers = {await visitor.ask(m, f"/claim/{code}") for m in ("GET", "POST") for code in (WRONG, "FFFF-GGGG-HHHH")}
    assert len(answers) == 1
    assert answers.pop()[0] == 404


def slip(number: int) -> str:
    """A wrong code that looks much like the right one."""
    return f"{RIGHT[:-3]}{ALPHABET[number // 30]}{ALPHABET[number % 30]}2"


async def test_a_guessing_run_locks_its_address_out_and_not_its_neighbour(visitor: Visitor, office: Office) -> None:
    asked = (visitor.ask("GET", f"/claim/{slip(n)}", "10.9.8.7, 203.0.113.5") for n in range(MOST))
    assert {status for status, _, _ in await asyncio.gather(*asked)} == {404}
    assert (await visitor.ask("GET", f"/claim/{RIGHT}", "203.0.113.5"))[0] == 429
    assert (await visitor.ask("POST", f"/claim/{RIGHT}", "1.2.3.4, 203.0.113.5"))[0] == 429
    assert (await visitor.ask("GET", f"/claim/{RIGHT}", "203.0.113.6"))[0] == 200
    assert office.rows("SELECT COUNT(*) FROM confirmation") == [(0,)]
    office.clock.now += 10 * MINUTE
    assert (await visitor.ask("GET", f"/claim/{RIGHT}", "203.0.113.5"))[0] == 200


async def test_a_run_through_the_addresses_of_one_network_is_one_run(visitor: Visitor) -> None:
    asked = (visitor.ask("GET", f"/claim/{slip(n)}", f"2001:db8:0:1::{n:x}") for n in range(MOST))
    assert {status for status, _, _ in await asyncio.gather(*asked)} == {404}
    assert (await visitor.ask("GET", f"/claim/{RIGHT}", "2001:db8:0:1:ffff::1"))[0] == 429
    assert (await visitor.ask("GET", f"/claim/{RIGHT}", "2001:db8:0:2::1"))[0] == 200


async def test_two_hundred_phones_in_one_hall_and_a_few_slips_lock_nobody_out(office: Office) -> None:
    for phone in range(200):
        if phone % 10 == 0:
            assert (await office.codes.look(slip(phone), "hall")).outcome == "wrong"
        if phone % 3 == 0:  # the picture on one poster is wrong
            assert (await office.codes.look(WRONG, "hall")).outcome == "wrong"
        assert (await office.codes.look(RIGHT, "hall")).outcome == "right"
        office.clock.now += MINUTE // 60
    assert (await office.codes.confirm(RIGHT, "hall")).confirmation


async def test_looking_at_the_page_writes_nothing(visitor: Visitor, office: Office) -> None:
    before = office.dump()
    for code in (RIGHT, WRONG, slip(1)):
        await visitor.ask("GET", f"/claim/{code}")
    await visitor.ask("POST", f"/claim/{WRONG}")
    assert office.dump() == before


def test_only_so_many_addresses_are_remembered() -> None:
    guesses = Guesses(most=1, addresses=2)
    for who in ("A", "B", "C"):
        guesses.note(who, WRONG, NOON)
    assert [guesses.locked(who, NOON) for who in ("A", "B", "C")] == [False, True, True]


async def test_a_name_is_text_on_the_page(visitor: Visitor, office: Office) -> None:
    await add(office, "<script>x</script>", "XXXX-YYYY-ZZZZ")
    _, text, _ = await visitor.ask("GET", "/claim/XXXX-YYYY-ZZZZ")
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


# ---- links


async def linked(office: Office) -> TrackedLink:
    link = TrackedLink("default", "spring", "SPRNG222", "https://example.org/spring?a=1", {"utm_source": "mail"})
    assert await office.store.perform(lambda db: links.make(db, link, NOON))
    return link


async def test_a_link_leads_only_to_where_it_was_made_for(visitor: Visitor, office: Office) -> None:
    await linked(office)
    assert await visitor.ask("GET", "/go/SPRNG222?to=https://evil.example") == (
        302,
        "",
        "https://example.org/spring?a=1",
    )
    assert (await visitor.ask("GET", "/go/NOPE"))[0] == 404
    assert office.rows("SELECT visits FROM link") == [(1,)]
    assert office.rows("SELECT COUNT(*) FROM statement") == [(0,)]


async def test_a_personal_link_counts_once_a_day_for_its_owner(visitor: Visitor, office: Office) -> None:
    await linked(office)
    own = await office.said("J", "mylink", name="spring")
    path = re.findall(r"(/go/\S+)", own)[0]
    for _ in range(3):
        assert (await visitor.ask("GET", path))[0] == 302
    office.clock.now += DAY
    await visitor.ask("GET", path)
    ids = [row[0] for row in office.rows("SELECT id FROM statement ORDER BY seq")]
    assert ids == ["link:spring/slack:T1/J/2026-03-18", "link:spring/slack:T1/J/2026-03-19"]
    assert office.rows("SELECT visits FROM link") == [(4,)]
    assert office.awards("J") == {"guest"}


async def test_a_token_that_was_not_made_here_counts_for_nobody(visitor: Visitor, office: Office) -> None:
    link = await linked(office)
    for forged in (token(b"another key", link, "slack:T1/J"), "x.y", "é", "." * 600):
        assert (await visitor.ask("GET", f"/go/SPRNG222?m={forged}"))[0] == 302
    assert office.rows("SELECT COUNT(*) FROM statement") == [(0,)]


async def test_mylink_says_what_there_is(office: Office) -> None:
    assert "no links" in await office.said("J", "mylink", name="spring")
    await linked(office)
    assert "There is: spring" in await office.said("J", "mylink", name="autumn")


# ---- the operator


async def test_the_operator_makes_a_code_that_people_can_use(office: Office, tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(BOOK)
    environment = {"PLAUDIT_DATABASE_URL": office.url, "PLAUDIT_RULES": str(tmp_path / "rules.toml")}
    settings = read({**environment, "PLAUDIT_PUBLIC_URL": URL}, None)
    now = time.time_ns() // 1_000
    wanted = Code("Talk", "workshop.attended", None, 5, 0, 0, now + DAY)
    characters = await asyncio.to_thread(posters.new_code, settings, None, wanted)
    assert len(characters) == CODE_LENGTH
    assert set(characters) <= set(ALPHABET)
    lines = posters.told(settings, characters, wanted, tmp_path / "poster.svg")
    assert f"{URL}/claim/{characters}" in lines[2]
    assert (tmp_path / "poster.svg").read_text().startswith("<?xml")
    office.clock.now = now + MINUTE
    assert "Counted: Talk" in await use(office, "J", characters)
    assert posters.code_lines(settings, None)[0].startswith("Talk: 1 of 5 used, open")
    assert " UTC), " in posters.code_lines(settings, None)[0]
    posters.close_code(settings, None, "Talk")
    office.clock.now = now + 2 * MINUTE
    assert "too late" in await use(office, "L", characters)
    with pytest.raises(ConfigurationError, match="already"):
        posters.new_code(settings, None, wanted)
    with pytest.raises(ConfigurationError, match="no code can stand for"):
        posters.new_code(settings, None, Code("Bad", "award.revoked", None, 5, 0, 0, now + DAY))
