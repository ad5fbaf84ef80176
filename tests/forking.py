"""Processes that need not import everything anew: a server without threads has done it, and forks each of them.

What runs in them is `python -m MODULE`, with a folder, an environment and files of its own, as after an exec."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any

LOADED = (
    *("bot.applying", "bot.checks", "bot.cli", "bot.fixtures", "bot.replays", "bot.simulation", "bot.verification"),
    *("bot.runner", "adapters.discord.client", "adapters.slack.app"),
)


def fork(
    module: str, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], files: Sequence[int]
) -> ForkServerProcess:
    """Starts it. `files`: descriptors for its standard input, output and error; the caller closes its own."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(LOADED))
    process = context.Process(target=_Program(module, tuple(arguments), folder, dict(environment), tuple(files)))
    process.start()
    return process


class _Program:
    def __init__(
        self, module: str, arguments: tuple[str, ...], folder: Path, environment: dict[str, str], files: tuple[int, ...]
    ) -> None:
        self._module, self._arguments = module, arguments
        self._folder, self._environment, self._files = folder, environment, files
        self._mask = os.umask(0)
        os.umask(self._mask)

    def __getstate__(self) -> dict[str, Any]:
        """Descriptors travel to the server, which hands them on."""
        return {**self.__dict__, "_files": tuple(DupFd(file) for file in self._files)}

    def __call__(self) -> None:
        os.chdir(self._folder)
        os.umask(self._mask)
        os.environ.clear()
        os.environ.update(self._environment)
        for number, file in enumerate(self._files):
            os.dup2(file.detach(), number)  # type: ignore[attr-defined] # here they are what __getstate__ made
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", buffering=1)  # noqa: SIM115 - to the end
        sys.argv = [self._module, *self._arguments]
        try:
            runpy.run_module(self._module, run_name="__main__", alter_sys=True)
        finally:
            sys.stdout.flush()
