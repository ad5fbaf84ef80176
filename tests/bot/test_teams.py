"""Teams at the desk and from platforms' groups and roles: one truth, and a past that stays."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from bot.edges import LiveInbox
from core.events import ASSERT, Statement
from core.plan import TEAM
from core.ports import Person
from tests.adapters.storage.said import DAY, HEAD, NOON, post
from tests.bot.office import NAMES, Office, opened

BOOK = f"""{HEAD}
[team.blue]
name = "Blue"
slack = "@blue"
discord = "Blue"
open = true
[team.red]
name = "Red"
slack = "@red"
[achievement.three]
name = "Three together"
description = "Three posts of one team."
for = "team"
when = "message.posted"
goal = 3
announce = "private"
[score.posts]
when = "message.posted"
give = 1
[board.teams]
name = "Teams"
for = "team"
period = "month"
"""
MOMENT = 1_000_000


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path, BOOK) as office:
        yield office


async def roles(office: Office, who: str, *names: str | None, source: str = "slack:T1") -> None:
    """What a platform says about somebody's groups; None: it does not say yet."""
    known = None if names == (None,) else tuple(filter(None, names))
    office.clock.now += MOMENT
    await LiveInbox(office.store).meet([Person(f"{source}/{who}", NAMES.get(who, who), roles=known)])


async def said(office: Office, who: str, verb: str, **arguments: str) -> str:
    """The answer to a question, asked a moment later."""
    office.clock.now += MOMENT
    return await office.said(who, verb, **arguments)


async def posts(office: Office, who: str, day: int) -> None:
    """One post, dated now."""
    office.clock.now += MOMENT
    await office.store.take([replace(post(day, who), at=office.clock())])


def stamps(office: Office) -> list[str | None]:
    """The team on each post, in order of time."""
    rows = office.rows("SELECT body FROM statement WHERE op = 'assert' AND id LIKE 'message:%' ORDER BY at, seq")
    return [orjson.loads(row[0])["facts"].get("team") for row in rows]


def told(office: Office) -> int:
    return len(office.rows("SELECT 1 FROM party WHERE type = ?", TEAM))


async def test_a_group_gives_a_team_from_then_on_and_a_change_does_not_move_the_past(office: Office) -> None:
    await posts(office, "A", 1)
    await roles(office, "A", "Blue", "@blue")
    await posts(office, "A", 2)
    await roles(office, "A", "@red")
    await posts(office, "A", 3)
    await roles(office, "A")
    await posts(office, "A", 4)
    assert stamps(office) == [None, "Blue", "Red", None]
    text = await said(office, "A", "team")
    assert text.index("You are in no team.") < text.index("Red") < text.index("Blue")


async def test_the_same_roles_again_say_nothing_and_unknown_ones_take_nothing_away(office: Office) -> None:
    for names in (("@blue",), ("@blue",), ("Blue",), (None,)):
        await roles(office, "A", *names)
    assert told(office) == 1
    assert "Blue · since" in await said(office, "A", "team")
    assert office.rows("SELECT roles FROM account WHERE account = 'slack:T1/A'") == [('["Blue"]',)]


async def test_who_has_the_groups_of_two_teams_is_in_the_first_of_the_book(office: Office) -> None:
    await roles(office, "A", "@red", "@blue")
    assert "Blue · since" in await said(office, "A", "team")
    await roles(office, "A", "@red")
    assert "Red · since" in await said(office, "A", "team")


async def test_a_role_that_goes_takes_nobody_out_of_where_a_moderator_put_them(office: Office) -> None:
    await roles(office, "A", "@blue")
    assert "Amira is in Red from now on." in await said(office, "N", "team-join", team="red", member="slack:T1/A")
    await roles(office, "A")
    assert "Red · since" in await said(office, "A", "team")
    await roles(office, "A", "@blue")
    assert "Blue · since" in await said(office, "A", "team")


async def test_an_edit_and_what_arrives_late_have_the_team_of_their_own_time(office: Office) -> None:
    office.clock.now += DAY
    then = office.clock()
    await roles(office, "A", "@blue")
    await posts(office, "A", 1)
    await roles(office, "A", "@red")
    office.clock.now += MOMENT
    edit = replace(post(1, "A"), at=office.clock())
    await office.store.take([replace(edit, facts={**edit.facts, "length": 9})])
    late = replace(post(2, "A"), at=then + MOMENT)
    caught_up = replace(post(3, "A"), at=then + MOMENT + 1)
    await office.store.take([late, caught_up, replace(caught_up, at=office.clock())])
    assert stamps(office) == ["Blue", "Blue", "Blue", "Blue", "Blue"]


async def test_what_is_told_late_of_a_team_moves_nothing_that_has_arrived(office: Office) -> None:
    await posts(office, "A", 1)
    early = Statement("roster:hr", "team:A", NOON - DAY, TEAM, ASSERT, target="slack:T1/A", facts={"team": "Red"})
    await office.store.take([early])
    await posts(office, "A", 2)
    office.clock.now += MOMENT
    moved = replace(early, id="team:A2", at=office.clock.now, facts={"team": "Up"})
    await office.store.take([replace(post(3, "A"), at=office.clock.now), moved])  # in one batch: known as it arrives
    assert stamps(office) == [None, "Red", "Up"]


async def test_members_join_and_leave_what_is_open_and_nothing_else(office: Office) -> None:
    assert "Open to everybody: Blue." in await said(office, "A", "team")
    assert "Which team? Open to everybody: Blue." in await said(office, "A", "team-join")
    assert "Red is not open" in await said(office, "A", "team-join", team="Red")
    assert "You are in Blue now." in await said(office, "A", "team-join", team="blue")
    assert "You are in Blue already." in await office.press("A", "team-join", "blue")
    await roles(office, "J", "@red")
    assert "Red is not open" in await said(office, "J", "team-leave")
    assert "You are in no team any more." in await said(office, "A", "team-leave")
    assert "You are in no team." in await said(office, "A", "team-leave")
    assert told(office) == 3


async def test_only_moderators_look_at_others_and_move_them(office: Office) -> None:
    for verb in ("team", "team-join", "team-leave"):
        assert "Only moderators" in await said(office, "A", verb, member="slack:T1/J", team="blue")
    await said(office, "N", "team-join", team="Blue", member="slack:T1/J")
    assert "Team of" in (text := await said(office, "N", "team", member="slack:T1/J"))
    assert "Blue · since" in text
    assert "Jonas is there already: Blue." in await said(office, "N", "team-join", team="Blue", member="slack:T1/J")
    assert "I know no team “Bleu”. There are: Blue, Red." in await said(
        office, "N", "team-join", team="Bleu", member="slack:T1/J"
    )
    listed = await said(office, "A", "team-list")
    assert "Blue · 1 person, open" in listed
    assert "Red · 0 people" in listed
    assert "Jonas" not in listed
    assert "Jonas is in no team from now on." in await said(office, "N", "team-leave", member="slack:T1/J")
    acts = office.rows("SELECT by, about FROM act WHERE what = ?", TEAM)
    assert acts == [("slack:T1/N", "slack:T1/J")] * 2


async def test_whoever_opted_out_is_in_no_log_of_teams(office: Office) -> None:
    await said(office, "A", "settings", choice="tracking=off")
    await roles(office, "A", "@blue")
    assert "You opted out" in await said(office, "A", "team-join", team="Blue")
    assert "Amira opted out" in await said(office, "N", "team-join", team="Blue", member="slack:T1/A")
    assert told(office) == 0
    await said(office, "A", "settings", choice="tracking=on")
    await roles(office, "A", "@blue")
    assert told(office) == 1


async def test_a_bot_is_in_no_team_and_says_nothing_of_one(office: Office) -> None:
    await LiveInbox(office.store).meet([Person("slack:T1/B", "Bot", bot=True, roles=("@blue",))])
    assert told(office) == 0


async def test_a_team_reaches_its_goal_and_each_reads_their_part(office: Office) -> None:
    for who in ("A", "J"):
        await roles(office, who, "@blue")
    await roles(office, "L", "@red")
    for day, who in enumerate(("A", "J", "L"), 1):
        await posts(office, who, day)
    assert "2 of 3" in (text := await said(office, "A", "achievements"))
    assert "you did 1" in text
    await posts(office, "A", 4)
    assert [office.awards(who) for who in "AJL"] == [{"three"}, {"three"}, set()]
    cards = " ".join(str(row[0]) for row in office.rows("SELECT card FROM outbox WHERE kind = 'card' ORDER BY id"))
    assert "Three posts of one team (3 of 3, you did 2)" in cards
    assert "Three posts of one team (3 of 3, you did 1)" in cards
    board = await said(office, "A", "leaderboard")
    assert board.index("Blue") < board.index("Red")
    office.clock.now += DAY
    await roles(office, "A")  # leaving keeps the past
    assert office.awards("A") == {"three"}
    assert "Blue (yours) · 3" in await said(office, "J", "leaderboard")


async def test_linked_accounts_are_one_person_with_the_teams_of_both(office: Office) -> None:
    await office.store.take(
        [Statement("link", "link:1", NOON, "member.linked", ASSERT, actor="slack:T1/A", target="discord:2/77")]
    )
    await roles(office, "77", "Blue", source="discord:2")
    assert "Blue · since" in await said(office, "A", "team")
    await roles(office, "A", "@red")
    await posts(office, "A", 1)
    await roles(office, "A")
    await posts(office, "A", 2)
    assert stamps(office) == ["Red", "Blue"]
    await roles(office, "77", source="discord:2")
    assert "You are in no team." in await said(office, "A", "team")


async def test_nothing_is_left_of_a_team_s_member_who_is_erased(office: Office) -> None:
    await roles(office, "A", "@blue")
    await said(office, "A", "team-leave")
    await said(office, "A", "team-join", team="Blue")
    assert "slack:T1/A" in "".join(office.dump())
    await said(office, "A", "erase-confirmed", word="ERASE")
    await roles(office, "A", "@red")
    left = [line for line in office.dump() if "slack:T1/A" in line and TEAM in line]
    assert left == []
