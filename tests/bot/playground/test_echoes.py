"""What the chaos button delivers again."""

import random

import pytest

from bot.playground.chaos import Ordeal, Stand
from bot.playground.clock import MovableClock
from bot.playground.community import furnish
from bot.playground.discord_server import DiscordServer
from bot.playground.echoes import Echo, Echoes
from bot.playground.slack_server import SlackServer
from bot.playground.stages import DiscordStage, SlackStage, Stage

MARK = "white_check_mark"


async def told(stage: Stage) -> None:
    """A message, an answer, and a mark that is given, taken back and given again: five events."""
    help_ = stage.side.channels["help"]
    question = await stage.say("kofi", help_, "How?")
    answer = await stage.reply("amira", help_, question, "So.")
    await stage.react("mei", help_, answer, MARK)
    await stage.unreact("mei", help_, answer, MARK)
    await stage.react("mei", help_, answer, MARK)


@pytest.fixture
async def echoes() -> tuple[list[Echo], list[Echo]]:
    """Slack's and Discord's, with those that come twice."""
    clock = MovableClock()
    community = furnish(SlackServer(clock.seconds, retry_delays=()), DiscordServer(clock.seconds))
    found = Echoes(community)
    await told(SlackStage(community.slack, community.slack_side))
    await told(DiscordStage(community.discord, community.discord_side))
    await community.slack.settled()
    every = found.shuffled(random.Random(7))  # noqa: S311 - a disorder, not a secret
    return [e for e in every if e.platform == "slack"], [e for e in every if e.platform == "discord"]


async def test_every_event_comes_again_and_some_come_twice(echoes):
    slack, discord = echoes
    assert len(slack) + len(discord) == 5 + 3 + 3  # a third of the eight, rounded up


async def test_of_a_reaction_on_discord_only_the_last_word_comes_again(echoes):
    _, discord = echoes
    assert 3 <= len(discord) <= 6


async def test_a_retry_of_slack_is_no_event_of_its_own():
    clock = MovableClock()
    community = furnish(SlackServer(clock.seconds, retry_delays=(0.0, 0.0)), DiscordServer(clock.seconds))
    found = Echoes(community)
    await told(SlackStage(community.slack, community.slack_side))
    await community.slack.settled()
    assert len(community.slack.deliveries) == 15
    assert len(found.shuffled(random.Random(7))) == 7  # noqa: S311 - as above


BEFORE = Stand("abc", awards=2, facts=9, said=1)


@pytest.mark.parametrize(
    ("after", "verify", "same"),
    [
        (BEFORE, [], True),
        (BEFORE, ["the log supports more"], False),
        (BEFORE, None, False),
        (Stand("abd", 2, 9, 1), [], False),
        (Stand("abc", 2, 10, 1), [], False),
        (Stand("abc", 2, 9, 2), [], False),
        (None, [], False),
    ],
)
def test_it_is_the_same_only_if_nothing_at_all_changed(after, verify, same):
    assert Ordeal(before=BEFORE, after=after, verify=verify).held is same
