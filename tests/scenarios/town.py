"""A community on a local Slack and a local Discord, with the whole bot between them: real clients, real sockets, a
real file."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from bot.books import read_books
from bot.playground.clock import MovableClock
from bot.playground.community import Community, furnish
from bot.playground.discord_server import DiscordServer
from bot.playground.slack_server import SlackServer
from bot.runner import Bot
from bot.settings import Settings, read
from bot.verification import compare
from core.times import read_time
from tests.receiver import SECRET

Platform = Literal["slack", "discord"]
PLATFORMS: tuple[Platform, ...] = ("slack", "discord")
LONGEST_WAIT = 5.0  # seconds that a look into the file waits for whoever writes it
TICK = 0.1  # seconds: the schedule of a scenario
PATIENCE = 15.0  # seconds: the longest that anything may take, on a busy machine
HELPFUL = "white_check_mark"
WEDNESDAY = read_time("2026-03-18T12:00:00Z") / 1e6
GIVERS = ("lena", "kofi", "mei")
HOOK = "whsec_" + "c2NlbmFyaW9zLWFyZS1ub3Qtc2VjcmV0"  # of a desk that only these tests know

BOOK = """
rules = 1
[community]
timezone = "Europe/Berlin"
quiet_start = "0 days"
staff = "Staff"
[channels]
announcements = { slack = "#wins", discord = "#wins" }
digest        = { slack = "#general", discord = "#general" }
moderators    = { slack = "#mods", discord = "#mods" }
[digest]
day = "monday"
time = "09:00"
[moderators]
slack = "@moderators"
discord = "Moderator"
[roles."Trusted helper"]
slack = "@trusted-helper"
discord = "Trusted helper"
[types]
known = ["workshop.given"]
[words]
helpful = ["white_check_mark", "bulb"]
[signal.helpful_answer]
describe = "an answer that three different people marked as helpful"
when = "reaction.added"
where.emoji = "@helpful"
where.post_kind = "reply"
credit = "author"
each = "message"
distinct = "actor"
goal = 3
[achievement.first_post]
name = "First post"
emoji = "wave"
when = ["message.posted", "thread.replied"]
announce = "digest"
[achievement.helpful_answer]
name = "Helpful answer"
emoji = "bulb"
when = "helpful_answer"
announce = "thread"
[achievement.trusted_helper]
name = "Trusted helper"
emoji = "ring_buoy"
when = "helpful_answer"
goal = 5
gives_role = "Trusted helper"
announce = "channel"
[achievement.talkative]
name = "Talkative"
when = ["message.posted", "thread.replied"]
goal = 20
announce = "private"
[achievement.teacher]
name = "Teacher"
when = "action.validated"
where.kind = "workshop"
announce = "channel"
[achievement.beyond_the_chat]
name = "Beyond the chat"
manual = "moderator"
announce = "channel"
[achievement.workshop_host]
name = "Workshop host"
when = "workshop.given"
announce = "channel"
[score.helpful]
when = "helpful_answer"
give = 5
"""


@dataclass
class Town:
    """Both stand-ins, furnished, and the bots that were started here. `book` is written to a file."""

    folder: Path
    clock: MovableClock
    community: Community
    book: str = BOOK
    bots: list[Bot] = field(default_factory=list)
    wait: float = LONGEST_WAIT

    @property
    def slack(self) -> SlackServer:
        return self.community.slack

    @property
    def discord(self) -> DiscordServer:
        return self.community.discord

    @property
    def guild(self) -> str:
        return self.community.discord_side.source.partition(":")[2]

    @property
    def url(self) -> str:
        return f"sqlite+aiosqlite:///{self.folder / 'plaudit.db'}"

    @property
    def rules(self) -> Path:
        file = self.folder / "rules.toml"
        file.write_text(self.book)
        return file

    def environment(self, *platforms: Platform, **more: str) -> dict[str, str]:
        """What `.env` would say; for both platforms when none is named."""
        found = {
            "PLAUDIT_DATABASE_URL": self.url,
            "PLAUDIT_RULES": str(self.rules),
            "PLAUDIT_HTTP_PORT": "0",
            "PLAUDIT_HOOK_DESK_ACME_SECRET": HOOK,
            "PLAUDIT_OUT_CRM_SECRET": SECRET,
        }
        if "slack" in (platforms or PLATFORMS):
            access = self.slack.access
            found |= {"SLACK_BOT_TOKEN": access.bot_token, "SLACK_APP_TOKEN": access.app_token}
            found |= {"SLACK_API_URL": self.slack.api_url}
        if "discord" in (platforms or PLATFORMS):
            found |= {"DISCORD_TOKEN": self.discord.token, "DISCORD_API_URL": self.discord.api_url}
            found |= {"DISCORD_GATEWAY_URL": self.discord.gateway_url}
        return found | more

    def settings(self, *platforms: Platform, **more: str) -> Settings:
        return read(self.environment(*platforms, **more), None)

    @asynccontextmanager
    async def running(self, *platforms: Platform, **more: str) -> AsyncIterator[Bot]:
        """A bot that is connected, and stopped afterwards. `more`: of its settings."""
        settings = self.settings(*platforms, **more)
        async with connected(Bot(settings, read_books(settings.rules), self.clock)) as bot:
            yield bot

    def verify(self) -> list[str]:
        """Differences between what is stored and what the log gives."""
        return compare(self.url, read_books(self.rules), self.clock())

    def rows(self, query: str, *parameters: object) -> list[Any]:
        """What the file says, read past the bot."""
        with contextlib.closing(sqlite3.connect(self.folder / "plaudit.db", timeout=self.wait)) as db:
            return db.execute(query, parameters).fetchall()

    def number(self, query: str, *parameters: object) -> int:
        return int(self.rows(query, *parameters)[0][0])

    async def until(self, predicate: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Wait for something that tells nobody when it happens."""
        async with asyncio.timeout(seconds):
            while not self._holds(predicate):  # noqa: ASYNC110 -- there is no event to wait for
                await asyncio.sleep(0.02)

    def _holds(self, predicate: Callable[[], object]) -> bool:
        """A look that comes at a commit returns at once: a reader of the bot for whom that commit waits may need this
        very thread to go on."""
        self.wait = 0.0
        try:
            return bool(predicate())
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            return False
        finally:
            self.wait = LONGEST_WAIT


@asynccontextmanager
async def connected(bot: Bot) -> AsyncIterator[Bot]:
    """Started, and stopped afterwards."""
    await asyncio.wait_for(bot.start(TICK), PATIENCE)
    try:
        await bot.ready(PATIENCE)
        yield bot
    finally:
        await asyncio.wait_for(bot.stop(), PATIENCE)


@asynccontextmanager
async def founded(folder: Path, clock: MovableClock | None = None, **slack_timing: Any) -> AsyncIterator[Town]:
    """A town whose stand-ins listen; no bot yet. `slack_timing`: `ack_timeout` and `retry_delays` of SlackServer."""
    began = time.monotonic()
    moving = clock or MovableClock(lambda: WEDNESDAY + time.monotonic() - began)
    slack = SlackServer(moving.seconds, **{"retry_delays": (0.2, 0.5, 1.0), **slack_timing})
    discord = DiscordServer(moving.seconds)
    async with slack, discord:
        town = Town(folder, moving, furnish(slack, discord))
        _hire(town, "tomas")
        yield town


def _hire(town: Town, who: str) -> None:
    """Somebody who belongs to the staff on both platforms."""
    group = town.slack.add_usergroup("staff", "Staff")
    town.slack.usergroups[group]["users"] = [town.community.slack_side.people[who]]
    role = town.discord.add_role(town.guild, "Staff", position=1)
    town.discord.world.member(town.guild, town.community.discord_side.people[who])["roles"].append(role)


def unheard(town: Town) -> set[str]:
    """What people wrote on Slack that was acknowledged and is not in the log: must be nothing, whatever happened."""
    acknowledged = (a.payload["event"] for a in town.slack.deliveries if a.ok and a.kind == "events_api")
    written = {e["ts"] for e in acknowledged if e["type"] == "message" and not (e.get("bot_id") or e.get("subtype"))}
    return written - {
        row[0].rpartition("/")[2] for row in town.rows("SELECT id FROM statement WHERE id LIKE 'message:%'")
    }
