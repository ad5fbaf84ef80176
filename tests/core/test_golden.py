"""The worked cases beside the checkout: what a book and a history give, case by case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import ConfigurationError
from core.events import Statement
from core.lines import Link, parse_line
from core.plan import compile_plan
from core.replay import Log, replay
from core.rules.book import RuleBook
from core.rules.loading import load
from core.times import read_time
from tests.oracle import judge
from tests.shared import SHARED, needs_shared

CASES = sorted((SHARED / "golden").iterdir()) if SHARED else []


def loaded(case: Path) -> RuleBook:
    """The case's book; skips the test, naming the words, if this version refuses it."""
    try:
        return load((case / "rules.toml").read_text(), "rules.toml")
    except ConfigurationError as refused:
        pytest.skip("; ".join(refused.faults))


def evaluated(book: RuleBook, lines: list[bytes], until: str | None) -> dict[str, Any]:
    log = Log(compile_plan(book), None if until is None else read_time(until))
    log.read(lines)
    return replay(log.plan, log).as_json()


@needs_shared
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("backwards", [False, True], ids=["in file order", "backwards"])
def test_a_worked_case_gives_what_it_says(case: Path, backwards: bool) -> None:
    book = loaded(case)
    lines = (case / "events.jsonl").read_bytes().splitlines()
    expected = json.loads((case / "expected.json").read_text())
    given = evaluated(book, lines[::-1] if backwards else lines, expected["until"])
    assert (given["awards"], given["score"], given["ignored"]) == (expected["awards"], expected["score"], [])


@needs_shared
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_second_opinion_says_the_same(case: Path) -> None:
    loaded(case)
    entries = [parse_line(line) for line in (case / "events.jsonl").read_bytes().splitlines()]
    statements = [e for e in entries if isinstance(e, Statement)]
    expected = json.loads((case / "expected.json").read_text())
    now = read_time(expected["until"] or "2030-01-01T00:00:00Z")
    links = [e.accounts for e in entries if isinstance(e, Link)]
    verdict = judge((case / "rules.toml").read_text(), [s for s in statements if s.at <= now], now, links)
    rows = [
        (
            a["achievement"],
            a["member"],
            a["tier"] or "",
            a["period"] or "",
            a["state"],
            read_time(a["earned_at"]),
            a["evidence"],
        )
        for a in expected["awards"]
    ]
    assert (verdict.rows, verdict.score) == (sorted(rows), expected["score"])


@needs_shared
def test_most_worked_cases_of_evaluated_words_are_not_skipped() -> None:
    refused = []
    for case in CASES:
        try:
            load((case / "rules.toml").read_text(), "rules.toml")
        except ConfigurationError:
            refused.append(case.name)
    assert set(refused) <= {
        "03-tiers",
        "13-within-days",
        "17-unless",
        "21-checklist",
        "25-first",
        "27-season",
        "29-lasts",
    }
