"""What stands between a member and an award beside the number: who may have it, people, time, places."""

from __future__ import annotations

import pytest

from tests.core.test_diagnosis import examined
from tests.core.told import moment, rule, told


@pytest.mark.parametrize(
    ("words", "obstacle"),
    [
        ('who.role = ["helper"]', "only for members with the role helper"),
        ('who.not_role = ["guest"]', "only for members without the role guest"),
        ('who.team = ["blue"]', "only for members in the team blue"),
        ('who.level = "Gold"', "only for members at level Gold or higher"),
        ('who.member_for = "1 year"', "only for members who have been here for 1 year"),
        ("who.joined_before = 2020-01-01", "only for members who joined before 1 January 2020"),
        ("retired = 2026-01-01", "it is retired since 1 January 2026 and cannot be earned any more"),
    ],
)
def test_what_else_stands_in_the_way_is_told(words: str, obstacle: str) -> None:
    ladder = '[score.s]\nwhen = "a.b"\ngive = 1\n[[level]]\nname = "Gold"\nat = 5\n'
    said = [told("A", "02-01", "member.joined"), told("A", "03-01", actor_role="guest")]
    found = examined(rule(words) + ladder, *said)
    assert (found.obstacles, found.held) == ((obstacle,), False)


def test_nothing_is_missing_of_a_retired_rule_for_nothing_brings_it_any_more() -> None:
    post = told("A", "03-01")
    assert examined(rule("goal = 3", "retired = 2026-03-02"), post, until="03-01").next_step == "two more posts"
    assert examined(rule("goal = 3", "retired = 2026-03-02"), post, until="03-02").next_step is None


def test_what_moderators_said_is_told() -> None:
    taken = told("M", "03-05", "award.revoked", target="A", source="slack:T1", achievement="x", reason="no")
    assert examined(rule(), told("A", "03-01"), taken).obstacles == ("a moderator took it back",)
    no = told("M", "03-05", "award.declined", target="A", achievement="x")
    assert examined(rule("ask = true"), told("A", "03-01"), no).obstacles == ("a moderator declined it",)
    yes = told("M", "03-06", "award.confirmed", target="A", achievement="x")
    assert examined(rule("ask = true"), told("A", "03-01"), no, yes).obstacles == ()


def test_a_time_that_ran_out_and_one_to_wait_for_are_told() -> None:
    ended = examined(rule('lasts = "5 days"'), told("A", "03-01"), until="03-08")
    assert ended.obstacles == ("it was held and ran out on 6 March",)
    waiting = examined(
        rule('in_one = "day"', "repeat = true", 'cooldown = "7 days"'), told("A", "03-01"), until="03-02"
    )
    assert waiting.obstacles == ("it can be earned again on Sunday",)


def test_places_that_are_taken_are_told() -> None:
    found = examined(rule("first = 1"), told("B", "03-01"), told("A", "03-02"))
    assert found.progress == "1 of 1 posts; all 1 places are taken"


def test_a_goal_of_the_community_shows_ones_own_part() -> None:
    words = rule('for = "community"', "goal = 3")
    said = [told("A", "03-01"), told("B", "03-02"), told("B", "03-03", bot=True)]
    found = examined(words, *said)
    assert (found.progress, found.counted_in_all) == ("2 of 3 posts, you did 1", 1)
    won = examined(words, *said, told("B", "03-04"))
    assert (won.held, [s.at for s in won.grounds]) == (True, [moment("03-01")])


def test_a_goal_of_a_team_needs_a_team() -> None:
    assert examined(rule('for = "team"', "goal = 3"), told("A", "03-01")).obstacles == (
        "it is for teams, and nothing counted for one of yours",
    )
    assert examined(rule('for = "team"', "goal = 3"), told("A", "03-01", team="blue")).obstacles == ()
