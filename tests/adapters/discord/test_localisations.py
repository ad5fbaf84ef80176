"""Commands in the languages of Discord: what is sent when they are registered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import discord
import pytest
from discord import app_commands

from adapters.discord.commands import Commands
from adapters.discord.localisations import OPTIONS, Localisations, menus
from core.languages import DISCORD

NAME = re.compile(r"[-_'\w]{1,32}")
Payload = dict[str, Any]


@pytest.fixture
async def commands() -> list[Payload]:
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    Commands(None).add_to(tree)  # type: ignore[arg-type] # nothing is answered here
    return [await command.get_translated_payload(tree, Localisations()) for command in tree.get_commands()]


def parts(found: list[Payload]) -> Iterator[Payload]:
    for part in found:
        yield part
        yield from parts(part.get("options", []))


async def test_every_description_is_there_in_every_language_of_discord(commands: list[Payload]) -> None:
    described = [part for part in parts(commands) if part.get("description")]
    missing = [
        part["description"] for part in described if set(part["description_localizations"]) != set(DISCORD.values())
    ]
    assert len(described) > 50
    assert missing == []
    assert all(len(text) <= 100 for part in described for text in part["description_localizations"].values())


async def test_options_have_names_that_discord_takes(commands: list[Payload]) -> None:
    options = {part["name"] for part in parts(commands) if part.get("type", 0) > 2 and "description" in part}
    for code, names in OPTIONS.items():
        assert options <= names.keys(), code
        assert all(NAME.fullmatch(name) and name == name.lower() for name in names.values())


async def test_the_options_of_a_command_keep_different_names(commands: list[Payload]) -> None:
    for part in parts(commands):
        inner = part.get("options", [])
        for locale in DISCORD.values():
            names = [o.get("name_localizations", {}).get(locale, o["name"]) for o in inner]
            assert len(names) == len(set(names)), (part["name"], locale)


async def test_commands_keep_their_names_and_menus_are_named_in_each_language(commands: list[Payload]) -> None:
    slashes = [c for c in commands if "options" in c]
    assert all(not c["name_localizations"] for c in slashes)
    named = {c["name"]: c["name_localizations"] for c in commands if "options" not in c}
    assert named.keys() == menus().keys()
    assert named["Nominate"] == {"de": "Vorschlagen", "es-ES": "Proponer", "ja": "推薦する"}
