"""Who is one member, and when they were not counted: rules-exact 44."""

from __future__ import annotations

from itertools import permutations

import pytest

from core.members import join, silences


@pytest.mark.parametrize(
    ("links", "names"),
    [
        ([("a", "b")], {"b": "a"}),
        ([("b", "a")], {"a": "b"}),
        ([("a", "b"), ("b", "c")], {"b": "a", "c": "a"}),
        ([("c", "a"), ("c", "b")], {"a": "c", "b": "c"}),
        ([("a", "b"), ("c", "b")], {"b": "a", "c": "a"}),
        ([("c", "d"), ("a", "d")], {"c": "a", "d": "a"}),
        ([("b", "c"), ("c", "b")], {"c": "b"}),
        ([("a", "b"), ("c", "d"), ("d", "b")], {"b": "a", "c": "a", "d": "a"}),
        ([("a", "a")], {}),
        ([], {}),
    ],
    ids=[
        "two",
        "the head names",
        "a chain",
        "one head",
        "two heads",
        "two heads again",
        "a circle",
        "joined",
        "self",
        "none",
    ],
)
def test_links_join_in_any_order(links: list[tuple[str, ...]], names: dict[str, str]) -> None:
    for order in permutations(links):
        people = join(order)
        assert people.members == names
        assert all(people.member(a) == name for a, name in names.items())
        assert all(a in people.accounts(name) and name in people.accounts(name) for a, name in names.items())


def test_an_account_without_links_is_its_own_member() -> None:
    assert (join([]).member("a"), join([]).accounts("a")) == ("a", ("a",))


@pytest.mark.parametrize(
    ("changes", "spans"),
    [
        ([(5, False)], [(5, None)]),
        ([(5, False), (9, True)], [(5, 9)]),
        ([(9, True), (5, False)], [(5, 9)]),
        ([(5, False), (6, False), (9, True)], [(5, 9)]),
        ([(5, True)], []),
        ([(5, False), (5, True)], [(5, None)]),
        ([(5, False), (9, True), (9, False)], [(5, 9), (9, None)]),
        ([(1, False), (2, True), (3, False), (4, True)], [(1, 2), (3, 4)]),
    ],
)
def test_a_member_is_silent_from_opting_out_to_opting_in(
    changes: list[tuple[int, bool]], spans: list[tuple[int, int | None]]
) -> None:
    assert silences(changes) == spans


@pytest.mark.parametrize(("at", "tracked"), [(4, True), (5, False), (8, False), (9, True)])
def test_what_happens_while_silent_does_not_count(at: int, tracked: bool) -> None:
    people = join([])
    people.silent["a"] = [(5, 9)]
    assert (people.tracked("a", at), people.tracked("b", at)) == (tracked, True)
