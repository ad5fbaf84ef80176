"""Filling a challenge in: both forms, templates, what is refused and in which words, rewards, people and places."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.terminal.cards import render
from core.challenge_choices import TEMPLATES
from core.events import Statement
from core.requests import Answer
from tests.adapters.storage.said import DAY, HOUR, NOON, post
from tests.bot.office import BOOK, Office, opened
from tests.bot.test_challenges import DATES, MADE, begin, button

REWARDED = """
[creators]
slack = "@creators"
[signal.good_answer]
describe = "an answer that somebody marked as helpful"
when = "reply.marked_helpful"
credit = "author"
each = "message"
[achievement.regular]
name = "Regular"
when = "message.posted"
goal = 50
gives_role = "Regular"
"""
MORE = {"each": "*", "whom": "all", "role": "*", "place": "announcements"}


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path, BOOK + REWARDED) as office:
        yield office


async def draft(office: Office, **other: str) -> Answer:
    return await office.ask("N", "challenge-filled", **{**MADE, **DATES, **other})


async def refine(office: Office, preview: Answer, **other: str) -> Answer:
    about = button(preview, "Start it")
    return await office.ask("N", "challenge-rounded", about=about, **{**MORE, **other})


async def test_the_form_offers_the_signals_of_the_book_and_the_usual_things(office: Office) -> None:
    form = (await office.ask("N", "challenge-new")).form
    assert form is not None
    assert len(form.fields) == 5
    offered = {o.value: o.label for o in form.fields[1].options}
    assert offered["good_answer"] == "an answer that somebody marked as helpful"
    assert offered["reply.marked_helpful:author"] == "helpful marks received"
    assert [f.hint for f in form.fields[3:]] == ["2026-03-23", "2026-04-05"]


@pytest.mark.parametrize("name", sorted(TEMPLATES))
async def test_a_template_needs_no_more_than_a_look(office: Office, name: str) -> None:
    form = (await office.ask("N", "challenge-new", name=name)).form
    assert form is not None
    given = {f.name: f.value or f.hint for f in form.fields}
    preview = await office.ask("N", "challenge-filled", about=form.about, **given)
    started = await office.ask("N", "challenge-start", argument=button(preview, "Start it"))
    assert "It is set" in render(started.card)


async def test_an_unknown_template_names_those_there_are(office: Office) -> None:
    assert "“team relay”" in await office.said("N", "challenge-new", name="marathon")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": " "}, "Name: write one"),
        ({"name": "x" * 61}, "Name: write one of at most 60"),
        ({"goal": "many"}, "How many: write a whole number from 1"),
        ({"goal": "0"}, "How many: write a whole number from 1"),
        ({"what": "nothing.done"}, "not there any more"),
        ({"first": "tomorrow"}, "“tomorrow” is no date"),
        ({"first": "2026-03-17"}, "First day: it is past"),
        ({"last": "2026-03-22"}, "Last day: it is before the first one"),
        ({"last": "2027-03-24"}, "Last day: a challenge lasts a year"),
    ],
)
async def test_what_was_typed_wrong_is_named_by_its_field(office: Office, wrong: dict[str, str], told: str) -> None:
    answer = await draft(office, **wrong)
    assert told in render(answer.card)
    assert answer.card.tone == "error"
    assert office.rows("SELECT COUNT(*) FROM challenge_draft") == [(0,)]


async def test_more_different_days_than_there_are_cannot_be_asked(office: Office) -> None:
    answer = await refine(office, await draft(office, goal="8"), each="day")
    assert "How many: from the first to the last day there are 7 days" in render(answer.card)


async def test_a_draft_that_fits_the_book_no_more_is_not_started(office: Office) -> None:
    """What the check of rule books says comes with the name of the field."""
    preview = await draft(office, what="good_answer")
    await office.store.perform(
        lambda db: db.exec_driver_sql("UPDATE challenge_draft SET wish = replace(wish, 'good_answer', 'god_answer')")
    )
    answer = await office.ask("N", "challenge-start", argument=button(preview, "Start it"))
    assert render(answer.card).startswith("What counts: ")
    assert "good_answer" in render(answer.card)


async def test_only_those_who_run_challenges_make_them(office: Office) -> None:
    assert "Only those who run challenges" in await office.said("A", "challenge-new")
    assert "Only those who run challenges" in await office.said("A", "challenge-filled", **MADE, **DATES)
    preview = await draft(office)
    assert "This draft is gone" in await office.press("O", "challenge-start", button(preview, "Start it"))


async def test_points_and_a_role_come_with_it(office: Office) -> None:
    preview = await refine(office, await draft(office, first="2026-03-18"), points="25", role="Regular")
    assert "Reward: 25 points, the role Regular" in render(preview.card)
    await office.press("N", "challenge-start", button(preview, "Start it"))
    await office.store.take([post(n, "A", NOON - HOUR + n) for n in (1, 2)])
    assert office.rows("SELECT SUM(points) FROM ledger WHERE member = 'slack:T1/A'") == [(25,)]
    assert ("slack:T1/A",) in office.rows("SELECT destination FROM outbox WHERE kind = 'roles'")


async def test_a_role_that_no_rule_gives_is_not_offered(office: Office) -> None:
    preview = await draft(office)
    assert "not there any more" in render((await refine(office, preview, role="Admin")).card)


async def test_one_a_day_counts_days(office: Office) -> None:
    preview = await refine(office, await draft(office, first="2026-03-18"), each="day")
    assert "on two different days" in render(preview.card)
    await office.press("N", "challenge-start", button(preview, "Start it"))
    await office.store.take([post(n, "A", NOON - HOUR + n) for n in (1, 2)])
    assert office.awards("A") == set()
    office.clock.now += DAY
    await office.store.take([post(3, "A", office.clock.now - HOUR)])
    assert office.awards("A") == {"busy_fortnight"}


async def test_new_people_are_those_who_came_lately(office: Office) -> None:
    preview = await refine(office, await draft(office, first="2026-03-18"), whom="new")
    await office.press("N", "challenge-start", button(preview, "Start it"))
    for who, days in (("A", 5), ("J", 50)):
        account = f"slack:T1/{who}"
        joined = Statement("slack:T1", f"member:{who}", NOON - days * DAY, "member.joined", actor=account)
        await office.store.take([joined])
    posts = [post(n, who, NOON - HOUR + n) for n, who in enumerate(("A", "A", "J", "J"))]
    await office.store.take(posts)
    assert (office.awards("A"), office.awards("J")) == ({"busy_fortnight"}, set())


async def test_teams_reach_it_together(office: Office) -> None:
    teams = (("A", "Blue"), ("J", "Blue"), ("L", "Red"))
    await office.store.take([post(n, who, NOON - 3 * DAY + n, team=t) for n, (who, t) in enumerate(teams)])
    preview = await refine(office, await draft(office, first="2026-03-18"), whom="team")
    assert "In the last month 2 people would have reached this." in render(preview.card)
    await office.press("N", "challenge-start", button(preview, "Start it"))
    await office.store.take([post(10 + n, who, NOON - HOUR + n, team=t) for n, (who, t) in enumerate(teams)])
    assert (office.awards("A"), office.awards("J"), office.awards("L")) == (
        {"busy_fortnight"},
        {"busy_fortnight"},
        set(),
    )
    shown = await office.said("A", "challenge", name="busy")
    assert "Blue · 2" in shown
    assert "Red · 1" in shown


async def test_posts_in_the_chat_are_stamped_with_the_team_of_their_author(office: Office) -> None:
    """Only while a challenge asks for it, and as the roster knew it when they were written."""
    teams = (("A", "Blue", 9), ("A", "Red", 2), ("J", "Red", 9), ("L", "", 9))
    said = [
        Statement(
            "roster:hr",
            f"team:{who}:{days}",
            NOON - days * DAY,
            "team.joined",
            target=f"slack:T1/{who}",
            facts={"team": t},
        )
        for who, t, days in teams
    ]
    await office.store.take([replace(s, source="slack:T1") for s in said])
    await office.store.take([post(1, "A", NOON - 5 * DAY)])
    preview = await refine(office, await draft(office, first="2026-03-18"), whom="team")
    await office.press("N", "challenge-start", button(preview, "Start it"))
    await office.store.take([post(10 + n, who, NOON - HOUR + n) for n, who in enumerate(("A", "J", "L"))])
    await office.store.take([post(10, "A", NOON - HOUR), post(20, "A", NOON - 5 * DAY)])
    rows = office.rows("SELECT body ->> '$.facts.team' FROM statement WHERE id LIKE 'message:%' ORDER BY seq")
    assert [row[0] for row in rows] == [None, "Red", "Red", None, "Blue"]
    assert (office.awards("A"), office.awards("J"), office.awards("L")) == (
        {"busy_fortnight"},
        {"busy_fortnight"},
        set(),
    )


async def test_teams_need_something_that_people_do_themselves(office: Office) -> None:
    preview = await draft(office, what="kudos.given:target")
    assert "people do themselves" in render((await refine(office, preview, whom="team")).card)


async def test_a_name_twice_makes_two_challenges(office: Office) -> None:
    await begin(office)
    await begin(office)
    ids = office.rows("SELECT id FROM statement WHERE source = 'plaudit' AND id LIKE 'challenge:%'")
    assert ids == [("challenge:busy_fortnight",), ("challenge:busy_fortnight_2",)]


async def test_a_draft_is_dropped_without_a_word(office: Office) -> None:
    preview = await draft(office)
    assert "Nobody was told" in await office.press("N", "challenge-drop", button(preview, "Drop"))
    assert office.rows("SELECT COUNT(*) FROM challenge_draft") == [(0,)]
    assert office.rows("SELECT COUNT(*) FROM statement WHERE source = 'plaudit'") == [(0,)]


GIVEN = """
[achievement.trusted]
name = "Trusted"
manual = "moderator"
two_people = true
gives_role = "Trusted"
[achievement.keeper]
name = "Keeper"
when = "message.posted"
goal = 500
gives_role = "Keeper"
[managers]
discord = "Keeper"
"""
TWO = '[moderators]\nslack = "@mods"\ntwo_people_above = 500\n'


async def test_a_challenge_brings_nothing_that_its_maker_could_not_give_alone(tmp_path: Path) -> None:
    async with opened(tmp_path, BOOK + REWARDED + GIVEN + TWO) as office:
        preview = await draft(office)
        form = (await office.ask("N", "challenge-more", argument=button(preview, "Start it"))).form
        assert form is not None
        assert [o.value for o in form.fields[3].options] == ["*", "Regular"]
        for role in ("Trusted", "Keeper"):
            assert "not there any more" in render((await refine(office, preview, role=role)).card)
        assert "Points: write a whole number from 0 to 500." in render(
            (await refine(office, preview, points="501")).card
        )
        assert "Reward: 500 points" in render((await refine(office, preview, points="500")).card)
        raise_points = "UPDATE challenge_draft SET wish = replace(wish, '500', '501')"
        await office.store.perform(lambda db: db.exec_driver_sql(raise_points))
        assert "from 0 to 500" in await office.press("N", "challenge-start", button(preview, "Start it"))


async def test_a_draft_that_lay_about_does_not_begin_in_the_past(office: Office) -> None:
    preview = await draft(office, first="2026-03-18", last="2026-04-30")
    office.clock.now += 3 * DAY
    assert "First day: it is past" in await office.press("N", "challenge-start", button(preview, "Start it"))
    assert office.rows("SELECT COUNT(*) FROM statement WHERE source = 'plaudit'") == [(0,)]
