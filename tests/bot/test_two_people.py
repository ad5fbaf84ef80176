"""Badges that take two moderators: by a grant and by a claim, and who the second one may not be."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage.changes import carry_out
from adapters.terminal.cards import render
from bot import bulk, claims
from bot.settings import Settings, read
from core.bulk import BulkRefused, Line
from core.events import Statement
from core.giving import Say
from core.requests import Answer, Request
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
[achievement.mentor]
name = "Mentor"
when = "action.validated"
where.kind = "mentoring"
ask = true
points = 51
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


NOOR, OTHER, OLGA = "slack:T1/N", "discord:2/N", "discord:2/O"


async def by(office: Office, account: str, verb: str, **arguments: str) -> Answer:
    """A moderator asks, from either platform."""
    office.asked += 1
    source = account.partition("/")[0]
    request = Request(f"d{office.asked}", source, account, verb, office.clock(), arguments, "moderator", "C1")
    return await office.desk.answer(request)


def link(one: str, other: str) -> Statement:
    return Statement("moderator", f"link:{one}+{other}", NOON, "member.linked", actor=one, target=other, by=one)


async def part(office: Office, *links: Statement) -> None:
    office.clock.now += 1
    at = office.clock.now
    await office.store.take([Statement(s.source, s.id, at, op="withdraw", by=s.actor) for s in links])


@pytest.mark.parametrize(("first", "second"), [(NOOR, OTHER), (OTHER, NOOR)])
@pytest.mark.parametrize("when", ["before", "between", "over another account"])
async def test_accounts_that_were_ever_linked_are_one_person(
    office: Office, first: str, second: str, when: str
) -> None:
    joined = [link(NOOR, OTHER)]
    if when == "over another account":
        joined = [link(NOOR, "scout:acme/noor"), link("scout:acme/noor", OTHER)]
    if when != "between":
        await office.store.take(joined)
        await part(office, *joined)
    asked = {"member": JONAS, "achievement": "beyond", "reason": "The whole year"}
    assert "takes two moderators" in render((await by(office, first, "grant", **asked)).card)
    if when == "between":
        await office.store.take(joined)
        assert "proposed it yourself" in render(
            (await by(office, second, "grant-confirm", argument="proposal:d1")).card
        )
        await part(office, *joined)
    told = render((await by(office, second, "grant-confirm", argument="proposal:d1")).card)
    assert "both count as one person" in told
    assert office.awards("J") == set()
    assert "Confirmed by" in render((await by(office, OLGA, "grant-confirm", argument="proposal:d1")).card)
    assert office.awards("J") == {"beyond"}


async def test_neither_moderator_may_ever_have_been_the_person(office: Office) -> None:
    joined = link(JONAS, OLGA)
    await office.store.take([joined])
    await part(office, joined)
    await propose(office)
    assert "count as one person" in render((await by(office, OLGA, "grant-confirm", argument="proposal:r1")).card)
    assert office.awards("J") == set()


async def test_of_a_claim_too_accounts_that_were_ever_linked_are_one_person(office: Office) -> None:
    joined = link(NOOR, OTHER)
    await office.store.take([joined])
    await part(office, joined)
    await office.claim("J", "beyond|")
    assert "another one must approve" in await office.press("N", "claim-approve")
    assert "both count as one person" in render((await by(office, OTHER, "claim-approve", argument="1")).card)
    assert office.awards("J") == set()
    assert "Approved" in render((await by(office, OLGA, "claim-approve", argument="1")).card)
    assert office.awards("J") == {"beyond"}


async def test_accounts_that_are_linked_while_the_second_one_answers_give_nothing(office: Office) -> None:
    await propose(office)
    served = office.store.communities.served["default"]
    given = Statement(
        "moderator", "grant:x", NOON, "grant.made", actor=NOOR, target=JONAS, facts={"achievement": "beyond"}
    )
    said = Say(given, alive=False, apart=(NOOR, OTHER))
    await office.store.take([link(NOOR, OTHER)])
    assert not await office.store.perform(lambda db: carry_out(db, served, (said,), NOON))
    assert office.awards("J") == set()


# ---- what a rule found and moderators decide on


async def found(office: Office) -> str:
    await office.said("N", "validate", member=JONAS, kind="mentoring")
    (card,) = office.rows("SELECT card FROM outbox WHERE cause LIKE 'review:%'")
    assert "Shall they have it?" in str(card[0])
    return f"mentor {JONAS}"


def card(office: Office) -> str:
    return str(office.rows("SELECT card FROM outbox WHERE cause LIKE 'review:%' ORDER BY id DESC LIMIT 1")[0][0])


async def test_what_a_rule_found_takes_two_yeses(office: Office) -> None:
    argument = await found(office)
    assert "another one must" in await office.press("N", "confirm", argument)
    assert "Noor" in card(office)
    assert "said yes" in card(office)
    assert '"confirm"' in card(office), "the buttons stay"
    assert "another moderator must" in await office.press("N", "confirm", argument)
    assert office.awards("J") == set()
    assert "Confirmed: Jonas receives Mentor" in await office.press("O", "confirm", argument)
    assert office.awards("J") == {"mentor"}
    assert "Confirmed by " in card(office)
    assert '"confirm"' not in card(office)
    said = json.loads(office.rows("SELECT body FROM statement WHERE id LIKE 'confirm:%'")[0][0])
    assert (said["actor"], said["by"]) == ("slack:T1/N", "slack:T1/O")


async def test_of_what_a_rule_found_too_linked_accounts_are_one_person(office: Office) -> None:
    argument = await found(office)
    joined = link(NOOR, OTHER)
    await office.store.take([joined])
    await part(office, joined)
    await office.press("N", "confirm", argument)
    assert "both count as one person" in render((await by(office, OTHER, "confirm", argument=argument)).card)
    assert office.awards("J") == set()


async def test_a_first_yes_ends_with_a_no_and_with_its_time(office: Office) -> None:
    argument = await found(office)
    await office.press("N", "confirm", argument)
    assert "does not receive" in await office.press("O", "decline", argument)
    office.clock.now += 1
    assert "another one must" in await office.press("O", "confirm", argument), "the no ended the first yes"
    office.clock.now += 14 * DAY
    assert "another one must" in await office.press("N", "confirm", argument)
    assert office.awards("J") == set()
    assert "Confirmed" in await office.press("O", "confirm", argument)
    assert office.awards("J") == {"mentor"}
