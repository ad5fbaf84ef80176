"""Accounts that become one person by codes: over a real file, in the words of people."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage.store import open_store
from adapters.terminal.cards import render
from bot.desk import FrontDesk
from bot.linkdesk import LinkDesk
from core.claim_codes import ALPHABET
from core.connectors import Proof
from core.events import Statement
from core.ports import Person
from core.requests import Answer, Request
from core.rights import Role
from tests.adapters.storage.said import NOON, book, chose, gone
from tests.bot.office import Office, opened

MINUTE = 60_000_000
LENA, THERE, WORK = "slack:T1/L", "discord:2/5", "github:acme/77"
RULES = """
rules = 1
[community]
timezone = "Europe/Berlin"
quiet_start = "0 days"
sources = ["slack:T1", "discord:2", "github:acme"]
[channels]
moderators = { slack = "#mods" }
[achievement.here]
name = "Here"
when = "message.posted"
where.source = "slack:T1"
[achievement.there]
name = "There"
when = "message.posted"
where.source = "discord:2"
[achievement.everywhere]
name = "Everywhere"
points = 5
all = [
  { when = "message.posted", where.source = "slack:T1", goal = 1 },
  { when = "message.posted", where.source = "discord:2", goal = 1 },
  { when = "pull_request.merged", goal = 1 },
]
"""
NO = "This code does not work"


class Desk:
    """People of both chats at one desk; buttons are pressed by their labels."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.links = LinkDesk(office.store)
        self.desk = FrontDesk(office.store, office.codes, self.links)
        self.answers: dict[str, Answer] = {}

    async def ask(self, who: str, verb: str, role: Role = "member", **arguments: str) -> str:
        self.office.asked += 1
        source = who.partition("/")[0]
        at = self.office.clock()
        request = Request(f"l{self.office.asked}", source, who, verb, at, arguments, role, "C1")
        answer = self.answers[who] = await self.desk.answer(request)
        return render(answer.card)

    async def press(self, account: str, label: str) -> str:
        cards = (self.answers[account].card, *self.answers[account].notes)
        button = next(b for card in cards for b in card.buttons if b.label == label)
        return await self.ask(account, button.verb, argument=button.argument)

    async def code(self, account: str = LENA, verb: str = "link") -> str:
        return str(re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{2}", await self.ask(account, verb))[0])

    async def link(self, account: str = LENA, other: str = THERE) -> str:
        await self.ask(other, "link", code=await self.code(account))
        return await self.press(other, "Link us")

    def held(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for member, name in self.office.rows("SELECT member, achievement FROM award WHERE state = 'awarded'"):
            found.setdefault(member, set()).add(name)
        return found


def wrote(account: str) -> Statement:
    source = account.partition("/")[0]
    facts = {"channel": "general", "channel_id": "C1"}
    return Statement(source, f"message:C1/{account}", NOON - MINUTE, "message.posted", actor=account, facts=facts)


def merged(account: str = WORK) -> Statement:
    id_ = f"pull_request:x#1:merged:{account}"
    return Statement("github:acme", id_, NOON - MINUTE, "pull_request.merged", actor=account)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path, RULES) as office:
        await office.store.meet([Person(THERE, "lena.b"), Person(WORK, "lena-k"), Person("discord:2/6", "Kofi")])
        yield Desk(office)


async def test_a_code_from_one_chat_makes_two_accounts_one_person(desk: Desk) -> None:
    await desk.office.store.take([wrote(LENA), wrote(THERE)])
    code = await desk.code()
    asked = await desk.ask(THERE, "link", code=code.lower().replace("-", " "))
    assert "Lena on Slack" in asked
    assert "lena.b on Discord" in asked
    assert desk.held() == {LENA: {"here"}, THERE: {"there"}}
    said = await desk.press(THERE, "Link us")
    assert "You are one person here now: 2 badges, 1 of them from Slack" in said
    assert desk.held() == {LENA: {"here", "there"}}
    assert code.replace("-", "") not in "".join(desk.office.dump())
    assert desk.office.rows("SELECT COUNT(*) FROM link_code") == [(0,)]
    cards = desk.office.rows("SELECT card FROM outbox WHERE destination LIKE ?", f'%"account":"{LENA}"%')
    assert any("Your code was used" in str(card) for card in cards)
    assert desk.office.rows("SELECT what, by, about, reason FROM act") == [
        ("member.linked", THERE, THERE, "a code from one chat was typed in the other")
    ]


async def test_a_code_works_once_and_for_a_quarter_of_an_hour(desk: Desk) -> None:
    code = await desk.code()
    await desk.ask(THERE, "link", code=code)
    await desk.press(THERE, "Link us")
    wrong = await desk.ask("discord:2/6", "link", code=code)
    old = await desk.code()
    newer = await desk.code()
    assert await desk.ask("discord:2/6", "link", code=old) == wrong
    desk.office.clock.now += 15 * MINUTE
    assert await desk.ask("discord:2/6", "link", code=newer) == wrong
    assert NO in wrong
    assert await desk.ask("discord:2/7", "link", code="ZZZZ-ZZZZ-ZZ") == wrong


async def test_whoever_shows_a_code_first_has_it(desk: Desk) -> None:
    code = await desk.code()
    await desk.ask(THERE, "link", code=code)
    assert NO in await desk.ask("discord:2/6", "link", code=code)
    button = desk.answers[THERE].card.buttons[0]
    assert NO in await desk.ask("discord:2/6", button.verb, argument=button.argument)
    assert NO in await desk.ask(LENA, button.verb, argument=button.argument)
    await desk.press(THERE, "No")
    assert NO in await desk.ask(THERE, "link", code=code)
    assert desk.office.rows("SELECT COUNT(*) FROM statement") == [(0,)]


async def test_guessing_is_over_after_five(desk: Desk) -> None:
    code = await desk.code()
    for n in range(5):
        assert NO in await desk.ask(THERE, "link", code=f"{ALPHABET[n] * 10}")
    assert "Too many codes" in await desk.ask(THERE, "link", code=code)
    assert "Link it with" in await desk.ask("discord:2/6", "link", code=code)
    desk.office.clock.now += 10 * MINUTE
    assert NO in await desk.ask(THERE, "link", code=code)


async def test_not_with_oneself_and_not_two_of_one_place(desk: Desk) -> None:
    code = await desk.code()
    assert "your own code" in await desk.ask(LENA, "link", code=code)
    assert "A moderator can have them linked" in await desk.ask("slack:T1/J", "link", code=code)
    assert "Link it with" in await desk.ask(THERE, "link", code=code)
    await desk.link()
    # Through a linked account there would be two of one place, too.
    other = await desk.code("slack:T1/J")
    assert "A moderator can have them linked" in await desk.ask(THERE, "link", code=other)
    assert "one person with" in await desk.ask(THERE, "link", code=await desk.code(LENA))


async def test_of_two_processes_one_uses_the_code(desk: Desk, tmp_path: Path) -> None:
    url = desk.office.url
    store = await open_store(url, [book(RULES)], desk.office.clock)
    try:
        second = Desk(desk.office)
        second.desk = FrontDesk(store)
        code = await desk.code()
        first, other = "discord:2/5", "discord:2/6"
        answers = await asyncio.gather(desk.ask(first, "link", code=code), second.ask(other, "link", code=code))
        assert sorted(NO in text for text in answers) == [False, True]
        winner, who = (desk, first) if NO in answers[1] else (second, other)
        again = [winner.press(who, "Link us") for _ in range(2)]
        said = await asyncio.gather(*again)
        assert sum("You are one person" in text for text in said) == 1
        assert desk.office.rows("SELECT COUNT(*) FROM statement WHERE id LIKE 'link:%'") == [(1,)]
    finally:
        await store.close()


async def test_parting_gives_each_what_it_had_and_linking_again_works(desk: Desk) -> None:
    await desk.office.store.take([wrote(LENA), wrote(THERE), merged()])
    before = desk.held()
    await desk.link()
    await proved(desk)
    assert desk.held() == {LENA: {"here", "there", "everywhere"}}
    assert "lena-k on GitHub" in await desk.ask(THERE, "unlink")
    assert "leaves" in await desk.press(THERE, "Lena on Slack")
    assert "Done. Lena on Slack is a person of its own: 1 badge. The others: 1 badge" in await desk.press(
        THERE, "Part them"
    )
    assert desk.held() == before
    people = desk.office.store.communities.served["default"].people
    assert people.member(WORK) == THERE
    assert "You are one person" in await desk.link()
    assert desk.held() == {THERE: {"here", "there", "everywhere"}}
    for account in ("lena-k", "lena.b on Discord"):
        await desk.ask(LENA, "unlink", account=account)
        await desk.press(LENA, "Part them")
    assert desk.held() == before
    assert "linked with no other" in await desk.ask(LENA, "unlink")
    await desk.link()  # the same link as the first one, at the same moment by the clock
    assert desk.held()[LENA] == {"here", "there"}
    desk.office.clock.now += MINUTE


async def proved(desk: Desk, account: str = LENA, by: str = WORK, name: str = "lena-k") -> str:
    code = await desk.code(account, "link-forge")
    assert await desk.links.prove("github:acme", Proof(by, name, code)) == ""
    assert f"{name} on GitHub" in await waiting(desk, account)
    return await desk.press(account, "Link us")


async def waiting(desk: Desk, account: str) -> str:
    """The private note that waits, shown with the next answer as Discord does."""
    await desk.office.store.perform(
        lambda db: db.exec_driver_sql("UPDATE outbox SET state = 'held' WHERE state = 'waiting'").rowcount
    )
    await desk.ask(account, "help")
    return "\n".join(render(card) for card in desk.answers[account].notes)


async def test_who_quotes_a_code_elsewhere_gets_nothing(desk: Desk) -> None:
    code = await desk.code(verb="link-forge")
    assert NO in await desk.ask(THERE, "link", code=code)
    assert await desk.links.prove("github:acme", Proof("github:acme/66", "mallory", code)) == ""
    assert "somebody else" in await desk.links.prove("github:acme", Proof(WORK, "lena-k", code))
    assert "mallory on GitHub" in await waiting(desk, LENA)
    await desk.press(LENA, "No")
    assert desk.office.rows("SELECT COUNT(*) FROM statement") == [(0,)]
    assert "not known" in await desk.links.prove("github:acme", Proof(WORK, "lena-k", code))


async def test_what_belongs_to_somebody_is_not_taken_by_another(desk: Desk) -> None:
    await proved(desk)
    assert "belongs to somebody here already" in await proved(desk, "slack:T1/J")
    code = await desk.code("slack:T1/J", "link-forge")
    chat = await desk.code("slack:T1/J")
    assert "not known" in await desk.links.prove("github:acme", Proof(WORK, "x", chat))
    assert await desk.links.prove("nobody:x", Proof("nobody:x/1", "x", code)) == "the source belongs to no community"


async def test_whoever_opted_out_links_nothing(desk: Desk) -> None:
    await desk.office.store.take([chose("L", NOON, tracking="off")])
    for verb in ("link", "link-forge", "link-email"):
        assert "opted out" in await desk.ask(LENA, verb)


async def test_leaving_coming_back_and_another_name_lose_nothing(desk: Desk) -> None:
    store = desk.office.store
    joined = Statement("discord:2", "member:5", NOON - 2 * MINUTE, "member.joined", actor=THERE)
    await store.take([wrote(LENA), wrote(THERE), joined])
    await desk.link()
    held = desk.held()
    await store.meet([Person(THERE, "lena.b", present=False)])
    await store.take([gone(joined, NOON)])
    await store.meet([Person(THERE, "Lena the second")])
    await store.take([Statement("discord:2", "member:5", NOON + MINUTE, "member.joined", actor=THERE)])
    assert desk.held() == held == {LENA: {"here", "there"}}
    assert "Lena the second on Discord" in await desk.ask(LENA, "link")


async def test_a_code_of_another_community_is_unknown(tmp_path: Path) -> None:
    texts = [RULES.replace("[community]", f'[community]\nid = "{name}"') for name in ("one", "other")]
    texts[0] = texts[0].replace('["slack:T1", "discord:2", "github:acme"]', '["slack:T1"]')
    texts[1] = texts[1].replace('["slack:T1", "discord:2", "github:acme"]', '["discord:2", "github:acme"]')
    async with opened(tmp_path, RULES) as office:
        store = await open_store(office.url, [book(text) for text in texts], office.clock)
        try:
            desk = Desk(office)
            desk.links = LinkDesk(store)
            desk.desk = FrontDesk(store)
            code, posted = await desk.code(), await desk.code(verb="link-forge")
            assert NO in await desk.ask(THERE, "link", code=code)
            assert "not known" in await desk.links.prove("github:acme", Proof(WORK, "lena-k", posted))
            links = desk.links.at(store.communities.served["other"])
            token = desk.office.rows("SELECT token FROM link_code WHERE way = 'chat'")[0][0]
            assert (await links.confirm(THERE, token)).outcome == "wrong"
            assert desk.office.rows("SELECT COUNT(*) FROM statement") == [(0,)]
        finally:
            await store.close()
