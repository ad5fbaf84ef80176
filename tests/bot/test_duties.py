"""Badges that open a duty: listed with the day they end, ended by absence, handed back by whoever holds them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.storage.duties import StoredDuties
from tests.adapters.storage.said import DAY, HOUR, post
from tests.bot.office import BOOK, Office, opened

DUTIES = """
[roles.Mentors]
slack = "#mentors"
[achievement.trained]
name = "Trained"
manual = "moderator"
[achievement.mentor]
name = "Mentor"
needs = "trained"
when = "message.posted"
within = "90 days"
lasts = "while true"
duty = "looks after newcomers"
gives_role = "Mentors"
points = 5
[achievement.host]
name = "Host"
manual = "moderator"
duty = "host"
lasts = "1 year"
[achievement.regular]
name = "Regular"
when = "thread.replied"
tiers.First = { goal = 1, points = 3 }
tiers.Second = { goal = 2, points = 4 }
[achievement.secretary]
name = "Secretary"
manual = "moderator"
gives_role = "Secretary"
"""


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path, BOOK + DUTIES) as office:
        yield office


async def give(office: Office, who: str, badge: str) -> None:
    text = await office.said("N", "grant", member=f"slack:T1/{who}", achievement=badge, reason="trusted")
    assert "tak" not in text, text


async def train(office: Office, who: str) -> None:
    """Whoever is trained and was here just now is a mentor."""
    await office.store.take([post(1, who, office.clock() - HOUR)])
    await give(office, who, "trained")
    assert "mentor" in office.awards(who)


async def later(office: Office, days: int) -> None:
    office.clock.now += days * DAY
    await office.store.settle()


async def test_moderators_see_who_holds_what_and_until_when(office: Office) -> None:
    await train(office, "A")
    await give(office, "J", "host")
    await give(office, "L", "secretary")
    shown = await office.said("N", "duties")
    assert "Mentor · looks after newcomers" in shown
    assert "Amira · since 18 Mar · until 16 Jun" in shown
    assert "Jonas · since 18 Mar · until 18 Mar 2027" in shown
    assert "Lena · since 18 Mar · no end" in shown
    assert "Only moderators can do that" in await office.said("A", "duties")


async def test_those_that_are_not_shown_are_counted(office: Office) -> None:
    for who in ("A", "J"):
        await give(office, who, "host")
    served = office.store.communities.served["default"]
    shown, number = await StoredDuties(office.store.look, served, office.clock()).first(1)
    assert ([duty.person.account for duty in shown], number) == (["slack:T1/A"], 2)


async def test_what_was_given_for_a_time_ends_with_it(office: Office) -> None:
    await give(office, "J", "host")
    await later(office, 364)
    assert office.awards("J") == {"host"}
    await later(office, 2)
    assert office.awards("J") == set()
    assert "Nobody holds a duty" in await office.said("N", "duties")


async def test_whoever_is_away_holds_it_no_longer_and_has_it_back_when_they_come(office: Office) -> None:
    await train(office, "A")
    await later(office, 91)
    assert office.awards("A") == {"trained"}
    assert "Amira" not in await office.said("N", "duties")
    await office.store.take([post(2, "A", office.clock())])
    assert office.awards("A") == {"trained", "mentor"}


async def test_it_is_handed_back_after_a_question_and_stays_so(office: Office) -> None:
    await train(office, "A")
    choice = await office.ask("A", "handback")
    assert [b.label for b in choice.card.buttons] == ["Mentor"]
    asked = await office.ask("A", "handback", argument="mentor")
    assert [b.label for b in asked.card.buttons] == ["Hand it back"]
    assert "mentor" in office.awards("A")
    assert "Mentor is handed back" in await office.press("A", "handback-yes", "mentor")
    assert office.awards("A") == {"trained"}
    assert office.rows("SELECT SUM(points) FROM ledger") == [(0,)]
    await office.store.take([post(2, "A", office.clock() + HOUR)])
    assert office.awards("A") == {"trained"}


async def test_before_it_is_handed_back_all_points_that_go_with_it_are_named(office: Office) -> None:
    await office.store.take([replace(post(n, "J"), type="thread.replied") for n in range(2)])
    assert "Its 7 points go too." in await office.said("J", "handback", achievement="regular")
    await office.press("J", "handback-yes", "regular")
    assert office.rows("SELECT SUM(points) FROM ledger") == [(0,)]


async def test_nobody_is_told_that_it_was_handed_back_and_the_trail_keeps_it(office: Office) -> None:
    await train(office, "A")
    before = office.rows("SELECT COUNT(*) FROM outbox WHERE kind = 'card'")
    await office.press("A", "handback-yes", "mentor")
    assert office.rows("SELECT COUNT(*) FROM outbox WHERE kind = 'card'") == before
    assert office.rows("SELECT destination FROM outbox WHERE kind = 'roles' ORDER BY id DESC LIMIT 1") == [
        ("slack:T1/A",)
    ]
    acts = office.rows('SELECT "by", what, about, reason FROM act ORDER BY id DESC LIMIT 1')
    assert acts == [("slack:T1/A", "award.revoked", "slack:T1/A", "handed back")]


async def test_what_it_opens_on_slack_may_be_a_channel(office: Office) -> None:
    """The messenger lets people into what begins with #."""
    await train(office, "A")
    assert await office.store.wanted_roles("slack:T1/A") == ({"#mentors"}, {"#mentors", "Secretary"})
    await office.press("A", "handback-yes", "mentor")
    assert await office.store.wanted_roles("slack:T1/A") == (frozenset(), {"#mentors", "Secretary"})


async def test_a_moderator_can_give_it_again(office: Office) -> None:
    await give(office, "J", "host")
    await office.press("J", "handback-yes", "host")
    assert office.awards("J") == set()
    office.clock.now += HOUR
    await give(office, "J", "host")
    assert office.awards("J") == {"host"}


async def test_nobody_hands_back_what_they_do_not_hold(office: Office) -> None:
    await give(office, "J", "host")
    assert "You do not hold Host" in await office.said("A", "handback", achievement="Host")
    assert "You do not hold Host" in await office.press("A", "handback-yes", "host")
    assert office.awards("J") == {"host"}
    assert "You hold no duty and no role" in await office.said("A", "handback")
