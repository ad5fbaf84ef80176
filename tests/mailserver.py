"""A mail server on loopback: what it took, and how it can fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Literal

Trouble = Literal["refuses", "silent", "hangs up"]


@dataclass
class MailServer:
    """`trouble`: what happens instead of taking a mail. `taken`: (address of the envelope, message)."""

    host: str
    port: int = 0
    trouble: Trouble | None = None
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self.trouble == "silent":
                await asyncio.sleep(5)
                return
            writer.write(b"220 local\r\n")
            await self._converse(reader, writer)
        except ConnectionError:
            return
        finally:
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to = ""
        while line := await reader.readline():
            command = line.decode().strip()
            if command.upper().startswith("RCPT TO:"):
                if self.trouble == "hangs up":
                    return
                to = command[8:].strip("<> ")
                writer.write(b"550 nobody here\r\n" if self.trouble == "refuses" else b"250 ok\r\n")
            elif command.upper() == "DATA":
                writer.write(b"354 go on\r\n")
                self.taken.append((to, await _message(reader)))
                writer.write(b"250 taken\r\n")
            elif command.upper() == "QUIT":
                writer.write(b"221 bye\r\n")
                return
            else:
                writer.write(b"250 ok\r\n")


async def _message(reader: asyncio.StreamReader) -> EmailMessage:
    lines = []
    while (line := await reader.readline()) not in (b".\r\n", b""):
        lines.append(line.removeprefix(b"."))
    found = message_from_bytes(b"".join(lines), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


@asynccontextmanager
async def mail_server(host: str = "127.0.0.1") -> AsyncIterator[MailServer]:
    there = MailServer(host)
    server = await asyncio.start_server(there.talk, host, 0)
    there.port = server.sockets[0].getsockname()[1]
    try:
        yield there
    finally:
        server.close()
