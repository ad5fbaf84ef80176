"""The client for programs: whatever happens on the way, each fact is stored exactly once."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import stat
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot.client import Client
from bot.sender import Answer, Target, Unreached, pause, post
from bot.waiting_facts import REWRITE, InUse, WaitingFacts
from core.events import Statement
from tests.bot.hearing import SECRET, Bot, hearing

ROOT = Path(__file__).resolve().parents[2]
NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)
NOBODY = "http://127.0.0.1:9"


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with hearing(tmp_path, "desk:acme") as found:
        yield found


def resolve(client: Client, *names: object) -> None:
    for name in names:
        client.say("ticket.resolved", id=f"ticket:{name}", at=NINE, actor="slack:T1/U7")


def ids(bot: Bot, folder: Path) -> list[str]:
    return [s.id for s in bot.stored(folder / "log.jsonl")]


async def test_what_is_said_is_stored_as_it_was_said(bot: Bot, tmp_path: Path) -> None:
    with Client("desk:acme", SECRET, bot.url) as client:
        client.say(
            "ticket.resolved",
            id="ticket:1",
            at=NINE,
            actor="slack:T1/U7",
            target="slack:T1/U8",
            facts={"minutes": 25, "amount": Decimal("0.10"), "urgent": True, "tags": ["a", "b"]},
        )
        client.withdraw("ticket:1", at=NINE, reason="by mistake")
        assert await asyncio.to_thread(client.flush)
    said, taken_back = bot.stored(tmp_path / "log.jsonl")
    assert said == Statement(
        "desk:acme",
        "ticket:1",
        1_793_610_000_000_000,
        "ticket.resolved",
        actor="slack:T1/U7",
        target="slack:T1/U8",
        facts={"minutes": 25, "amount": Decimal("0.10"), "urgent": True, "tags": ("a", "b")},
    )
    assert (taken_back.op, taken_back.reason) == ("withdraw", "by mistake")


async def test_on_a_bad_road_every_fact_arrives_exactly_once(bot: Bot, tmp_path: Path) -> None:
    bot.road.happens = ["lost after", "busy", None, "lost before", "busy"]
    with Client("desk:acme", SECRET, bot.url, spool=tmp_path / "spool") as client:
        resolve(client, *range(700))
        assert await asyncio.to_thread(client.flush, 20)
    assert sorted(ids(bot, tmp_path)) == sorted(f"ticket:{n}" for n in range(700))
    assert bot.road.travelled == 6  # two batches, and four attempts that came to nothing
    assert (tmp_path / "spool").read_bytes() == b""


async def test_one_bad_fact_keeps_no_other_from_arriving(bot: Bot, tmp_path: Path) -> None:
    refused: list[tuple[str, str]] = []
    client = Client("desk:acme", SECRET, bot.url, refused=lambda line, why: refused.append((line, why)))
    resolve(client, 1, 2)
    client.say("grant.made", id="mine", target="slack:T1/U7")
    resolve(client, 3)
    client.say("ticket.resolved", id="odd", actor="nobody")
    assert await asyncio.to_thread(client.close)
    assert sorted(ids(bot, tmp_path)) == ["ticket:1", "ticket:2", "ticket:3"]
    assert [("grant.made" in line, "nobody" in line) for line, _ in refused] == [(True, False), (False, True)]
    assert "is said by Plaudit alone" in refused[0][1]


async def test_what_is_too_large_for_one_request_is_sent_in_parts(bot: Bot, tmp_path: Path) -> None:
    with Client("desk:acme", SECRET, bot.url) as client:
        for n in range(150):
            client.say("ticket.resolved", id=f"{n}", at=NINE, facts={"note": "x" * 9_000})
        assert await asyncio.to_thread(client.flush)
    assert len(set(ids(bot, tmp_path))) == 150
    assert bot.road.travelled == 2


async def test_what_has_no_id_gets_one_of_its_content(bot: Bot, tmp_path: Path) -> None:
    with Client("desk:acme", SECRET, bot.url) as client:
        first = client.say("ticket.resolved", at=NINE, facts={"a": 1, "b": 2})
        assert client.say("ticket.resolved", at=NINE, facts={"b": 2, "a": 1}) == first
        assert client.say("ticket.resolved", at=NINE, facts={"a": 1}) != first
        assert client.say("ticket.resolved") != client.say("ticket.resolved")  # its time is part of it
        assert await asyncio.to_thread(client.flush)
    assert len(ids(bot, tmp_path)) == 4


async def test_what_counts_for_nothing_is_told_once(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), Client("desk:acme", SECRET, bot.url) as client:
        client.say("ticket.rezolved", id="1")
        assert await asyncio.to_thread(client.flush)
    assert ["no rule can count it" in record.getMessage() for record in caplog.records] == [True]


async def free(url: str, spool: Path) -> Client:
    """A client on a spool that the one before lets go of as soon as its last attempt has ended."""
    for _ in range(50):
        try:
            return Client("desk:acme", SECRET, url, spool=spool)
        except InUse:
            await asyncio.sleep(0.1)
    raise AssertionError("the spool is still in use")


async def test_a_secret_that_is_not_right_yet_loses_nothing(bot: Bot, tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    other = "whsec_" + "QUJD" * 8
    client = Client("desk:acme", other, bot.url, spool=spool)
    resolve(client, 1)
    assert not await asyncio.to_thread(client.close, 0.3)
    with await free(bot.url, spool) as again:
        assert await asyncio.to_thread(again.flush)
    assert ids(bot, tmp_path) == ["ticket:1"]


async def test_a_process_that_is_killed_loses_nothing_of_its_spool(bot: Bot, tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    program = (
        "import sys\nfrom pathlib import Path\nfrom bot.client import Client\n"
        f"client = Client('desk:acme', {SECRET!r}, {NOBODY!r}, spool=Path(sys.argv[1]))\n"
        "for n in range(20):\n    client.say('ticket.resolved', id=f'ticket:{n}')\n"
        "print('said', flush=True)\nsys.stdin.read()\n"
    )
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, str(spool)), cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe
    )
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), 20) == b"said\n"
    process.kill()
    await asyncio.wait_for(process.communicate(), 10)
    with spool.open("ab") as file:
        file.write(b'{"source": "desk:acme", "id": "never pro')
    with Client("desk:acme", SECRET, bot.url, spool=spool) as client:
        resolve(client, "new")
        assert await asyncio.to_thread(client.flush)
    assert ids(bot, tmp_path) == [*(f"ticket:{n}" for n in range(20)), "ticket:new"]


@pytest.mark.slow
async def test_killed_again_and_again_on_a_bad_road_every_fact_that_was_said_is_stored_once(
    bot: Bot, tmp_path: Path
) -> None:
    """Each program goes on where the one before was killed; what it had said is on its standard output."""
    dice, spool, said = random.Random(7), tmp_path / "spool", set[str]()  # noqa: S311 - chance on a road, no secret
    bot.road.happens = dice.choices([None, "busy", "lost before", "lost after"], [6, 1, 1, 1], k=2_000)
    program = (
        "import sys, time\nfrom pathlib import Path\nfrom bot.client import Client\n"
        f"client = Client('desk:acme', {SECRET!r}, {bot.url!r}, spool=Path(sys.argv[1]))\n"
        "for n in range(100_000):\n"
        "    print(client.say('ticket.resolved', id=f'{sys.argv[2]}.{n}'), flush=True)\n    time.sleep(0.002)\n"
    )
    pipe = asyncio.subprocess.PIPE
    for life in range(12):
        command = (sys.executable, "-c", program, str(spool), str(life))
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=pipe)
        await asyncio.sleep(dice.uniform(0.5, 1.5))
        process.kill()
        out, _ = await asyncio.wait_for(process.communicate(), 20)
        said |= {line.decode() for line in out.rpartition(b"\n")[0].splitlines()}
    bot.road.happens = []
    with Client("desk:acme", SECRET, bot.url, spool=spool) as client:
        assert await asyncio.to_thread(client.flush, 30)
    stored = ids(bot, tmp_path)
    assert len(said) > 500
    assert len(stored) == len(set(stored))
    assert said <= set(stored)


async def test_a_program_that_just_ends_delivers_first(bot: Bot, tmp_path: Path) -> None:
    program = (
        f"from bot.client import Client\nClient('desk:acme', {SECRET!r}, {bot.url!r}).say('ticket.resolved', id='1')"
    )
    done = await asyncio.create_subprocess_exec(sys.executable, "-c", program, cwd=ROOT)
    assert await asyncio.wait_for(done.wait(), 20) == 0
    assert ids(bot, tmp_path) == ["1"]


def test_closing_takes_no_longer_than_it_may(caplog: pytest.LogCaptureFixture) -> None:
    client = Client("desk:acme", SECRET, NOBODY)
    resolve(client, 1)
    began = time.monotonic()
    assert not client.close(0.3)
    assert time.monotonic() - began < 2
    assert "1 facts were not delivered to Plaudit and are lost" in caplog.text
    with pytest.raises(RuntimeError, match="closed"):
        resolve(client, 2)


def test_what_cannot_be_said_exactly_is_refused_at_once() -> None:
    client = Client("desk:acme", SECRET, NOBODY)
    with pytest.raises(TypeError, match="Decimal"):
        client.say("ticket.resolved", facts={"hours": 0.1})  # type: ignore[dict-item] # what the test is about
    with pytest.raises(ValueError, match="offset"):
        client.say("ticket.resolved", at=datetime(2026, 11, 2, 9))
    assert client.close(0.1)
    for url, secret in (("desk", SECRET), ("ftp://host", SECRET), (NOBODY, "whsec_"), (NOBODY, "secret")):
        with pytest.raises(ValueError, match=r"^(?!.*QUJD)"):
            Client("desk:acme", secret, url)


def test_pauses_grow_and_keep_what_the_answer_asks() -> None:
    assert [pause(n, None, 1) for n in (1, 2, 3, 9)] == [0.5, 1, 2, 60]
    assert pause(1, None, 0) == 0.25
    assert pause(1, Answer(503, {}, 7.0), 1) == 7
    assert pause(1, Answer(503, {}, 9_999.0), 1) == 3_600
    assert pause(1, Answer(401, {}), 1) == 60


def test_nobody_there_is_told_apart_from_a_refusal() -> None:
    with pytest.raises(Unreached, match="cannot be reached"):
        post(Target(NOBODY, "desk:acme", SECRET), b"[]", 0, 1)


def test_a_durable_fact_is_on_the_disk_before_it_counts_as_said(tmp_path: Path) -> None:
    spool, synced = tmp_path / "spool", list[tuple[bool, int]]()

    def sync(file: int) -> None:
        found = os.fstat(file)
        synced.append((stat.S_ISDIR(found.st_mode), found.st_size))

    waiting = WaitingFacts(spool, sync)
    assert [folder for folder, _ in synced] == [True]  # the name of the new file
    waiting.add('{"id": 1}')
    waiting.add('{"id": 2}')
    assert synced[1:] == [(False, 10), (False, 20)]
    waiting.done(REWRITE, ['{"id": 2}'])
    assert synced[3:][0] == (False, 10)
    assert [folder for folder, _ in synced[4:]] == [True]
    waiting.close()


def test_what_the_disk_does_not_take_was_not_said(tmp_path: Path) -> None:
    def broken(file: int) -> None:
        if not stat.S_ISDIR(os.fstat(file).st_mode):
            raise OSError("the disk is gone")

    waiting = WaitingFacts(tmp_path / "spool", broken)
    with pytest.raises(OSError, match="the disk is gone"):
        waiting.add('{"id": 1}')
    assert (tmp_path / "spool").read_bytes() == b""
    waiting.close()


async def test_a_durable_client_delivers_and_needs_a_file(bot: Bot, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs a spool"):
        Client("desk:acme", SECRET, bot.url, durable=True)
    with Client("desk:acme", SECRET, bot.url, spool=tmp_path / "spool", durable=True) as client:
        resolve(client, 1, 2)
        assert await asyncio.to_thread(client.flush)
    assert ids(bot, tmp_path) == ["ticket:1", "ticket:2"]
