"""The menu of a message at the desk: marks as helpful, and nominations."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.terminal.cards import render
from core.events import WITHDRAW, Statement
from tests.adapters.storage.said import NOON, chose
from tests.bot.office import BOOK, Office, opened

MARKED = """
[achievement.helper]
name = "Helper"
when = "reply.marked_helpful"
where.post_kind = "reply"
credit = "author"
distinct = "actor"
goal = 2
[achievement.named]
name = "Named"
when = "nomination.made"
credit = "target"
distinct = "actor"
goal = 2
"""
JONAS = "slack:T1/J"
PLACE = "C1/17.5"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path, BOOK + MARKED) as office:
        facts = {"channel_id": "C1", "thread": "message:C1/10.0"}
        reply = Statement("slack:T1", f"message:{PLACE}", NOON, "thread.replied", actor=JONAS, facts=facts)
        await office.store.take([reply])
        yield office


async def mark(office: Office, who: str, author: str = JONAS) -> str:
    return await office.said(who, "helpful", message=PLACE, author=author)


async def nominate(office: Office, who: str, why: str = "Three drafts in a night") -> str:
    return await office.said(who, "nominate-send", about=f"{PLACE} J", achievement="beyond", why=why)


async def test_two_marks_make_a_helper_and_a_second_use_takes_one_back(office: Office) -> None:
    assert "Marked as helpful" in await mark(office, "A")
    assert "Marked as helpful" in await mark(office, "L")
    assert office.awards("J") == {"helper"}
    (row,) = office.rows("SELECT body FROM statement WHERE id = 'helpful:C1/17.5/A'")
    said = json.loads(row[0])
    assert (said["actor"], said["author"], said["facts"]["post_kind"]) == ("slack:T1/A", JONAS, "reply")
    office.clock.now += 1
    assert "Taken back" in await mark(office, "A")
    assert office.awards("J") == set()
    office.clock.now += 1
    assert "Marked as helpful" in await mark(office, "A")
    assert office.awards("J") == {"helper"}


async def test_nobody_marks_their_own_message_whatever_the_account(office: Office) -> None:
    assert "your own" in await mark(office, "J")
    link = Statement("discord:2", "link:9", NOON, "member.linked", actor=JONAS, target="slack:T1/L", by="engine")
    await office.store.take([link])
    assert "your own" in await mark(office, "L")
    assert "No person wrote" in await mark(office, "A", author="")
    await office.store.take([chose("J", NOON, tracking="off")])
    assert "Jonas opted out" in await mark(office, "A")
    assert office.rows("SELECT COUNT(*) FROM statement WHERE id LIKE 'helpful:%'") == [(0,)]


async def test_the_form_of_a_nomination_offers_what_people_give(office: Office) -> None:
    answer = await office.ask("A", "nominate", message=PLACE, author=JONAS)
    assert answer.form is not None
    assert [o.label for o in answer.form.fields[0].options] == ["Beyond"]
    assert answer.form.about == f"{PLACE} J"


async def test_a_nomination_reaches_the_moderators_who_give_it(office: Office) -> None:
    assert "The moderators read it" in await nominate(office, "A")
    assert "already" in await nominate(office, "A")
    assert "The moderators read it" in await nominate(office, "L", "So patient")
    cards = [str(row[0]) for row in office.rows("SELECT card FROM outbox WHERE cause LIKE 'nomination:%' ORDER BY id")]
    assert ["Three drafts" in card for card in cards] == [True, False]
    assert "Nominated so far by 2 people" in cards[1]
    assert office.awards("J") == {"named"}
    log = str(office.rows("SELECT body FROM statement"))
    assert "Three drafts" not in log
    assert "So patient" not in log
    assert "Only moderators" in await office.press("A", "nominate-give", f"beyond {JONAS}")
    answer = await office.ask("N", "nominate-give", argument=f"beyond {JONAS}")
    assert not answer.private
    assert "Jonas receives Beyond" in render(answer.card)
    assert office.awards("J") == {"named", "beyond"}
    (row,) = office.rows("SELECT body FROM statement WHERE id LIKE 'grant:%'")
    assert json.loads(row[0])["reason"] == "Nominated by Amira, Lena"


async def test_nobody_nominates_themselves_and_a_deleted_message_ends_it(office: Office) -> None:
    assert "your own" in await nominate(office, "J")
    assert "few words" in await nominate(office, "A", " ")
    await nominate(office, "A")
    await office.store.take([Statement("slack:T1", f"message:{PLACE}", NOON + 1, op=WITHDRAW)])
    assert "message deleted" in await office.press("N", "nominate-give", f"beyond {JONAS}")
    assert "Not for yourself" in await give_to_oneself(office)


async def give_to_oneself(office: Office) -> str:
    """A moderator who was nominated presses the button."""
    id_, who = "message:C1/18.5", "slack:T1/N"
    reply = Statement("slack:T1", id_, NOON, "thread.replied", actor=who, facts={"channel": "C1"})
    await office.store.take([reply])
    await office.said("A", "nominate-send", about="C1/18.5 N", achievement="beyond", why="Yes")
    return await office.press("N", "nominate-give", "beyond slack:T1/N")
