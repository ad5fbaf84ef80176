"""What a Web API method gets to work with: its arguments and the rest of the stand-in."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ..access import Access
from ..errors import ApiError, Json
from ..identity import Identity
from ..sockets import Sockets
from ..story import Story
from ..triggers import Triggers
from ..world import World

T = TypeVar("T")

_TRUE = (True, 1, "1", "true", "True")


@dataclass(slots=True)
class Desk:
    """Everything the methods share. `socket_url` is where Socket Mode connects, `upload_url` where files are
    sent; `last_post` holds when each channel got its last post, for pacing."""

    me: Identity
    world: World
    story: Story
    access: Access
    sockets: Sockets
    triggers: Triggers
    socket_url: Callable[[], str]
    upload_url: Callable[[], str] = str
    last_post: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Call:
    """One call of a method with its arguments, JSON already decoded."""

    method: str
    arguments: Json
    desk: Desk

    @property
    def world(self) -> World:
        return self.desk.world

    def need(self, name: str) -> str:
        """A required argument. Raises `invalid_arguments` without it."""
        value = self.arguments.get(name)
        if value in (None, ""):
            problem = f"[ERROR] missing required field: {name}"
            raise ApiError("invalid_arguments", response_metadata={"messages": [problem]})
        return str(value)

    def get(self, name: str) -> Any:
        return self.arguments.get(name)

    def flag(self, name: str) -> bool:
        return self.arguments.get(name) in _TRUE

    def words(self, name: str) -> list[str]:
        """A list that may come as an array or separated by commas."""
        value = self.arguments.get(name) or []
        items = value if isinstance(value, list) else str(value).split(",")
        return [str(item).strip() for item in items if str(item).strip()]

    def channel(self, name: str = "channel") -> str:
        """The id of the channel meant, its scope checked. A private channel without the bot is not there."""
        place = self.world.place(str(self.arguments.get(name) or ""))
        where: str = place["id"]
        if place["is_private"] and not self.world.bot_in(where):
            raise ApiError("channel_not_found")
        self.desk.access.require(self.method, self.world.kind(where))
        return where

    def joined_channel(self) -> str:
        """A channel that the bot is in. Raises `not_in_channel`."""
        where = self.channel()
        if not self.world.bot_in(where):
            raise ApiError("not_in_channel")
        return where

    def page(self, items: list[T], default: int = 100) -> tuple[list[T], str]:
        """One page of `items`, and the cursor of the next one ("" at the end)."""
        start = _offset(str(self.arguments.get("cursor") or ""))
        size = self._limit(default)
        end = start + size
        return items[start:end], _cursor(end) if end < len(items) else ""

    def _limit(self, default: int) -> int:
        try:
            return min(int(self.arguments.get("limit") or default), 1000)
        except ValueError as wrong:
            raise ApiError("invalid_limit") from wrong


def _cursor(offset: int) -> str:
    return base64.urlsafe_b64encode(f"next:{offset}".encode()).decode()


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.urlsafe_b64decode(cursor).decode().removeprefix("next:"))
    except ValueError as wrong:
        raise ApiError("invalid_cursor") from wrong


Method = Callable[[Call], Json]
