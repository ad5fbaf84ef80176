"""What is needed seldom, the menu of a person, and which channels and roles there are."""

from __future__ import annotations

from core.cards import note
from core.requests import Answer
from tests.adapters.discord.town import Town


async def test_the_menu_of_a_person_asks_for_their_badges(town: Town) -> None:
    town.desk.reply = Answer(note("Badges of Bob"))
    async with town.running():
        await town.until(lambda: town.server.commands.by_guild[None])
        await town.server.user_menu(town.channel, town.ann, town.bob, "Profile")
        await town.until(lambda: town.server.private_messages(town.ann))
    request = town.desk.requests[0]
    assert (request.verb, request.account) == ("achievements", town.account(town.ann))
    assert request.arguments == {"member": town.account(town.bob)}
    assert [m["content"] for m in town.server.private_messages(town.ann)] == ["Badges of Bob"]


async def test_what_is_seldom_needed_brings_its_arguments(town: Town) -> None:
    asked: dict[str, dict[str, str]] = {"setup": {}, "duties": {}, "handback": {"achievement": "mentor"}}
    async with town.running():
        for command, values in asked.items():
            await town.server.slash(town.channel, town.ann, f"plaudit more {command}", **values)
        await town.until(lambda: len(town.desk.requests) == len(asked))
    assert {r.verb: dict(r.arguments) for r in town.desk.requests} == asked


async def test_channels_and_roles_are_found_by_name(town: Town) -> None:
    town.server.add_role(town.guild, "Moderator")
    async with town.running() as edge:
        await town.until(lambda: edge.connected)
        source = town.account(town.ann).partition("/")[0]
        found = [
            edge.messenger.finds(source, ref, channel) for ref, channel in (("#general", True), ("#nowhere", True))
        ]
        assert found == [True, False]
        assert [edge.messenger.finds(source, ref, False) for ref in ("moderator", "nobody")] == [True, False]
