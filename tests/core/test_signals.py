"""What signals say, and when: rules-exact 8, 9, 33, 34, 35."""

from __future__ import annotations

import pytest

from core.events import Statement
from core.times import write_time
from tests.core.told import account, moment, result, told, won

GOOD = """[signal.good]
when = "reaction.added"
credit = "author"
each = "message"
distinct = "actor"
goal = 2
"""
HELPER = '[achievement.x]\nname = "X"\nwhen = "good"\n'


def mark(by: str, at: str, made: str | None = "03-01", message: str = "m1", **facts: str) -> Statement:
    known = {"message": message, **({"object_at": write_time(moment(made))} if made else {}), **facts}
    return told(by, at, "reaction.added", author="A", id_=f"{message}/{by}/{at}", **known)


@pytest.mark.parametrize(
    ("said", "awards"),
    [
        ([mark("B", "03-02")], []),
        ([mark("B", "03-02"), mark("B", "03-03")], []),
        ([mark("B", "03-02"), mark("C", "03-03")], ["A 03-01T12:00 (2)"]),
        ([mark("B", "03-02"), mark("C", "03-03"), mark("D", "03-04")], ["A 03-01T12:00 (2)"]),
        ([mark("B", "03-02", None), mark("C", "03-03", None)], ["A 03-02T12:00 (2)"]),
        ([mark("B", "03-02", None), mark("C", "03-03"), mark("D", "03-04", "02-28")], ["A 02-28T12:00 (2)"]),
        ([mark("B", "03-02"), mark("C", "03-02", message="m2")], []),
        ([mark("A", "03-02"), mark("B", "03-02")], []),
    ],
    ids=["one mark", "one person", "two", "three", "undated", "the smallest date of all", "two messages", "one's own"],
)
def test_a_signal_is_dated_at_the_thing_it_is_about(said: list[Statement], awards: list[str]) -> None:
    """rules-exact 9, 33."""
    assert won(GOOD + HELPER, *said) == awards
    assert won(GOOD + HELPER, *said[::-1]) == awards


def test_a_signal_of_a_period_is_dated_at_its_first_instant() -> None:
    rules = '[signal.good]\nwhen = "message.posted"\nin_one = "week"\ngoal = 2\n' + HELPER
    assert won(rules, told("A", "03-25"), told("A", "03-27")) == ["A 03-22T23:00 (2)"]


def test_a_signal_of_neither_is_dated_when_its_goal_was_reached() -> None:
    rules = '[signal.good]\nwhen = "message.posted"\neach = "channel"\ngoal = 2\n' + HELPER
    assert won(rules, *(told("A", at, channel="#a") for at in ("03-25", "03-27", "03-28"))) == ["A 03-27T12:00 (2)"]


@pytest.mark.parametrize(
    ("late", "counts"),
    [("2026-03-03T11:59:59Z", True), ("2026-03-03T12:00:00Z", True), ("2026-03-03T12:00:01Z", False)],
)
def test_a_thing_collects_marks_until_exactly_open_for(late: str, counts: bool) -> None:
    """rules-exact 35."""
    rules = GOOD + 'open_for = "2 days"\n' + HELPER
    second = mark("C", "03-03")
    second = Statement(
        second.source,
        second.id,
        moment(late.removesuffix("Z") + "+00:00"),
        second.type,
        actor=second.actor,
        author=second.author,
        facts=second.facts,
    )
    assert bool(won(rules, mark("B", "03-02"), second)) is counts


def test_without_open_for_a_thing_collects_for_ninety_days() -> None:
    assert won(GOOD + HELPER, mark("B", "03-02"), mark("C", "05-30")) != []
    assert won(GOOD + HELPER, mark("B", "03-02"), mark("C", "05-31")) == []


@pytest.mark.parametrize(
    ("test", "counts"),
    [
        ('where.channel = "#a"', True),
        ('where.emoji = "ok"', False),
        ("where.emoji.exists = false", True),
        ('where.message = "m1"', True),
        ('where.actor = "slack:T1/A"', True),
    ],
)
def test_a_signal_carries_what_all_its_marks_agree_on(test: str, counts: bool) -> None:
    """rules-exact 34."""
    said = [mark("B", "03-02", channel="#a", emoji="ok"), mark("C", "03-03", channel="#a", emoji="yes")]
    assert bool(won(GOOD + HELPER + test, *said)) is counts


def test_a_signal_may_rest_on_a_signal() -> None:
    rules = GOOD + '[signal.great]\nwhen = "good"\nin_one = "week"\ngoal = 2\n' + HELPER.replace('"good"', '"great"')
    said = [mark(by, "03-03", "03-03", m) for m in ("m1", "m2") for by in "BC"]
    assert won(rules, *said[:3]) == []
    assert won(rules, *said) == ["A 03-01T23:00 (4)"]


def test_settling_runs_from_the_last_mark() -> None:
    """rules-exact 29: the award is dated at the message, and waits for its marks."""
    rules = GOOD + HELPER + 'settle = "2 days"\n'
    said = [mark("B", "03-02"), mark("C", "03-03")]
    assert won(rules, *said, until="03-05T11:59") == ["A 03-01T12:00 (2) pending"]
    assert won(rules, *said, until="03-05T12:00") == ["A 03-01T12:00 (2)"]


def test_the_evidence_of_linked_people_is_theirs_together() -> None:
    said = [mark("B", "03-02"), mark("C", "03-03")]
    assert result(GOOD + HELPER, said, links=[("B", "C")]).awards == []
    assert [a["member"] for a in result(GOOD + HELPER, said, links=[("Z", "A")]).awards] == [account("Z")]
