"""One gateway socket: frames leave in the order they were given, compressed the way the client asked for."""

import asyncio
import contextlib
import zlib
from typing import Any

import orjson
from aiohttp import web


class Connection:
    """Queues frames and writes them in a task of its own, so that telling an event never waits for a socket.

    A `silent` connection is half open: it writes nothing and its owner ignores what comes in.
    """

    def __init__(
        self,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport | None,
        deflate: Any,  # zlib.compressobj has no public type
    ) -> None:
        self.socket = socket
        self.silent = False
        self.closed_here = False
        self._transport = transport
        self._deflate = deflate
        self._frames: asyncio.Queue[bytes | tuple[int, str]] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())

    def send(self, op: int, data: Any = None) -> None:
        """Queues a frame that is no event."""
        self.send_raw(orjson.dumps({"op": op, "d": data, "s": None, "t": None}))

    def send_raw(self, frame: bytes) -> None:
        """Queues an encoded frame."""
        if not self.silent:
            self._frames.put_nowait(frame)

    def close(self, code: int, reason: str) -> None:
        """Closes after what is queued."""
        self.closed_here = True
        self._frames.put_nowait((code, reason))

    def abort(self) -> None:
        """Cuts the line; the client sees a reset."""
        self.closed_here = True
        if self._transport is not None:
            self._transport.abort()

    async def finish(self) -> None:
        """Ends the writer when the socket is gone."""
        self._writer.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._writer

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError):  # the client hung up: the reader notices and tidies
            while True:
                frame = await self._frames.get()
                if isinstance(frame, tuple):
                    await self.socket.close(code=frame[0], message=frame[1].encode())
                    return
                await self._put(frame)

    async def _put(self, frame: bytes) -> None:
        if self._deflate is None:
            await self.socket.send_str(frame.decode())
            return
        # One deflate context for the whole socket, flushed after each frame, as Discord's zlib-stream is.
        packed = self._deflate.compress(frame) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        await self.socket.send_bytes(packed)
