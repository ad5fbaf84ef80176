"""`plaudit run` as a process of its own, as an operator starts it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import aiohttp

from tests.forking import fork

RUN = ("bot", "run")
START_WITHIN = 15.0  # seconds; the imports alone take one on a busy machine
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")


class Process:
    """A started process and what it said on standard error, line by line."""

    def __init__(self, process: asyncio.subprocess.Process | Forked) -> None:
        self._process = process
        self.said: list[str] = []
        self._listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            self.said.append(line.decode(errors="replace").rstrip("\n"))

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def code(self) -> int | None:
        """Its exit code, once it has ended; -9 after SIGKILL."""
        return self._process.returncode

    def events(self) -> list[dict[str, Any]]:
        """The lines that are log entries."""
        return [json.loads(line) for line in self.said if line.startswith("{")]

    def logged(self, event: str) -> dict[str, Any] | None:
        """The first entry of that name."""
        return next((entry for entry in self.events() if entry["event"] == event), None)

    async def until(self, predicate: Callable[[], object], seconds: float = START_WITHIN) -> None:
        """Wait while it runs; says what it said when it takes too long."""
        try:
            async with asyncio.timeout(seconds):
                while not predicate():
                    if not self.running:
                        await self._listening
                        raise AssertionError(f"it ended with {self._process.returncode}:\n" + "\n".join(self.said))
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError("it takes too long:\n" + "\n".join(self.said)) from None

    async def port(self) -> int:
        """Where its web listens, as its log says."""
        await self.until(lambda: self.logged("web"))
        return int(str((self.logged("web") or {})["address"]).rpartition(":")[2])

    async def ready(self) -> int:
        """Returns its port when both platforms are connected."""
        port = await self.port()
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=START_WITHIN)) as http:
            async with asyncio.timeout(START_WITHIN):
                while True:
                    async with http.get(f"http://127.0.0.1:{port}/readyz") as answer:
                        if answer.status == 200:
                            return port
                    assert self.running, self.said
                    await asyncio.sleep(0.02)

    async def ended(self, seconds: float = START_WITHIN) -> int:
        """Its exit code."""
        code = await asyncio.wait_for(self._process.wait(), seconds)
        await self._listening
        return code

    async def stop(self, seconds: float = 10.0) -> int:
        """SIGTERM, and its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return await self.ended(seconds)

    async def kill(self) -> None:
        """SIGKILL: it gets no chance to do anything."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self.ended()


class Forked:
    """A process of the server that forks (tests/forking.py), in asyncio's words."""

    def __init__(self, process: ForkServerProcess, stderr: asyncio.StreamReader) -> None:
        self._process, self.stderr = process, stderr
        self._ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(process.sentinel, self._end)

    def _end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self._ended.set()

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    async def wait(self) -> int:
        await self._ended.wait()
        self._process.join()
        assert self._process.exitcode is not None
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


async def _forked(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Forked:
    reading, writing = os.pipe()
    stream = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(stream)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(reading, "rb", buffering=0))
    nothing = os.open(os.devnull, os.O_RDWR)
    process = await asyncio.to_thread(fork, command[0], command[1:], folder, environment, (nothing, nothing, writing))
    os.close(nothing)
    os.close(writing)
    return Forked(process, stream)


@asynccontextmanager
async def started(
    environment: Mapping[str, str], folder: Path, command: Sequence[str] = RUN, *, anew: bool = False, **more: Any
) -> AsyncIterator[Process]:
    """Runs a module with its arguments in `folder` with nothing but this environment; killed in the end if it is still
    there. `anew`: by a new interpreter, with what asyncio's subprocess takes besides."""
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    given = {**passed, **environment}
    run = _executed if anew else _forked
    process = Process(await run(command, folder, given, **more))
    try:
        yield process
    finally:
        await process.kill()


async def _executed(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], **more: Any
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *command),
        env=environment,
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        **more,
    )
