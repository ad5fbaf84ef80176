"""@names and #channels as people type them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.playground.community import CAST

_NAME = re.compile(r"(?<![\w<@#])([@#])([\w.\-]*\w)")


def link(text: str, people: Mapping[str, str], channels: Mapping[str, str], show: Callable[[str, str], str]) -> str:
    """`text` with known names replaced by `show(sign, id)`. A person is known by key or by shown name."""

    def linked(found: re.Match[str]) -> str:
        sign, name = found.groups()
        which = who(name, people) if sign == "@" else channels.get(name)
        return show(sign, which) if which else found.group()

    return _NAME.sub(linked, text)


def who(name: str, people: Mapping[str, str]) -> str | None:
    """The id of the person called so."""
    wanted = name.removeprefix("@").casefold()
    keys = {spelling: p.key for p in CAST for spelling in (p.key, p.name.casefold())}
    return people.get(keys.get(wanted, wanted))
