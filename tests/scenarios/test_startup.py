"""What is wrong at the start is said in one clear line that says what to do, by the real `plaudit run`."""

from __future__ import annotations

import contextlib
import resource
import socket
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Iterator
from io import StringIO
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa

from bot.playground.clock import MovableClock
from bot.playground.discord_server import Permission
from tests.scenarios.process import started
from tests.scenarios.streets import SlackStreet, street_of
from tests.scenarios.town import BOOK, Town, founded, unheard

EX_CONFIG = 78
LIMIT = aiohttp.ClientTimeout(total=10)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Town]:
    """A town in real time, for a process that has no other."""
    async with founded(tmp_path, MovableClock()) as town:
        yield town


async def refusal(town: Town, **more: str) -> str:
    """The one line that a process says which stops at once."""
    environment = {k: v for k, v in {**town.environment(), **more}.items() if v}
    async with started(environment, town.folder) as process:
        assert await process.ended() == EX_CONFIG, process.said
        lines = [line for line in process.said if not line.startswith("{")]
        assert len(lines) == 1, process.said
        assert [e for e in process.events() if e["level"] != "info"] == []
        return lines[0]


async def warning(town: Town, words: str) -> str:
    """What a process logs that goes on: one line with these words."""
    async with started(town.environment(), town.folder) as process:

        def found() -> list[str]:
            return [line for line in process.said if words in line]

        await process.until(found)
        await process.until(lambda: process.logged("slack.connected"))
        assert len(found()) == 1
        return found()[0]


# -- tokens, scopes, intents


@pytest.mark.parametrize(
    ("variable", "value", "remedy"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-wrong-one", "Copy the Bot User OAuth Token (xoxb-…)"),
        ("SLACK_APP_TOKEN", "xapp-wrong-one", "Copy the app-level token (xapp-…)"),
        ("DISCORD_TOKEN", "wrong.to.ken", "Copy the bot's token from the developer portal"),
    ],
)
async def test_a_wrong_token(place: Town, variable: str, value: str, remedy: str) -> None:
    said = await refusal(place, **{variable: value})
    assert variable in said
    assert remedy in said
    assert value not in said


async def test_half_of_slacks_tokens(place: Town) -> None:
    assert await refusal(place, SLACK_APP_TOKEN="") == (
        "SLACK_APP_TOKEN: is missing; Slack needs both tokens, this one starts with xapp-"
    )


async def test_no_token_at_all(place: Town) -> None:
    said = await refusal(place, SLACK_BOT_TOKEN="", SLACK_APP_TOKEN="", DISCORD_TOKEN="")
    assert "make demo" in said


async def test_a_missing_scope(place: Town) -> None:
    place.slack.access.scopes.discard("channels:history")
    said = await refusal(place)
    assert "channels:history" in said
    assert "install the app again" in said


async def test_an_app_token_without_its_scope(place: Town) -> None:
    place.slack.access.app_scopes.clear()
    assert "connections:write" in await refusal(place)


async def test_a_missing_intent(place: Town) -> None:
    place.discord.world.members_allowed = False
    assert "Switch on “Server Members Intent”" in await refusal(place)


async def test_an_intent_that_only_a_rule_needs(place: Town) -> None:
    place.discord.world.message_content_allowed = False
    place.book = BOOK + '[achievement.long_read]\nname = "Long read"\nwhen = "message.posted"\nwhere.words = ">= 100"\n'
    assert "Switch on “Message Content Intent”" in await refusal(place)


# -- rule book and settings


async def test_an_unknown_key_of_a_rule(place: Town) -> None:
    place.book = BOOK.replace("goal = 5", "gaol = 5")
    line = BOOK[: BOOK.index("goal = 5")].count("\n") + 1
    said = await refusal(place)
    assert said == f'{place.rules}:{line} achievement.trusted_helper: unknown key "gaol". Did you mean "goal"?'


async def test_bad_toml(place: Town) -> None:
    place.book = BOOK.replace("[score.helpful]", "[score.helpful")
    said = await refusal(place)
    assert f"{place.rules}:{BOOK[: BOOK.index('[score.helpful]')].count(chr(10)) + 1}" in said
    assert "look for a missing quote, bracket or =" in said


async def test_no_rule_book(place: Town) -> None:
    assert "is PLAUDIT_RULES right?" in await refusal(place, PLAUDIT_RULES="elsewhere.toml")


async def test_a_file_that_is_no_database(place: Town) -> None:
    (place.folder / "plaudit.db").write_bytes(b"a letter to a friend" * 1_000)
    assert "file is not a database" in await refusal(place)


async def test_no_space_for_the_database(place: Town) -> None:
    def little_space() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    # Python writes the compiled modules that it has room for, and would believe them the next time.
    environment = {**place.environment(), "PYTHONDONTWRITEBYTECODE": "1"}
    async with started(environment, place.folder, anew=True, preexec_fn=little_space) as process:
        assert await process.ended() == EX_CONFIG
        assert len(process.said) == 1
        assert process.said[0].startswith("PLAUDIT_DATABASE_URL: ")


async def test_a_port_that_is_taken(place: Town) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert "choose another, or 0" in await refusal(place, PLAUDIT_HTTP_PORT=str(other.getsockname()[1]))


# -- what is only missing: the bot goes on


async def test_a_role_above_the_bot(place: Town) -> None:
    _role(place)["position"] = 9
    said = await warning(place, "Trusted helper")
    assert "above" in said


async def test_a_role_with_dangerous_permissions(place: Town) -> None:
    _role(place)["permissions"] = str(int(Permission.ADMINISTRATOR))
    said = await warning(place, "Trusted helper")
    assert "refused" in said
    assert "administrator" in said


async def test_a_plan_without_user_groups(place: Town) -> None:
    place.slack.access.usergroups_refused = "plan_upgrade_required"
    next(g for g in place.slack.usergroups.values() if g["handle"] == "trusted-helper")["users"] = ["U0AMIRA"]
    assert "paid Slack plan" in await warning(place, "user groups")


async def test_a_channel_that_is_not_there(place: Town) -> None:
    place.book = BOOK.replace('announcements = { slack = "#wins"', 'announcements = { slack = "#winz"')
    assert "#winz" in await warning(place, "announcements")


async def test_the_award_stands_where_the_plan_has_no_user_groups(town: Town, logged: StringIO) -> None:
    town.slack.access.usergroups_refused = "plan_upgrade_required"
    street = SlackStreet(town)
    async with town.running("slack"):
        await street.answers("jonas", 5)
        await street.earned("jonas", "trusted_helper")
        await town.until(lambda: "paid Slack plan" in logged.getvalue())
    assert not street.holds_role("jonas")


def _role(town: Town) -> dict[str, object]:
    roles: list[dict[str, object]] = town.discord.world.guild(town.guild)["roles"]
    return next(role for role in roles if role["name"] == "Trusted helper")


# -- running


async def ask(port: int, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession(timeout=LIMIT) as http, http.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, await answer.text()


async def test_a_process_says_its_port_and_when_it_is_ready_and_stops_when_told(place: Town) -> None:
    async with started(place.environment(), place.folder, anew=True) as process:
        assert await ask(await process.port(), "/livez") == (200, '{"live":true}')
        await process.ready()
        await street_of(place, "slack").say("amira")
        await street_of(place, "slack").earned("amira", "first_post")
        began = time.monotonic()
        assert await process.stop() == 0
        assert time.monotonic() - began < 10
    assert place.verify() == []


async def test_a_process_that_is_told_to_stop_under_load_ends_in_time_and_loses_nothing(place: Town) -> None:
    slack, discord = street_of(place, "slack"), street_of(place, "discord")
    async with started(place.environment(), place.folder) as process:
        await process.ready()
        for number in range(60):
            await slack.say("amira", f"Number {number}")
            await discord.say("amira", f"Number {number}")
        assert await process.stop(10) == 0
    assert unheard(place) == set()
    assert place.verify() == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_a_process_without_work_is_small(place: Town) -> None:
    async with started(place.environment(), place.folder, anew=True) as process:
        await process.ready()
        assert resident(process.pid) < 200 * 1024


def resident(pid: int) -> int:
    """Memory in kB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])


async def test_while_one_platform_is_away_the_bot_works_on_the_other_and_says_so(place: Town) -> None:
    await place.discord.stop()
    async with started(place.environment(), place.folder) as process:
        port = await process.port()
        await process.until(lambda: process.logged("slack.connected"))
        assert await ask(port, "/readyz") == (503, '{"ready":false,"reasons":["Discord is not connected"]}')
        await street_of(place, "slack").say("amira")
        await street_of(place, "slack").earned("amira", "first_post")
        assert await process.stop() == 0


# -- a database that fills up while the bot works


class Disk:
    """Lets the bot's database fill up: a page limit on its connections, by SQLAlchemy's own hook."""

    def __init__(self) -> None:
        self._connections: list[sqlite3.Connection] = []

    def notice(self, raw: object, _: object) -> None:
        if isinstance(raw, sqlite3.Connection):  # those that only read are of another kind
            self._connections.append(raw)

    def limit(self, pages: int) -> None:
        """SQLite takes the present size where that is more."""
        for raw in self._connections:
            with contextlib.suppress(sqlite3.ProgrammingError):  # closed meanwhile
                raw.execute(f"PRAGMA max_page_count={pages}")


@pytest.fixture
def disk() -> Iterator[Disk]:
    disk = Disk()
    sa.event.listen(sa.pool.Pool, "connect", disk.notice)
    yield disk
    sa.event.remove(sa.pool.Pool, "connect", disk.notice)


async def test_a_full_database_is_said_and_nothing_acknowledged_is_lost(
    town: Town, disk: Disk, logged: StringIO
) -> None:
    slack, discord = street_of(town, "slack"), street_of(town, "discord")
    async with town.running() as bot:
        assert bot.port is not None
        disk.limit(1)
        answers = []
        for number in range(60):
            await slack.say("amira", f"Number {number}")
            await discord.say("amira", f"Number {number}")
            answers.append(await ask(bot.port, "/readyz"))
        assert any(status == 503 and "database or disk is full" in said for status, said in answers)
        assert "the database refuses to write" in logged.getvalue()
        disk.limit(1_000_000)
        town.slack.retry_now()
        await discord.earned("amira", "first_post")
        await slack.earned("amira", "first_post")
        await slack.heard()
        await discord.heard()
        assert (await ask(bot.port, "/readyz"))[0] == 200
    assert unheard(town) == set()
    assert town.number("SELECT COUNT(*) FROM statement WHERE source LIKE 'discord:%' AND id LIKE 'message:%'") == 61
