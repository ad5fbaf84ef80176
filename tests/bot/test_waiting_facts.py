"""The spool of a client: whole lines only, whatever happens in the middle of one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.waiting_facts import REWRITE, InUse, WaitingFacts

ROOT = Path(__file__).resolve().parents[2]
ONE, TWO = '{"id": "1"}', '{"id": "2"}'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool"


def kept(path: Path) -> list[str]:
    waiting = WaitingFacts(path)
    waiting.close()
    return waiting.kept


def test_what_is_not_delivered_is_there_again_in_order(path: Path) -> None:
    waiting = WaitingFacts(path)
    waiting.add(ONE)
    waiting.add(TWO)
    waiting.close()
    assert kept(path) == [ONE, TWO]
    waiting = WaitingFacts(path)
    waiting.done(2, [])
    waiting.close()
    assert kept(path) == []


def test_half_a_line_is_dropped_and_spoils_no_other(path: Path) -> None:
    path.write_text(f'{ONE}\n{{"id": "never pro')
    waiting = WaitingFacts(path)
    assert waiting.kept == [ONE]
    waiting.add(TWO)
    waiting.close()
    assert kept(path) == [ONE, TWO]
    path.write_bytes(b'{"id": "only half')
    assert kept(path) == []


def test_what_is_no_statement_is_passed_over(path: Path) -> None:
    path.write_bytes(f"{ONE}\n\xff\n[]\n\n{TWO}\n".encode("latin-1"))
    assert kept(path) == [ONE, TWO]


def test_two_clients_do_not_share_a_spool(path: Path) -> None:
    waiting = WaitingFacts(path)
    with pytest.raises(InUse, match="give each its own file"):
        WaitingFacts(path)
    waiting.close()
    assert kept(path) == []


def test_a_long_spool_is_written_anew_without_what_is_delivered(path: Path) -> None:
    waiting = WaitingFacts(path)
    rows = [f'{{"id": "{n}"}}' for n in range(REWRITE + 2)]
    for row in rows:
        waiting.add(row)
    waiting.done(1, rows[1:])
    assert len(path.read_text().splitlines()) == len(rows)
    waiting.done(REWRITE, rows[-1:])
    waiting.add(ONE)
    assert path.read_text().splitlines() == [rows[-1], ONE]
    with pytest.raises(InUse):
        WaitingFacts(path)
    waiting.close()
    assert kept(path) == [rows[-1], ONE]


def test_a_full_disk_leaves_no_half_line(path: Path) -> None:
    """The system refuses what goes beyond the limit in the middle of the fourth line."""
    program = (
        "import resource, sys\nfrom pathlib import Path\nfrom bot.waiting_facts import WaitingFacts\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40, 40))\n"
        "waiting = WaitingFacts(Path(sys.argv[1]))\n"
        f"for _ in range(3):\n    waiting.add({ONE!r})\n"
        'try:\n    waiting.add(\'{"id": "too long"}\')\n'
        "except OSError:\n    print('refused')\n"
    )
    command = [sys.executable, "-c", program, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout == "refused\n"
    assert path.read_text() == f"{ONE}\n" * 3


def test_without_a_file_nothing_is_kept() -> None:
    waiting = WaitingFacts(None)
    waiting.add(ONE)
    waiting.done(1, [])
    waiting.close()
    assert not waiting.spooled
