"""What can be seen of one platform: what the bot said, to whom, and who holds which role; as the page's views say."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from bot.playground.community import CAST, ZONE, Side

Json = dict[str, Any]
View = Callable[[str], Json]


class Waiting(Protocol):
    """What both stand-ins have."""

    async def until(self, predicate: Callable[[], object], timeout: float = 5.0) -> object: ...  # noqa: ASYNC109 -- callers say how long they wait


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the bot. `thread`: it stands in a thread or answers a message. `private`: who alone sees it."""

    id: str
    channel: str
    text: str
    buttons: tuple[str, ...]
    thread: bool = False
    private: str | None = None


@dataclass(frozen=True, slots=True)
class Press:
    """A button of a message: where it is, and what comes back when it is pressed."""

    channel: str
    message: str
    button: str
    value: str


class Watch:
    """`view` gives what a person (an id) sees."""

    def __init__(self, name: str, side: Side, server: Waiting, view: View) -> None:
        self.name = name
        self.side = side
        self.server = server
        self._view = view

    def said(self) -> list[Said]:
        """Everything the bot said so far, private words too, oldest first."""
        public = list(self._said(CAST[-1].key, private=False))  # the moderator is in every channel
        whispers = [s for p in CAST for s in self._said(p.key, private=True)]
        return sorted([*public, *whispers], key=lambda s: float(s.id))

    def posts(self, channel: str | None = None) -> list[Said]:
        """What everybody can read, in one channel or in all."""
        return [s for s in self.said() if s.private is None and channel in (None, s.channel)]

    def notes(self, who: str) -> list[Said]:
        """What only this person was shown."""
        return list(self._said(who, private=True))

    def button(self, who: str, label: str) -> Press | None:
        """The newest button with this label that only this person sees."""
        shown = self._view(self.side.people[who])["messages"]
        found = [
            (float(message["id"]), Press(channel, message["id"], button["id"], button["value"]))
            for channel, messages in shown.items()
            for message in _flat(messages)
            if message["author"]["bot"] and message["private"]
            for part in message["parts"]
            if part["k"] == "buttons"
            for button in part["buttons"]
            if label in button["label"]
        ]
        return max(found, key=lambda f: f[0])[1] if found else None

    def roles(self, who: str) -> list[str]:
        """Roles or user groups of a person."""
        return next(list(p["roles"]) for p in self._view(self.side.people[who])["people"] if p["key"] == who)

    def home(self, who: str) -> str:
        """The person's Home tab as text, "" where there is none yet."""
        shown = self._view(self.side.people[who])["home"]
        return plain(shown["parts"]) if shown else ""

    async def until(self, predicate: Callable[[], object], seconds: float) -> None:
        """Wait for it. Raises TimeoutError."""
        await self.server.until(predicate, seconds)

    def _said(self, who: str, *, private: bool) -> Iterator[Said]:
        view = self._view(self.side.people[who])
        names = {c["id"]: c["name"] for c in view["channels"]}
        for channel, messages in view["messages"].items():
            for message in _flat(messages):
                if message["author"]["bot"] and message["private"] == private:
                    yield _read(message, names[channel], who if private else None)


def _flat(messages: list[Json]) -> Iterator[Json]:
    for message in messages:
        yield message
        yield from _flat(message["replies"])


def _read(message: Json, channel: str, who: str | None) -> Said:
    buttons = tuple(b["label"] for p in message["parts"] if p["k"] == "buttons" for b in p["buttons"])
    in_thread = message["quote"] is not None or message["thread"] not in (None, message["id"])
    return Said(message["id"], channel, plain(message["parts"]), buttons, in_thread, who)


def plain(parts: list[Json]) -> str:
    """The words of a message, line by line."""
    lines = [words for part in parts for words in _lines(part)]
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _lines(part: Json) -> Iterator[str]:
    if part.get("title"):
        yield _words(part["title"])
    for line in part.get("lines", ()):
        yield _words(line)


def _words(nodes: list[Json]) -> str:
    return "".join(_word(n) for n in nodes)


def _word(node: Json) -> str:
    if "c" in node:
        return _words(node["c"])
    return str(node["v"]) or _day(node["at"])  # Discord's times say only when, not how to write it


def _day(seconds: int) -> str:
    moment = dt.datetime.fromtimestamp(seconds, zoneinfo.ZoneInfo(ZONE))
    return f"{moment.day} {moment:%b}"
