"""`plaudit replay`: what a history supports under a rule book, as JSON or as a table."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import orjson
from rich.console import Console
from rich.table import Column, Table

from bot.books import read_book
from bot.halves import calm, decide
from bot.spool import Spool
from core.errors import ConfigurationError
from core.events import plain
from core.plan import compile_plan
from core.replay import Log
from core.results import Replay

STANDARD_INPUT = Path("-")


def replay(rules: Path, events: Sequence[Path], until: int | None, as_json: bool) -> None:
    """Print it. `until`: UTC microseconds. Raises ConfigurationError for a rule book that is not sound."""
    if rules.is_dir():
        raise ConfigurationError(f"{rules}: is a folder of rule books; name one of them with --rules")
    log = Log(compile_plan(read_book(rules)), until, Spool())
    with calm():
        for file in events:
            with _opened(file) as lines:
                log.read(lines)
    result = decide(log.plan, log)
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(result.as_json(), default=plain, option=orjson.OPT_INDENT_2) + b"\n")
    else:
        _print(result)


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    if file == STANDARD_INPUT:
        yield sys.stdin.buffer
    else:
        with file.open("rb") as opened:
            yield opened


def _print(result: Replay) -> None:
    console = Console()
    console.print(_awards(result) if result.awards else "No awards.")
    if result.progress:
        console.print(_under_way(result))
    for member, score in sorted(result.score.items(), key=lambda s: (-s[1], s[0])):
        console.print(f"score  {member}  {score}", highlight=False)
    for line in result.ignored:
        console.print(f"line {line['line']} ignored: {line['reason']}", style="yellow", markup=False, highlight=False)


def _awards(result: Replay) -> Table:
    whole = [Column(name, overflow="fold") for name in ("Achievement", "Member")]  # an id cut short names nobody
    table = Table(*whole, "Period", "State", "Earned (UTC)", "Evidence", title="Awards")
    for a in result.awards:
        name = f"{a['achievement']} ({a['tier']})" if a["tier"] else a["achievement"]
        table.add_row(name, a["member"], a["period"] or "", a["state"], _short(a["earned_at"]), str(a["evidence"]))
    return table


def _short(earned_at: str) -> str:
    """To the minute: the whole time would not fit beside the rest in a narrow terminal."""
    return earned_at[:16].replace("T", " ")


def _under_way(result: Replay) -> Table:
    whole = [Column(name, overflow="fold") for name in ("Achievement", "Member")]
    table = Table(*whole, "Progress", title="Under way")
    for p in result.progress:
        table.add_row(p["achievement"], p["member"], p["text"])
    return table
