"""`plaudit simulate`: what an event would change, and why a history gives no more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.storage.store import open_store
from core.lines import parse_statement_line
from core.rules.loading import load
from core.times import read_time
from tests.commands import Result, plaudit
from tests.databases import fresh

BOOK = """rules = 1
[signal.helpful]
describe = "an answer that two people marked"
when = "reaction.added"
where.emoji = "bulb"
where.post_kind = "reply"
credit = "author"
each = "message"
distinct = "actor"
goal = 2
[achievement.helper]
name = "Helper"
when = "helpful"
points = 4
[achievement.trusted]
name = "Trusted"
when = "helpful"
goal = 3
[score.helpful]
when = "helpful"
give = 5
"""
HISTORY = [
    ("m1", "message.posted", "09:00", "U2", None, {"message": "m1", "post_kind": "post", "channel": "#help"}),
    ("m2", "thread.replied", "09:10", "U1", "U2", {"message": "m2", "post_kind": "reply", "thread": "m1"}),
    ("r1", "reaction.added", "09:20", "U2", "U1", {"message": "m2", "post_kind": "reply", "emoji": "bulb"}),
    ("r2", "reaction.added", "09:25", "U1", "U1", {"message": "m2", "post_kind": "reply", "emoji": "bulb"}),
    ("r3", "reaction.added", "09:30", "U3", "U1", {"message": "m2", "post_kind": "reply", "emoji": "eyes"}),
]


def lines() -> list[bytes]:
    found = []
    for id_, type_, time, actor, author, facts in HISTORY:
        row: dict[str, Any] = {"source": "slack:T1", "id": id_, "type": type_, "at": f"2026-03-02T{time}:00Z"}
        row |= {"actor": f"slack:T1/{actor}", "facts": facts} | ({"author": f"slack:T1/{author}"} if author else {})
        found.append(json.dumps(row).encode())
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules.toml").write_text(BOOK)
    (tmp_path / "events.jsonl").write_bytes(b"\n".join([*lines(), b"{"]))
    return tmp_path


def mark(actor: str, **more: object) -> str:
    facts = {"message": "m2", "emoji": "bulb", **more}
    return json.dumps({"type": "reaction.added", "actor": f"slack:T1/{actor}", "facts": facts})


def asked(folder: Path, *arguments: str) -> Result:
    return plaudit(folder, "simulate", "--events", "events.jsonl", *arguments)


def test_an_event_that_would_earn_something(folder: Path) -> None:
    done = asked(folder, "--event", mark("U4"))
    assert done.out.splitlines() == [
        "reaction.added at 2026-03-02T09:30:00Z",
        "  counts for signal helpful: slack:T1/U1",
        "",
        "What would change",
        "  + slack:T1/U1  helper: awarded, 2026-03-02 09:10 UTC, 2 facts",
        *(line for line in done.out.splitlines() if "trusted: not under way -> 1 of 3" in line),
        "    slack:T1/U1  score: 0 -> 5",
        "    slack:T1/U1  points: 0 -> 4",
    ]


def test_one_fact_that_is_there_twice_changes_nothing(folder: Path) -> None:
    again = json.dumps({**json.loads(lines()[2]), "at": "2026-03-02T09:40:00Z"})
    assert "Nothing would change." in asked(folder, "--event", again).out


def test_an_event_that_takes_something_away(folder: Path) -> None:
    with (folder / "events.jsonl").open("ab") as file:
        file.write(b"\n" + json.dumps({**json.loads(lines()[2]), "id": "r4", "actor": "slack:T1/U4"}).encode())
    withdrawn = json.dumps({"source": "slack:T1", "id": "r1", "op": "withdraw", "at": "2026-03-02T10:00:00Z"})
    done = asked(folder, "--event", withdrawn, "--achievement", "helper")
    assert "  - slack:T1/U1  helper: awarded, 2026-03-02 09:20 UTC, 2 facts" in done.out
    assert "trusted" not in done.out


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (mark("U4", emoji="eyes"), 'not counted for signal helpful: where.emoji = "bulb", and it is "eyes"'),
        (mark("U4", message="m1"), 'where.post_kind = "reply", and it is "post"'),
        (mark("U1"), "one's own do not count"),
        ('{"type": "message.posted"}', "no rule names message.posted"),
        ('{"type": "reaction.aded"}', "unknown type reaction.aded; did you mean reaction.added?"),
    ],
)
def test_an_event_that_does_not_count_says_why(folder: Path, event: str, words: str) -> None:
    done = asked(folder, "--event", event)
    assert words in done.out
    assert "Nothing would change." in done.out


def test_a_members_history_and_what_of_it_does_not_count(folder: Path) -> None:
    done = asked(folder, "--member", "slack:T1/U1", "--achievement", "helper")
    assert "Nothing is held." in done.out
    assert '1 × reaction.added (signal helpful): where.emoji = "bulb", and it is "eyes"' in done.out
    assert "1 × reaction.added (signal helpful): one's own do not count" in done.out


def test_a_machine_reads_one_object(folder: Path) -> None:
    found = json.loads(asked(folder, "--event", mark("U4"), "--json").out)
    assert [a["achievement"] for a in found["earned"]] == ["helper"]
    assert found["events"][0]["fits"] == [{"rule": "signal helpful", "members": ["slack:T1/U1"], "against": None}]
    assert found["gone"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--event", "{"], 2, "--event: is no JSON"),
        (["--event", "[]"], 2, "write a JSON object"),
        (["--event", '{"typ": "x"}'], 2, '--event: "typ": unknown field; did you mean "type"?'),
        (["--achievement", "helpr"], 78, "Did you mean helper?"),
        (["--until", "soon"], 2, "RFC 3339"),
    ],
)
def test_a_wrong_question_is_answered_with_what_to_write(
    folder: Path, arguments: list[str], code: int, words: str
) -> None:
    done = asked(folder, *arguments)
    assert done.code == code
    assert words in done.err


async def test_without_files_it_asks_the_database(folder: Path) -> None:
    assert "Nothing is held." in plaudit(folder, "simulate").out
    url = fresh(folder)
    book = load(BOOK, "rules.toml")
    now = read_time("2026-03-02T12:00:00Z")
    store = await open_store(url, [book], lambda: now)
    await store.take([parse_statement_line(line) for line in lines()])
    await store.close()
    late = plaudit(folder, "simulate", "--event", mark("U4"))
    assert 'not counted for signal helpful: open_for = "90 days"' in late.out
    then = json.dumps({**json.loads(mark("U4")), "at": "2026-03-02T12:00:00Z"})
    done = plaudit(folder, "simulate", "--event", then, "--member", "slack:T1/U1")
    assert "+ slack:T1/U1  helper: awarded, 2026-03-02 09:10 UTC, 2 facts" in done.out
