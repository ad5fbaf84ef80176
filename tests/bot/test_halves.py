"""A long history that two processes decide is decided as by one."""

from __future__ import annotations

import gc

import pytest

from bot import halves
from bot.spool import Spool
from core.lines import to_line
from core.plan import compile_plan
from core.replay import Log, replay
from core.rules.loading import load
from tests.histories import BOOK, NOW, history


@pytest.mark.parametrize("many", [0, 1 << 40])
def test_two_halves_are_the_whole(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    plan = compile_plan(load(BOOK, "rules.toml"))
    log, same = (Log(plan, NOW, Spool()) for _ in range(2))
    for read in (log, same):
        read.read(to_line(s) for s in history(7, 300))
    monkeypatch.setattr(halves, "MANY", many)  # a limit, no code of ours
    before = gc.get_threshold()
    assert halves.decide(plan, log).as_json() == replay(plan, same).as_json()
    assert gc.get_threshold() == before
