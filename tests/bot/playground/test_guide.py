"""The first minute begins as often as somebody wants: whoever answers does not have the badge yet."""

import pytest

from bot.playground.clock import MovableClock
from bot.playground.community import furnish
from bot.playground.discord_server import DiscordServer
from bot.playground.guide import answering, set_the_scene
from bot.playground.server import Playground
from bot.playground.slack_server import SlackServer
from bot.playground.stages.refusals import NotAllowed


@pytest.fixture
def playground() -> Playground:
    clock = MovableClock()
    return Playground(furnish(SlackServer(clock.seconds), DiscordServer(clock.seconds)), clock)


@pytest.mark.parametrize(
    ("holders", "name"), [((), "Amira"), (("amira",), "Tomás"), (("amira", "tomas", "noor"), "Lena")]
)
async def test_two_others_have_marked_an_answer_of_somebody_without_the_badge(playground, holders, name):
    scene = await set_the_scene(playground.slack, holders)
    question = playground.state("mei")["slack"]["messages"][scene["channel"]][0]
    answer = question["replies"][0]
    assert (question["author"]["name"], answer["author"]["name"], scene["answers"]) == ("Kofi", name, name)
    assert (answer["id"], scene["as"]) == (scene["message"], "mei")
    assert [(mark["name"], mark["count"], mark["mine"]) for mark in answer["reactions"]] == [(scene["emoji"], 2, False)]


def test_where_everybody_has_the_badge_the_page_says_what_helps():
    with pytest.raises(NotAllowed, match="Start the demo again"):
        answering({"amira", "jonas", "lena", "tomas", "noor"})
