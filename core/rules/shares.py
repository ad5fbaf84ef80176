"""Shares of the members as the rule book writes them: "10 %"."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation


def read_share(written: object) -> int | None:
    """A share in hundredths of a percent, so "10 %" and 10 are 1000; None if it is none between 0 and 100."""
    if isinstance(written, bool):
        return None
    try:
        number = Decimal(str(written).removesuffix("%").strip())
    except InvalidOperation:
        return None
    return int(number * 100) if number.is_finite() and 0 < number <= 100 else None
