"""`make bench`: every figure beside its floor of the same run, as a table and in bench/results.json.

python -m bench [NAME ...]      only figures whose names begin so, as `rules` or `replay.1m`
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import boards, floors, history, ingest, ladders, process, replays, workload
from core.events import Statement

RESULTS = Path(__file__).parent / "results.json"
MANY, SOME, FEW = 40_000, 20_000, 1_500
MILLION = 1_000_000
ROUNDS = 3
Pair = tuple[float, float]
Figures = dict[str, dict[str, float | str]]
Measure = Callable[[Path], Awaitable[Figures]]


def main() -> None:
    known: Figures = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    figures = asyncio.run(measure(sys.argv[1:]))
    RESULTS.write_text(json.dumps({**known, **figures}, indent=2) + "\n")
    show(figures)


async def measure(names: Sequence[str]) -> Figures:
    """All figures, or those whose names begin with one of these."""
    figures: Figures = {}
    for group, find in GROUPS.items():
        if not names or any(name.startswith(group) or group.startswith(name) for name in names):
            gc.collect()  # the stores of the figures before
            with tempfile.TemporaryDirectory() as folder:
                figures |= await find(Path(folder))
    return figures


async def _ingest(folder: Path) -> Figures:
    figures: Figures = {}
    for outstanding in (1, 64, 256, 2000):
        statements = workload.statements(FEW if outstanding == 1 else MANY)
        pairs = [await _pair(folder, statements, outstanding) for _ in range(ROUNDS)]
        figures[f"ingest.sqlite.w{outstanding}"] = _figure(pairs, "events/s")
    return figures


async def _pair(parent: Path, statements: list[Statement], outstanding: int) -> Pair:
    """Ours and the floor, one right after the other: the machine drifts."""
    folder = Path(tempfile.mkdtemp(dir=parent))
    floor, _ = floors.bare_inserts(folder, statements, 1 if outstanding == 1 else 1_000)
    return await ingest.throughput(folder, statements, outstanding, workload.book()), floor


async def _rules(folder: Path) -> Figures:
    """25 rules beside bare inserts; more rules, of which an event touches as many, beside the 25."""
    statements = workload.statements(SOME)
    pairs: dict[int, list[Pair]] = {25: [], 100: [], 1000: []}
    for _ in range(ROUNDS):
        here = Path(tempfile.mkdtemp(dir=folder))
        floor, _ = floors.bare_inserts(here, statements, 1_000)
        for rules, found in pairs.items():
            found.append((await ingest.throughput(here, statements, ingest.MOST, workload.book(rules)), floor))
            floor = pairs[25][-1][0]
    return {f"rules.{rules}": _figure(found, "events/s") for rules, found in pairs.items()}


async def _members(folder: Path) -> Figures:
    statements = workload.statements(MANY, 100_000)
    pairs = [await _pair(folder, statements, ingest.MOST) for _ in range(ROUNDS)]
    return {"members.100k": _figure(pairs, "events/s")}


async def _withdraw(folder: Path) -> Figures:
    statements = workload.statements(SOME)
    pairs = [await ingest.withdrawals(Path(tempfile.mkdtemp(dir=folder)), statements, 2_000) for _ in range(ROUNDS)]
    return {"withdraw": _figure(pairs, "ms")}


async def _recounts(folder: Path) -> Figures:
    """Of the chat; and of a real community's history, which has no deletions, where it is at hand."""
    figures = {"recount.share": _figure([await history.chatted(folder, SOME)], "recounts")}
    real = await history.imported(folder)
    return figures if real is None else {**figures, "recount.share.imported": _figure([real], "recounts")}


async def _replay(folder: Path) -> Figures:
    """Once: it takes long enough to be steady."""
    file = folder / "events.jsonl"
    replays.write(file, MILLION)
    bare_seconds, bare_memory = await replays.measured("scan", file)
    seconds, memory = await replays.measured("replay", file)
    return {
        "replay.1m": _figure([(seconds, bare_seconds)], "s"),
        "replay.1m.rss_mb": _figure([(memory, bare_memory)], "MB"),
    }


async def _acknowledgements(folder: Path) -> Figures:
    statements = workload.statements(500)
    _, commits = floors.bare_inserts(folder, statements, 1)
    seconds = await ingest.acknowledgements(folder, statements, 50)
    return {
        f"ack.p{p}_ms": _figure([(floors.percentile(seconds, p) * 1e3, floors.percentile(commits, p) * 1e3)], "ms")
        for p in (50, 99)
    }


async def _process(folder: Path) -> Figures:
    seconds, memory = await process.first_acknowledgement(folder)
    bare_seconds, bare_memory = await process.only_imports()
    return {
        "start.first_ack_s": _figure([(seconds, bare_seconds)], "s"),
        "rss.idle_mb": _figure([(memory, bare_memory)], "MB"),
    }


async def _boards(folder: Path) -> Figures:
    """A place among a million with both neighbours, beside the indexed query."""
    return {"boards.rank_ms": _figure([boards.rank(folder)], "ms")}


async def _levels(folder: Path) -> Figures:
    """Levels for a million members with a score, beside inserting as many rows."""
    return {"levels.1m": _figure([await ladders.climb(folder)], "s")}


GROUPS: dict[str, Measure] = {
    "ingest": _ingest,
    "ack": _acknowledgements,
    "rules": _rules,
    "members": _members,
    "withdraw": _withdraw,
    "recount": _recounts,
    "replay": _replay,
    "start": _process,
    "boards": _boards,
    "levels": _levels,
}


def _figure(pairs: Sequence[Pair], unit: str) -> dict[str, float | str]:
    """Ours and the floor, of the round in the middle; `low` and `high`: the ratios of the outermost rounds. Where they
    lie far apart the machine was busy, and the figure says nothing."""
    ratios = sorted(pairs, key=_ratio)
    value, floor = ratios[len(ratios) // 2]
    return {
        "value": round(value, 3),
        "unit": unit,
        "floor": round(floor, 3),
        "ratio": round(_ratio((value, floor)), 4),
        "low": round(_ratio(ratios[0]), 4),
        "high": round(_ratio(ratios[-1]), 4),
    }


def _ratio(pair: Pair) -> float:
    return pair[0] / pair[1] if pair[1] else 0.0


def show(figures: Figures) -> None:
    table = Table(
        "figure", "value", "unit", "floor", "ratio", "low", "high", title="Plaudit, beside the floor of the same run"
    )
    for figure, f in figures.items():
        ratios = (f"{f[name]:.3f}" for name in ("ratio", "low", "high"))
        table.add_row(figure, f"{f['value']:,}", str(f["unit"]), f"{f['floor']:,}", *ratios)
    Console().print(table)


if __name__ == "__main__":
    main()
