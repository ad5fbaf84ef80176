"""Which internet addresses a request may be sent to. Everything that is not plainly public is refused: a request from
inside a network reaches what nobody outside should."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Literal

Reach = Literal["public", "private", "never"]


def _v4(*nets: str) -> tuple[IPv4Network, ...]:
    return tuple(map(IPv4Network, nets))


def _v6(*nets: str) -> tuple[IPv6Network, ...]:
    return tuple(map(IPv6Network, nets))


# What `allow_private` opens: this computer, the networks of RFC 1918 and RFC 4193, carrier-grade NAT.
_PRIVATE_4 = _v4("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
_PRIVATE_6 = _v6("::1/128", "fc00::/7")
# Servers that hand out credentials of a machine in somebody's cloud lie among private and even public addresses.
_METADATA_4 = _v4("100.100.100.200/32", "168.63.129.16/32")
_METADATA_6 = _v6("fd00:ec2::254/128", "fd20:ce::254/128")
# IANA's special-purpose registry; link-local addresses (169.254.169.254 is one) and IETF assignments hold metadata too.
_SPECIAL_4 = _v4(
    *("0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24"),
    *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
)
# Only 2000::/3 is in use for hosts: mapped and compatible IPv4, NAT64 (64:ff9b::/96 and 64:ff9b:1::/48), link-local,
# site-local and multicast addresses lie outside. Inside: Teredo with other assignments, examples, 6to4.
_HOSTS_6 = IPv6Network("2000::/3")
_SPECIAL_6 = _v6("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")


def reach(address: str) -> Reach:
    """Whether an address (with or without an IPv6 zone) is public, private, or one that is never to be asked.

    Raises ValueError for what is no address.
    """
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv4Address):
        return _reach_4(found)
    return _reach_6(found)


def _reach_4(found: IPv4Address) -> Reach:
    if _in(found, _METADATA_4) or _in(found, _SPECIAL_4):
        return "never"
    return "private" if _in(found, _PRIVATE_4) else "public"


def _reach_6(found: IPv6Address) -> Reach:
    if _in(found, _METADATA_6):
        return "never"
    if _in(found, _PRIVATE_6):
        return "private"
    return "public" if found in _HOSTS_6 and not _in(found, _SPECIAL_6) else "never"


def _in(found: IPv4Address | IPv6Address, nets: Iterable[IPv4Network | IPv6Network]) -> bool:
    return any(found in net for net in nets)
