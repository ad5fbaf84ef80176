"""What a member deserves beyond counting: needs, settling, moderators, opting out (rules-exact 11, 29, 46)."""

from __future__ import annotations

import pytest

from core.events import Statement
from core.members import Member
from tests.core.told import account, again, moment, result, rule, told, without, won

LESSONS = '[achievement.lessons]\nname = "L"\nwhen = "lesson.completed"\ngoal = 2\nsettle = "2 days"\n'
FIRST = '[achievement.first]\nname = "F"\nwhen = "message.posted"\n'
BOTH = LESSONS + FIRST + rule('needs = ["lessons", "first"]')


def lesson(at: str, who: str = "A") -> Statement:
    return told(who, at, "lesson.completed")


def by_hand(kind: str, at: str, who: str = "A", achievement: str = "x") -> Statement:
    return told(
        account("M"), at, kind, target=account(who), source="moderator", achievement=achievement, reason="so it was"
    )


@pytest.mark.parametrize(
    ("until", "awards"),
    [("03-04T11:59", []), ("03-04T12:00", ["A 03-02T12:00 (3)"]), ("03-20", ["A 03-02T12:00 (3)"])],
    ids=["still settling", "just settled", "long after"],
)
def test_needs_are_met_by_awards_that_have_settled(until: str, awards: list[str]) -> None:
    """rules-exact 11: dated by the latest of them."""
    assert won(BOTH, lesson("03-01"), lesson("03-02"), told("A", "03-01"), until=until) == awards


def test_what_needs_others_settles_from_its_own_date() -> None:
    words = BOTH + 'settle = "3 days"\n'
    said = [lesson("03-01"), lesson("03-02"), told("A", "03-06")]
    assert won(words, *said, until="03-09T11:59") == ["A 03-06T12:00 (3) pending"]
    assert won(words, *said, until="03-09T12:00") == ["A 03-06T12:00 (3)"]


def test_enough_of_the_needed_are_the_earliest() -> None:
    words = FIRST + LESSONS + '[achievement.talk]\nname = "T"\nwhen = "voice.session_ended"\n'
    words += rule('needs = { of = ["first", "lessons", "talk"], at_least = 2 }')
    said = [told("A", "03-05"), lesson("03-01"), lesson("03-02"), told("A", "03-03", "voice.session_ended")]
    assert won(words, *said[:1]) == []
    assert won(words, *said) == ["A 03-03T12:00 (3)"]


def test_needs_gate_the_award_and_not_the_counting() -> None:
    words = FIRST + rule('when = "thread.replied"', "goal = 2", 'needs = ["first"]')
    replies = [told("A", at, "thread.replied") for at in ("03-01", "03-02")]
    assert won(words, *replies) == []
    assert won(words, *replies, told("A", "03-05")) == ["A 03-05T12:00 (3)"]


def test_the_evidence_of_needs_counts_a_fact_once() -> None:
    """rules-exact 8: the union."""
    words = FIRST + rule('when = "message.posted"', "goal = 2", 'needs = ["first"]')
    assert won(words, told("A", "03-01"), told("A", "03-02")) == ["A 03-02T12:00 (2)"]


def test_a_shadow_award_is_neither_listed_nor_a_need() -> None:
    words = FIRST + 'status = "shadow"\n' + rule('needs = ["first"]')
    assert result(words, [told("A", "03-01")]).awards == []


@pytest.mark.parametrize(
    ("said", "awards"),
    [
        (["grant 03-01"], ["03-01"]),
        (["grant 03-01", "grant 03-02"], ["03-01", "03-02"]),
        (["grant 03-01", "revoke 03-01"], []),
        (["revoke 03-02", "grant 03-01"], []),
        (["revoke 03-01", "grant 03-02"], ["03-02"]),
        (["grant 03-01", "revoke 03-02", "grant 03-03", "grant 03-04"], ["03-03", "03-04"]),
    ],
)
def test_what_a_moderator_takes_back_does_not_stand(said: list[str], awards: list[str]) -> None:
    kinds = {"grant": "grant.made", "revoke": "award.revoked"}
    statements = [by_hand(kinds[line.split()[0]], line.split()[1]) for line in said]
    manual = rule('manual = "moderator"', "repeat = true")
    assert won(manual, *statements) == [f"A {at}T12:00 (1)" for at in awards]


def test_a_withdrawn_revocation_lets_the_award_stand_again() -> None:
    revoked = by_hand("award.revoked", "03-05")
    assert won(rule(), told("A", "03-01"), revoked) == []
    assert won(rule(), told("A", "03-01"), revoked, without(revoked, "03-06")) == ["A 03-01T12:00 (1)"]


def test_a_grant_beside_the_rule_is_one_award() -> None:
    said = [by_hand("grant.made", "03-03"), told("A", "03-01"), told("A", "03-05")]
    assert won(rule("goal = 2"), *said) == ["A 03-03T12:00 (1)"]
    assert won(rule("goal = 1"), *said) == ["A 03-01T12:00 (1)"]


@pytest.mark.parametrize(("at", "counts"), [("03-01", True), ("03-02", False), ("03-03", False), ("03-04", True)])
def test_what_lies_in_a_silence_does_not_count(at: str, counts: bool) -> None:
    choices = [told("A", "03-02", "member.settings_changed", tracking="off", id_="s1")]
    choices += [told("A", "03-04", "member.settings_changed", tracking="on", id_="s2")]
    assert bool(won(rule(), told("A", at), *choices)) is counts


def test_points_count_only_what_is_awarded_and_score_every_counted_event() -> None:
    """rules-exact 46."""
    words = rule("goal = 2", "points = 7", 'settle = "2 days"') + '[score.s]\nwhen = "message.posted"\ngive = 3\n'
    said = [told("A", "03-01"), told("A", "03-02"), told("B", "03-02")]
    waiting, settled = (result(words, said, until) for until in ("03-03", "03-05"))
    assert (waiting.points, settled.points) == ({}, {account("A"): 7})
    assert waiting.score == settled.score == {account("A"): 6, account("B"): 3}


def test_an_edit_moves_what_counts_but_not_when() -> None:
    """rules-exact 1."""
    post = told("A", "03-01", length=5)
    assert won(rule("where.length.at_least = 10"), post) == []
    assert won(rule("where.length.at_least = 10"), post, again(post, "03-09", length=10)) == ["A 03-01T12:00 (1)"]


def test_members_are_told_apart_by_community_accounts() -> None:
    whole: list[Member] = [a["member"] for a in result(rule(), [told("A", "03-01"), told("B", "03-02")]).awards]
    assert whole == [account("A"), account("B")]
    assert moment("03-01") < moment("03-02")
