"""`plaudit demo --once`: the story on both platforms, told in the terminal, every step waited for."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from adapters.storage.store import open_store
from bot.demo.linking import TITLE, one_person, three_again
from bot.demo.session import Session, session
from bot.demo.show import DidNotHappen, Show
from bot.demo.story import SCENES
from bot.demo.transcript import Transcript
from bot.playground.clock import MovableClock
from bot.playground.community import ZONE
from bot.playground.server import AFTER_THE_DIGEST, MONDAY
from bot.playground.stages import DiscordStage, SlackStage, Stage
from bot.schedule import Schedule
from bot.verification import compare

_WEDNESDAY, _TEN = 2, dt.time(10, 0)
_NEWS = "This week"


async def demo_once() -> int:
    """0 when everything happened, else 1; the transcript says what did not."""
    clock = MovableClock()
    # Midweek: whenever the story is played, no digest and no new day falls into it.
    clock.forward_to(_WEDNESDAY, _TEN, ZONE)
    async with session(clock) as running:
        transcript = Transcript(running.watches())
        shows = _shows(running, transcript)
        try:
            await _play(shows, transcript)
            await _monday(running, shows, transcript)
            await _linked(running, shows, transcript)
        except DidNotHappen as missing:
            transcript.bad(str(missing))
            return 1
        return await _verified(running, transcript)


def _shows(running: Session, transcript: Transcript) -> list[Show]:
    place = running.community
    slack, discord = SlackStage(place.slack, place.slack_side), DiscordStage(place.discord, place.discord_side)
    stages: tuple[Stage, Stage] = (slack, discord)
    return [Show(stage, watch, transcript) for stage, watch in zip(stages, running.watches(), strict=True)]


async def _play(shows: list[Show], transcript: Transcript) -> None:
    for number, scene in enumerate(SCENES, 1):
        transcript.heading(f"{number}. {scene.title}")
        for show in shows:
            await scene.play(show)


async def _monday(running: Session, shows: list[Show], transcript: Transcript) -> None:
    """Two schedulers on one database, as two processes would be: one digest."""
    transcript.heading(f"{len(SCENES) + 1}. Monday morning: the digest, once, though two schedulers run")
    async with _second_schedule(running) as rival:
        running.clock.forward_to(MONDAY, AFTER_THE_DIGEST, ZONE)
        await asyncio.gather(rival.tick(), rival.tick())
        for show in shows:
            await show.expect("the digest is in #general and welcomes Kofi", partial(show.told, _NEWS, "Kofi"))
        await rival.tick()
    for show in shows:
        await show.ask("kofi", "general", "/achievements", "Said hello")
        await show.expect("one digest, and no badge told twice", partial(_is_nothing_doubled, show))


async def _linked(running: Session, shows: list[Show], transcript: Transcript) -> None:
    slack, discord = shows
    transcript.heading(f"{len(SCENES) + 2}. {TITLE}")
    await one_person(slack, discord, running.forge)
    await three_again(slack, discord)


def _is_nothing_doubled(show: Show) -> bool:
    """A refused post and a broken line were in between; each thing is said once all the same."""
    said = [s.text for s in show.watch.posts()]
    return len(show.told(_NEWS)) == 1 and len(set(said)) == len(said)


@asynccontextmanager
async def _second_schedule(running: Session) -> AsyncIterator[Schedule]:
    """As a second process would have it: a store and a scheduler of its own on the same file."""
    side = running.community
    sources = [side.slack_side.source, side.discord_side.source]
    store = await open_store(running.url, running.books, running.clock)
    schedule = Schedule(store, lambda: sources, dict)
    schedule.start(0.25)
    try:
        yield schedule
    finally:
        await schedule.stop()
        await store.close()


async def _verified(running: Session, transcript: Transcript) -> int:
    """Deciding everything again from the log must give what is stored."""
    transcript.heading("Verify: the log, decided again, gives what is stored")
    url, now = running.url, running.clock()
    differences = await asyncio.to_thread(compare, url, running.books, now)
    for line in differences:
        transcript.bad(line)
    if not differences:
        transcript.good("equal")
    return 1 if differences else 0
