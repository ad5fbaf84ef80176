"""Huddles become voice sessions: who was in one call with others, over real sockets."""

from __future__ import annotations

import pytest

from bot.playground.slack_server import SlackServer
from core.events import Statement
from core.places import Places
from core.stays import Stay
from tests.adapters.slack.conftest import AMIRA, BEN, CHEN, GENERAL, QUIET, SECRET, Rig, Start, build, connected, until
from tests.fakes import FakeStays

MINUTE = 60
CALL = "R0CALL"
WATCHING = Places(watches=frozenset({"voice.session_ended"}))


class Watch:
    """The clock of the workspace, which a test moves."""

    def __init__(self) -> None:
        self.now = 1_774_000_000.0

    def __call__(self) -> float:
        self.now += 0.001
        return self.now


@pytest.fixture
def watch(server: SlackServer) -> Watch:
    watch = Watch()
    server.world.ticker = type(server.world.ticker)(watch)
    return watch


async def sessions(rig: Rig, count: int = 1) -> list[Statement]:
    await rig.server.settled()
    await until(lambda: len(rig.inbox.of_type("voice.session_ended")) >= count)
    return rig.inbox.of_type("voice.session_ended")


async def talk(rig: Rig, watch: Watch, minutes: int, channel: str | None = GENERAL) -> None:
    """Amira and Ben are in a huddle for so long, and still are."""
    for user in (AMIRA, BEN):
        await rig.server.join_huddle(user, CALL, channel)
        await rig.server.settled()
    watch.now += minutes * MINUTE


async def test_a_huddle_in_a_channel_is_a_session_there(start: Start, watch: Watch) -> None:
    rig = await start(places=WATCHING)
    await talk(rig, watch, 12)
    await rig.server.leave_huddle(AMIRA)
    (session,) = await sessions(rig)
    assert session.actor == rig.account(AMIRA)
    assert session.id.startswith(f"voice:{CALL}/{AMIRA}/")
    assert session.facts == {"channel": "#general", "channel_id": GENERAL, "minutes": 12}


@pytest.mark.parametrize("channel", [None, QUIET, SECRET])
async def test_what_is_in_no_public_channel_that_the_bot_sees_is_private(
    start: Start, watch: Watch, channel: str | None
) -> None:
    rig = await start(places=WATCHING)
    await talk(rig, watch, 5, channel)
    await rig.server.leave_huddle(BEN)
    (session,) = await sessions(rig)
    assert session.facts["private"] is True
    assert ("channel" in session.facts) is (channel == SECRET)


async def test_alone_in_a_call_nothing_is_collected_and_other_calls_are_no_company(start: Start, watch: Watch) -> None:
    rig = await start(places=WATCHING)
    await rig.server.join_huddle(AMIRA, CALL, GENERAL)
    await rig.server.join_huddle(CHEN, "R0OTHER")
    watch.now += 50 * MINUTE
    for user in (AMIRA, CHEN):
        await rig.server.leave_huddle(user)
    await rig.server.settled()
    assert rig.inbox.of_type("voice.session_ended") == []
    assert rig.stays.kept[rig.edge.source] == {}


async def test_an_event_that_another_one_overtook_is_old_news(start: Start, watch: Watch) -> None:
    rig = await start(places=WATCHING)
    await rig.server.join_huddle(BEN, CALL, GENERAL)
    await rig.server.settled()
    rig.server.faults.shuffle(4)  # each change comes as two events; the last is told first
    await rig.server.join_huddle(AMIRA, CALL, GENERAL)
    watch.now += 2 * MINUTE
    await rig.server.leave_huddle(AMIRA)
    await rig.server.settled()
    assert {s.account for s in rig.stays.kept[rig.edge.source].values()} == {rig.account(BEN)}
    assert rig.inbox.of_type("voice.session_ended") == []


async def test_after_a_restart_who_left_meanwhile_left_at_the_last_moment_known_and_the_others_go_on(
    server: SlackServer, watch: Watch
) -> None:
    stays = FakeStays()
    async with connected(build(server, places=WATCHING, stays=stays)) as rig:
        await rig.server.join_huddle(CHEN, CALL, GENERAL)
        await talk(rig, watch, 4)
    known = int(watch.now * 1_000_000)
    del server.world.huddles[AMIRA]
    server.world.users[AMIRA]["profile"]["huddle_state"] = "default_unset"  # nobody hears of it
    watch.now += 60 * MINUTE
    async with connected(build(server, places=WATCHING, stays=stays)) as rig:
        (gone,) = await sessions(rig)
        assert (gone.actor, gone.facts["minutes"]) == (rig.account(AMIRA), 4)
        assert (gone.facts["at_is_approximate"], gone.facts["channel"]) == (True, "#general")
        assert abs(gone.at - known) < 1_000_000
        watch.now += 3 * MINUTE
        await rig.server.leave_huddle(BEN)
        (_, stayed) = await sessions(rig, 2)
        assert (stayed.actor, stayed.facts["minutes"]) == (rig.account(BEN), 7)


async def test_a_long_silence_counts_for_nobody(start: Start, watch: Watch) -> None:
    rig = await start(places=WATCHING)
    await until(lambda: rig.edge._huddles._entered)
    await talk(rig, watch, 6)
    watch.now += 60 * MINUTE
    await rig.edge._alive(60.0 * MINUTE)  # as when the line comes back
    await until(lambda: rig.edge._huddles._entered)
    watch.now += 2 * MINUTE
    await rig.server.leave_huddle(AMIRA)
    (session,) = await sessions(rig)
    assert session.facts["minutes"] == 8


async def test_rules_that_come_and_go_need_no_restart(start: Start, watch: Watch) -> None:
    now = {"places": Places()}
    rig = await start(places=lambda: now["places"])
    watch.now += 5 * MINUTE
    now["places"] = WATCHING
    await rig.edge._alive(0.0)
    await until(lambda: rig.edge._huddles._entered)
    await talk(rig, watch, 3)
    await rig.server.leave_huddle(AMIRA)
    (session,) = await sessions(rig)
    assert session.facts["minutes"] == 3
    now["places"] = Places()
    watch.now += MINUTE
    await rig.edge._alive(0.0)
    await rig.server.settled()
    assert rig.stays.kept[rig.edge.source] == {}


async def test_a_session_is_not_lost_where_the_inbox_refuses_it_at_first(start: Start, watch: Watch) -> None:
    rig = await start(places=WATCHING)
    await talk(rig, watch, 3)
    rig.inbox.refusals = 1
    await rig.server.leave_huddle(AMIRA)
    await until(lambda: rig.inbox.of_type("voice.session_ended"))
    (session,) = rig.inbox.of_type("voice.session_ended")
    assert session.facts["minutes"] == 3
    await until(lambda: len(rig.stays.kept[rig.edge.source]) == 1)


async def test_without_a_rule_nobody_is_followed_and_what_was_kept_goes(server: SlackServer, watch: Watch) -> None:
    stays = FakeStays()
    async with connected(build(server, stays=stays)) as rig:
        await stays.keep(rig.edge.source, [Stay(rig.account(AMIRA), "voice:R1", "R1", 1, 2)])
        await talk(rig, watch, 3)
        await rig.server.leave_huddle(AMIRA)
        await rig.server.settled()
        assert rig.inbox.of_type("voice.session_ended") == []
    async with connected(build(server, stays=stays)) as rig:
        await until(lambda: not stays.kept[rig.edge.source])
