"""Who was in a voice channel with whom, and in which event, through the real client and real sockets."""

from __future__ import annotations

import pytest

from bot.playground.discord_server import ChannelType, Intent, Permission
from core.places import Places
from core.stays import Stay
from tests.adapters.discord.hall import MINUTE, Hall


async def test_a_session_in_company_is_told_when_the_person_leaves(hall: Hall) -> None:
    town = hall.town
    helper = town.server.add_role(town.guild, "Helper")
    cid = town.server.add_member(town.guild, "cid", [helper])
    async with hall.running():
        await hall.join(cid)
        await hall.join(town.bob)
        hall.wait(10)
        await hall.leave(cid)
        await town.until(lambda: hall.sessions)
        (session,) = hall.sessions
        assert session.actor == town.account(cid)
        assert session.id.startswith(f"voice:{hall.lounge}/{cid}/")
        assert session.facts == {
            "channel": "#lounge",
            "channel_id": hall.lounge,
            "actor_role": ("Helper",),
            "minutes": 10,
        }
        assert set(hall.open()) == {town.account(town.bob)}


async def test_alone_deafened_beside_a_bot_or_among_the_absent_nothing_is_collected(hall: Hall) -> None:
    town = hall.town
    absent = town.server.add_channel(town.guild, "afk", ChannelType.VOICE)
    town.server.world.guild(town.guild)["afk_channel_id"] = absent
    robot = town.server.world.add_bot_member(town.guild, "radio")
    async with hall.running():
        await town.server.join_voice(hall.lounge, robot)
        await hall.join(town.ann)
        await hall.join(town.bob, deaf=True)
        hall.wait(60)
        await hall.leave(town.ann)
        await town.server.join_voice(absent, town.bob)
        await town.until(lambda: not hall.open())
        await town.server.join_voice(absent, town.ann)
        await hall.join(town.bob)
        hall.wait(60)
        await hall.leave(town.bob)
    assert town.inbox.statements == []


async def test_moving_ends_the_session_and_a_hidden_channel_is_private(hall: Hall) -> None:
    town = hall.town
    hidden = town.server.add_channel(town.guild, "staff", ChannelType.STAGE)
    overwrite = {"id": town.guild, "type": 0, "allow": "0", "deny": str(int(Permission.VIEW_CHANNEL))}
    town.server.world.channel(hidden)["permission_overwrites"] = [overwrite]
    async with hall.running():
        for user in (town.ann, town.bob):
            await hall.join(user, hidden)
        hall.wait(3)
        await town.server.join_voice(hall.lounge, town.ann)
        await town.until(lambda: hall.sessions)
    (session,) = hall.sessions
    assert (session.facts["channel"], session.facts["private"], session.facts["minutes"]) == ("#staff", True, 3)


async def test_sessions_go_on_over_a_restart_and_the_time_between_counts_for_nobody(hall: Hall) -> None:
    town = hall.town
    async with hall.running():
        for user in (town.ann, town.bob):
            await hall.join(user)
        hall.wait(5)
    hall.wait(100)
    async with hall.running():
        hall.wait(7)
        await hall.leave(town.ann)
        await town.until(lambda: hall.sessions)
    (session,) = hall.sessions
    assert session.facts["minutes"] == 12
    assert "at_is_approximate" not in session.facts


async def test_who_left_meanwhile_left_at_the_last_moment_known(hall: Hall) -> None:
    town = hall.town
    async with hall.running():
        for user in (town.ann, town.bob):
            await hall.join(user)
        hall.wait(5)
    known = hall()
    await town.server.leave_voice(town.guild, town.ann)
    hall.wait(100)
    async with hall.running():
        await town.until(lambda: hall.sessions)
    (session,) = hall.sessions
    assert (session.facts["minutes"], session.facts["at_is_approximate"]) == (5, True)
    assert abs(session.at - known) < MINUTE


async def test_a_session_whose_end_was_kept_but_not_told_is_told_by_the_next_process(hall: Hall) -> None:
    town = hall.town
    over = Stay(town.account(town.ann), f"voice:{hall.lounge}", hall.lounge, 10, 99, 5 * MINUTE, ended=99)
    await town.stays.keep(town.source, [over])
    async with hall.running():
        await town.until(lambda: hall.sessions and not town.stays.kept[town.source])
    (session,) = hall.sessions
    assert (session.id, session.at, session.facts) == (f"voice:{hall.lounge}/{town.ann}/10", 99, {"minutes": 5})


async def test_events_told_twice_and_in_another_order_change_nothing(hall: Hall) -> None:
    town, server = hall.town, hall.town.server
    async with hall.running():
        await hall.join(town.bob)
        server.faults.duplicate("VOICE_STATE_UPDATE", times=2)
        await hall.join(town.ann)
        hall.wait(4)
        await hall.leave(town.ann)
        await town.until(lambda: hall.sessions)
        hall.wait(1)
        server.faults.late("VOICE_STATE_UPDATE", 0.2)
        await server.join_voice(hall.lounge, town.ann)  # is heard last
        await server.leave_voice(town.guild, town.ann)
        asked = f"/guilds/{town.guild}/voice-states/{town.ann}"
        await town.until(lambda: any(r.path == asked and r.status == 404 for r in server.requests))
        await server.say(town.channel, town.ann, "afterwards")
        await town.until(lambda: town.inbox.of_type("message.posted"))
        assert (len(hall.sessions), set(hall.open())) == (1, {town.account(town.bob)})


async def test_who_leaves_the_server_leaves_the_channel(hall: Hall) -> None:
    town = hall.town
    async with hall.running():
        for user in (town.ann, town.bob):
            await hall.join(user)
        hall.wait(2)
        await town.server.leave(town.guild, town.ann)
        await town.until(lambda: hall.sessions)
        assert set(hall.open()) == {town.account(town.bob)}


async def test_while_the_server_is_out_of_reach_nothing_counts(hall: Hall) -> None:
    town, world = hall.town, hall.town.server.world
    async with hall.running() as edge:
        for user in (town.ann, town.bob):
            await hall.join(user)
        hall.wait(3)
        world.emit("GUILD_DELETE", {"id": town.guild, "unavailable": True})
        await town.until(lambda: not edge.connected)
        hall.wait(60)
        states = world.guild(town.guild)["voice_states"]
        states[:] = [state for state in states if state["user_id"] != town.ann]
        world.emit("GUILD_CREATE", world.guild(town.guild))
        await town.until(lambda: hall.sessions)
        hall.wait(2)
        assert (hall.sessions[0].actor, hall.sessions[0].facts["minutes"]) == (town.account(town.ann), 3)
        assert set(hall.open()) == {town.account(town.bob)}


@pytest.mark.slow
async def test_a_lost_line_that_resumes_costs_nothing(hall: Hall) -> None:
    town = hall.town
    async with hall.running() as edge:
        for user in (town.ann, town.bob):
            await hall.join(user)
        hall.wait(2)
        town.server.drop_sockets()
        await town.until(lambda: town.server.gateway.resumed and edge.connected, 15)
        hall.wait(2)
        await hall.leave(town.ann)
        await town.until(lambda: hall.sessions)
    assert hall.sessions[0].facts["minutes"] == 4


@pytest.mark.slow
async def test_a_full_database_makes_a_session_wait(hall: Hall) -> None:
    town = hall.town
    async with hall.running():
        for user in (town.ann, town.bob):
            await hall.join(user)
        hall.wait(2)
        town.stays.refusals = 1
        await hall.leave(town.ann)
        await town.until(lambda: hall.sessions)
    assert "voice waits for the database" in town.warnings()


async def test_an_event_is_attended_by_who_was_there_for_five_minutes_in_all(hall: Hall) -> None:
    town, server = hall.town, hall.town.server
    event = await server.plan_event(hall.lounge, town.bob, "Book club", starts=1_774_000_000)
    async with hall.running():
        await hall.join(town.ann)
        hall.wait(30)
        await server.start_event(town.guild, event)
        await town.until(lambda: len(town.stays.kept[town.source]) == 2)
        hall.wait(3)
        await hall.leave(town.ann)
        hall.wait(10)
        await hall.join(town.bob)
        await hall.join(town.ann)
        hall.wait(4)
        await server.end_event(town.guild, event)
        await town.until(lambda: hall.visits)
    (visit,) = hall.visits
    assert (visit.id, visit.actor) == (f"event:{event}/1774000000/{town.ann}", town.account(town.ann))
    assert visit.facts == {
        "channel": "#lounge",
        "channel_id": hall.lounge,
        "event": event,
        "name": "Book club",
        "minutes": 7,
    }


@pytest.mark.slow
async def test_a_visit_goes_on_over_a_restart_and_an_event_that_ended_meanwhile_is_told(hall: Hall) -> None:
    town, server = hall.town, hall.town.server
    event = await server.plan_event(hall.lounge, town.bob, "Book club")
    await server.plan_elsewhere(town.guild, town.bob, "Picnic", "the park")
    async with hall.running():
        await server.start_event(town.guild, event)
        await hall.join(town.ann)
        await town.until(lambda: len(town.stays.kept[town.source]) == 2)
        hall.wait(3)
    async with hall.running():
        hall.wait(3)
    await server.end_event(town.guild, event)
    hall.wait(50)
    async with hall.running():
        await town.until(lambda: hall.visits)
    (visit,) = hall.visits
    assert (visit.facts["minutes"], visit.facts["at_is_approximate"]) == (6, True)


@pytest.mark.slow
async def test_a_deleted_event_is_over(hall: Hall) -> None:
    town, server = hall.town, hall.town.server
    event = await server.plan_event(hall.lounge, town.bob, "Book club")
    async with hall.running():
        await server.start_event(town.guild, event)
        await hall.join(town.ann)
        await town.until(lambda: len(town.stays.kept[town.source]) == 2)
        hall.wait(6)
        await server.delete_event(town.guild, event)
        await town.until(lambda: hall.visits)


async def test_without_a_rule_nobody_is_followed_and_what_was_kept_goes(hall: Hall) -> None:
    town = hall.town
    async with hall.running():
        for user in (town.ann, town.bob):
            await hall.join(user)
        hall.wait(5)
    town.places = Places()
    async with hall.running():
        await town.server.leave_voice(town.guild, town.ann)
        identify = [f["d"] for f in town.server.gateway.received if f["op"] == 2][-1]
        assert not identify["intents"] & (Intent.GUILD_VOICE_STATES | Intent.GUILD_SCHEDULED_EVENTS)
    assert (town.inbox.statements, town.stays.kept[town.source]) == ([], {})
