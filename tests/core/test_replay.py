"""A history without a database: rules-exact 5, 10, 44, 47 and the order of what is printed."""

from __future__ import annotations

from itertools import permutations

import pytest

from core.lines import to_line
from core.plan import compile_plan
from core.replay import Log, replay
from core.results import moment
from core.rules.loading import load
from core.times import read_time
from tests.core.told import HEAD, account, result, rule, told, without, won

SETTLES = rule('settle = "2 days"')


@pytest.mark.parametrize(("until", "state"), [("03-03T11:59", " pending"), ("03-03T12:00", "")])
def test_until_is_now(until: str, state: str) -> None:
    assert won(SETTLES, told("A", "03-01"), until=until) == [f"A 03-01T12:00 (1){state}"]


def test_what_comes_after_until_is_not_there_yet() -> None:
    """rules-exact 10: assertions and withdrawals alike."""
    post = told("A", "03-01")
    said = [post, without(post, "03-05"), told("B", "03-06")]
    assert won(rule(), *said, until="03-04T23:59") == ["A 03-01T12:00 (1)"]
    assert won(rule(), *said, until="03-05") == []
    assert won(rule(), *said) == ["B 03-06T12:00 (1)"]


def test_without_until_everything_has_settled() -> None:
    """rules-exact 10: now is the latest `at` of any well-formed statement plus the longest settle."""
    other = '[achievement.y]\nname = "Y"\nwhen = "thread.replied"\nsettle = "9 days"\n'
    assert won(SETTLES, told("A", "03-01")) == ["A 03-01T12:00 (1)"]
    assert won(SETTLES + other, told("A", "03-01")) == ["A 03-01T12:00 (1)"]
    late = result(other, [told("A", "03-01", "thread.replied"), told("A", "03-01T12:01", "no.such_type")])
    assert [a["state"] for a in late.awards] == ["awarded"]


def test_an_unknown_type_is_ignored_and_a_withdrawal_of_nothing_is_not() -> None:
    said = [told("A", "03-01", "ticket.rezolved"), without(told("A", "03-01"), "03-02")]
    assert result(rule(), said).ignored == [
        {"line": 1, "reason": "unknown type ticket.rezolved; did you mean ticket.resolved?"}
    ]


def test_lists_are_sorted_and_the_order_of_arrival_is_not_seen() -> None:
    rules = (
        rule("repeat = true") + '[achievement.a]\nname = "A"\nwhen = "message.posted"\nin_one = "week"\nrepeat = true\n'
    )
    said = [told(who, at) for who, at in [("B", "03-10"), ("A", "03-10"), ("B", "03-02"), ("A", "03-02")]]
    wanted = [
        ("a", "A", "2026-W10"),
        ("a", "A", "2026-W11"),
        ("a", "B", "2026-W10"),
        ("a", "B", "2026-W11"),
        ("x", "A", None),
        ("x", "A", None),
        ("x", "B", None),
        ("x", "B", None),
    ]
    for order in permutations(said):
        found = result(rules, order).awards
        assert [(a["achievement"], a["member"][-1], a["period"]) for a in found] == wanted
        assert [a["earned_at"] for a in found[4:6]] == ["2026-03-02T12:00:00+00:00", "2026-03-10T12:00:00+00:00"]


def test_links_may_stand_anywhere_in_the_file() -> None:
    link = b'{"link": ["slack:T1/A", "discord:9/1"]}'
    lines = [to_line(told("A", "03-01")), to_line(told("discord:9/1", "03-02", source="discord:9"))]
    outputs = []
    for place in range(3):
        log = Log(compile_plan(load(HEAD + rule("goal = 2"), "rules.toml")))
        log.read([*lines[:place], link, *lines[place:]])
        outputs.append(replay(log.plan, log).as_json())
    assert outputs[0] == outputs[1] == outputs[2]
    assert [a["member"] for a in outputs[0]["awards"]] == [account("A")]


def test_progress_tells_what_is_under_way() -> None:
    (line,) = result(rule("goal = 3"), [told("A", "03-01"), told("A", "03-02")]).progress
    assert (line["achievement"], line["member"], line["value"], line["goal"]) == ("x", account("A"), 2, 3)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("2026-03-02T09:15:00Z", "2026-03-02T09:15:00+00:00"),
        ("2026-03-02T09:15:00.000001Z", "2026-03-02T09:15:00.000001+00:00"),
    ],
)
def test_times_are_written_with_their_offset(at: str, text: str) -> None:
    assert moment(read_time(at)) == text
