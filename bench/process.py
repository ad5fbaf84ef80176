"""The whole bot as a process: how long until it acknowledges a first message, and what it holds when idle."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from pathlib import Path

from bot.playground.slack_server import SlackServer

IMPORTS = "import slack_bolt, discord, sqlalchemy, fastapi, uvicorn, alembic, apscheduler, pydantic"
LIMIT = 60


async def first_acknowledgement(folder: Path) -> tuple[float, float]:
    """Seconds from the start of `plaudit run` to its first acknowledgement, and its resident memory (MB) when idle."""
    async with SlackServer() as slack:
        channel = slack.add_channel("C1", "general", [slack.add_user("U1", "amira")])
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=_environment(slack, folder), stderr=asyncio.subprocess.DEVNULL
        )
        try:
            await slack.until(lambda: slack.connections, LIMIT)
            await slack.say("U1", channel, "hello")
            await slack.until(lambda: any(a.ok for a in slack.deliveries), LIMIT)
            seconds = time.perf_counter() - began
            await asyncio.sleep(3)
            return seconds, _resident(process.pid)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), LIMIT)


async def only_imports() -> tuple[float, float]:
    """Seconds to start Python with the libraries alone, and their resident memory (MB)."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", f"{IMPORTS}; print(1, flush=True); input()", stdin=-1, stdout=-1
    )
    if process.stdout is not None:
        await process.stdout.readline()
    seconds, memory = time.perf_counter() - began, _resident(process.pid)
    process.kill()
    await process.wait()
    return seconds, memory


def _environment(slack: SlackServer, folder: Path) -> dict[str, str]:
    rules = folder / "rules.toml"
    rules.write_text('rules = 1\n[achievement.first]\nname = "First"\nwhen = "message.posted"\n')
    return {
        **os.environ,
        "PLAUDIT_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'run.db'}",
        "PLAUDIT_RULES": str(rules),
        "PLAUDIT_HTTP_PORT": "0",
        "SLACK_BOT_TOKEN": slack.access.bot_token,
        "SLACK_APP_TOKEN": slack.access.app_token,
        "SLACK_API_URL": slack.api_url,
    }


def _resident(pid: int) -> float:
    """MB; 0 where the system has no /proc."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1000 for line in status.splitlines() if line.startswith("VmRSS"))
