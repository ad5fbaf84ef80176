"""The bot of the playground as a process of its own: started, killed without warning, and started again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Mapping, Sequence

from bot.playground.clock import MovableClock
from core.errors import ConfigurationError

START_WITHIN = 30.0  # seconds; the imports alone take one or two on a busy machine
STOP_WITHIN = 8.0
PORT = "PLAUDIT_HTTP_PORT"
_CHILD = (sys.executable, "-m", "bot.playground.child")


class BotProcess:
    """`values`: what its `.env` would say; `language`: the community's. It keeps the time of `clock`, and its port over
    restarts."""

    def __init__(
        self, values: Mapping[str, str], sources: Sequence[str], clock: MovableClock, language: str = "en"
    ) -> None:
        self._values = dict(values)
        self._book = {"sources": list(sources), "language": language}
        self._clock = clock
        self._process: asyncio.subprocess.Process | None = None
        self._watching: asyncio.Task[None] | None = None
        self._gave_up = asyncio.Event()

    @property
    def port(self) -> int:
        """Where its web listens, once it was started."""
        return int(self._values[PORT])

    @property
    def pid(self) -> int:
        """Of the process that runs now, or ran last."""
        return self._started.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Returns when both platforms are connected. Raises ConfigurationError where it ends instead, TimeoutError."""
        # A session of its own: Ctrl+C in the terminal is for the playground, which then closes the input.
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(*_CHILD, stdin=pipe, stdout=pipe, start_new_session=True)
        self._say(json.dumps({"settings": self._values, **self._book, "ahead": self._clock.ahead}))
        self._clock.on_forward = lambda ahead: self._say(repr(ahead))
        try:
            self._values[PORT] = str(await asyncio.wait_for(self._port(), START_WITHIN))
        except BaseException:
            await self.kill()
            self._gave_up.set()
            raise
        self._watching = asyncio.create_task(self._watch(self._process))

    async def _port(self) -> int:
        line = await self._output.readline()
        if not line:
            raise ConfigurationError("the demo's bot ended before it was connected; what it said stands above")
        return int(json.loads(line)["port"])

    async def kill(self) -> None:
        """SIGKILL: it gets no chance to do anything."""
        self._forget()
        with contextlib.suppress(ProcessLookupError):  # it has ended already
            self._started.kill()
        await self._started.wait()

    async def stop(self) -> None:
        """Let it end in order: its input closes. One that does not is killed."""
        self._forget()
        self._input.close()
        try:
            await asyncio.wait_for(self._started.wait(), STOP_WITHIN)
        except TimeoutError:
            await self.kill()

    async def wait(self) -> None:
        """Until it ends though nobody asked for it. Raises ConfigurationError then."""
        await self._gave_up.wait()
        raise ConfigurationError("the demo's bot has ended; what it said stands above")

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        await process.wait()
        self._gave_up.set()

    def _forget(self) -> None:
        """Its end is meant."""
        self._clock.on_forward = None
        if self._watching is not None:
            self._watching.cancel()

    def _say(self, line: str) -> None:
        if self.running and not self._input.is_closing():
            self._input.write(line.encode() + b"\n")

    @property
    def _started(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError("start() comes first")
        return self._process

    @property
    def _input(self) -> asyncio.StreamWriter:
        assert self._started.stdin is not None  # noqa: S101 - it was asked for
        return self._started.stdin

    @property
    def _output(self) -> asyncio.StreamReader:
        assert self._started.stdout is not None  # noqa: S101 - it was asked for
        return self._started.stdout
