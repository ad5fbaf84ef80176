"""The order of a board, against a naive sort of the same rows."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from core.leaderboards import Board, Standing, Tied

KEYS = st.integers(0, 25).map(lambda n: f"m{n:02}")
PUT = st.tuples(KEYS, st.integers(-1, 6), st.booleans())
ACTS = st.lists(st.one_of(PUT, KEYS), max_size=120)
Listed = dict[str, tuple[int, bool]]


def naive(listed: Listed) -> list[Standing]:
    """Sorted from scratch: most first, those without a name last of a tie; ties share a place."""
    rows = sorted((-amount, anonymous, key) for key, (amount, anonymous) in listed.items() if amount > 0)
    return [Standing(1 + sum(r[0] < a for r in rows), key, -a, anonymous) for a, anonymous, key in rows]


def same(board: Board, listed: Listed) -> None:
    order = naive(listed)
    assert len(board) == len(order)
    assert board.first(1_000) == order
    for i, standing in enumerate(order):
        assert board.place(standing.key) == standing.place
        assert board.amount(standing.key) == standing.amount
        assert list(board.around(standing.key)) == order[max(0, i - 1) : i + 2]
    tops = [s for s in order if s.place <= 5]
    found = [(t.place, s) for t in board.top(most=30) for s in t.shown]
    assert found == [(s.place, s) for s in tops]
    assert all(t.count == sum(s.place == t.place for s in order) for t in board.top())


@settings(max_examples=80, deadline=None)
@given(ACTS, st.integers(1, 4))
def test_whatever_comes_and_goes_the_order_is_that_of_a_naive_sort(
    acts: list[tuple[str, int, bool] | str], block: int
) -> None:
    board = Board(block=block)
    listed: Listed = {}
    for act in acts:
        if isinstance(act, str):
            board.drop(act)
            listed.pop(act, None)
        else:
            board.put(*act)
            listed[act[0]] = act[1:]
    same(board, listed)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(KEYS, st.tuples(st.integers(-1, 6), st.booleans())), st.integers(1, 4))
def test_a_board_read_at_once_is_the_same_as_one_that_grew(listed: Listed, block: int) -> None:
    same(Board(((key, *row) for key, row in listed.items()), block), listed)


def test_a_crowd_in_one_place_is_counted_and_the_first_few_are_shown() -> None:
    board = Board((f"m{n:03}", 7, n == 0) for n in range(100))
    (tied,) = board.top()
    assert tied == Tied(1, 7, tuple(Standing(1, f"m{n:03}", 7) for n in range(1, 6)), 100)
    assert board.place("m000") == 1
    assert [s.key for s in board.around("m000")] == ["m099", "m000"]


def test_nobody_is_listed_with_nothing() -> None:
    board = Board([("a", 0, False), ("b", -3, False), ("c", 1, False)])
    board.put("c", 0)
    assert (len(board), board.top(), board.around("c"), board.place("c")) == (0, (), (), None)
