"""What this installation says about Discord."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """`token`: the bot's. `api_url` (ending in `/api/v10`) and `gateway_url` point the bot at another server
    that speaks the protocol; None means Discord itself. The token is in no repr, so in no log."""

    token: str = field(repr=False)
    api_url: str | None = None
    gateway_url: str | None = None
