"""Which of our languages a visitor reads: what their browser asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from fastapi import Request

from core.language import Language
from core.languages import LANGUAGES, speak

LONGEST = 500  # characters of a header that are looked at
DEFAULT = "en"


def preferred(header: str) -> str:
    """The language of ours that an `Accept-Language` header wants most; English where it wants none of them."""
    wishes = sorted(_wishes(header[:LONGEST]), key=lambda wish: -wish[0])
    return next((language for weight, language in wishes if weight > 0), DEFAULT)


def _wishes(header: str) -> Iterator[tuple[float, str]]:
    """As (0.8, "de") for `de-AT;q=0.8`."""
    for part in header.split(","):
        tag, *parameters = part.split(";")
        language = tag.strip().partition("-")[0].lower()
        if language in LANGUAGES:
            yield _weight(parameters), language


def _weight(parameters: list[str]) -> float:
    """From 0 to 1; what is no weight wants nothing."""
    for name, _, value in (parameter.strip().partition("=") for parameter in parameters):
        if name.lower() == "q":
            try:
                weight = float(value)
            except ValueError:
                return 0
            return weight if 0 <= weight <= 1 else 0
    return 1


async def spoken(request: Request) -> Language:
    """Off the loop: a catalogue that nobody has asked for yet takes a fifth of a second to read."""
    return await asyncio.to_thread(speak, preferred(request.headers.get("accept-language", "")))
