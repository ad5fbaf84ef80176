"""Interactions: what a person starts with a command, button or form, and everything the bot answers to it."""

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from bot.playground.discord_server.wire import EPHEMERAL, LOADING, Json, unknown
from bot.playground.discord_server.world import ENGLISH, World


class Kind(IntEnum):
    """What started an interaction."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Callback(IntEnum):
    """How a bot answers one."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(slots=True)
class Interaction:
    """One interaction. `callback` is the body of the bot's first answer, None while it owes one.

    `original` is the message that answer made (or, for a button, the message the button is on);
    `followups` are the later ones. Both are wire messages, ephemeral when `is_ephemeral` says so.
    """

    id: str
    token: str
    channel: str
    user: str
    payload: Json
    started: float  # loop seconds: Discord's 3 s and 15 min are real time, whatever the world's clock says
    callback: Json | None = None
    original: Json | None = None
    followups: list[Json] = field(default_factory=list)
    dismissed: bool = False  # the person closed the form; Discord tells nobody
    _answered: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def kind(self) -> Kind:
        """What started it."""
        return Kind(self.payload["type"])

    @property
    def choices(self) -> list[Json]:
        """The choices an autocomplete was answered with."""
        return list(self._data.get("choices", []))

    @property
    def modal(self) -> Json | None:
        """The form the bot opened, if that was its answer."""
        return self._data if self.callback and self.callback["type"] == Callback.MODAL else None

    @property
    def messages(self) -> list[Json]:
        """Every message it brought, the first answer first; a deferred one counts once it is filled."""
        original = [self.original] if self.original and self.made_message else []
        return [message for message in (*original, *self.followups) if not message["flags"] & LOADING]

    @property
    def made_message(self) -> bool:
        """Whether the first answer is a message of its own."""
        kinds = (Callback.MESSAGE, Callback.DEFERRED_MESSAGE)
        return self.callback is not None and self.callback["type"] in kinds

    @property
    def _data(self) -> Json:
        data: Json = (self.callback or {}).get("data") or {}
        return data

    def accept(self, callback: Json) -> None:
        """Notes the bot's first answer."""
        self.callback = callback
        self._answered.set()

    async def answered(self, timeout: float = 5.0) -> Json:  # noqa: ASYNC109  # a limit for tests and page
        """Waits for the bot's first answer and returns its body; TimeoutError after `timeout` seconds."""
        await asyncio.wait_for(self._answered.wait(), timeout)
        return self.callback or {}


def is_ephemeral(message: Json) -> bool:
    """Whether only the person who asked sees the message."""
    return bool(message["flags"] & EPHEMERAL)


class Interactions:
    """All interactions by token. `ack_seconds` and `token_seconds` are Discord's; tests may shrink them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.by_token: dict[str, Interaction] = {}
        self.ack_seconds = 3.0
        self.token_seconds = 900.0

    def start(self, kind: Kind, channel: str, user: str, data: Json, message: Json | None = None) -> Interaction:
        """Sends the bot INTERACTION_CREATE; the answer arrives in what is returned."""
        token = "aW50ZXJhY3Rpb24" + secrets.token_urlsafe(60)
        payload = self._payload(kind, channel, user, data) | {"token": token}
        payload |= {"message": message} if message else {}
        interaction = Interaction(payload["id"], token, channel, user, payload, time.monotonic())
        self.by_token[token] = interaction
        self.world.emit("INTERACTION_CREATE", payload)
        return interaction

    def _payload(self, kind: Kind, channel: str, user: str, data: Json) -> Json:
        world, guild = self.world, self.world.guild_of(channel)
        bot = world.bot["id"]
        payload: dict[str, Any] = {
            "id": world.ids.next(),
            "application_id": bot,
            "type": int(kind),
            "version": 1,
            "data": data,
            "channel_id": channel,
            "locale": world.locales.get(user, ENGLISH),
            "entitlements": [],
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        if guild is None:
            place = {"channel": world.channel(channel), "user": world.users[user], "context": 1}
            return payload | place | {"authorizing_integration_owners": {"0": "0"}, "app_permissions": "0"}
        rights = str(world.permissions(guild, user, channel))
        return payload | {
            "guild_id": guild,
            "guild": {"id": guild, "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "channel": {**world.channel(channel), "permissions": rights},
            "member": {**world.member(guild, user), "permissions": rights},
            "app_permissions": str(world.permissions(guild, bot, channel)),
            "authorizing_integration_owners": {"0": guild},
            "context": 0,
        }

    def private_messages(self, user: str) -> list[Json]:
        """Every ephemeral message `user` was shown, oldest first."""
        shown = [
            message
            for interaction in self.by_token.values()
            if interaction.user == user
            for message in interaction.messages
            if is_ephemeral(message)
        ]
        return sorted(shown, key=lambda message: int(message["id"]))

    def find_private(self, message: str) -> Json:
        """The ephemeral message with that id, or 404."""
        for interaction in self.by_token.values():
            for shown in interaction.messages:
                if shown["id"] == message:
                    return shown
        raise unknown("Message")
