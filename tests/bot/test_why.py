"""`plaudit why`: from files, and from the database beside a running bot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from adapters.storage.store import open_store
from core.lines import parse_statement_line
from core.rules.loading import load
from core.times import read_time
from tests.bot.test_simulation import BOOK, lines
from tests.commands import Result, plaudit
from tests.databases import fresh

WITHDRAWN = {"source": "slack:T1", "id": "r1", "op": "withdraw", "at": "2026-03-02T10:00:00Z"}
FIRST = '[achievement.first]\nname = "First"\nwhen = "thread.replied"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules.toml").write_text(BOOK + FIRST)
    (tmp_path / "events.jsonl").write_bytes(b"\n".join([*lines(), json.dumps(WITHDRAWN).encode(), b"{"]))
    return tmp_path


def why(folder: Path, *arguments: str, who: str = "slack:T1/U1") -> Result:
    return plaudit(folder, "why", "--member", who, *arguments)


def test_why_shows_what_counted(folder: Path) -> None:
    done = why(folder, "first", "--events", "events.jsonl")
    assert done.out.splitlines() == [
        "first, version 1: One reply.",
        "slack:T1/U1 has it since 2026-03-02 09:10 UTC",
        "What counted",
        "  2026-03-02 09:10 UTC  reply",
    ]


def test_why_not_shows_what_did_not_count_and_what_is_missing(folder: Path) -> None:
    done = why(folder, "trusted", "--not", "--events", "events.jsonl")
    assert done.out.splitlines()[1:] == [
        "slack:T1/U1 does not have it",
        "Stands at: 0 of 3 helpfuls",
        "Not counted",
        "  one reaction was withdrawn",
        "  one reaction was their own",
        "  one reaction had :eyes:, only :bulb: counts",
        "Missing",
        "  three more helpfuls",
    ]
    assert why(folder, "trusted", "--events", "events.jsonl").out == done.out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["trustd", "--events", "events.jsonl"], 78, "Did you mean trusted?"),
        (["trusted"], 78, "there is no database yet"),
        (["trusted", "--until", "soon"], 2, "RFC 3339"),
        (["trusted", "--member", "Amira"], 2, 'write source/user, as "slack:T1/U7"'),
        (["trusted", "--rules", "none.toml", "--events", "events.jsonl"], 78, "none.toml"),
    ],
)
def test_a_wrong_question_is_answered_with_what_to_write(
    folder: Path, arguments: list[str], code: int, words: str
) -> None:
    done = why(folder, *arguments)
    assert (done.code, words in done.err) == (code, True), done.err


async def test_without_files_it_asks_the_database_beside_a_running_bot(folder: Path) -> None:
    url = fresh(folder)
    now = read_time("2026-03-02T12:00:00Z")
    store = await open_store(url, [load(BOOK + FIRST, "rules.toml")], lambda: now)
    await store.take([parse_statement_line(line) for line in lines()])
    done = why(folder, "first")
    await store.close()
    assert "What counted\n  2026-03-02 09:10 UTC  reply" in done.out
