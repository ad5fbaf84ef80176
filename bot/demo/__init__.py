"""The whole product on one machine, without any account: `plaudit demo` and `plaudit demo --once`."""

from __future__ import annotations

import logging

import structlog

from bot.demo.once import demo_once
from bot.demo.page import demo_page

__all__ = ["demo", "demo_once", "demo_page"]


async def demo(*, once: bool = False, port: int = 8000) -> None:
    """The page until it is stopped; with `once` the story in the terminal. SystemExit(1) when that did not work."""
    _keep_quiet()
    if not once:
        await demo_page(port)
    elif (code := await demo_once()) != 0:
        raise SystemExit(code)


def _keep_quiet() -> None:
    """What went wrong is logged, the rest would only stand between the lines that people came to read."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    logging.getLogger("discord").setLevel(logging.ERROR)  # it warns of every 429, and those here are on purpose
