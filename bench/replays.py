"""A long history replayed by a process of its own, beside a process that only reads and decodes the same lines.

python -m bench.replays replay|scan FILE
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from pathlib import Path

from bench.workload import book, chat
from bot.halves import calm, decide
from bot.spool import Spool
from core.lines import to_line
from core.plan import compile_plan
from core.replay import Log

LIMIT = 900  # seconds


def write(file: Path, events: int) -> None:
    """The chat as `plaudit log` writes it, a line at a time."""
    with file.open("wb") as lines:
        lines.writelines(to_line(s) + b"\n" for s in chat(events))


async def measured(what: str, file: Path) -> tuple[float, float]:
    """Seconds and peak memory (MB)."""
    command = (sys.executable, "-m", "bench.replays", what, str(file))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        said, _ = await asyncio.wait_for(process.communicate(), LIMIT)
    except TimeoutError:
        process.kill()
        raise
    seconds, memory = json.loads(said)
    return seconds, memory


def replay(file: Path) -> None:
    """Awards, score and points of everybody."""
    log = Log(compile_plan(book()), rows=Spool())
    with calm(), file.open("rb") as lines:
        log.read(lines)
    result = decide(log.plan, log, progress=False)
    assert result.awards
    assert result.score
    assert not result.ignored


def scan(file: Path) -> None:
    """The floor: what anybody's program does who reads every line with the standard library."""
    with file.open("rb") as lines:
        for line in lines:
            json.loads(line)


def main() -> None:
    what, file = sys.argv[1:]
    began = time.perf_counter()
    {"replay": replay, "scan": scan}[what](Path(file))
    seconds = time.perf_counter() - began
    print(json.dumps([seconds, _peak()]))


def _peak() -> float:
    """MB of this program alone: what `getrusage` says begins with the process that started it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return next(int(line.split()[1]) / 1e3 for line in status.read_text().splitlines() if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
