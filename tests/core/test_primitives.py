"""Every primitive of the language in one small history per row and column of docs/reference/primitives.md.

`primitives.toml` holds the histories. A cell is a chain of `what happened => who has it then`, joined by `|`; what
comes after a `|` happens in addition. A cell that begins with `|` continues the row's `earned`.

    A 03-02 03-03T08:00       A posts on 2 March 2026 at noon and on the next day at 08:00 (UTC; Berlin is an hour
                              ahead, in summer two)
    B@A 03-02 message=m1      B does something with A's thing; `B>A`: A is named; `-`: nobody does it
    A 03-02 quiz.passed       another type than the row's
    undo 2                    the second event of the cell is withdrawn
    now 04-01                 decided as of then; else as of the last statement and the longest settling
    A Gold 2026-W10 03-02 (3) pending   an award: member, tier, period, earned, evidence, state unless awarded
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.events import Statement, Value
from tests.core.rules.books import ROOT
from tests.core.told import TEAM, account, result, told, without

COLUMNS = {
    "earned": "earned",
    "withdrawn": "withdrawn",
    "late": "late",
    "edge": "at the edge",
    "clocks": "clock change",
    "year": "year end",
}
ROWS: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parent / "primitives.toml").read_text())
CELLS = [pytest.param(row, column, id=f"{row}: {column}") for row in ROWS for column in COLUMNS]


@dataclass
class History:
    """What was said so far in a cell."""

    type_: str
    said: list[Statement] = field(default_factory=list)
    now: str | None = None

    def read(self, written: str) -> None:
        for line in filter(None, (part.strip() for part in written.split(";"))):
            first, *words = line.split()
            if first == "now":
                self.now = words[0]
            elif first == "undo":
                self.said += [undone(self.said[int(number) - 1]) for number in words]
            else:
                self.said += happened(first, words, self.type_)


def undone(s: Statement) -> Statement:
    return replace(without(s, "01-01"), at=s.at + 1)


def happened(who: str, words: list[str], type_: str) -> list[Statement]:
    """One statement for each time among the words."""
    facts = {name: value(text) for name, sign, text in (word.partition("=") for word in words) if sign}
    times = [word for word in words if word[0].isdigit()]
    types = [word for word in words if "=" not in word and word not in times]
    actor, sign, other = re.fullmatch(r"(\w|-)([@>]?)(\w?)", who).groups()  # type: ignore[union-attr] # it is written so
    author, target = (account(other) if sign == mark else None for mark in "@>")
    said = [replace(told(actor, at, *types or [type_]), author=author, target=target, facts=facts) for at in times]
    return [replace(s, actor=None) for s in said] if actor == "-" else said


def value(text: str) -> Value:
    if re.fullmatch(r"\d+", text):
        return int(text)
    return Decimal(text) if re.fullmatch(r"\d+\.\d+", text) else text


def shown(award: dict[str, Any]) -> str:
    who = award["member"].removeprefix(f"{TEAM}/")
    at = award["earned_at"].removesuffix(":00+00:00").removesuffix("T12:00").removeprefix("2026-")
    state = "" if award["state"] == "awarded" else award["state"]
    words = (who, award["tier"], award["period"], at, f"({award['evidence']})", state)
    return " ".join(word for word in words if word)


def book_of(row: str) -> str:
    rule = ROWS[row]
    return f'[achievement.x]\nname = "X"\n{rule["rule"]}\n{rule.get("book", "")}'


def history_of(row: str) -> History:
    return History(ROWS[row].get("type", "message.posted"))


def links_of(row: str, column: str) -> list[tuple[str, str]]:
    """What happens one after the other, and who has it then."""
    written: str = ROWS[row][column]
    chain = ROWS[row]["earned"] + written if written.startswith("|") else written
    parts = (link.partition("=>") for link in chain.split("|"))
    return [(what.strip(), expected.strip()) for what, _, expected in parts]


def awards(row: str, history: History) -> str:
    found = result(book_of(row), history.said, history.now).awards
    return ", ".join(shown(a) for a in found if a["achievement"] == "x") or "-"


@pytest.mark.parametrize(("row", "column"), CELLS)
def test_primitive(row: str, column: str) -> None:
    history = history_of(row)
    for what, expected in links_of(row, column):
        history.read(what)
        assert awards(row, history) == expected, f"after: {what}"


def test_the_table_of_the_documentation_has_these_rows_and_a_word_in_every_cell() -> None:
    page = (ROOT / "docs" / "reference" / "primitives.md").read_text()
    lines = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    assert lines[0] == ["primitive", *COLUMNS.values()]
    cells = {line[0].replace("`", ""): line[1:] for line in lines[1:]}
    assert list(cells) == list(ROWS)
    assert [name for name, there in cells.items() if len(there) != len(COLUMNS) or not all(there)] == []
