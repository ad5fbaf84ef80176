"""`plaudit replay` and `plaudit log`: the contract that needs no network, no token and no database."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from adapters.storage.store import open_store
from bot.replays import replay
from bot.verification import compare
from core.lines import to_line
from core.rules.loading import load
from core.times import read_time
from tests.commands import ROOT, Result, plaudit
from tests.databases import fresh
from tests.histories import BOOK, NOW, history
from tests.properties import storyteller
from tests.properties.kinds import KINDS
from tests.shared import needs_shared, shared

JUNK = [
    b"{",
    b'{"source": "slack:T1"}',
    b"[]",
    b'{"link": ["a/1"]}',
    b'{"source": "s", "id": "x", "type": "ticket.rezolved", "at": "2026-03-02T09:00:00Z"}',
]


def replayed(folder: Path, lines: list[bytes], *more: str) -> tuple[Result, dict[str, Any]]:
    (folder / "events.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    (folder / "book.toml").write_text(BOOK)
    done = plaudit(folder, "replay", "--rules", "book.toml", "--events", "events.jsonl", "--json", *more)
    assert done.code == 0, done.err
    return done, json.loads(done.out)


def test_the_order_of_lines_changes_nothing(tmp_path: Path) -> None:
    """Ten orders of a history with edits, marks withdrawn before and after, ties and repetitions."""
    lines = [*(to_line(s) for s in history(7, 150)), *JUNK, b'{"link": ["slack:T1/W", "slack:T1/X"]}']
    first, result = replayed(tmp_path, lines)
    assert result["awards"]
    assert len(result["ignored"]) == len(JUNK)
    outputs = set()
    for n in range(9):
        Random(n).shuffle(lines)  # noqa: S311 - an order, no secret
        _, again = replayed(tmp_path, lines)
        reasons = sorted(i["reason"] for i in again.pop("ignored"))
        outputs.add(json.dumps([again, reasons]))
    reasons = sorted(i["reason"] for i in result.pop("ignored"))
    assert outputs == {json.dumps([result, reasons])}
    assert first.err == ""


def test_the_table_cuts_no_account_short(tmp_path: Path) -> None:
    who = "slack:T0123456789/U0123456789"
    (tmp_path / "book.toml").write_text(
        'rules = 1\n[achievement.hello_everybody]\nname = "Hello"\nwhen = "message.posted"\n'
    )
    event = {
        "source": "slack:T0123456789",
        "id": "1",
        "type": "message.posted",
        "at": "2026-03-02T09:00:00Z",
        "actor": who,
    }
    (tmp_path / "events.jsonl").write_text(json.dumps(event))
    told = plaudit(tmp_path, "replay", "--rules", "book.toml", "--events", "events.jsonl", COLUMNS="80").out
    cells = [[cell.strip() for cell in line.split("│")[1:3]] for line in told.splitlines() if "│" in line]
    assert ["".join(column) for column in zip(*cells, strict=True)] == ["hello_everybody", who]


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_lines_changes_no_byte_for_any_kind_of_rule(
    kind: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Six orders, with links and lines that say nothing. Only the numbers of the latter may change."""
    random = Random(f"{kind} shuffled")  # noqa: S311 - an order, no secret
    said, now = storyteller.history(random, KINDS[kind].acts, 120)
    links = [json.dumps({"link": line}).encode() for line in storyteller.LINKS[1]]
    lines = [*(to_line(s) for s in said), *JUNK, *links]
    (tmp_path / "book.toml").write_text(KINDS[kind].book)
    outputs = set()
    for _ in range(6):
        (tmp_path / "events.jsonl").write_bytes(b"\n".join(lines) + b"\n")
        replay(tmp_path / "book.toml", [tmp_path / "events.jsonl"], now, as_json=True)
        out = capsysbinary.readouterr().out
        result = json.loads(out)
        outputs.add((out.partition(b'"ignored"')[0], *sorted(i["reason"] for i in result["ignored"])))
        random.shuffle(lines)
    assert len(outputs) == 1
    assert result["awards"]
    assert len(result["ignored"]) == len(JUNK)


def test_a_malformed_line_is_named_by_its_number(tmp_path: Path) -> None:
    lines = [to_line(history(1, 5)[0]), b"", *JUNK]
    _, result = replayed(tmp_path, lines)
    assert [i["line"] for i in result["ignored"]] == [3, 4, 5, 6, 7]
    assert result["ignored"][-1]["reason"] == "unknown type ticket.rezolved; did you mean ticket.resolved?"


def test_several_files_are_one_history(tmp_path: Path) -> None:
    lines = [to_line(s) for s in history(3, 100)]
    whole, _ = replayed(tmp_path, lines)
    (tmp_path / "more.jsonl").write_bytes(b"\n".join(lines[50:]) + b"\n")
    parts, _ = replayed(tmp_path, lines[:50], "--events", "more.jsonl")
    assert parts.out == whole.out


def test_until_is_now_and_what_comes_later_is_not_there_yet(tmp_path: Path) -> None:
    said = history(5, 150)
    moment = "2026-03-22T12:00:00Z"
    before = [s for s in said if s.at <= read_time(moment)]
    cut, _ = replayed(tmp_path, [to_line(s) for s in before], "--until", moment)
    whole, _ = replayed(tmp_path, [to_line(s) for s in said], "--until", moment)
    assert whole.out == cut.out


def test_the_shape_is_the_contract(tmp_path: Path) -> None:
    _, result = replayed(tmp_path, [to_line(s) for s in history(7, 150)])
    assert list(result) == ["awards", "progress", "score", "points", "ignored"]
    keys = ["achievement", "version", "member", "tier", "period", "state", "earned_at", "evidence"]
    assert all(list(a) == keys for a in result["awards"])
    assert all(list(p) == ["achievement", "version", "member", "value", "goal", "text"] for p in result["progress"])


async def test_log_into_replay_gives_what_the_live_tables_hold(tmp_path: Path) -> None:
    url = fresh(tmp_path)
    book = load(BOOK, "rules.toml")
    store = await open_store(url, [book], lambda: NOW)
    said = history(11, 120)
    for start in range(0, len(said), 10):
        await store.take(said[start : start + 10])
    await store.settle()
    stored = await store.look(
        lambda db: db.exec_driver_sql(
            "SELECT achievement, member, period, evidence FROM award WHERE state IN ('pending', 'awarded') AND NOT kept"
        ).all()
    )
    await store.close()
    assert compare(url, [book], NOW) == []
    (tmp_path / "book.toml").write_text(BOOK)
    environment = {"PLAUDIT_RULES": str(tmp_path / "book.toml"), "PLAUDIT_DATABASE_URL": url}
    log = plaudit(tmp_path, "log", **environment)
    assert log.code == 0
    _, result = replayed(tmp_path, log.out.encode().splitlines(), "--until", "2026-04-20T12:00:00Z")
    given = [(a["achievement"], a["member"], a["period"], a["evidence"]) for a in result["awards"]]
    assert sorted(given, key=str) == sorted((tuple(row) for row in stored), key=str)


@pytest.mark.slow
@needs_shared
@pytest.mark.timeout(240)
def test_an_imported_export_replays_the_same_in_any_order(tmp_path: Path) -> None:
    rules = ROOT / "rules.toml"
    url = f"sqlite+aiosqlite:///{tmp_path / 'plaudit.db'}"
    environment = {"PLAUDIT_RULES": str(rules), "PLAUDIT_DATABASE_URL": url}
    export = str(shared("data/slack-export-community-a.zip"))
    taken = plaudit(tmp_path, "import", "slack-export", export, "--source", "slack:T1", **environment)
    assert taken.code == 0, taken.err
    verified = plaudit(tmp_path, "verify", **environment)
    assert verified.code == 0, verified.out + verified.err
    log = plaudit(tmp_path, "log", **environment).out.encode().splitlines()
    assert len(log) > 1_000
    outputs = set()
    for n in range(3):
        (tmp_path / "events.jsonl").write_bytes(b"\n".join(log) + b"\n")
        done = plaudit(tmp_path, "replay", "--rules", str(rules), "--events", "events.jsonl", "--json")
        assert done.code == 0, done.err
        outputs.add(done.out)
        Random(n).shuffle(log)  # noqa: S311 - an order, no secret
    assert len(outputs) == 1
    assert json.loads(outputs.pop())["awards"]
