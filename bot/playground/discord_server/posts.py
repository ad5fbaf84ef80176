"""One stored message with the people behind its reactions."""

from dataclasses import dataclass, field

from bot.playground.discord_server import shapes
from bot.playground.discord_server.wire import Json


@dataclass(slots=True)
class Post:
    """A message and, by emoji address ("👍" or "name:id"), who reacted, in order. `voters`: of a poll, by answer."""

    body: Json
    reactors: dict[str, list[str]] = field(default_factory=dict)
    voters: dict[int, list[str]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The message's id."""
        return str(self.body["id"])

    def key(self, emoji: str) -> str | None:
        """The stored address of `emoji`; one of a guild's own is known by its id, whatever its name."""
        wanted = identity(emoji)
        return next((key for key in self.reactors if identity(key) == wanted), None)

    def add(self, emoji: str, user: str) -> bool:
        """Notes the reaction; False when it was there already."""
        users = self.reactors.setdefault(self.key(emoji) or emoji, [])
        if user in users:
            return False
        users.append(user)
        return True

    def drop(self, emoji: str, user: str) -> bool:
        """Takes the reaction away; False when there was none."""
        key = self.key(emoji)
        if key is None or user not in self.reactors[key]:
            return False
        self.reactors[key].remove(user)
        if not self.reactors[key]:
            del self.reactors[key]
        return True

    def seen_by(self, user: str) -> Json:
        """The message as REST answers it to `user`, with reactions counted."""
        reactions = [_reaction(emoji, users, user) for emoji, users in self.reactors.items()]
        return {**self.body, "reactions": reactions} if reactions else dict(self.body)


def identity(emoji: str) -> str:
    """What makes two emoji addresses the same: the id of a custom one, else the text."""
    return emoji.rpartition(":")[2]


def _reaction(emoji: str, users: list[str], viewer: str) -> Json:
    return {
        "emoji": shapes.emoji(emoji),
        "count": len(users),
        "count_details": {"burst": 0, "normal": len(users)},
        "burst_colors": [],
        "me_burst": False,
        "me": viewer in users,
    }
