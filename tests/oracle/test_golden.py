"""The oracle alone gives what the worked cases beside the checkout say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.events import Statement
from core.lines import Link, parse_line
from core.times import read_time
from tests.oracle import judge
from tests.shared import SHARED, needs_shared

CASES = sorted((SHARED / "golden").iterdir()) if SHARED else []


@needs_shared
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_oracle_gives_what_a_worked_case_says(case: Path) -> None:
    entries = [parse_line(line) for line in (case / "events.jsonl").read_bytes().splitlines()]
    expected = json.loads((case / "expected.json").read_text())
    now = read_time(expected["until"] or "2030-01-01T00:00:00Z")
    links = [e.accounts for e in entries if isinstance(e, Link)]
    said = [e for e in entries if isinstance(e, Statement)]
    verdict = judge((case / "rules.toml").read_text(), said, now, links)
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
