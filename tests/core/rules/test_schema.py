"""The schema for editors: every key explained, every book accepted, and slips underlined."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from core.rules.grammar import Table, keys
from core.rules.schema import DIALECT, schema
from tests.core.rules.books import HEAD, POST, ROOT, documented
from tests.shared import needs_shared, shared

SCHEMA = schema()
CHECKED = jsonschema_rs.validator_for(SCHEMA)


def as_json(value: object) -> object:
    """What an editor hands to the schema: TOML's times as texts."""
    match value:
        case dict():
            return {key: as_json(item) for key, item in value.items()}
        case list():
            return [as_json(item) for item in value]
        case dt.date() | dt.time():
            return value.isoformat()
    return value


def faults(text: str) -> list[str]:
    return [str(error) for error in CHECKED.iter_errors(as_json(tomllib.loads(text)))]


def tables() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "RuleBook", SCHEMA
    yield from SCHEMA["$defs"].items()


def test_it_is_a_schema_of_the_draft_it_names() -> None:
    assert SCHEMA["$schema"] == DIALECT == "https://json-schema.org/draft/2020-12/schema"
    assert jsonschema_rs.meta.is_valid(SCHEMA)


def test_every_table_and_key_is_explained() -> None:
    for name, table in tables():
        assert table["description"].endswith("."), name
        for key, value in table["properties"].items():
            assert len(value["description"]) > 10, f"{name}.{key}"


def test_every_table_of_the_grammar_is_in_it_with_every_key() -> None:
    def below(model: type[Table]) -> Iterator[type[Table]]:
        for child in model.__subclasses__():
            yield child
            yield from below(child)

    models = {model.__name__: model for model in below(Table)}
    for name, table in tables():
        assert table["properties"].keys() == keys(models[name]).keys()


def test_the_shipped_book_is_accepted() -> None:
    assert faults((ROOT / "rules.toml").read_text()) == []


@pytest.mark.parametrize(("name", "text"), [pytest.param(*book, id=book[0]) for book in documented()])
def test_every_book_of_the_documentation_is_accepted(name: str, text: str) -> None:
    assert faults(text) == [], name


@needs_shared
def test_every_word_of_the_language_is_accepted() -> None:
    assert faults((shared("design/rules-examples.toml")).read_text()) == []


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}{POST}gaol = 5",
        f"{HEAD}achievment = 1",
        f"{HEAD}{POST}where.length.atleast = 5",
        f'{HEAD}{POST}goal = "5"',
        f"{HEAD}{POST}goal = 0",
        f'{HEAD}{POST}within = "a week"',
        f'{HEAD}{POST}settle = "1 month"',
        f'{HEAD}{POST}credit = "autor"',
        f"{HEAD}{POST}limit.per_dya = 5",
        f"{HEAD}{POST}until = 20260930",
        f'{HEAD}[community]\nday_starts = "4:00"',
        f'{HEAD}[score.a]\nwhen = "poll.voted"',
        f'{HEAD}[achievement.x]\nwhen = "poll.voted"',
        POST,
        "rules = 2",
    ],
)
def test_what_the_language_does_not_have_is_refused(text: str) -> None:
    assert len(faults(text)) >= 1


@pytest.mark.parametrize(
    "words",
    [
        'unless = ["ticket.reopened", "ticket.escalated"]',
        'unless = { when = "ticket.reopened", match = "window" }',
        'lasts = "2 years"',
        'lasts = "while true"',
        'if_undone = "keep"',
        'if_undone = "14 days"',
        "repeat = 3",
        'goal = "every"',
        'where = { channel = ["#a", "#b"], length.between = [1, 5], thread.exists = true }',
        'steps = ["a.b", { when = "c.d", goal = 2 }]',
        "tiers = { A = 1, B = { goal = 2, points = 5 } }",
        'needs = "y"',
        'who = { level = 2, joined_before = 2026-01-01, member_for = "1 year" }',
        'any = [{ all = [{ when = "a.b" }] }]',
    ],
)
def test_what_may_be_written_in_several_ways_is_accepted_in_each(words: str) -> None:
    assert faults(f"{HEAD}{POST}{words}") == []
