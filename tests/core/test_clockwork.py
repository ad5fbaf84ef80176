"""What the clock says, and when: nothing that no rule asks for, the same names every time."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from core.calendar import Calendar
from core.clockwork import Asked, aged, asked, memberships, of_members
from core.events import Fact, Value
from core.members import People, join
from core.rules.durations import Duration
from core.rules.loading import load
from core.times import read_time, write_time
from tests.core.told import HEAD

A, B = "slack:T1/A", "discord:9/5"
BERLIN = Calendar("Europe/Berlin", "04:00")


def wants(*rules: str) -> Asked:
    lines = (f'[achievement.x{n}]\nname = "X"\n{rule}\n' for n, rule in enumerate(rules))
    return asked(load(HEAD + "\n".join(lines), "rules.toml"))


def joined(actor: str, at: str, **facts: Value) -> Fact:
    source, _, user = actor.partition("/")
    return Fact(source, f"member:{user}", "member.joined", read_time(at), actor, None, None, (), facts)


def told(wanted: Asked, since: str, now: str, who: str = A) -> Mapping[str, str]:
    """What is said by then about somebody who joined at that moment: name without the account -> time."""
    said = of_members(wanted, BERLIN, {who: read_time(since)}, read_time(now))
    return {s.id.replace(f":{who}", ""): write_time(s.at) for s in said}


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ('when = "message.posted"', Asked()),
        ('when = "member.anniversary"\nbest = "years"\ntiers = { One = 1, Two = 2 }', Asked(anniversaries=True)),
        ('when = "member.anniversary"\nenabled = false', Asked()),
        ('when = "member.milestone"\nwhere.days = 100', Asked(milestones=(Duration(100, "day"),))),
        (
            'when = "member.milestone"\nwhere.days = [10, 20]',
            Asked(milestones=(Duration(10, "day"), Duration(20, "day"))),
        ),
        ('when = "member.milestone"\nwhere.days.more_than = 99', Asked(milestones=(Duration(100, "day"),))),
        ('when = "member.milestone"\nwhere.days.not = 5', Asked(monthly=True)),
        ('when = "member.milestone"\nwhere.months.at_least = 6', Asked(milestones=(Duration(6, "month"),))),
        (
            'when = "member.milestone"\nbest = "months"\ntiers = { Month = 1, Year = 12 }',
            Asked(milestones=(Duration(1, "month"), Duration(12, "month"))),
        ),
        ('when = "member.milestone"\nbest = "days"\ngoal = 30', Asked(milestones=(Duration(30, "day"),))),
        ('when = "member.milestone"\ngoal = 7', Asked(monthly=True)),
        ('steps = ["message.posted", { when = "member.milestone", where = { days = 3 } }]\nany_order = true',
         Asked(milestones=(Duration(3, "day"),))),
        ('when = "period.closed"\nwhere.period = "week"\ngoal = 4', Asked(periods=("week",))),
        ('when = "period.closed"\ngoal = 4', Asked(periods=("week", "month", "quarter", "year"))),
        ('when = "message.aged"\nwhere.age.at_least = "30 days"', Asked(ages=(30 * 86_400,))),
        ('when = "message.aged"', Asked(ages=(365 * 86_400,))),
    ],
)  # fmt: skip
def test_the_clock_says_what_the_rules_ask_for(rule: str, found: Asked) -> None:
    assert wants(rule) == found


def test_a_signal_and_a_part_ask_too() -> None:
    book = (
        '[signal.settled]\nwhen = "member.milestone"\nwhere.days = 30\n'
        '[achievement.x]\nname = "X"\nall = [{ when = "settled" }, { when = "member.anniversary" }]\n'
    )
    found = asked(load(HEAD + book, "rules.toml"))
    assert found == Asked(anniversaries=True, milestones=(Duration(30, "day"),))


def test_nobody_waits_longer_than_a_century() -> None:
    assert wants('when = "member.milestone"\nwhere.months = [1, 999999999]').milestones == (Duration(1, "month"),)


def test_an_anniversary_keeps_the_clock_on_the_wall_over_leap_years_and_summer_time() -> None:
    years = told(Asked(anniversaries=True), "2024-02-29T11:30:00Z", "2028-03-01T00:00:00Z")
    assert years == {
        "anniversary:1": "2025-02-28T11:30:00Z",
        "anniversary:2": "2026-02-28T11:30:00Z",
        "anniversary:3": "2027-02-28T11:30:00Z",
        "anniversary:4": "2028-02-29T11:30:00Z",
    }
    months = told(wants('when = "member.milestone"'), "2026-01-31T11:30:00Z", "2026-04-30T10:30:00Z")
    assert months == {
        "milestone:1 months": "2026-02-28T11:30:00Z",
        "milestone:2 months": "2026-03-31T10:30:00Z",  # 12:30 in Berlin, as on the day of joining
        "milestone:3 months": "2026-04-30T10:30:00Z",
    }


def test_a_milestone_comes_at_its_moment_and_not_before() -> None:
    wanted = wants('when = "member.milestone"\nwhere.days = 100')
    assert told(wanted, "2026-01-01T10:00:00Z", "2026-04-11T09:59:59Z") == {}
    assert told(wanted, "2026-01-01T10:00:00Z", "2026-04-11T10:00:00Z") == {
        "milestone:100 days": "2026-04-11T10:00:00Z"
    }


def test_a_period_closes_where_its_days_end() -> None:
    wanted = wants('when = "period.closed"\nwhere.period = ["week", "quarter"]')
    assert told(wanted, "2026-03-20T10:00:00Z", "2026-04-01T02:00:00Z") == {
        "closed:2026-W12": "2026-03-23T03:00:00Z",  # Monday 04:00 in Berlin
        "closed:2026-W13": "2026-03-30T02:00:00Z",
        "closed:2026-Q1": "2026-04-01T02:00:00Z",
    }


def test_facts_say_how_long() -> None:
    wanted = Asked(True, True, (Duration(2, "day"), Duration(1, "month")), ("month",))
    said = of_members(wanted, BERLIN, {A: read_time("2025-03-01T12:00:00Z")}, read_time("2026-03-02T00:00:00Z"))
    facts = {s.id: s.facts for s in said if s.actor == A and s.source == "clock"}
    assert facts[f"anniversary:{A}:1"] == {"years": 1}
    assert facts[f"milestone:{A}:2 days"] == {"days": 2}
    assert facts[f"milestone:{A}:12 months"] == {"months": 12}
    assert facts[f"closed:{A}:2026-02"] == {"period": "month", "name": "2026-02"}


def test_a_member_joined_with_their_first_account_and_a_bot_never_did() -> None:
    facts = [
        joined(A, "2026-02-01T00:00:00Z"),
        joined(B, "2026-01-01T00:00:00Z"),
        joined("slack:T1/R", "2026-01-01T00:00:00Z", bot=True),
    ]
    assert memberships(facts, join([(A, B)])) == {B: read_time("2026-01-01T00:00:00Z")}
    assert memberships(facts, People()).keys() == {A, B}


def test_an_old_message_says_what_it_said_when_it_was_new() -> None:
    at = read_time("2026-03-01T12:00:00Z")
    facts: dict[str, Value] = {"message": "message:C1/1", "channel": "#help", "private": True, "recovered": True}
    message = Fact("slack:T1", "message:C1/1", "thread.replied", at, A, B, None, (), facts)
    said = aged(message, 86_400)
    assert (said.id, said.at, said.actor) == ("aged:86400:slack:T1/message:C1/1", at + 86_400_000_000, A)
    assert said.facts == {
        "message": "message:C1/1",
        "channel": "#help",
        "private": True,
        "post_kind": "reply",
        "age": 86_400,
        "object_at": "2026-03-01T12:00:00Z",
        "source": "slack:T1",
    }
