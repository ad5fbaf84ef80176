"""`make bench`: every figure beside its floor of the same run, as a table and in bench/results.json."""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import floors, ingest, process, workload
from core.events import Statement

RESULTS = Path(__file__).parent / "results.json"
MANY, FEW = 40_000, 1_500
ROUNDS = 3
Figures = dict[str, dict[str, float | str]]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(measure(Path(folder)))
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")
    show(figures)


async def measure(folder: Path) -> Figures:
    figures: Figures = {}
    for outstanding in (1, 64, 256, 2000):
        statements = workload.statements(FEW if outstanding == 1 else MANY)
        pairs = [await _pair(folder, statements, outstanding) for _ in range(ROUNDS)]
        value, floor = sorted(pairs, key=lambda p: p[0] / p[1])[ROUNDS // 2]
        figures[f"ingest.sqlite.w{outstanding}"] = _figure(value, "events/s", floor)
    figures |= await _acknowledgements(folder)
    (seconds, memory), (bare_seconds, bare_memory) = (
        await process.first_acknowledgement(folder),
        await process.only_imports(),
    )
    figures["start.first_ack_s"] = _figure(seconds, "s", bare_seconds)
    figures["rss.idle_mb"] = _figure(memory, "MB", bare_memory)
    return figures


async def _pair(parent: Path, statements: list[Statement], outstanding: int) -> tuple[float, float]:
    """Ours and the floor, one right after the other: the machine drifts."""
    folder = Path(tempfile.mkdtemp(dir=parent))
    floor, _ = floors.bare_inserts(folder, statements, 1 if outstanding == 1 else 1_000)
    return await ingest.throughput(folder, statements, outstanding), floor


async def _acknowledgements(folder: Path) -> Figures:
    statements = workload.statements(500)
    _, commits = floors.bare_inserts(folder, statements, 1)
    seconds = await ingest.acknowledgements(folder, statements, 50)
    return {
        f"ack.p{p}_ms": _figure(floors.percentile(seconds, p) * 1e3, "ms", floors.percentile(commits, p) * 1e3)
        for p in (50, 99)
    }


def _figure(value: float, unit: str, floor: float) -> dict[str, float | str]:
    return {
        "value": round(value, 3),
        "unit": unit,
        "floor": round(floor, 3),
        "ratio": round(value / floor, 4) if floor else 0.0,
    }


def show(figures: Figures) -> None:
    table = Table("figure", "value", "unit", "floor", "ratio", title="Plaudit, beside the floor of the same run")
    for name, f in figures.items():
        table.add_row(name, f"{f['value']:,}", str(f["unit"]), f"{f['floor']:,}", f"{f['ratio']:.3f}")
    Console().print(table)


if __name__ == "__main__":
    main()
