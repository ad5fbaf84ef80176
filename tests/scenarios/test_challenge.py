"""A challenge on both platforms: made in the chat, joined, closed on a Sunday night after the clocks changed, and the
same under its exported rule."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest

from adapters.storage.reading import reading
from bot.challenge_export import as_toml, find
from bot.halves import decide
from bot.verification import compare
from core.lines import to_line
from core.plan import compile_plan
from core.replay import Log
from core.rules.loading import load
from tests.scenarios.acts import Scene
from tests.scenarios.counter import Counter, DiscordCounter, SlackCounter, counter_of
from tests.scenarios.town import BOOK, PATIENCE, PLATFORMS, Platform, Town

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
FORM = {
    "name": "Helpful fortnight",
    "what": "thread.replied",
    "goal": "2",
    "first": "2026-03-23",
    "last": "2026-04-05",
}
ID = "helpful_fortnight"
# A channel takes one post a second, so badges are not announced.
QUIET = '[creators]\nslack = "@staff"\ndiscord = "Staff"\n[defaults]\nannounce = "none"\n'


@pytest.fixture(params=PLATFORMS)
def counter(request: pytest.FixtureRequest, town: Town) -> Counter:
    platform: Platform = request.param
    town.book = BOOK + QUIET
    return counter_of(town, platform)


def forward_to(town: Town, *moment: int) -> None:
    """To a moment on Berlin's clocks."""
    town.clock.forward(dt.datetime(*moment, tzinfo=BERLIN).timestamp() - town.clock.seconds())  # type: ignore[arg-type,misc] # year to minute


async def make(counter: Counter, who: str) -> str:
    """From the words typed to the preview."""
    street = counter.street
    if street.platform == "discord":
        await counter.town.discord.until(lambda: counter.town.discord.commands.by_guild[None], PATIENCE)
    before = len(street.whispered(who))
    await street.stage.command(who, street.side.channels["general"], "/challenge new sprint")
    await counter.town.until(lambda: window(counter, who))
    await street.stage.submit(who, FORM)
    await counter.town.until(lambda: len(street.whispered(who)) > before)
    return street.whispered(who)[-1]


async def refine(counter: Counter, who: str) -> str:
    """The second form, from the button of the preview."""
    street, label = counter.street, "Reward, people, place…"
    before = street.whispered(who)
    await (counter._press_own(who, label) if isinstance(counter, SlackCounter) else pressed(counter, who, label))
    await counter.town.until(lambda: window(counter, who))
    await street.stage.submit(who, {"each": "*", "whom": "all", "points": "5", "role": "*", "place": "announcements"})
    await counter.town.until(lambda: len(street.whispered(who)) > len(before))
    return street.whispered(who)[-1]


async def pressed(counter: Counter, who: str, label: str) -> None:
    assert isinstance(counter, DiscordCounter)
    await counter._pressed(who, "general", counter._latest(who, label), label)


def window(counter: Counter, who: str) -> bool:
    if counter.street.platform == "slack":
        return bool(counter.town.slack.modals.get(counter.street.side.people[who]))
    return counter.town.discord.interactions[-1].modal is not None


async def test_from_the_chat_to_the_ceremony_and_the_archive(counter: Counter, town: Town) -> None:
    street, scene = counter.street, Scene(counter.street)
    async with town.running(street.platform) as scene.bot:
        assert "Only those who run challenges" in await street.ask("jonas", "/challenge new")
        shown = await make(counter, "tomas")
        assert "By Sunday 5 April, 24:00 (Berlin)" in shown
        assert "would have reached this" in shown
        assert "Reward: 5 points" in await refine(counter, "tomas")
        assert "It is set: Helpful fortnight" in await counter.press_last("tomas", "Start it")
        forward_to(town, 2026, 3, 23, 0, 1)
        await scene.settled()
        await street.posts_of("Two replies", "wins")
        for who in ("jonas", "lena", "mei"):
            assert "You are in" in await street.press(who, "Join", "wins")
        question = await street.say("noor", "How does this work?")
        for who, replies in (("jonas", 2), ("lena", 1), ("kofi", 2)):
            for _ in range(replies):
                await street.reply(who, question)
        await scene.settled()
        await street.earned("jonas", ID)
        standing = await street.ask("lena", "/challenge helpful")
        assert "1 of 3 have reached it." in standing
        assert "You: 1 of 2, place 2" in standing
        forward_to(town, 2026, 4, 5, 23, 58)
        await scene.settled()
        assert not any("is over" in text for text in street.said("wins"))
        forward_to(town, 2026, 4, 6, 0, 6)
        await scene.settled()
        await street.reply("lena", question)
        await scene.settled()
        await town.until(lambda: any("Helpful fortnight is over" in text for text in street.said("wins")))
        await scene.settled()
        (ceremony,) = [text for text in street.said("wins") if "Helpful fortnight is over" in text]
        assert street.shows(ceremony, "jonas")
        assert street.shows(ceremony, "kofi")
        assert not street.shows(ceremony, "lena")
        assert "1 of 3 who joined." in ceremony
        assert "2 people reached it" in await street.ask("mei", "/challenge archive")
        again = await street.ask("mei", "/challenge helpful")
        assert "You reached it" not in again
        assert street.shows(again, "jonas")
    same_under_the_exported_rule(town)


def same_under_the_exported_rule(town: Town) -> None:
    """Pasted into the file, the rule gives the awards that the live bot gave, and is no second one."""
    text = f"{town.book}\n{as_toml(find(town.settings('slack', 'discord'), ID))}"
    pasted = load(text, "rules.toml")
    assert compare(town.url, [pasted], town.clock()) == []
    log = Log(compile_plan(pasted), town.clock())
    with reading(town.url) as histories:
        log.read(to_line(s) for s in histories("default").log())
    result = decide(log.plan, log)
    assert result.ignored == []
    replayed = {(a["member"], a["earned_at"]) for a in result.awards if a["achievement"] == ID}
    stored = town.rows("SELECT member, earned_at FROM award WHERE achievement = ? AND state = 'awarded'", ID)
    assert len(replayed) == len(stored) == 2
    assert {member for member, _ in replayed} == {row[0] for row in stored}


@pytest.mark.slow
async def test_stopped_at_its_end_it_says_the_results_with_what_was_missed(counter: Counter, town: Town) -> None:
    street, scene = counter.street, Scene(counter.street)
    async with town.running(street.platform) as scene.bot:
        await make(counter, "tomas")
        assert "It is set" in await counter.press_last("tomas", "Start it")
        forward_to(town, 2026, 3, 23, 0, 1)
        await scene.settled()
        question = await street.say("noor", "How does this work?")
        await street.reply("jonas", question)
        await scene.settled()
    forward_to(town, 2026, 4, 5, 20, 0)
    await street.reply("jonas", question)
    forward_to(town, 2026, 4, 6, 9, 0)
    async with town.running(street.platform) as scene.bot:
        await scene.settled()
        await street.earned("jonas", ID)
        assert not any("is over" in text for text in street.said("wins"))
        forward_to(town, 2026, 4, 6, 9, 6)
        await scene.settled()
        assert len(await street.posts_of("Helpful fortnight is over", "wins")) == 1
        assert any(street.shows(text, "jonas") for text in street.said("wins") if "is over" in text)
