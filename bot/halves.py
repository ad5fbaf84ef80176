"""A long history decided by two processes: each looks at half of the members. Short ones are not worth a process."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from core.plan import Plan
from core.replay import Log, replay
from core.results import Replay

MANY = 100_000  # statements: below, starting a process costs more than it saves
LONGEST = 3600  # seconds to wait for the other half


def decide(plan: Plan, log: Log, *, progress: bool = True) -> Replay:
    """As `core.replay.replay`. Where the other process fails, this one does its half too."""
    with calm():
        return _decide(plan, log, progress)


@contextmanager
def calm() -> Iterator[None]:
    """While a long history is read and decided: looking for garbage again and again costs a quarter of the time."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(1_000_000, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def _decide(plan: Plan, log: Log, progress: bool) -> Replay:
    if len(log.rows) < MANY or (os.cpu_count() or 1) < 2 or "fork" not in multiprocessing.get_all_start_methods():
        return replay(plan, log, progress=progress)
    _ = log.rows[0]  # it may still hold rows back: both processes would write them
    context = multiprocessing.get_context("fork")  # the log is shared, not copied
    ours, theirs = context.Pipe(duplex=False)
    other = context.Process(target=_other_half, args=(plan, log, progress, theirs), daemon=True)
    other.start()
    theirs.close()
    result = replay(plan, log, progress=progress, share=(0, 2))
    rest = _received(ours)
    other.join(LONGEST)
    result.add(rest if rest is not None else replay(plan, log, progress=progress, share=(1, 2)))
    return result


def _other_half(plan: Plan, log: Log, progress: bool, answer: Connection) -> None:
    answer.send(replay(plan, log, progress=progress, share=(1, 2)))
    answer.close()


def _received(answer: Connection) -> Replay | None:
    """What the other process found; None if it ended without a word."""
    try:
        found = answer.recv() if answer.poll(LONGEST) else None
    except EOFError:
        return None
    return found if isinstance(found, Replay) else None
