"""`plaudit` as a process of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.forking import fork

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 60  # seconds that a command may take


@dataclass(frozen=True, slots=True)
class Result:
    code: int
    out: str
    err: str


def plaudit(folder: Path, *arguments: str, stdin: str = "", **environment: str) -> Result:
    """Runs it in a folder of its own, with no variable of ours but these."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PLAUDIT_", "SLACK_", "DISCORD_"))}
    told = folder.parent / f".{folder.name}.told"
    told.mkdir(exist_ok=True)
    (told / "in").write_text(stdin)
    with _opened(told) as files:
        given = {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "100", **environment}
        process = fork("bot", arguments, folder, given, files)
    process.join(LONGEST)
    if process.exitcode is None:
        process.kill()
        raise AssertionError(f"plaudit {' '.join(arguments)} had not ended after {LONGEST} s")
    done = Result(process.exitcode, (told / "out").read_text(), (told / "err").read_text())
    assert "Traceback" not in done.err, done.err
    return done


@contextmanager
def _opened(told: Path) -> Iterator[list[int]]:
    with (told / "in").open() as given, (told / "out").open("w") as out, (told / "err").open("w") as err:
        yield [given.fileno(), out.fileno(), err.fileno()]
