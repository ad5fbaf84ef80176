"""What an earlier version kept of members is read as it was meant."""

from __future__ import annotations

import json
import sqlite3
import zlib
from pathlib import Path
from typing import Any

import pytest

from adapters.storage.engines import database_file
from adapters.storage.store import Store
from core.events import Statement
from tests.adapters.storage.conftest import Open

BOOK = "rules = 1\n" + "".join(
    f'[achievement.{name}]\nname = "{name}"\nwhen = "message.posted"\n{words}\n'
    for name, words in (
        ("three", "goal = 3"),
        ("rooms", 'distinct = "channel"\ngoal = 3'),
        ("daily", 'streak = "day"\ngoal = 3'),
        ("calm", "goal = 3\nlimit.per_day = 1"),
    )
)
DAY = 86_400_000_000
NOON = 1_773_835_200_000_000  # 2026-03-18
DAYS = [739693 + n for n in range(3)]
WHO = "slack:T1/U1"


def post(n: int) -> Statement:
    facts: dict[str, Any] = {"message": f"message:C{n}/{n}", "channel": f"#c{n}"}
    return Statement("slack:T1", f"message:C{n}/{n}", NOON + n * DAY, "message.posted", actor=WHO, facts=facts)


def as_before() -> dict[str, Any]:
    """Two posts on two days, with the kind before each key, every field of a count, and the days before."""
    first, second = NOON, NOON + DAY
    days = {f"d{day}|": 1 for day in DAYS[:2]}
    rows = [[day, 1, at, at, 1] for day, at in zip(DAYS, (first, second), strict=False)]
    return {
        "achievement:three": {"k": second, "c": [2, 2, second, first, {}]},
        "achievement:rooms": {"k": second, "c": [2, 2, second, first, {"#c0": 1, "#c1": 1}]},
        "achievement:daily": {"k": second, "p": [DAYS[1], None], "w": rows},
        "achievement:calm": {"k": second, "l": days, "c": [2, 2, second, first, {}]},
    }


def awards(url: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(database_file(url)) as db:
        return db.execute("SELECT achievement, evidence, since, earned_at FROM award ORDER BY 1").fetchall()


def rewrite(url: str, state: bytes) -> None:
    with sqlite3.connect(database_file(url)) as db:
        assert db.execute("UPDATE progress SET state = ? WHERE thing = ''", (state,)).rowcount == 1


@pytest.mark.parametrize("packed", [bytes, zlib.compress], ids=["plain", "compressed"])
async def test_counts_of_an_earlier_version_go_on(opened: Open, url: str, packed: Any) -> None:
    store: Store = await opened(BOOK)
    await store.take([post(0), post(1)])
    assert awards(url) == []
    rewrite(url, packed(json.dumps(as_before()).encode()))
    await store.take([post(2)])
    assert awards(url) == [(name, 3, NOON, NOON + 2 * DAY) for name in ("calm", "daily", "rooms", "three")]


async def test_what_was_kept_is_what_is_kept_now_but_shorter(opened: Open, url: str, tmp_path: Path) -> None:
    store: Store = await opened(BOOK)
    await store.take([post(0), post(1)])
    with sqlite3.connect(database_file(url)) as db:
        kept = json.loads(db.execute("SELECT state FROM progress").fetchone()[0])
    assert kept["three"] == {"k": NOON + DAY, "c": [2, 2, 0, NOON]}
    assert kept["calm"]["l"] == {f"d{DAYS[1]}|": 1}
    assert kept["daily"]["w"] == [[DAYS[0], 1, 0, NOON, 1], [DAYS[1], 1, 0, NOON + DAY, 1]]
