"""One request to a real receiver: what it carries, what is taken from the answer, and what is not."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import time

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from standardwebhooks import Webhook

from adapters.outgoing.sender import Endpoint, Reply, Sender, retry_after
from core.errors import Ambiguous, Undeliverable
from tests.receiver import DROP, SECRET, Receiver, receiving

NOW = 1_772_452_800_000_000  # 2026-03-02T12:00:00Z
DOCUMENT = '{"type":"award.given","data":{"name":"Zoë"}}'.encode()
OTHER = "whsec_" + "YW5vdGhlci1zZWNyZXQtd2hpbGUtaXQtY2hhbmdlcw=="


class Nobody(AbstractResolver):
    """Knows no name."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        raise OSError(socket.EAI_NONAME, "no such name")

    async def close(self) -> None:
        """Nothing is open."""


async def send(receiver: Receiver, *secrets: str, now: int = NOW, patience: float = 5) -> Reply:
    endpoint = Endpoint(receiver.url, secrets or (SECRET,), private=True)
    return await Sender(patience=patience).send(endpoint, "msg_1", DOCUMENT, now)


async def test_it_verifies_with_the_library() -> None:
    async with receiving(204) as receiver:
        assert (await send(receiver, now=time.time_ns() // 1_000)).taken
    (got,) = receiver.got
    assert Webhook(SECRET).verify(got.body, dict(got.headers)) == got.document
    assert (got.path, got.id, got.body) == ("/plaudit", "msg_1", DOCUMENT)
    assert got.headers["content-type"] == "application/json"


async def test_both_secrets_sign_while_one_replaces_the_other() -> None:
    async with receiving(204) as receiver:
        await send(receiver, OTHER, SECRET, now=time.time_ns() // 1_000)
    (got,) = receiver.got
    for secret in (OTHER, SECRET):
        assert Webhook(secret).verify(got.body, dict(got.headers)) == got.document


@pytest.mark.parametrize(
    ("status", "taken"), [(200, True), (204, True), (299, True), (302, False), (404, False), (500, False)]
)
async def test_only_a_success_is_one(status: int, taken: bool) -> None:
    async with receiving(status) as receiver:
        reply = await send(receiver)
    assert (reply.status, reply.taken) == (status, taken)


async def test_nobody_is_led_elsewhere() -> None:
    async with receiving(200) as inside, receiving((307, {"Location": inside.url})) as receiver:
        assert (await send(receiver)).status == 307
    assert inside.got == []


async def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving(200) as proxy, receiving(204) as receiver:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert os.environ["http_proxy"]
        assert (await send(receiver)).status == 204
    assert proxy.got == []


async def test_a_dropped_connection_may_have_arrived() -> None:
    async with receiving(DROP) as receiver:
        with pytest.raises(Ambiguous, match="the connection broke before it answered"):
            await send(receiver)
        assert len(receiver.got) == 1


async def test_a_silent_receiver_is_left_in_time() -> None:
    async with receiving(204) as receiver:
        receiver.pause = 5
        began = time.monotonic()
        with pytest.raises(Ambiguous, match=r"no answer within 0\.2 seconds"):
            await send(receiver, patience=0.2)
    assert time.monotonic() - began < 2


async def test_nobody_there_and_no_such_host() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(Ambiguous, match="it cannot be reached"):
            await send(Receiver(port=free.getsockname()[1]))
    with pytest.raises(Ambiguous, match="its host is not known"):
        await Sender(Nobody()).send(Endpoint("https://nobody.example/", (SECRET,)), "msg_1", b"{}", NOW)


async def test_what_is_no_http_is_no_answer() -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"220 ready to send mail\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    async with server:
        with pytest.raises(Ambiguous, match="is no HTTP") as caught:
            await send(Receiver(port=server.sockets[0].getsockname()[1]))
    assert "mail" not in str(caught.value)


async def test_encryption_that_is_not_there_is_no_answer() -> None:
    async with receiving(204) as receiver:
        endpoint = Endpoint(receiver.url.replace("http:", "https:"), (SECRET,), private=True)
        with pytest.raises(Ambiguous):
            await Sender(patience=3).send(endpoint, "msg_1", b"{}", NOW)
    assert receiver.got == []


async def test_of_an_endless_answer_only_the_beginning_is_read() -> None:
    read = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal read
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            for _ in range(1000):
                writer.write(b"x" * 65536)
                await writer.drain()
                read += 65536
        writer.close()

    server = await asyncio.start_server(flood, "127.0.0.1", 0)
    async with server:
        reply = await send(Receiver(port=server.sockets[0].getsockname()[1]))
    assert reply.taken
    assert read < 20_000_000  # what the sockets hold, not what it offered


async def test_this_computer_is_refused_where_nobody_allowed_it() -> None:
    async with receiving(200) as receiver:
        with pytest.raises(Undeliverable, match="allow_private = true"):
            await Sender().send(Endpoint(receiver.url, (SECRET,)), "msg_1", b"{}", NOW)
    assert receiver.got == []


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        ("Mon, 02 Mar 2026 12:01:00 GMT", 60.0),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0.0),
        *((nothing, None) for nothing in ("", "-1", "1.5", "soon", "9" * 400, "١٢")),
    ],
)
def test_when_to_ask_again_is_a_number_or_a_date(written: str, seconds: float | None) -> None:
    assert retry_after(written, NOW) == seconds


async def test_the_receivers_wish_is_told() -> None:
    async with receiving((429, {"Retry-After": "30"})) as receiver:
        assert await send(receiver) == Reply(429, 30.0)
