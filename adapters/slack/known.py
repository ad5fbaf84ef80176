"""What the roster knows about the workspace, as the pure functions of this package need it."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from adapters.slack.payloads import Place
from core.events import Account, Value


@dataclass(frozen=True, slots=True)
class Known:
    """A view of the roster: `places` by channel id, `roles` (names and @handles of user groups) by person.
    `me`, `my_bot`: the bot's own person and bot id. `gone`: deactivated people."""

    source: str
    me: str
    my_bot: str
    places: Mapping[str, Place]
    roles: Mapping[str, tuple[str, ...]]
    bots: AbstractSet[str]
    gone: AbstractSet[str]

    def account(self, user: str) -> Account:
        return f"{self.source}/{user}"

    def is_me(self, user: str | None, bot: str | None = None) -> bool:
        return user == self.me or (bot is not None and bot == self.my_bot)

    def where(self, channel: str, kind: str = "channel") -> dict[str, Value]:
        """Facts of the channel; `kind` is its `channel_type` in the event, for a channel nobody has looked up."""
        place = self.places.get(channel)
        facts: dict[str, Value] = {"channel_id": channel}
        if place is not None and place.name:
            facts["channel"] = f"#{place.name}"
        if kind == "group" or (place is not None and place.is_private):
            facts["private"] = True
        return facts

    def is_direct(self, channel: str, kind: str = "channel") -> bool:
        """A conversation with the bot or among few people: nothing in it is a fact of the community."""
        place = self.places.get(channel)
        direct = kind in ("im", "mpim", "app_home") or channel.startswith("D")
        return direct or (place is not None and (place.is_im or place.is_mpim))

    def who(self, user: str, *, bot: bool = False) -> dict[str, Value]:
        """Facts of the person who acts."""
        facts: dict[str, Value] = {"bot": True} if bot or user in self.bots else {}
        roles = self.roles.get(user, ())
        return facts | ({"actor_role": roles} if roles else {})
