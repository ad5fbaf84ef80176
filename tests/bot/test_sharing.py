"""What many ask for at once is worked out once, and nobody gets an answer that is older than the question."""

from __future__ import annotations

import asyncio

import pytest

from bot.sharing import Sharing


class Work:
    """Goes on until it is let go; says which run it was."""

    def __init__(self) -> None:
        self.runs = 0
        self.begun, self.gate = asyncio.Event(), asyncio.Event()

    async def __call__(self) -> int:
        self.runs += 1
        run = self.runs
        self.begun.set()
        await self.gate.wait()
        return run


async def test_who_asks_meanwhile_shares_the_next_one() -> None:
    shared, work = Sharing[int](), Work()
    first = asyncio.create_task(shared.ask("a", work))
    await asyncio.wait_for(work.begun.wait(), 5)
    others = [asyncio.create_task(shared.ask("a", work)) for _ in range(30)]
    for _ in range(5):  # each begins, and what it asked for
        await asyncio.sleep(0)
    assert work.runs == 1
    work.gate.set()
    assert await first == 1
    assert set(await asyncio.gather(*others)) == {2}
    assert await shared.ask("a", work) == 3


async def test_other_questions_do_not_wait() -> None:
    shared, slow, quick = Sharing[int](), Work(), Work()
    first = asyncio.create_task(shared.ask("a", slow))
    await asyncio.wait_for(slow.begun.wait(), 5)
    quick.gate.set()
    assert await asyncio.wait_for(shared.ask("b", quick), 5) == 1
    slow.gate.set()
    assert await first == 1


async def test_who_gives_up_leaves_the_others_their_answer() -> None:
    shared, work = Sharing[int](), Work()
    hasty, patient = (asyncio.create_task(shared.ask("a", work)) for _ in range(2))
    await asyncio.wait_for(work.begun.wait(), 5)
    hasty.cancel()
    work.gate.set()
    assert await patient == 1
    with pytest.raises(asyncio.CancelledError):
        await hasty


async def test_what_fails_fails_for_those_who_asked_and_not_for_the_next() -> None:
    shared, work = Sharing[int](), Work()
    work.gate.set()

    async def fail() -> int:
        raise OSError("no disk")

    asked = await asyncio.gather(*(shared.ask("a", fail) for _ in range(2)), return_exceptions=True)
    assert [str(error) for error in asked] == ["no disk", "no disk"]
    assert await shared.ask("a", work) == 1
