"""Tables for spreadsheets."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(text: str) -> str:
    """A text as a cell: one that would be taken for a formula begins with an apostrophe."""
    return f"'{text}" if text.startswith(_FORMULA) else text
