"""`plaudit demo` as a person starts it: a process of its own."""

import asyncio
import re
import signal
import sys

import aiohttp

PLAY = (sys.executable, "-m", "bot", "demo")
PIPE = asyncio.subprocess.PIPE


async def test_the_story_happens_on_both_platforms():
    process = await asyncio.create_subprocess_exec(*PLAY, "--once", stdout=PIPE, stderr=PIPE)
    try:
        out, errors = (stream.decode() for stream in await asyncio.wait_for(process.communicate(), 100))
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, out + errors
    for platform in ("Slack", "Discord"):
        role = "@trusted-helper" if platform == "Slack" else "Trusted helper"
        for happened in (
            "the badge waits for the digest, nothing is posted",
            "the badge is in the thread",
            "the bot had to try twice",
            f"Amira has {role}",
            f"{role} is gone",
            "Amira alone is told why",
            "a rule counted it",
            "the digest is in #general and welcomes Kofi",
            "one digest, and no badge told twice",
        ):
            assert f"✓ {platform}: {happened}" in out, happened
    for happened in ("the badge that needed all three is his", "what needed GitHub is gone, and Kofi is told why"):
        assert f"✓ Slack: {happened}" in out, happened
    assert out.count("Where you stand: 3 of 5 threads") == 2
    assert "only to Kofi: At home everywhere was taken back: accounts were linked or parted" in " ".join(out.split())
    assert out.rstrip().endswith("✓ equal")
    assert "Traceback" not in errors


async def test_the_page_is_served_until_ctrl_c():
    process = await asyncio.create_subprocess_exec(*PLAY, "--port", "0", stdout=PIPE, stderr=PIPE)
    try:
        address = await asyncio.wait_for(_address(process), 30)
        async with aiohttp.ClientSession() as session, session.get(f"{address}/events") as stream:
            assert (await asyncio.wait_for(stream.content.readuntil(b"\n\n"), 10)).startswith(b"data: ")
            process.send_signal(signal.SIGINT)
            assert await asyncio.wait_for(process.wait(), 8) == 0
    finally:
        if process.returncode is None:
            process.kill()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    while line := (await process.stdout.readline()).decode():
        if found := re.search(r"http://\S+", line):
            return found.group()
    raise AssertionError("the demo ended before it said where the page is")
