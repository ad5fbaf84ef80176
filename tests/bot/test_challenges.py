"""Challenges at the desk: made, joined, ended early, closed; what the log keeps, and what a replay gives."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage.challenges import unfinished
from adapters.storage.history import SqlHistory
from adapters.terminal.cards import render
from bot.challenges import Challengekeeper
from core.ports import Destination
from core.requests import Answer
from tests.adapters.storage.said import DAY, HOUR, post
from tests.bot.office import BOOK, Office, opened

MADE = {"name": "Busy fortnight", "what": "message.posted,thread.replied", "goal": "2"}
DATES = {"first": "2026-03-23", "last": "2026-03-29"}


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path, BOOK) as office:
        yield office


def button(answer: Answer, label: str) -> str:
    return next(b.argument for b in answer.card.buttons if b.label == label)


async def begin(office: Office, **other: str) -> Answer:
    preview = await office.ask("N", "challenge-filled", **{**MADE, **DATES, **other})
    return await office.ask("N", "challenge-start", argument=button(preview, "Start it"))


async def tick(office: Office) -> None:
    await office.store.settle()
    await Challengekeeper(office.store, lambda _, room: [Destination("slack:T1", "channel", f"#{room}")]).tick()


def posted(office: Office) -> list[str]:
    return [row[0] for row in office.rows("SELECT cause FROM outbox WHERE cause LIKE 'challenge:%' ORDER BY id")]


async def test_a_preview_says_the_rule_the_dates_and_how_many_would_have_reached_it(office: Office) -> None:
    await office.store.take([post(n, "A") for n in range(3)] + [post(9, "J")])
    said = render((await office.ask("N", "challenge-filled", **MADE, **DATES)).card)
    assert "Two posts or replies" in said
    assert "From Monday 23 March, 00:00 (Berlin)" in said
    assert "By Sunday 29 March, 24:00 (Berlin)" in said
    assert "In the last month 1 person would have reached this." in said
    assert office.rows("SELECT COUNT(*) FROM statement WHERE source = 'plaudit'") == [(0,)]


async def test_from_the_start_to_the_ceremony(office: Office) -> None:
    assert "It begins Monday 23 March" in render((await begin(office)).card)
    await tick(office)
    assert posted(office) == []
    assert "You are in" in await office.press("A", "challenge-join", "busy_fortnight")
    office.clock.now += 5 * DAY
    await tick(office)
    await tick(office)
    assert posted(office) == ["challenge:busy_fortnight:started"]
    now = office.clock.now - HOUR
    await office.store.take([post(n, who, now + n) for n, who in enumerate(("A", "A", "J", "J", "L"), 1)])
    assert office.awards("A") == {"busy_fortnight"}
    shown = await office.said("A", "challenge", name="busy")
    assert "1 of 1 have reached it." in shown
    office.clock.now += 6 * DAY + 10 * HOUR  # midnight in Berlin, where the clocks changed that morning
    await tick(office)
    assert "The results come in a few minutes" in await office.said("L", "challenge", name="busy")
    office.clock.now += HOUR // 12
    await tick(office)
    await tick(office)
    assert posted(office) == ["challenge:busy_fortnight:started", "challenge:busy_fortnight:closed"]
    over = await office.said("L", "challenge", name="busy")
    assert "Reached by: Amira, Jonas" in over
    assert "1 of 1 who joined." in over
    await begin(office, name="Another one", first="2026-04-06", last="2026-04-12")
    there = await office.store.look(lambda db: unfinished(SqlHistory(db, "default")))
    assert [(c.id, started) for c, started in there] == [("another_one", False)]


async def test_who_ends_it_early_says_why_and_what_was_earned_stays(office: Office) -> None:
    await begin(office, first="2026-03-18")
    now = office.clock.now
    await office.store.take([post(n, "A", now - HOUR + n) for n in (1, 2)])
    await tick(office)
    assert "Only those who run" in await office.said("A", "challenge-ended", about="busy_fortnight", reason="no")
    assert "ends with this day" in await office.said("N", "challenge-ended", about="busy_fortnight", reason="A storm")
    assert "ended already" in await office.said("N", "challenge-ended", about="busy_fortnight", reason="A storm")
    assert office.awards("A") == {"busy_fortnight"}
    assert office.differences() == []
    office.clock.now += DAY
    await office.store.take([post(n, "J", office.clock.now - HOUR + n) for n in (3, 4)])
    await tick(office)
    assert office.awards("J") == set()
    assert posted(office)[-1] == "challenge:busy_fortnight:closed"
    assert "It ended before its time: A storm" in await office.said("J", "challenge", name="busy")


async def test_before_its_start_it_is_changed_or_dropped(office: Office) -> None:
    await begin(office)
    await office.ask("A", "challenge-join", argument="busy_fortnight")
    wish = {**MADE, **DATES, "goal": "3"}
    preview = await office.ask("N", "challenge-filled", about="c:busy_fortnight", **wish)
    assert "Three posts" in render(preview.card)
    assert "Changed: Busy fortnight" in await office.press("N", "challenge-start", button(preview, "Change it"))
    office.clock.now += 5 * DAY
    await office.store.take([post(n, "A", office.clock.now - HOUR + n) for n in (1, 2)])
    assert office.awards("A") == set()
    assert "stays as it is" in await office.said("N", "challenge-filled", about="c:busy_fortnight", **wish)
    await begin(office, name="Later", first="2026-03-28")
    assert "will not begin" in await office.said("N", "challenge-ended", about="later", reason="Too soon")
    assert "dropped before it began: Too soon" in await office.said("A", "challenge", name="later")
    assert "later" not in office.store.communities.served["default"].plan.book.achievements


async def test_a_start_that_is_pressed_twice_is_one(office: Office) -> None:
    preview = await office.ask("N", "challenge-filled", **MADE, **DATES)
    draft = button(preview, "Start it")
    await office.press("N", "challenge-start", draft)
    assert "This draft is gone" in await office.press("N", "challenge-start", draft)
    assert office.rows("SELECT COUNT(*) FROM statement WHERE source = 'plaudit'") == [(1,)]


async def test_buttons_mean_their_challenge_whatever_another_one_is_called(office: Office) -> None:
    for name in ("Sprint", "Sprint", "sprint_2"):
        await begin(office, name=name)
    for id_ in ("sprint", "sprint_2"):
        await office.press("A", "challenge-join", id_)
        await office.said("N", "challenge-ended", about=id_, reason="Rain")
    said = [row[0] for row in office.rows("SELECT id FROM statement WHERE source = 'plaudit' ORDER BY seq")][3:]
    ended = ["challenge:sprint:ended", "challenge:sprint_2:ended"]
    assert said == ["joined:sprint:slack:T1/A", ended[0], "joined:sprint_2:slack:T1/A", ended[1]]
