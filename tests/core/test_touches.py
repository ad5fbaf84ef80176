"""Whose standing changed is told after the commit, and only to those who listen."""

from __future__ import annotations

from core.touches import Touches


def test_nothing_is_noted_while_nobody_listens() -> None:
    touches = Touches()
    touches.add(["A"])
    touches.publish()
    assert touches.take() == (set(), False)


def test_what_a_transaction_touches_is_told_once_and_not_before_its_commit() -> None:
    touches = Touches()
    touches.listening = True
    touches.add(["A", "B"])
    assert touches.take() == (set(), False)
    touches.publish()
    touches.add(["C"])
    assert touches.take() == ({"A", "B"}, False)
    assert touches.take() == (set(), False)
    touches.publish()
    assert touches.take() == ({"C"}, False)


def test_a_doubt_is_told_once() -> None:
    touches = Touches()
    touches.doubt()
    assert touches.take() == (set(), True)
    assert touches.take() == (set(), False)
