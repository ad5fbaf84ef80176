"""The same reason, told to members and written for whoever makes the rules."""

from __future__ import annotations

import pytest

from core import reasons
from core.calendar import Calendar
from core.criteria.matching import Scope, View
from core.events import Value, fact_of
from core.members import People
from core.reasons import Reason
from tests.core.told import told

UTC = Calendar("UTC")


def view(*, ignored: bool = False, count_private: bool = False, **facts: Value) -> View:
    statement = told("A", "03-01", channel="#plans", **facts)
    ignore = frozenset({"#plans"} if ignored else ())
    return View(fact_of(statement, statement.at, 0), People(), Scope(UTC, ignore, count_private=count_private))


def words(reason: Reason | None) -> tuple[str, str]:
    assert reason is not None
    return reason.told.one, reason.written


@pytest.mark.parametrize("count_private", [True, False])
def test_members_are_not_told_the_name_of_a_private_channel(count_private: bool) -> None:
    found = reasons.out_of_scope(view(ignored=True, count_private=count_private, private=True))
    to_members, to_authors = words(found)
    assert to_members == "was in a private channel, where nothing counts"
    assert to_authors.startswith("[community] leaves out #plans" if count_private else "it was in a private channel")


def test_a_channel_that_is_left_out_is_named_to_both() -> None:
    found = words(reasons.out_of_scope(view(ignored=True)))
    assert found == (
        "was in #plans, where nothing counts",
        "[community] leaves out #plans (ignore_channels, only_channels)",
    )


def test_nothing_is_said_against_what_counts() -> None:
    assert reasons.out_of_scope(view()) is None
    assert reasons.by_a_bot(view()) is None
    assert reasons.outside(None, view()) is None
    assert reasons.failed((), view()) is None
