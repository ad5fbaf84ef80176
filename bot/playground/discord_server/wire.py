"""What the wire is made of: JSON objects, permission and intent bits, and Discord's error answers."""

from collections.abc import Mapping
from enum import IntEnum, IntFlag
from typing import Any

# Discord's objects stay plain JSON here: the wire shape *is* the truth of a stand-in, and the contract
# tests hold it against Discord's own schema.
Json = dict[str, Any]
Answer = Json | list[Json] | None


class Permission(IntFlag):
    """The permission bits the stand-in looks at; every other bit may be set and is only stored."""

    ADMINISTRATOR = 1 << 3
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MANAGE_ROLES = 1 << 28
    SEND_MESSAGES_IN_THREADS = 1 << 38

    @classmethod
    def member(cls) -> "Permission":
        """What @everyone may do in a fresh guild."""
        return (
            cls.VIEW_CHANNEL
            | cls.SEND_MESSAGES
            | cls.SEND_MESSAGES_IN_THREADS
            | cls.EMBED_LINKS
            | cls.ATTACH_FILES
            | cls.ADD_REACTIONS
            | cls.READ_MESSAGE_HISTORY
        )


ALL_PERMISSIONS = (1 << 53) - 1


class Intent(IntFlag):
    """Gateway intents by their bit."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_VOICE_STATES = 1 << 7
    PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    MESSAGE_CONTENT = 1 << 15
    GUILD_SCHEDULED_EVENTS = 1 << 16
    GUILD_MESSAGE_POLLS = 1 << 24


class ChannelType(IntEnum):
    """The channel types a world can hold."""

    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4
    ANNOUNCEMENT = 5
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    STAGE = 13
    FORUM = 15


THREADS = frozenset({ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD})
NO_MESSAGES = frozenset({ChannelType.FORUM, ChannelType.CATEGORY})  # only what is below them takes any

EPHEMERAL = 1 << 6  # message flags
LOADING = 1 << 7
HAS_THREAD = 1 << 5
COMPONENTS_V2 = 1 << 15


class ApiError(Exception):
    """An answer of the REST interface that is no success."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        *,
        errors: Json | None = None,
        headers: Mapping[str, str] | None = None,
        extra: Json | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})
        self.body: Json = {"code": code, "message": message, **(extra or {})}
        if errors:
            self.body["errors"] = errors


def unknown(thing: str) -> ApiError:
    """The 404 for an object that does not exist; `thing` is Discord's word for it, e.g. "Channel"."""
    codes = {"Channel": 10003, "Guild": 10004, "Member": 10007, "Message": 10008, "Role": 10011}
    codes |= {"User": 10013, "Emoji": 10014, "Webhook": 10015, "interaction": 10062, "Voice State": 10065}
    return ApiError(404, codes[thing], f"Unknown {thing}")


def missing_permissions() -> ApiError:
    """The 403 for an act the bot has no right to."""
    return ApiError(403, 50013, "Missing Permissions")


def missing_access() -> ApiError:
    """The 403 for a place or list the bot cannot see at all."""
    return ApiError(403, 50001, "Missing Access")


def invalid_form(where: str, code: str, message: str) -> ApiError:
    """The 400 for a body Discord refuses. `where` is the dotted place, e.g. "embeds.0.title"."""
    errors: Json = {"_errors": [{"code": code, "message": message}]}
    for key in reversed(where.split(".") if where else []):
        errors = {key: errors}
    return ApiError(400, 50035, "Invalid Form Body", errors=errors)
