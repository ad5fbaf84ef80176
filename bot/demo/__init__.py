"""The whole product on one machine, without any account: `plaudit demo` and `plaudit demo --once`."""

from __future__ import annotations

from bot.demo.once import demo_once
from bot.demo.page import demo_page
from bot.playground.child import keep_quiet

__all__ = ["demo", "demo_once", "demo_page"]


async def demo(*, once: bool = False, port: int = 8000, language: str = "en") -> None:
    """The page until it is stopped; with `once` the story in the terminal. SystemExit(1) when that did not work."""
    keep_quiet()
    if not once:
        await demo_page(port, language)
    elif (code := await demo_once()) != 0:
        raise SystemExit(code)
