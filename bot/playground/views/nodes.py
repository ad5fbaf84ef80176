"""Formatted text as data: the page builds elements from it and never reads markup. Every leaf is shown as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from re import Match, Pattern
from typing import Any
from urllib.parse import urlsplit

from adapters.discord.emoji import character

Json = dict[str, Any]
Nodes = list[Json]
_DEEPEST = 8  # nobody nests further; a hostile text might


@dataclass(frozen=True, slots=True)
class Known:
    """Names and files by id, and who is reading."""

    reader: str
    people: Mapping[str, str]
    channels: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


def text(value: str) -> Json:
    return {"t": "text", "v": value}


def wrap(kind: str, inner: Nodes) -> Json:
    """`kind`: b, i, s, quote, small or heading."""
    return {"t": kind, "c": inner}


def code(value: str, *, block: bool = False) -> Json:
    return {"t": "pre" if block else "code", "v": value}


def person(which: str, known: Known) -> Json:
    return {"t": "person", "v": "@" + known.people.get(which, which), "me": which == known.reader}


def channel(which: str, known: Known) -> Json:
    return {"t": "channel", "v": "#" + known.channels.get(which, which)}


def time(seconds: int, style: str, fallback: str) -> Json:
    """A moment in seconds since 1970; `style` is date or datetime."""
    return {"t": "time", "at": seconds, "style": style, "v": fallback}


def emoji(name: str) -> Json:
    """An emoji by its short name; one that nobody knows stays text."""
    sign = character(name)
    return {"t": "emoji", "v": sign, "name": name} if sign else text(f":{name}:")


def link(address: str, inner: Nodes) -> Json:
    """A link to the web; any other address stays text."""
    if urlsplit(address).scheme not in ("http", "https"):
        return {"t": "span", "c": inner}
    return {"t": "link", "href": address, "c": inner}


def picture(address: str, said: str, drawn: bytes) -> Json:
    """A PNG file of the bot's, with its size, so that nothing moves when it has come."""
    width, height = (int.from_bytes(drawn[at : at + 4], "big") for at in (16, 20))
    return {"k": "picture", "src": address, "alt": said, "width": width, "height": height}


def scan(source: str, pattern: Pattern[str], make: Callable[[Match[str], int], Json], depth: int = 0) -> Nodes:
    """`source` as nodes: what `pattern` finds is made into a node, what stands between is text."""
    if depth > _DEEPEST:
        return [text(source)]
    return list(_scan(source, pattern, make, depth))


def _scan(source: str, pattern: Pattern[str], make: Callable[[Match[str], int], Json], depth: int) -> Iterator[Json]:
    at = 0
    for found in pattern.finditer(source):
        if found.start() > at:
            yield text(source[at : found.start()])
        yield make(found, depth + 1)
        at = found.end()
    if at < len(source):
        yield text(source[at:])
