"""One request to the REST interface, and the route that takes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.discord_server.wire import Answer, Json

Files = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A request as a route sees it. `items` is the body where Discord takes a list; `files` come with their names."""

    method: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    json: Any
    files: Files = ()

    @property
    def body(self) -> Json:
        """The body as an object; empty when there was none."""
        return self.json if isinstance(self.json, dict) else {}

    @property
    def items(self) -> list[Json]:
        """The body as a list of objects; empty when there was none."""
        return self.json if isinstance(self.json, list) else []

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A yes-or-no query parameter."""
        value = self.query.get(name)
        return default if value is None else value.lower() in ("1", "true")

    def number(self, name: str, default: int, *, most: int) -> int:
        """A whole number between 1 and `most` from the query."""
        return max(1, min(most, int(self.query.get(name, default))))


@dataclass(frozen=True, slots=True)
class Route:
    """One method and path (below /api/v10) and what answers it."""

    method: str
    path: str
    handler: Callable[[Call], Answer]
    status: int = 200
