"""What statements about one fact add up to: events.md, rules-exact 1, 2, 3, 43."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from core.events import Statement, accounts, body, content, fact_of, resolve, statement_from, withdrawn

POST = Statement("slack:T1", "message:C/1", 100, "message.posted", actor="slack:T1/A", facts={"length": 10})


def said(at: int, **facts: int | bool | str) -> Statement:
    return replace(POST, at=at, facts=facts or POST.facts)


def gone(at: int) -> Statement:
    return Statement(POST.source, POST.id, at, op="withdraw")


GUESSED = {"length": 10, "at_is_approximate": True}


@pytest.mark.parametrize(
    ("statements", "alive_at", "facts"),
    [
        ([said(100)], 100, {"length": 10}),
        ([said(100), said(100)], 100, {"length": 10}),
        ([said(100), said(200, length=20)], 100, {"length": 20}),
        ([said(200), said(100, length=20)], 100, {"length": 10}),
        ([said(100), gone(150)], None, None),
        ([said(150), gone(150)], None, None),
        ([said(151), gone(150)], 151, {"length": 10}),
        ([said(100), gone(150), said(200)], 200, {"length": 10}),
        ([said(100), gone(150), said(160), said(200, length=20)], 160, {"length": 20}),
        ([said(100), gone(50)], 100, {"length": 10}),
        ([gone(50)], None, None),
        ([], None, None),
        ([said(90, **GUESSED), said(100)], 100, {"length": 10}),
        ([said(90, **GUESSED), said(80, **GUESSED)], 80, GUESSED),
        ([said(100), said(200, **GUESSED)], 100, GUESSED),
        ([said(90, **GUESSED), gone(95), said(96, **GUESSED)], 96, GUESSED),
    ],
    ids=[
        "said",
        "said twice",
        "edited",
        "edit before the post",
        "withdrawn",
        "a withdrawal wins a tie",
        "said just after",
        "said again",
        "edited since",
        "withdrawn before",
        "only withdrawn",
        "nothing",
        "an exact time wins",
        "the earliest guess",
        "a later guess does not move it",
        "recovered after a withdrawal",
    ],
)
def test_a_fact_is_what_its_latest_statement_says(
    statements: list[Statement], alive_at: int | None, facts: dict[str, object] | None
) -> None:
    for order in permutations(enumerate(statements, 1)):
        fact = resolve(order)
        assert (alive_at, facts) == (None, None) if fact is None else (fact.at, fact.facts) == (alive_at, facts)


def test_of_two_at_the_same_time_the_greater_content_wins() -> None:
    both = [(1, said(100, length=9)), (2, said(100, length=10))]
    fact = resolve(both)
    assert fact is not None
    assert (fact.seq, fact) == (1, resolve(both[::-1]))
    assert content(both[0][1]) > content(both[1][1])


def test_an_edit_may_change_people_and_even_the_type() -> None:
    fact = resolve([(1, POST), (2, replace(POST, at=200, type="thread.replied", actor="slack:T1/B"))])
    assert fact is not None
    assert (fact.type, fact.actor, fact.at, fact.seq) == ("thread.replied", "slack:T1/B", 100, 2)


def test_a_statement_is_read_back_as_it_was_kept() -> None:
    whole = replace(
        POST, participants=("a/b", "c/d"), facts={"tags": ("x", "y"), "n": 3, "b": True}, reason="r", by="m/M"
    )
    assert statement_from(whole.source, whole.id, whole.op, whole.at, body(whole)) == whole


def test_a_fact_names_everybody_once() -> None:
    fact = fact_of(replace(POST, author="a/1", target="a/1", participants=("a/2", "slack:T1/A")), 1, 1)
    assert accounts(fact) == {"slack:T1/A", "a/1", "a/2"}


def test_a_withdrawal_makes_no_fact() -> None:
    with pytest.raises(ValueError, match="has a type"):
        fact_of(gone(1), 1, 1)


def test_what_was_withdrawn_is_found_for_whom_it_named_and_newest_first() -> None:
    def gone(id_: str, at: int, actor: str = "s/A", type_: str = "message.posted") -> list[tuple[int, Statement]]:
        there = Statement("s", id_, at, type_, actor=actor)
        return [(1, there), (2, Statement("s", id_, at + 1, op="withdraw"))]

    alive = gone("5", 5)[:1]
    known = [gone("1", 1), gone("2", 2), gone("3", 3, "s/B"), gone("4", 4, type_="a.b"), alive, gone("6", 6)[1:]]
    assert [f.id for f in withdrawn(known, ["s/A"], ["message.posted"])] == ["2", "1"]


def back(at: int, reason: str = "banned") -> Statement:
    return replace(gone(at), op="restore", reason=reason)


def test_a_restoration_takes_back_the_withdrawals_of_its_reason_until_then() -> None:
    banned = replace(gone(5), reason="banned")
    told = [said(3), banned, back(7)]
    for order in permutations(enumerate(told, 1)):
        fact = resolve(order)
        assert fact is not None
        assert fact.at == 3
    assert resolve(enumerate([*told, gone(4)], 1)) is None  # for another reason
    assert resolve(enumerate([*told, replace(banned, at=8)], 1)) is None  # banned once more
    assert resolve(enumerate([said(3), banned, back(4)], 1)) is None
    assert resolve(enumerate([back(7)], 1)) is None
