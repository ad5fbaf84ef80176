"""Whom the bot follows through voice channels, whom not, and what odd manners cost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.playground.discord_server import Intent, Permission
from core.places import Places
from core.stays import VOICE, Stay
from tests.adapters.discord.conftest import WATCHING
from tests.adapters.discord.hall import Hall
from tests.fakes import FakeStays


async def test_a_channel_that_is_closed_meanwhile_is_private_from_its_beginning(hall: Hall) -> None:
    town, world = hall.town, hall.town.server.world
    async with hall.running():
        for user in (town.ann, town.bob):
            await hall.join(user)
        overwrite = {"id": town.guild, "type": 0, "allow": "0", "deny": str(int(Permission.VIEW_CHANNEL))}
        world.channel(hall.lounge)["permission_overwrites"] = [overwrite]
        world.emit("CHANNEL_UPDATE", {**world.channel(hall.lounge), "guild_id": town.guild})
        hall.wait(3)
        await hall.leave(town.ann)
        await town.until(lambda: hall.sessions)
        assert hall.sessions[0].facts["private"] is True


async def test_nobody_is_followed_on_a_server_whose_own_book_does_not_ask(hall: Hall) -> None:
    town = hall.town
    town.own_places = {town.source: Places()}  # another server's book asks, so the gateway tells of both
    async with hall.running():
        for user in (town.ann, town.bob):
            await town.server.join_voice(hall.lounge, user)
        await town.server.say(town.channel, town.ann, "afterwards")
        await town.until(lambda: town.inbox.of_type("message.posted"))
        assert town.stays.kept[town.source] == {}
    async with hall.running():
        assert town.stays.kept[town.source] == {}


async def test_where_only_another_servers_book_asks_for_events_no_visit_is_kept(hall: Hall) -> None:
    town = hall.town
    town.own_places = {town.source: Places(watches=frozenset({"voice.session_ended"}))}
    event = await town.server.plan_event(hall.lounge, town.ann, "Book club")
    async with hall.running():
        await town.server.start_event(town.guild, event)
        for user in (town.ann, town.bob):
            await hall.join(user)
        assert {stay.kind for stay in town.stays.kept[town.source].values()} == {VOICE}


async def test_where_a_book_asks_no_more_what_was_kept_goes_although_another_book_asks(hall: Hall) -> None:
    town = hall.town
    async with hall.running(look_every=0.05):
        for user in (town.ann, town.bob):
            await hall.join(user)
        hall.wait(5)
        town.own_places = {town.source: Places()}
        await town.until(lambda: not town.stays.kept[town.source])
    assert hall.sessions == []


async def test_who_plays_with_the_buttons_is_asked_about_seldom_and_ends_as_they_ended(hall: Hall) -> None:
    town, server = hall.town, hall.town.server
    async with hall.running():
        await hall.join(town.ann)
        for n in range(40):
            await server.join_voice(hall.lounge, town.ann, deaf=n % 2 == 0)
        await server.join_voice(hall.lounge, town.ann, deaf=True)
        await town.until(lambda: hall.open().get(town.account(town.ann)) is False)
        await hall.join(town.bob)  # waits his turn behind all of them
        asked = sum(r.path.endswith(f"/voice-states/{town.ann}") for r in server.requests)
        assert asked < 5  # of 41


async def test_who_is_banned_in_the_middle_has_collected_nothing(hall: Hall) -> None:
    town = hall.town
    async with hall.running():
        for user in (town.ann, town.bob):
            await hall.join(user)
        hall.wait(5)
        await town.server.ban(town.guild, town.ann)
        await town.until(lambda: town.inbox.of_type("member.banned"))
        assert (hall.sessions, set(hall.open())) == ([], {town.account(town.bob)})


async def test_where_the_bot_is_sent_away_nobody_is_followed_any_more(hall: Hall) -> None:
    town = hall.town
    async with hall.running():
        for user in (town.ann, town.bob):
            await hall.join(user)
        hall.wait(3)
        town.server.world.emit("GUILD_DELETE", {"id": town.guild})
        await town.until(lambda: len(hall.sessions) == 2 and not town.stays.kept[town.source])
        town.server.world.emit("GUILD_CREATE", town.server.world.guild(town.guild))
        await town.until(lambda: len(hall.open()) == 2)
    assert {s.facts["minutes"] for s in hall.sessions} == {3}


class Slow(FakeStays):
    """A database that takes long over the end of a stay."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.goes_on = asyncio.Event(), asyncio.Event()

    async def keep(self, source: str, stays: Sequence[Stay]) -> None:
        if any(stay.ended is not None for stay in stays):
            self.asked.set()
            await self.goes_on.wait()
        await super().keep(source, stays)


async def test_where_the_bot_is_sent_away_during_a_save_it_goes_on_saving(hall: Hall) -> None:
    town, world = hall.town, hall.town.server.world
    town.stays = stays = Slow()
    async with hall.running(look_every=0.02):
        for user in (town.ann, town.bob):
            await hall.join(user)
        hall.wait(3)
        world.emit("GUILD_DELETE", {"id": town.guild})
        await asyncio.wait_for(stays.asked.wait(), 5)
        await asyncio.sleep(0.1)  # the next save waits its turn
        stays.goes_on.set()
        await town.until(lambda: len(hall.sessions) == 2 and not stays.kept[town.source])
        await asyncio.sleep(0.1)
    assert "not looked after" not in town.warnings()


class Broken(FakeStays):
    """A database that fails once in a way that nobody thought of."""

    fails = False

    async def keep(self, source: str, stays: Sequence[Stay]) -> None:
        if self.fails:
            self.fails = False
            raise RuntimeError("nobody thought of it")
        await super().keep(source, stays)


async def test_a_save_that_fails_is_said_and_the_next_one_saves(hall: Hall) -> None:
    town = hall.town
    town.stays = stays = Broken()
    async with hall.running(look_every=0.02):
        for user in (town.ann, town.bob):
            await hall.join(user)
        stays.fails = True
        await town.until(lambda: "not looked after" in town.warnings())
        town.own_places = {town.source: Places()}
        await town.until(lambda: not stays.kept[town.source])


async def test_new_rules_about_voice_need_no_restart_and_old_ones_follow_nobody(hall: Hall) -> None:
    town = hall.town
    town.places = Places()
    async with hall.running(look_every=0.05) as edge:
        hall.wait(5)  # else it waits a little before it connects again
        town.places = Places(watches=WATCHING, reads_text=True)  # for texts the portal may have to be asked first
        await asyncio.sleep(0.2)
        assert town.server.gateway.identified == 1
        for watches, asked in ((WATCHING, Intent.GUILD_VOICE_STATES), (frozenset[str](), Intent(0))):
            hall.wait(5)
            town.places = Places(watches=watches)
            await town.until(lambda a=asked: hall.intents() & Intent.GUILD_VOICE_STATES == a)  # type: ignore[misc] # bound now
            await town.until(lambda: edge.caught_up)
            if watches:
                await hall.join(town.ann)
        await town.until(lambda: not town.stays.kept[town.source])
    assert "the connection failed" not in town.warnings()
