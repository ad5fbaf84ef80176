"""What a connector found: names that can be shown, facts said once, and nothing held up by what cannot be read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from adapters.connectors.connector import Normalised
from adapters.connectors.findings import TOO_LONG, fact_value, left_out, person, say, together, tried
from core.errors import MalformedStatement
from core.ports import Person


def test_names_can_be_shown_and_stored() -> None:
    assert person("jira:acme/7", "Ami\0ra\ud800\n ") == Person("jira:acme/7", "Amira")
    assert person("jira:acme/7", " ") == Person("jira:acme/7", "7")
    assert person("jira:acme/7", {}).name == "7"


def test_what_is_said_twice_alike_is_said_once() -> None:
    once = say("jira:acme", "a", "issue.opened", 0, facts={"issue": "A-1", "labels": (), "project": None})
    edit = say("jira:acme", "a", "issue.opened", 0, facts={"issue": "A-2"})
    assert once.facts == {"issue": "A-1"}
    assert together([Normalised((once,)), Normalised((edit, once))]).statements == (once, edit)


def test_what_cannot_be_read_holds_up_nothing_else() -> None:
    def read() -> Normalised:
        raise MalformedStatement("id: is missing")

    assert tried("issue", read) == Normalised(ignored=(("issue", "id: is missing"),))


def test_a_kind_is_left_out_with_its_reason() -> None:
    assert left_out("star", {"star": "not counted"}) == Normalised(ignored=(("star", "not counted"),))
    assert left_out("x" * 1_000, {}).ignored[0][0] == "x" * 100


@pytest.mark.parametrize("value", [True, 7, Decimal("0.5"), "x" * 100, ["a", "b"], []])
def test_facts_are_short(value: object) -> None:
    assert fact_value(value) == (value, None)


def test_what_people_write_is_no_fact() -> None:
    assert fact_value("x" * 101) == fact_value(["a", "x" * 101]) == (None, TOO_LONG)
    for value in (None, {}, [1], 0.5):
        assert fact_value(value) == (None, "is no text, number, true, false or list of texts")
