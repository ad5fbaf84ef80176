"""`PLAUDIT_TRUSTED_PROXIES`: which proxies are believed when they say whom they talk to."""

from __future__ import annotations

from ipaddress import ip_network


def read_proxies(text: str) -> tuple[str, ...]:
    """Addresses and networks, separated by blanks or commas. Raises ValueError for anything else, and for everybody."""
    return tuple(_read(part) for part in text.replace(",", " ").split())


def _read(part: str) -> str:
    try:
        network = ip_network(part)
    except ValueError:
        raise ValueError("is no list of addresses; write 10.0.0.5 or 10.0.0.0/24, separated by blanks") from None
    if network.prefixlen == 0:
        raise ValueError("would believe everybody; write the addresses of your proxies alone")
    return part
