"""The guard at real sockets: a server listens on this computer, and nothing that we send reaches it unmeant."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from adapters.outgoing.guard import Guard, Refused, guarded
from adapters.outgoing.sender import REFUSED, Endpoint, Sender
from core.errors import Undeliverable
from tests.receiver import SECRET, Receiver, receiving

NOW = 1_772_452_800_000_000
PUBLIC = "93.184.215.14"
SHORT = aiohttp.ClientTimeout(total=3)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving(200) as receiver:
        receiver.body = b"what nobody outside should read"
        yield receiver


class Names(AbstractResolver):
    """Knows one host; each time it is asked, the next answer; the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [_row(host, port, address) for address in found]

    async def close(self) -> None:
        """Nothing is open."""


def _row(host: str, port: int, address: str) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)


async def ask(connector: aiohttp.TCPConnector, host: str, port: int) -> str:
    async with (
        aiohttp.ClientSession(connector=connector, timeout=SHORT) as session,
        session.get(f"http://{host}:{port}/", allow_redirects=False) as response,
    ):
        return await response.text()


REACHED = ("127.0.0.1", "localhost", "0x7f.1", "0x7f000001", "[::ffff:127.0.0.1]")
UNREAD = ("127.1", "2130706433", "0177.0.0.1", "0")  # numbers that the client itself does not take for an address


@pytest.mark.parametrize("host", REACHED)
async def test_no_way_of_writing_this_computer_leads_to_it(receiver: Receiver, host: str) -> None:
    with pytest.raises(aiohttp.ClientConnectorError) as caught:
        await ask(guarded(Guard()), host, receiver.port)
    assert isinstance(caught.value.os_error, Refused)
    assert receiver.got == []


@pytest.mark.parametrize("host", REACHED)
async def test_without_the_guard_each_of_them_would(receiver: Receiver, host: str) -> None:
    assert "nobody outside" in await ask(aiohttp.TCPConnector(), host, receiver.port)


@pytest.mark.parametrize("host", UNREAD)
async def test_numbers_for_this_computer_lead_nowhere(receiver: Receiver, host: str) -> None:
    with pytest.raises(Undeliverable, match="cannot be read"):
        await Sender().send(Endpoint(f"http://{host}:{receiver.port}/", (SECRET,), private=True), "msg_1", b"{}", NOW)
    assert receiver.got == []


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "10.0.0.1",
        "100.64.0.1",
        "224.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001::1",
        "fe80::1",
    ],
)
async def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    with pytest.raises(aiohttp.ClientConnectorError) as caught:
        await ask(guarded(Guard(), Names([address])), "inside.example", 443)
    assert isinstance(caught.value.os_error, Refused)


async def test_a_name_that_changes_where_it_leads_gains_nothing(receiver: Receiver) -> None:
    """It showed a public address to whoever looked before; the connection is what counts."""
    names = Names([PUBLIC], ["127.0.0.1"])
    assert [row["host"] for row in await names.resolve("rebound.example")] == [PUBLIC]
    for _ in range(2):
        with pytest.raises(Undeliverable, match="not public"):
            await Sender(names).send(
                Endpoint(f"https://rebound.example:{receiver.port}/", (SECRET,)), "msg_1", b"{}", NOW
            )
    assert names.asked == 3
    assert receiver.got == []


async def test_several_addresses_inside_are_all_refused(receiver: Receiver) -> None:
    names = Names(["127.0.0.1", "::1", "10.0.0.1"])
    with pytest.raises(Undeliverable) as caught:
        await Sender(names).send(Endpoint(f"https://many.example:{receiver.port}/", (SECRET,)), "msg_1", b"{}", NOW)
    assert str(caught.value) == REFUSED
    assert receiver.got == []


@pytest.mark.parametrize("address", ["169.254.169.254", "::ffff:127.0.0.1", "100.100.100.200", "0.0.0.0"])  # noqa: S104 - not listened on
def test_no_permission_opens_what_is_never_asked(address: str) -> None:
    assert not Guard(private=True).allows(address)


def test_what_is_not_encrypted_stays_inside() -> None:
    assert Guard(private=True, plain=True).allows("10.0.0.1")
    assert not Guard(private=True, plain=True).allows(PUBLIC)
    assert Guard(private=True).allows(PUBLIC)
    assert not Guard().allows("10.0.0.1")


def test_only_internet_sockets_are_made() -> None:
    with pytest.raises(Refused):
        Guard(private=True)((socket.AF_UNIX, socket.SOCK_STREAM, 0, "", ("/run/docker.sock", 0)))
