"""`limit`: nested caps over clock slots (rules-exact 6, 7, 17, 18)."""

from __future__ import annotations

import pytest

from core.events import Statement
from tests.core.told import HEAD, result, told


def score(limit: str, *said: Statement, who: str = "A", more: str = "") -> int:
    rules = f'[score.s]\nwhen = ["message.posted", "reaction.added"]\n{more}\n{limit}\ngive = 1\n'
    return result(rules, said, head=HEAD).score.get(f"slack:T1/{who}", 0)


def given(by: str, at: str, message: str | None = "m1", author: str = "A") -> Statement:
    facts = {} if message is None else {"message": message}
    return told(by, at, "reaction.added", author=author, **facts)


@pytest.mark.parametrize(
    ("limit", "times", "counted"),
    [
        ("limit.per_day = 2", ["03-02T10:00", "03-02T11:00", "03-02T22:59", "03-02T23:00"], 3),
        ("limit.per_week = 2", ["03-02", "03-03", "03-08T22:59", "03-08T23:00"], 3),
        ("limit.per_month = 1", ["02-28T12:00", "02-28T23:30", "03-31T21:59", "03-31T22:00"], 3),
        ("limit.per_hour = 1", ["03-02T10:00", "03-02T10:59", "03-02T11:00"], 2),
        ('limit.one_per = "10 minutes"', ["03-02T10:00", "03-02T10:09", "03-02T10:10"], 2),
        ("limit.per_day = 2\nlimit.per_week = 3", ["03-02", "03-02T13:00", "03-02T14:00", "03-03", "03-04"], 3),
        ("limit.per_day = 1\nlimit.per_hour = 1", ["03-02T10:00", "03-02T11:00", "03-03T10:00"], 2),
    ],
)
def test_a_cap_has_room_for_so_many_in_its_frame(limit: str, times: list[str], counted: int) -> None:
    said = [told("A", at) for at in times]
    assert score(limit, *said) == score(limit, *said[::-1]) == counted


def test_a_cap_is_inside_those_given_before_it() -> None:
    """Two a day of which one per person: the second of B leaves room for C, and the next day begins anew."""
    said = [given("B", "03-02T10:00"), given("B", "03-02T11:00"), given("C", "03-02T12:00"), given("D", "03-02T13:00")]
    limit = "limit.per_day = 2\nlimit.per_person = 1"
    assert score(limit, *said, more='credit = "author"') == 2
    assert score(limit, *said, given("B", "03-03"), more='credit = "author"') == 3


def test_a_cap_per_person_alone_lasts_a_lifetime() -> None:
    said = [given("B", "03-02"), given("B", "2027-03-02"), given("C", "03-02")]
    assert score("limit.per_person = 1", *said, more='credit = "author"') == 2


def test_the_thing_is_the_first_of_object_ticket_request_issue_message_thread() -> None:
    """rules-exact 6: compared by value alone; without any of them the event is its own thing."""
    of_one = [
        told("A", f"03-0{n}", **facts)
        for n, facts in enumerate(
            [{"message": "m1", "thread": "t1"}, {"thread": "m1"}, {"object": "m1", "message": "m2"}], 1
        )
    ]
    alone = [told("A", "03-05"), told("A", "03-06")]
    assert score("limit.per_object = 1", *of_one) == 1
    assert score("limit.per_object = 1", *alone) == 2


def test_slots_are_counted_for_each_person() -> None:
    """rules-exact 17, 18: also without per_person."""
    said = [given("B", "03-02T10:00"), given("C", "03-02T10:01"), given("B", "03-02T10:02")]
    assert score('limit.one_per = "1 hour"', *said, more='credit = "author"') == 2


@pytest.mark.parametrize(
    ("people", "counted"),
    [(["target:B", "target:B"], 1), (["target:B", "target:C"], 2), (["author:B", "author:C"], 2), (["", ""], 1)],
    ids=["same target", "other target", "other author", "nobody"],
)
def test_the_person_is_whom_the_actor_dealt_with_where_the_actor_is_credited(people: list[str], counted: int) -> None:
    """rules-exact 17."""
    said = []
    for n, person in enumerate(people, 1):
        role, _, who = person.partition(":")
        said.append(told("A", f"03-0{n}", **({role: who} if role else {})))  # type: ignore[arg-type] # author or target
    assert score("limit.per_person = 1", *said) == counted


def test_who_credits_oneself_deals_with_the_target() -> None:
    """rules-exact 17: the actor is the person only where somebody else is credited."""
    said = [told("A", f"03-0{n}", author="A", target=t) for n, t in enumerate("BC", 1)]
    assert score("limit.per_person = 1", *said, more='credit = "author"\nself = true') == 2


def test_a_signals_thing_is_what_it_was_counted_for() -> None:
    """rules-exact 6: not the message on which all its marks happen to agree."""
    rules = """[signal.room]
when = "message.posted"
each = "channel"
in_one = "day"
[score.s]
when = "room"
limit.per_object = 1
give = 1
"""
    said = [told("A", f"03-0{n}", channel="#a", message=f"m{n}") for n in (1, 2, 3)]
    assert result(rules, said).score == {"slack:T1/A": 1}
