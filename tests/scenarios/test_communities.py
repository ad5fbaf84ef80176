"""Two communities with one bot: what one book says is nothing in the other."""

from __future__ import annotations

from pathlib import Path

from bot.books import read_books
from bot.runner import Bot
from bot.verification import compare
from tests.scenarios.pages import discord_text
from tests.scenarios.town import BOOK, PATIENCE, Town, connected


def _write_books(folder: Path, one: str, other: str) -> Path:
    books = folder / "books"
    books.mkdir()
    there = BOOK.replace('discord = "Moderator"', 'discord = "Steward"')
    for name, text, guild in (("one", BOOK, one), ("other", there, other)):
        head = f'[community]\nid = "{name}"\nsources = ["discord:{guild}"]'
        (books / f"{name}.toml").write_text(text.replace("[community]", head))
    return books


async def test_moderators_are_those_of_the_server_they_ask_in(town: Town) -> None:
    server = town.discord
    other = server.add_guild("Other")
    room = server.add_channel(other, "general")
    alike, real = (server.add_role(other, name, position=1) for name in ("Moderator", "Steward"))
    pretender, steward, lena = (
        server.add_member(other, name, roles) for name, roles in (("mallory", [alike]), ("sam", [real]), ("lena2", []))
    )
    books = read_books(_write_books(town.folder, town.guild, other))
    async with connected(Bot(town.settings("discord"), books, town.clock)):
        await server.until(lambda: server.commands.by_guild[None], PATIENCE)
        said = []
        for who in (pretender, steward):
            values = {"member": lena, "achievement": "beyond_the_chat", "reason": "a talk"}
            asked = await server.slash(room, who, "plaudit grant", **values)
            await server.until(lambda a=asked: a.messages, PATIENCE)
            said.append(discord_text(asked.messages[0]))
    assert "Only moderators" in said[0]
    assert "receives Beyond the chat" in said[1]
    assert compare(town.url, books, town.clock()) == []
    town.book = BOOK.replace("[community]", f'[community]\nid = "other"\nsources = ["discord:{other}"]')
