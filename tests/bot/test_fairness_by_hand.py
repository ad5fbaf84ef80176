"""`/plaudit fairness`: what is open, and what becomes of it by buttons."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.storage.cards import read_card
from adapters.terminal.cards import render
from core.cards import Card
from core.events import Statement
from tests.adapters.storage.said import DAY, HOUR, NOON
from tests.bot.office import Office, opened
from tests.bot.test_fairness import BOOK as FAIR
from tests.bot.test_fairness import look, pair, village

BOOK = FAIR.replace('credit = "author"', 'credit = "author"\nif_undone = "revoke"')
_SENT = "UPDATE outbox SET state = 'sent', receipt = 'M' || id WHERE state = 'waiting'"
_EDITS = "SELECT card FROM outbox WHERE destination ->> 'kind' = 'edit' ORDER BY id"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path, BOOK) as office:
        await office.store.take(village())
        yield office


def edits(office: Office) -> list[Card]:
    return [read_card(row[0]) for row in office.rows(_EDITS)]


async def deliver(office: Office) -> None:
    await office.store.perform(lambda db: db.exec_driver_sql(_SENT).rowcount)


async def test_moderators_see_what_is_open_before_any_card_was_posted(office: Office) -> None:
    answer = await office.ask("O", "fairness")
    assert answer.private
    assert "gave each other 24 marks" in render(answer.card)
    assert [(b.verb, b.argument) for b in answer.card.buttons] == [("fairness-fine", "1"), ("fairness-look", "1")]
    assert "Only moderators" in await office.said("L", "fairness")
    assert await look(office)  # it comes on the card of the day all the same, by the same number
    assert office.rows("SELECT id FROM finding") == [(1,)]


async def test_what_looks_fine_is_open_no_more_until_it_has_grown_by_half(office: Office) -> None:
    await office.ask("O", "fairness")
    assert "Noted: #1 looks fine" in await office.press("O", "fairness-fine")
    assert "Nothing looks unlike" in await office.said("O", "fairness")
    await office.store.take(pair(10, 2_000))
    assert "Nothing looks unlike" in await office.said("O", "fairness")
    await office.store.take(pair(4, 3_000))
    assert "gave each other 38 marks" in await office.said("O", "fairness")
    assert "Noted: #1 looks fine" in await office.press("N", "fairness-fine")


async def test_the_card_says_who_called_it_fine_and_asks_no_more(office: Office) -> None:
    await look(office)
    await deliver(office)
    await office.press("N", "fairness-fine")
    (card,) = edits(office)
    assert card.buttons == ()
    assert "#1 looks fine, says Noor." in render(card)


async def test_marks_that_do_not_count_are_asked_about_once_more_and_then_gone(office: Office) -> None:
    await look(office)
    await deliver(office)
    sure = await office.ask("N", "fairness-drop", argument="1")
    assert "24 marks would count no more" in render(sure.card)
    assert [b.verb for b in sure.card.buttons] == ["fairness-dropped", "fairness"]
    before = office.awards("p1")
    assert "24 marks do not count any more" in await office.press("N", "fairness-dropped")
    assert "bright" not in office.awards("A") | office.awards("J")
    assert office.awards("p1") == before
    said = [json.loads(row[0]) for row in office.rows("SELECT body FROM statement WHERE op = 'withdraw'")]
    assert {(s["reason"], s["by"]) for s in said} == {("moderators did not count it", "slack:T1/N")}
    assert len(said) == 24
    assert "its marks do not count any more, says Noor." in render(edits(office)[0])
    assert "Nothing looks unlike" in await office.said("O", "fairness")
    assert "no such finding" in await office.press("O", "fairness-dropped")


async def test_catch_up_does_not_bring_back_what_was_not_counted_and_a_new_mark_counts(office: Office) -> None:
    await office.ask("O", "fairness")
    await office.press("O", "fairness-dropped")
    old = pair(24)[1]
    found = replace(old, facts={**old.facts, "recovered": True, "at_is_approximate": True})
    office.clock.now += 1
    await office.store.take([found])
    assert office.rows("SELECT op FROM statement WHERE id = ? ORDER BY seq", old.id) == [("assert",), ("withdraw",)]
    assert "bright" not in office.awards(str(old.author).partition("/")[2])
    office.clock.now += 2 * HOUR
    await office.store.take([replace(old, at=NOON + HOUR)])
    assert "bright" in office.awards(str(old.author).partition("/")[2])


async def test_whom_it_is_about_decides_nothing(office: Office) -> None:
    await office.ask("O", "fairness")
    linked = Statement("discord:2", "link:1", NOON, "member.linked", actor="slack:T1/J", target="slack:T1/N")
    await office.store.take([linked])
    assert "about you" in await office.press("N", "fairness-drop")
    assert "about you" in await office.press("N", "fairness-dropped")
    assert office.rows("SELECT COUNT(*) FROM statement WHERE op = 'withdraw'") == [(0,)]


async def test_where_it_is_off_nobody_looks(tmp_path: Path) -> None:
    async with opened(tmp_path, BOOK.replace("[channels]", "[fairness]\noff = true\n[channels]")) as office:
        office.clock.now += DAY
        assert "switches this off" in await office.said("O", "fairness")


async def test_a_finding_about_an_account_one_was_linked_with_is_for_another_moderator(office: Office) -> None:
    link = Statement("moderator", "link:1", NOON, "member.linked", actor="slack:T1/O", target="slack:T1/A")
    await office.store.take([link, Statement(link.source, link.id, NOON, op="withdraw")])
    await office.ask("N", "fairness")
    for verb in ("fairness-fine", "fairness-drop", "fairness-dropped"):
        assert "This is about you" in await office.press("O", verb)
    assert "looks fine" in await office.press("N", "fairness-fine")
