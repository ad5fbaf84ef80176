"""Everything the demo runs: both stand-ins, the demo community, and the real bot connected to them."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Mapping, MutableMapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.demo.watch import Watch
from bot.playground.child import TICK
from bot.playground.clock import MovableClock
from bot.playground.community import Community, furnish, rule_book, sources_of
from bot.playground.discord_server import DiscordServer
from bot.playground.forge import SECRET_OF, Forge
from bot.playground.process import PORT, BotProcess
from bot.playground.slack_server import Identity, SlackServer
from bot.playground.views import discord_view, slack_view
from bot.runner import Bot
from bot.settings import read
from core.rules.book import RuleBook

_RETRIES = (0.0, 1.0, 3.0, 9.0)  # Slack waits minutes between its tries; nobody at a demo does
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "ws_proxy", "wss_proxy")


@dataclass(frozen=True, slots=True)
class Session:
    """A running demo. `bot`: in this process or in one of its own."""

    community: Community
    clock: MovableClock
    bot: Bot | BotProcess
    url: str
    forge: Forge
    books: tuple[RuleBook, ...]

    def watches(self) -> list[Watch]:
        """Slack first."""
        slack, discord = self.community.slack, self.community.discord
        return [
            Watch("Slack", self.community.slack_side, slack, lambda who: slack_view(slack, who)),
            Watch("Discord", self.community.discord_side, discord, lambda who: discord_view(discord, who)),
        ]


@asynccontextmanager
async def session(clock: MovableClock, *, apart: bool = False, language: str = "en") -> AsyncIterator[Session]:
    """A fresh community in a temporary folder, the bot connected to both platforms; `apart`: as a process of its own.
    `language`: the community's. Raises TimeoutError or ConfigurationError when it cannot be."""
    without_proxies(os.environ)
    slack = SlackServer(clock.seconds, identity=Identity(team_name="Makers", domain="makers"), retry_delays=_RETRIES)
    discord = DiscordServer(clock.seconds)
    community = furnish(slack, discord, language)
    books, secret = (rule_book(sources_of(community), language=language),), secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="plaudit-demo-", ignore_cleanup_errors=True) as folder:
        async with slack, discord:
            values = _values(slack, discord, secret, Path(folder))
            async with _apart(values, books[0], clock) if apart else _here(values, books, clock) as bot:
                forge = Forge(bot.port or 0, secret, clock.seconds)
                yield Session(community, clock, bot, values["PLAUDIT_DATABASE_URL"], forge, books)


@asynccontextmanager
async def _here(values: Mapping[str, str], books: Sequence[RuleBook], clock: MovableClock) -> AsyncIterator[Bot]:
    bot = Bot(read(values, None), books, clock)
    await bot.start(TICK)
    try:
        await bot.ready()
        yield bot
    finally:
        await bot.stop()


@asynccontextmanager
async def _apart(values: Mapping[str, str], book: RuleBook, clock: MovableClock) -> AsyncIterator[BotProcess]:
    bot = BotProcess(values, book.community.sources or (), clock, book.community.language)
    await bot.start()
    try:
        yield bot
    finally:
        await bot.stop()


def without_proxies(environment: MutableMapping[str, str]) -> None:
    """The Slack client sends even local calls to a proxy that the environment names. Nothing here leaves the
    machine."""
    for name in [n for n in environment if n.lower() in _PROXIES]:
        del environment[name]


def _values(slack: SlackServer, discord: DiscordServer, secret: str, folder: Path) -> dict[str, str]:
    """What `.env` would say."""
    return {
        "PLAUDIT_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'demo.db'}",
        PORT: "0",
        SECRET_OF: secret,
        "SLACK_BOT_TOKEN": slack.access.bot_token,
        "SLACK_APP_TOKEN": slack.access.app_token,
        "SLACK_API_URL": slack.api_url,
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
    }
