"""What is needed seldom, the menu of a person, and which channels and roles there are."""

from __future__ import annotations

import pytest

from adapters.discord.markdown import line_text
from core.cards import Text, note
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


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("People hand one back with /plaudit handback.", "People hand one back with /plaudit more handback."),
        ("/plaudit duties", "/plaudit more duties"),
        ("An admin can write /plaudit setup.", "An admin can write /plaudit more setup."),
        ("/team", "/team show"),
        ("/team join NAME", "/team join NAME"),
        ("/plaudit settings", "/plaudit settings"),
        ("/plaudit dutiesque", "/plaudit dutiesque"),
    ],
)
def test_texts_name_commands_as_they_are_typed_here(told: str, shown: str) -> None:
    assert line_text((Text(told),), "discord:1") == shown


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
