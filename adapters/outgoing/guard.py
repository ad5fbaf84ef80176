"""Keeps our requests out of networks they have no business in. It looks at the address that is connected to, after any
name was looked up, so that a name which leads elsewhere the second time gains nothing."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from aiohttp.abc import AbstractResolver
from aiohttp.connector import AddrInfoType, TCPConnector

from core.addresses import reach


class Refused(OSError):
    """It leads to an address that nothing is sent to."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)  # always the same, so that several of them stay recognisable


@dataclass(frozen=True, slots=True)
class Guard:
    """Makes the socket for an address, or raises Refused. `private`: own networks are allowed, too; `plain`: the
    request is not encrypted, so it must not leave them."""

    private: bool = False
    plain: bool = False

    def __call__(self, found: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = found
        if family not in (socket.AF_INET, socket.AF_INET6) or not self.allows(str(address[0])):
            raise Refused
        return socket.socket(family, kind, protocol)

    def allows(self, address: str) -> bool:
        """Whether a connection to this address may be made."""
        where = reach(address)
        return (where == "public" and not self.plain) or (where == "private" and self.private)


def guarded(guard: Guard, resolver: AbstractResolver | None = None) -> TCPConnector:
    """A connector for one request: every connection passes the guard, and nothing is remembered."""
    return TCPConnector(socket_factory=guard, resolver=resolver, use_dns_cache=False, force_close=True)
