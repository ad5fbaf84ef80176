"""A headless Chromium, driven over its DevTools protocol: enough to look at a page as a person does."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE = 20.0  # seconds until something must be seen; two cores do more than this page
DEMO = (sys.executable, "-m", "bot", "demo", "--port", "0")
_START_WITHIN = 40.0
_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-extensions",
    "--disable-background-networking",
    "--remote-debugging-port=0",
)


class Browser:
    """One tab. What the page itself reports as an error is kept in `errors`."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._hearing = asyncio.create_task(self._hear())
        self.errors: list[str] = []

    async def _hear(self) -> None:
        async for message in self._socket:
            data = json.loads(message.data)
            if "id" in data:
                answer = self._waiting.pop(data["id"])
                if not answer.done():
                    answer.set_result(data)
            elif data["method"] == "Runtime.exceptionThrown":
                self.errors.append(json.dumps(data["params"])[:600])
            elif data["method"] == "Log.entryAdded":
                self._note(data["params"]["entry"])

    def _note(self, entry: dict[str, Any]) -> None:
        """A refusal of the server is an answer, and no error of the page."""
        if entry["level"] == "error" and entry["source"] != "network":
            self.errors.append(entry["text"])

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._ids)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        found = await asyncio.wait_for(answer, PATIENCE)
        assert "error" not in found, found
        return found["result"]

    async def open(self, url: str, width: int = 1280, height: int = 900, *, dark: bool = False) -> None:
        for domain in ("Page", "Runtime", "Log", "DOM"):
            await self.call(f"{domain}.enable")
        await self.look(width, height, dark=dark)
        await self.call("Page.navigate", url=url)
        await self.until("location.href !== 'about:blank' && document.readyState === 'complete'")

    async def look(self, width: int, height: int, *, dark: bool = False) -> None:
        """As on a screen of this size."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        await self.call("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.call("Emulation.setEmulatedMedia", features=[scheme])

    async def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        found = await self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    async def until(self, script: str, seconds: float = PATIENCE) -> None:
        """Wait until it is true."""
        try:
            async with asyncio.timeout(seconds):
                while not await self.run(f"Boolean({script})"):  # noqa: ASYNC110 - a page has no event for us
                    await asyncio.sleep(0.1)
        except TimeoutError:
            shown = await self.run("document.body.innerText")
            raise AssertionError(f"never true: {script}\n{self.errors}\n{shown}") from None

    async def click(self, script: str) -> None:
        """The element that the expression finds, as soon as it is there."""
        await self.until(script)
        await self.run(f"({script}).click()")

    async def drop(self, selector: str, file: Path) -> None:
        """Let a file fall on an element."""
        find = (
            f"(() => {{ const b = document.querySelector('{selector}').getBoundingClientRect(); return [b.x, b.y] }})()"
        )
        x, y = await self.run(find)
        data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            await self.call("Input.dispatchDragEvent", type=kind, x=x + 20, y=y + 10, data=data)

    async def choose(self, selector: str, file: Path) -> None:
        """Pick a file with the button of a file field."""
        root = await self.call("DOM.getDocument")
        found = await self.call("DOM.querySelector", nodeId=root["root"]["nodeId"], selector=selector)
        await self.call("DOM.setFileInputFiles", nodeId=found["nodeId"], files=[str(file)])

    async def press(self, key: str, code: int) -> None:
        """A key, down and up."""
        for kind in ("keyDown", "keyUp"):
            text = {"text": "\r"} if key == "Enter" and kind == "keyDown" else {}
            await self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **text)

    async def shot(self, name: str) -> None:
        """A picture into the folder that SCREENSHOTS names; without one, none."""
        folder = os.environ.get("SCREENSHOTS")
        if folder:
            found = await self.call("Page.captureScreenshot")
            (Path(folder) / f"{name}.png").write_bytes(base64.b64decode(found["data"]))

    async def close(self) -> None:
        self._hearing.cancel()
        with suppress(asyncio.CancelledError):
            await self._hearing


@asynccontextmanager
async def browsing(profile: Path) -> AsyncIterator[Browser]:
    """A fresh browser with a profile of its own, ended afterwards."""
    assert CHROMIUM is not None
    quiet = asyncio.subprocess.DEVNULL
    command = (CHROMIUM, *_OPTIONS, f"--user-data-dir={profile}", "about:blank")
    process = await asyncio.create_subprocess_exec(*command, stdout=quiet, stderr=quiet)
    try:
        async with aiohttp.ClientSession() as session:
            socket = await session.ws_connect(await _address(session, profile), max_msg_size=0)
            browser = Browser(socket)
            try:
                yield browser
            finally:
                await browser.close()
                await socket.close()
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()


@asynccontextmanager
async def demo(*options: str) -> AsyncIterator[str]:
    """Where `plaudit demo` serves its page."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*DEMO, *options, stdout=pipe, env=dict(os.environ))
    try:
        async with asyncio.timeout(60):
            while not (found := re.search(rb"http://\S+", await process.stdout.readline())):
                assert process.returncode is None
        yield found.group().decode()
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 20)


async def _address(session: aiohttp.ClientSession, profile: Path) -> str:
    """Of its one tab: Chromium writes its port into the profile."""
    async with asyncio.timeout(_START_WITHIN):
        while True:
            with suppress(OSError, IndexError, aiohttp.ClientError):
                port = (profile / "DevToolsActivePort").read_text().splitlines()[0]
                async with session.get(f"http://127.0.0.1:{port}/json") as answer:
                    for tab in await answer.json():
                        if tab["type"] == "page":
                            return str(tab["webSocketDebuggerUrl"])
            await asyncio.sleep(0.1)
