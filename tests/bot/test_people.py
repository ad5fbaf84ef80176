"""People whom only another system knows: what moderators see, say and are told, and how often suggestions are right."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection

from adapters.storage.departures import depart
from adapters.storage.store import Store, open_store
from bot import people
from bot.people import NotMatched
from bot.schedule import Schedule
from bot.settings import Settings, read
from core.errors import ConfigurationError
from core.events import Statement
from core.ports import Destination, Person
from tests.adapters.storage.said import NOON, book
from tests.bot.office import opened
from tests.bot.test_linking import LENA, MINUTE, RULES, THERE, WORK, Desk, merged, proved, wrote

MERGER = '[achievement.merger]\nname = "Merger"\nwhen = "pull_request.merged"\n'
TEXT = RULES + MERGER
NOOR = "slack:T1/N"
STRANGER = "github:acme/78"
MODS = [Destination("slack:T1", "channel", "#mods")]


def many(account: str, number: int) -> list[Statement]:
    made = (f"pull_request:x#{n}:merged:{account}" for n in range(number))
    return [Statement("github:acme", id_, NOON - MINUTE, "pull_request.merged", actor=account) for id_ in made]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path, TEXT) as office:
        named = {THERE: "Lena B", WORK: "lena", STRANGER: "Zoë", "github:acme/1": "ci"}
        await office.store.meet([Person(a, n, bot=n == "ci") for a, n in named.items()])
        yield Desk(office)


@pytest.fixture
def settings(desk: Desk, tmp_path: Path) -> Settings:
    (tmp_path / "rules.toml").write_text(TEXT)
    return read({"PLAUDIT_DATABASE_URL": desk.office.url, "PLAUDIT_RULES": str(tmp_path / "rules.toml")}, None)


async def test_a_moderator_says_who_somebody_is(desk: Desk) -> None:
    await desk.office.store.take([*many(WORK, 2), *many(STRANGER, 1), *many("github:acme/1", 3)])
    said = await desk.ask(NOOR, "people", "moderator")
    assert "lena on GitHub: 2 facts, would bring Merger." in said
    assert "Perhaps Lena on Slack: the same name (80 of 100)." in said
    assert "Zoë on GitHub: 1 fact, would bring Merger." in said
    assert "ci on" not in said
    button = next(b for b in desk.answers[NOOR].card.buttons if b.label == "lena is Lena")
    assert "Only moderators" in await desk.ask(LENA, button.verb, argument=button.argument)
    assert "lena on GitHub is Lena now" in await desk.ask(NOOR, button.verb, "moderator", argument=button.argument)
    assert desk.held() == {LENA: {"merger"}, STRANGER: {"merger"}, "github:acme/1": {"merger"}}
    assert desk.office.rows("SELECT what, by, about FROM act") == [("member.linked", NOOR, WORK)]
    assert "decided already" in await desk.ask(NOOR, button.verb, "moderator", argument=button.argument)
    assert "lena on GitHub" not in await desk.ask(NOOR, "people", "moderator")


async def test_nobody_decides_about_themselves(desk: Desk) -> None:
    await desk.office.store.take(many(WORK, 1))
    await desk.ask(LENA, "people", "moderator")
    button = desk.answers[LENA].card.buttons[0]
    assert "another moderator" in await desk.ask(LENA, button.verb, "moderator", argument=button.argument)
    assert desk.held() == {WORK: {"merger"}}


async def test_a_no_is_remembered(desk: Desk) -> None:
    await desk.office.store.take(many(WORK, 1))
    await desk.ask(NOOR, "people", "moderator")
    button = desk.answers[NOOR].card.buttons[1]
    assert "I do not suggest it again" in await desk.ask(NOOR, button.verb, "moderator", argument=button.argument)
    assert "Perhaps Lena on Slack" not in await desk.ask(NOOR, "people", "moderator")


async def test_the_same_name_or_address_as_a_linked_account_is_a_hint(desk: Desk) -> None:
    await proved(desk, by=WORK, name="lena-k")
    await desk.office.store.meet([Person(WORK, "octo-lena"), Person("github:acme/79", "Octo Lena")])
    await desk.office.store.take(many("github:acme/79", 1))
    said = await desk.ask(NOOR, "people", "moderator")
    assert "Perhaps Lena on Slack: the same name as their account on GitHub (85 of 100)." in said


async def test_how_often_suggestions_are_right(desk: Desk, settings: Settings) -> None:
    await desk.office.store.meet([Person("github:acme/80", "Jonas"), Person("github:acme/81", "Amira")])
    accounts = (WORK, STRANGER, "github:acme/80", "github:acme/81")
    await desk.office.store.take([s for a in accounts for s in many(a, 1)])
    await proved(desk, by=WORK, name="lena")  # as suggested
    await proved(desk, by="github:acme/80", name="Jonas", account="discord:2/6")  # Jonas was suggested

    async def match(account: str, member: str) -> None:
        await asyncio.to_thread(people.match, settings, None, account, member, "they said so")

    await match("github:acme/81", "slack:T1/A")
    with pytest.raises(NotMatched, match="already"):
        await match("github:acme/81", "slack:T1/J")
    with pytest.raises(ConfigurationError, match="nobody of the chats"):
        await match(STRANGER, "slack:T2/J")
    with pytest.raises(ConfigurationError, match="nobody is known"):
        await match("github:other/9", "slack:T1/J")
    await asyncio.to_thread(people.reject, settings, None, STRANGER, "slack:T1/J")
    found = await asyncio.to_thread(people.accuracy, settings, None)
    assert found.lines() == (
        "Moderators confirmed 1 of 2 suggestions (50 %).",
        "1 of 2 people who linked themselves are who was suggested (50 %).",
    )
    listed = await asyncio.to_thread(people.look, settings, None)
    assert list(people.as_lines(listed)) == [f"{STRANGER}  Zoë: 1 fact, would bring Merger"]
    assert STRANGER in people.as_json(listed)
    # What the command line did, the running bot knows with its next commit.
    await desk.office.store.take(many("github:acme/81", 2))
    assert desk.office.awards("A") == {"merger"}
    desk.office.clock.now = time.time_ns() // 1_000  # the command line has a clock of its own


async def test_an_operator_links_two_of_one_workspace_and_parts_what_was_wrong(desk: Desk, settings: Settings) -> None:
    now = desk.office.clock.now = time.time_ns() // 1_000  # the clock of the command line
    said = [wrote(LENA), wrote("slack:T1/J"), *many(WORK, 1)]
    await desk.office.store.take([replace(s, at=now - MINUTE) for s in said])
    before = desk.held()
    await asyncio.to_thread(people.match, settings, None, "slack:T1/J", LENA, "her second account")
    await asyncio.to_thread(people.match, settings, None, WORK, LENA, "she said so")
    assert desk.held() == {LENA: {"here", "merger"}}
    parted = await asyncio.to_thread(people.part, settings, None, WORK, "it was somebody else")
    assert sorted(parted) == ["slack:T1/J", LENA]
    assert desk.held() == {LENA: {"here"}, WORK: {"merger"}}
    await asyncio.to_thread(people.part, settings, None, LENA, "two people after all")
    assert desk.held() == before
    with pytest.raises(NotMatched, match="no other"):
        await asyncio.to_thread(people.part, settings, None, LENA, "again")
    assert [row[0] for row in desk.office.rows("SELECT reason FROM act ORDER BY id")][2:] == [
        "it was somebody else",
        "two people after all",
    ]
    await desk.office.store.take(many(STRANGER, 1))  # the running bot looks again
    assert desk.office.store.communities.served["default"].people.groups == {}
    desk.office.clock.now = time.time_ns() // 1_000


class Meanwhile:
    """A store at which something happens between the look and the commit."""

    def __init__(self, store: Store, first: Callable[[], Awaitable[object]]) -> None:
        self._store = store
        self._first = first

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def perform(self, work: Callable[[Connection], object]) -> object:
        await self._first()
        return await self._store.perform(work)


async def test_moderators_are_not_told_of_somebody_who_was_erased_meanwhile(desk: Desk) -> None:
    store = desk.office.store
    await store.take([*many(WORK, 6), *many(STRANGER, 5)])
    slow = Meanwhile(store, lambda: depart(store, WORK))
    assert not await people.tell_of_strangers(slow, "default", "2026-03-18", MODS)  # type: ignore[arg-type] # as a store
    assert desk.office.rows("SELECT card FROM outbox WHERE cause LIKE 'people:%'") == []
    await people.tell_of_strangers(store, "default", "2026-03-18", MODS)
    assert WORK not in "\n".join(desk.office.dump())


async def test_moderators_are_told_once_also_by_two_processes(desk: Desk) -> None:
    store, clock = desk.office.store, desk.office.clock
    other = await open_store(desk.office.url, [book(TEXT)], clock)
    try:
        await store.take([*many(WORK, 6), *many(STRANGER, 5)])
        both = [people.tell_of_strangers(s, "default", "2026-03-18", MODS) for s in (store, other, store)]
        assert sorted(await asyncio.gather(*both)) == [False, False, True]
        ((card,),) = desk.office.rows("SELECT card FROM outbox WHERE cause LIKE 'people:%'")
        assert b"lena" in card
        assert "Zoë" not in str(card)
        await store.take(many(STRANGER, 6))
        assert not await people.tell_of_strangers(store, "default", "2026-03-18", MODS)
        assert await people.tell_of_strangers(store, "default", "2026-03-19", MODS)
        assert not await people.tell_of_strangers(store, "default", "2026-03-20", MODS)
        (_, (later,)) = desk.office.rows("SELECT card FROM outbox WHERE cause LIKE 'people:%' ORDER BY id")
        assert b"lena" not in later
    finally:
        await other.close()


async def test_the_schedule_tells_them_after_the_digests_hour(desk: Desk) -> None:
    store, clock = desk.office.store, desk.office.clock
    await store.take(many(WORK, 6))
    schedule = Schedule(store, lambda: ["slack:T1"], dict)
    clock.now -= 5 * 3_600_000_000  # eight in Berlin; the digest comes at nine
    assert not await schedule.tell_of_strangers("default")
    clock.now += 2 * 3_600_000_000
    assert await schedule.tell_of_strangers("default")
    assert not await schedule.tell_of_strangers("default")
    ((destination,),) = desk.office.rows("SELECT destination FROM outbox WHERE cause LIKE 'people:%'")
    assert "#mods" in destination
    clock.now = NOON


async def test_who_was_linked_is_no_stranger_and_merging_them_moves_nothing_else(desk: Desk) -> None:
    await desk.office.store.take([*many(WORK, 6), merged(STRANGER)])
    await proved(desk)
    assert not await people.tell_of_strangers(desk.office.store, "default", "2026-03-18", MODS)
    assert desk.held() == {LENA: {"merger"}, STRANGER: {"merger"}}
