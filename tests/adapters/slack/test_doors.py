"""Channels that a badge opens, where the bot came late or Slack does not answer as it should."""

import pytest

from bot.playground.slack_server import SlackServer
from core.errors import RetryLater, Undeliverable
from tests.adapters.slack.conftest import AMIRA, CHEN, Rig, build
from tests.adapters.slack.test_roles import inside, open_to


@pytest.fixture
async def rig(server: SlackServer) -> Rig:
    """A channel that the bot sees and is not in."""
    server.add_channel("C0MENTORS", "mentors", [CHEN], with_bot=False)
    rig = build(server)
    await rig.edge.check()
    return rig


async def test_a_bot_that_was_invited_since_opens_the_channel(rig: Rig) -> None:
    with pytest.raises(Undeliverable, match="invite the bot"):
        await open_to(rig, AMIRA, "#mentors")
    rig.server.members["C0MENTORS"].append(rig.server.me.bot_user)
    await open_to(rig, AMIRA, "#mentors")
    assert inside(rig) == [CHEN, AMIRA]


async def test_nobody_is_taken_out_of_a_channel_that_the_bot_is_not_in(rig: Rig) -> None:
    rig.server.members["C0MENTORS"].append(AMIRA)
    await open_to(rig, AMIRA)
    assert inside(rig) == [CHEN, AMIRA]


@pytest.mark.parametrize(("status", "asked", "waits"), [(429, 11.0, 11.0), (500, None, None)])
async def test_what_will_pass_is_tried_again(rig: Rig, status: int, asked: float | None, waits: float | None) -> None:
    rig.server.members["C0MENTORS"].append(rig.server.me.bot_user)
    rig.server.faults.answer("conversations.invite", status=status, retry_after=asked, times=5)
    with pytest.raises(RetryLater) as wait:
        await open_to(rig, AMIRA, "#mentors")
    assert waits is None or wait.value.after == waits
    assert inside(rig) == [CHEN]
