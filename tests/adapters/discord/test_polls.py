"""One person's answers to one poll are one vote, live and after a silence."""

from __future__ import annotations

import json

import pytest

from adapters.discord.polls import MOST_NOTED
from bot.playground.discord_server import Intent
from core.events import Statement
from core.places import Places
from tests.adapters.discord.town import Town


@pytest.fixture(autouse=True)
def _watches(town: Town) -> None:
    town.places = Places(watches=frozenset({"poll.voted"}))


def votes(town: Town) -> list[Statement]:
    return town.inbox.of_type("poll.voted")


def alive(town: Town) -> list[str]:
    """Ids of the votes that stand."""
    return sorted(id_ for id_ in town.inbox.live() if id_.startswith("poll:"))


def asked(town: Town, message: str) -> int:
    """How often Discord was asked for voters."""
    return sum(f"/polls/{message}/answers/" in r.path for r in town.server.requests)


async def test_a_vote_says_who_and_in_which_poll_and_not_what_was_chosen(town: Town) -> None:
    poll = await town.server.ask(town.channel, town.ann, "Where to?", "Hills", "Sea")
    async with town.running():
        await town.server.vote(town.channel, town.bob, poll, 2)
        await town.until(lambda: votes(town))
    (vote,) = votes(town)
    assert (vote.id, vote.actor) == (f"poll:{town.channel}/{poll}/{town.bob}", town.account(town.bob))
    facts = dict(vote.facts)
    facts.pop("object_at")
    assert facts == {"message": f"message:{town.channel}/{poll}", "channel": "#general", "channel_id": town.channel}
    assert "Sea" not in repr(town.inbox.statements) + town.warnings()


@pytest.mark.parametrize("reads_text", [True, False])
async def test_several_answers_are_one_vote_until_the_last_is_taken_back(town: Town, reads_text: bool) -> None:
    town.server.world.message_content_allowed = reads_text
    poll = await town.server.ask(town.channel, town.ann, "Which days?", "Mon", "Tue", "Wed", multiple=True)
    async with town.running():
        for answer in (1, 3):
            await town.server.vote(town.channel, town.bob, poll, answer)
        await town.until(lambda: len(votes(town)) == 2)
    async with town.running():  # this one does not know what was chosen
        before = asked(town, poll)
        await town.server.unvote(town.channel, town.bob, poll, 1)
        await town.until(lambda: asked(town, poll) == before + 3)
        assert len(alive(town)) == 1
        await town.server.unvote(town.channel, town.bob, poll, 3)
        await town.until(lambda: town.inbox.withdrawals())
    assert alive(town) == []


async def test_who_changes_their_mind_has_voted_once(town: Town) -> None:
    poll = await town.server.ask(town.channel, town.ann, "Where to?", "Hills", "Sea")
    async with town.running():
        await town.server.vote(town.channel, town.bob, poll, 1)
        await town.until(lambda: votes(town))
        await town.server.vote(town.channel, town.bob, poll, 2)
        await town.until(lambda: len(votes(town)) == 2)
        assert len(alive(town)) == 1


async def test_votes_of_a_silence_are_found_and_those_taken_back_in_it_withdrawn(town: Town) -> None:
    cid = town.server.add_member(town.guild, "cid")

    async def marks_on(source: str, message: str) -> list[str]:
        return [*alive(town), f"reaction:{town.channel}/1/{town.bob}/+1"]

    async with town.running(town.edge(reactions_on=marks_on)):
        poll = await town.server.ask(town.channel, town.ann, "Where to?", "Hills", "Sea")
        for user in (town.ann, town.bob):
            await town.server.vote(town.channel, user, poll, 1)
        await town.until(lambda: len(votes(town)) == 2)
    await town.server.unvote(town.channel, town.bob, poll, 1)
    await town.server.vote(town.channel, cid, poll, 2)
    async with town.running(town.edge(reactions_on=marks_on)):
        await town.until(lambda: len(votes(town)) == 3 and town.inbox.withdrawals())
    found, (gone,) = votes(town)[-1], town.inbox.withdrawals()
    assert (found.actor, found.facts["recovered"]) == (town.account(cid), True)
    assert (gone.id, gone.reason) == (f"poll:{town.channel}/{poll}/{town.bob}", "taken back")
    assert alive(town) == [f"poll:{town.channel}/{poll}/{user}" for user in sorted((town.ann, cid))]


async def test_a_poll_made_in_a_silence_is_read_with_its_votes(town: Town) -> None:
    town.places = Places(watches=frozenset({"poll.voted"}), reads_text=True)

    async def marks_on(source: str, message: str) -> list[str]:
        return alive(town)

    async with town.running(town.edge(reactions_on=marks_on)):
        await town.server.say(town.channel, town.ann, "heard")
        await town.until(lambda: town.inbox.statements)
    poll = await town.server.ask(town.channel, town.ann, "Where to?", "Hills", "Sea")
    await town.server.vote(town.channel, town.bob, poll, 2)
    async with town.running(town.edge(reactions_on=marks_on)):
        await town.until(lambda: votes(town))
    assert alive(town) == [f"poll:{town.channel}/{poll}/{town.bob}"]


async def test_a_server_that_asks_all_day_does_not_fill_the_notebook(town: Town) -> None:
    key = f"discord:polls:{town.guild}"
    town.notebook.entries[key] = json.dumps({f"{town.channel}/{n}": 1 << 62 for n in range(MOST_NOTED)})
    async with town.running(caught_up=False):
        poll = await town.server.ask(town.channel, town.ann, "Where to?", "Hills", "Sea")
        await town.server.vote(town.channel, town.bob, poll, 1)
        place = f"{town.channel}/{poll}"
        await town.until(lambda: place in town.notebook.entries[key])
    assert len(json.loads(town.notebook.entries[key])) == MOST_NOTED


async def test_where_only_another_servers_book_asks_for_votes_nothing_is_said(town: Town) -> None:
    town.own_places = {town.source: Places()}
    poll = await town.server.ask(town.channel, town.ann, "Where to?", "Hills", "Sea")

    async def none(source: str, message: str) -> list[str]:
        return []

    async with town.running(town.edge(reactions_on=none)):
        await town.server.vote(town.channel, town.bob, poll, 1)
        await town.server.unvote(town.channel, town.bob, poll, 1)
        await town.server.say(town.channel, town.ann, "afterwards")
        await town.until(lambda: town.inbox.of_type("message.posted"))
    assert votes(town) == town.inbox.withdrawals() == []
    assert asked(town, poll) == 0
    assert not [key for key in town.notebook.entries if "polls" in key]


async def test_a_vote_that_was_told_goes_also_where_the_book_asks_no_more(town: Town) -> None:
    async def marks_on(source: str, message: str) -> list[str]:
        return alive(town)

    poll = await town.server.ask(town.channel, town.ann, "Where to?", "Hills", "Sea")
    async with town.running(town.edge(reactions_on=marks_on)):
        await town.server.vote(town.channel, town.bob, poll, 1)
        await town.until(lambda: alive(town))
        town.own_places = {town.source: Places()}
        await town.server.unvote(town.channel, town.bob, poll, 1)
        await town.until(lambda: town.inbox.withdrawals())
    assert alive(town) == []


async def test_without_a_rule_nobody_asks_for_votes(town: Town) -> None:
    town.places = Places()
    poll = await town.server.ask(town.channel, town.ann, "Where to?", "Hills", "Sea")
    async with town.running():
        await town.server.vote(town.channel, town.bob, poll, 1)
        await town.server.say(town.channel, town.ann, "afterwards")
        await town.until(lambda: town.inbox.of_type("message.posted"))
    identify = [f["d"] for f in town.server.gateway.received if f["op"] == 2][-1]
    assert not identify["intents"] & Intent.GUILD_MESSAGE_POLLS
    assert votes(town) == []
