"""Which addresses a request may go to, in every form in which the dangerous ones are written."""

from __future__ import annotations

import pytest

from core.addresses import Reach, reach

LOOPBACK = 0x7F000001
METADATA = 0xA9FEA9FE


def inside(prefix: str, address: int) -> str:
    """An IPv4 address at the end of an IPv6 one."""
    return f"{prefix}{address >> 16:x}:{address & 0xFFFF:x}"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", "public"),
        ("172.15.255.255", "public"),
        ("172.32.0.0", "public"),
        ("100.63.255.255", "public"),
        ("2606:4700:4700::1111", "public"),
        ("2a00:1450:4001:82b::200e", "public"),
        *((a, "private") for a in ("127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "192.168.255.255")),
        *((a, "private") for a in ("100.64.0.1", "100.127.255.255", "::1", "fd00::1", "fc00::7")),
        *((a, "never") for a in ("0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.170.2", "192.0.0.192")),  # noqa: S104 - not listened on
        *((a, "never") for a in ("100.100.100.200", "168.63.129.16", "fd00:ec2::254", "fd20:ce::254")),
        *((a, "never") for a in ("192.0.2.7", "198.18.0.1", "198.51.100.7", "203.0.113.7", "192.88.99.1")),
        *((a, "never") for a in ("224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255")),
        *((a, "never") for a in ("::", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "100::1", "5f00::1")),
        *((a, "never") for a in ("2001:db8::1", "2001:10::1", "2001:20::1", "3fff::1")),
        (inside("::ffff:", LOOPBACK), "never"),
        (inside("::ffff:", METADATA), "never"),
        ("::ffff:8.8.8.8", "never"),
        (inside("::", LOOPBACK), "never"),
        (inside("64:ff9b::", METADATA), "never"),
        (inside("64:ff9b:1::", LOOPBACK), "never"),
        (f"2002:{METADATA >> 16:x}:{METADATA & 0xFFFF:x}::1", "never"),
        (f"2002:{LOOPBACK >> 16:x}:{LOOPBACK & 0xFFFF:x}::1", "never"),
        ("2001:0:53aa:64c:0:fbff:80ff:fffe", "never"),
    ],
)
def test_only_what_is_plainly_public_or_private_is_that(address: str, expected: Reach) -> None:
    assert reach(address) == expected


@pytest.mark.parametrize("written", ["0177.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "localhost", ""])
def test_what_is_no_address_is_not_guessed(written: str) -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        reach(written)
