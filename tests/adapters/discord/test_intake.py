"""What is handed in while the bot ends does not wait for somebody who has gone."""

from __future__ import annotations

import asyncio

import pytest
import structlog

from adapters.discord.cursors import Cursors
from adapters.discord.intake import Intake
from adapters.discord.trouble import SessionOver
from core.events import Statement
from tests.fakes import FakeInbox, FakeNotebook

LEFT = Statement("discord:1", "member:2", 1, op="withdraw", reason="left")


async def test_whoever_waits_at_the_end_is_let_go() -> None:
    inbox = FakeInbox()
    inbox.refusals = 1_000_000
    intake = Intake(inbox, Cursors(FakeNotebook()), structlog.get_logger(), pause=0.01)
    worker = asyncio.create_task(intake.run())
    being_stored = asyncio.create_task(intake.take([LEFT]))
    while inbox.refusals == 1_000_000:  # noqa: ASYNC110 -- there is no event to wait for
        await asyncio.sleep(0.01)
    behind_it = asyncio.create_task(intake.take([LEFT]))
    await asyncio.sleep(0)
    worker.cancel()
    ended, waiting = await asyncio.wait([worker, being_stored, behind_it], timeout=5)
    assert not waiting
    assert all(task.cancelled() for task in ended)
    with pytest.raises(SessionOver):
        await asyncio.wait_for(intake.take([]), 5)
