"""Everything that both stand-ins told the bot so far, ready to be told again."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from bot.playground.community import Community
from bot.playground.discord_server import DiscordServer
from bot.playground.slack_server import SlackServer

Json = dict[str, Any]
_MARKS = ("MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE")
_FACTS = frozenset({"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "THREAD_CREATE", *_MARKS})
_OPENED = "app_home_opened"  # asks for a picture of the Home tab and says nothing that happened


@dataclass(frozen=True, slots=True)
class Echo:
    """One event that can be delivered again."""

    platform: str
    send: Callable[[], None]


class Echoes:
    """Listens to the Discord stand-in from now on; Slack's remembers by itself."""

    def __init__(self, community: Community) -> None:
        self._slack: SlackServer = community.slack
        self._discord: DiscordServer = community.discord
        self._heard: list[tuple[str, Json]] = []
        self._discord.world.listeners.append(self._hear)

    def _hear(self, event: str, payload: Json) -> None:
        if event in _FACTS:
            self._heard.append((event, deepcopy(payload)))

    def shuffled(self, order: random.Random) -> list[Echo]:
        """All of them, every third one twice, in any order."""
        once = [*self._of_slack(), *self._of_discord()]
        every = [*once, *once[::3]]
        order.shuffle(every)
        return every

    def _of_slack(self) -> list[Echo]:
        """Retries and repetitions left out: each event once, however often it came."""
        payloads = (a.payload["event"] for a in self._slack.deliveries if a.kind == "events_api")
        events = {repr(sorted(e.items())): e for e in payloads if e["type"] != _OPENED}
        return [Echo("slack", lambda e=e: self._slack.repeat(e)) for e in events.values()]  # type: ignore[misc] # mypy cannot infer a lambda with a default

    def _of_discord(self) -> list[Echo]:
        """Discord gives reactions no time, so of a reaction only the last word can come again: an earlier one would be
        a new act, on the real Discord too."""
        last = {_mark(payload): n for n, (event, payload) in enumerate(self._heard) if event in _MARKS}
        standing = set(last.values())
        told = [(e, p) for n, (e, p) in enumerate(self._heard) if e not in _MARKS or n in standing]
        return [Echo("discord", lambda e=e, p=p: self._discord.gateway.route(e, deepcopy(p))) for e, p in told]  # type: ignore[misc] # as above


def _mark(payload: Json) -> tuple[str, str, str]:
    return payload["message_id"], payload["user_id"], payload["emoji"]["name"]
