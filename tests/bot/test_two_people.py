"""Badges that take two moderators: by a grant and by a claim, and who the second one may not be."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.terminal.cards import render
from bot import bulk, claims
from bot.settings import Settings, read
from core.bulk import BulkRefused, Line
from core.events import Statement
from tests.adapters.storage.said import DAY, NOON
from tests.bot.office import BOOK, Office, opened

TWO = (
    BOOK.replace("[channels]", "[moderators]\ntwo_people_above = 50\n[channels]")
    + """
two_people = true
[achievement.rich]
name = "Rich"
manual = "moderator"
points = 51
[achievement.poor]
name = "Poor"
manual = "moderator"
points = 50
"""
)
JONAS = "slack:T1/J"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path, TWO) as office:
        yield office


@pytest.fixture
def settings(office: Office, tmp_path: Path) -> Settings:
    (tmp_path / "rules.toml").write_text(TWO)
    return read({"PLAUDIT_DATABASE_URL": office.url, "PLAUDIT_RULES": str(tmp_path / "rules.toml")}, None)


async def propose(office: Office, badge: str = "beyond", who: str = "N", member: str = JONAS) -> str:
    return await office.said(who, "grant", member=member, achievement=badge, reason="The whole year", note="Thank you")


async def test_the_second_moderator_gives_it_and_the_log_has_both(office: Office) -> None:
    assert "takes two moderators" in await propose(office)
    assert office.awards("J") == set()
    (card,) = office.rows("SELECT card FROM outbox WHERE cause = 'proposal:r1'")
    assert "The whole year" in str(card[0])
    assert "proposed it yourself" in await office.press("N", "grant-confirm", "proposal:r1")
    assert "Only moderators" in await office.press("A", "grant-confirm", "proposal:r1")
    answer = await office.ask("O", "grant-confirm", argument="proposal:r1")
    assert render(answer.card) == "Confirmed by Olga, proposed by Noor: Jonas receives Beyond."
    assert not answer.private
    assert office.awards("J") == {"beyond"}
    said = json.loads(office.rows("SELECT body FROM statement WHERE id = 'grant:proposal:r1'")[0][0])
    assert (said["actor"], said["by"], said["facts"]["note"]) == ("slack:T1/N", "slack:T1/O", "Thank you")
    assert "decided already" in await office.press("O", "grant-decline", "proposal:r1")
    assert office.awards("J") == {"beyond"}


async def test_a_no_gives_nothing_and_ends_it(office: Office) -> None:
    await propose(office)
    assert "Declined by Olga" in await office.press("O", "grant-decline", "proposal:r1")
    assert "decided already" in await office.press("O", "grant-confirm", "proposal:r1")
    assert office.awards("J") == set()


async def test_neither_the_person_nor_a_linked_account_is_the_second_one(office: Office) -> None:
    link = Statement("discord:2", "link:9", NOON, "member.linked", actor=JONAS, target="slack:T1/O", by="engine")
    await propose(office)
    await office.store.take([link])
    assert "Not for yourself" in await office.press("O", "grant-confirm", "proposal:r1")
    assert office.awards("J") == set()


async def test_after_two_weeks_it_has_run_out(office: Office) -> None:
    await propose(office)
    office.clock.now += 14 * DAY
    assert "more than 14 days" in await office.press("O", "grant-confirm", "proposal:r1")
    assert office.awards("J") == set()


async def test_what_is_worth_more_takes_two_and_no_more_than_that(office: Office) -> None:
    assert "takes two moderators" in await propose(office, "rich")
    assert "receives Poor" in await propose(office, "poor")
    assert office.awards("J") == {"poor"}


async def test_a_claim_takes_two_yeses(office: Office) -> None:
    assert "with the moderators" in await office.claim("J", "beyond|")
    assert "another one must approve" in await office.press("N", "claim-approve")
    assert "another moderator must" in await office.press("N", "claim-approve")
    assert office.awards("J") == set()
    office.clock.now += 14 * DAY
    assert "another one must approve" in await office.press("O", "claim-approve")
    assert "Approved" in await office.press("N", "claim-approve")
    assert office.awards("J") == {"beyond"}
    said = json.loads(office.rows("SELECT body FROM statement WHERE id = 'claim:1'")[0][0])
    assert (said["actor"], said["by"]) == ("slack:T1/O", "slack:T1/N")


async def test_the_operator_is_one_person(office: Office, settings: Settings) -> None:
    with pytest.raises(BulkRefused, match="takes two moderators"):
        bulk.one(settings, None, "grant", Line(1, "Jonas", "beyond", "Good"), office.clock())
    await office.claim("J", "beyond|")
    with pytest.raises(claims.Undecided, match="takes two moderators"):
        claims.decide(settings, None, [1], "", approve=True)
